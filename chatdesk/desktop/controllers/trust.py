"""Asks the person about the keys of encrypted hosts, before anything is sent to them."""

from PySide6.QtWidgets import QWidget

from chatdesk.certificates.words import key_words
from chatdesk.client.address import chat_page_url
from chatdesk.client.known_hosts import KnownHost, KnownHosts
from chatdesk.client.trust import Examination, Verdict, address_of, examine
from chatdesk.desktop.dialogs.changed_key import ChangedKeySheet, known_since
from chatdesk.desktop.dialogs.host_key import NewKeySheet, OwnKeySheet, answered, compare_link, day_and_month
from chatdesk.desktop.theme import Theme
from chatdesk.discovery.found_host import FoundHost
from chatdesk.protocol.text import isolated

_DIFFER = (
    "The words differ: somebody may be in between, or this is another host. Nothing was sent. Ask for the address once "
    "more."
)
_CHANGED = "This host shows another key than the one you know. Nothing was sent."


class TrustController:
    """Knows the ``hosts`` that the person has compared, and asks over ``window`` about others."""

    def __init__(self, theme: Theme, window: QWidget, hosts: KnownHosts) -> None:
        self._theme, self._window, self._hosts = theme, window, hosts

    async def admit(self, url: str, key: str = "", person: str = "") -> Examination | str:
        """Where to connect and what to trust there, or a sentence that says why not.

        ``key`` is what the host's advert promises, ``person`` who hosts; both may be empty.
        """
        found = await examine(url, self._hosts, key)
        if found.verdict is Verdict.TRUSTED or found.shown is None:
            return found
        if found.verdict is Verdict.CHANGED and found.known:
            accepted, sentence = await self._ask_changed(found.url, found.known, found.shown), _CHANGED
        else:
            accepted, sentence = await self._ask_new(found.url, found.shown, person)
        if not accepted:
            return sentence
        self._hosts.trust(found.shown, address_of(found.url))
        return found

    def warning(self, host: FoundHost) -> str:
        """Words for a found host that promises another key than the known one; empty for any other."""
        known = self._hosts.with_id(host.server_id)
        return known_since(known) if known and host.key != known.fingerprint else ""

    def described(self, url: str, host: str) -> str:
        """What the chat at this URL is encrypted to; empty if it is not, or to whom nobody has compared."""
        known = self._hosts.at(address_of(url)) if url.startswith("wss:") else None
        if known is None:
            return "Encrypted" if url.startswith("wss:") else ""
        to = f"{isolated(host)}’s computer" if host else "the host’s computer"
        return f"Encrypted to {to}. You compared {' '.join(known.words)} on {day_and_month(known.day)}."

    async def show_own(self, page_url: str, fingerprint: str) -> None:
        """Show the key of the chat that this window hosts."""
        link = compare_link(page_url, fingerprint)
        sheet = OwnKeySheet(self._theme, self._window, key_words(fingerprint), link)
        await answered(sheet)

    async def _ask_new(self, url: str, shown: KnownHost, person: str) -> tuple[bool, str]:
        page_url, address = chat_page_url(url), address_of(url)
        link = compare_link(page_url, shown.fingerprint)
        sheet = NewKeySheet(self._theme, self._window, shown.chat, person, shown.words, link, address)
        await answered(sheet)
        return sheet.accepted, _DIFFER if sheet.refused else ""

    async def _ask_changed(self, url: str, known: KnownHost, shown: KnownHost) -> bool:
        sheet = ChangedKeySheet(self._theme, self._window, known, shown, address_of(url))
        sheet.show_sheet()
        await answered(sheet)
        return sheet.trusted
