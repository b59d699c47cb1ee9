"""The window's scenes of an encrypted host: its key for the first time, another one, one's own, and before joining."""

from datetime import date

from chatdesk.certificates.words import key_words
from chatdesk.client.known_hosts import KnownHost
from chatdesk.desktop.dialogs.changed_key import ChangedKeySheet
from chatdesk.desktop.dialogs.host_key import NewKeySheet, OwnKeySheet, compare_link
from chatdesk.desktop.dialogs.secret import TOKEN, SecretSheet
from tests.gallery.scene import NARROW, START, Scene, in_themes
from tests.gallery.stage import Look, Stage

_KNOWN, _OTHER = "ab" * 32, "cd" * 32
_ADDRESS = "192.168.4.20:8443"
_LINK = compare_link(f"https://{_ADDRESS}", _KNOWN)
_CHAT = "Robotics Workshop"


async def _new(shown: Stage) -> None:
    await shown.start()
    NewKeySheet(shown.theme, shown.window, _CHAT, "Mara", key_words(_KNOWN), _LINK, _ADDRESS)


async def _changed(shown: Stage) -> None:
    await shown.start()
    known = KnownHost(_KNOWN, b"", _CHAT, "id", date(2026, 11, 12))
    shown_key = _with_other_key(known)
    sheet = ChangedKeySheet(shown.theme, shown.window, known, shown_key, _ADDRESS)
    sheet.show_sheet()
    sheet._unfold()
    sheet._typed.edit.setText(f"{shown_key.words[0]} mea")
    sheet._compare()


async def _own(shown: Stage) -> None:
    await shown.chat(hosting=True)
    OwnKeySheet(shown.theme, shown.window, key_words(_KNOWN), _LINK)


async def _found(shown: Stage) -> None:
    await shown.start((_CHAT, "Mara Lindqvist", 31), ("Galley & Bridge", "Ingrid Solberg", 12))
    hosts = shown.window.start.join_card.hosts
    hosts.set_warning(lambda host: "Another key than on 12 November" if host.name == _CHAT else "")


async def _token(shown: Stage) -> None:
    await shown.chat()
    why = "Your sign-in to this chat has expired: sign in again."
    sheet = SecretSheet(shown.theme, shown.window, "A token", why, TOKEN)
    sheet.show_sheet()
    sheet.show_error("This token was not issued for this chat: its signature is by another key.")


def _with_other_key(host: KnownHost) -> KnownHost:
    """The same chat with another key."""
    return KnownHost(_OTHER, b"", host.chat, host.server_id, host.day)


TRUST_SCENES = {
    "trust-new": Scene(_new, in_themes("light", "dark", size=START, narrow=Look(size=NARROW))),
    "trust-changed": Scene(_changed, in_themes("light", "high-contrast", size=START)),
    "trust-own": Scene(_own, in_themes("light")),
    "trust-token": Scene(_token, in_themes("light", "dark", narrow=Look(size=NARROW))),
    "trust-found": Scene(_found, in_themes("light", size=START)),
}
