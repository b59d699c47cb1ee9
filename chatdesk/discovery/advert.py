"""The advert of a chat: what its host announces, and what a client believes of it. No I/O.

Anybody on the network may have written an advert: it is truncated, cleaned of invisible characters, or rejected.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chatdesk.protocol.text import one_line

SERVICE = "_chatdesk._tcp.local."

_VALUE_BYTES = 200  # a TXT record's string has 255 at most, with the key
_LABEL_BYTES = 63
"""The limit of a DNS label."""
_NAME_CHARS = 100
"""Longer names do not fit the row of a found chat."""
_MAX_COUNT = 1_000_000
"""Above any real number of people or rooms; larger numbers are capped."""
_SERVER_ID = re.compile(r"[\w-]{1,64}", re.ASCII)
_KEY = re.compile(r"[0-9a-f]{64}")
_VERSION = re.compile(r"[\w.+-]{1,32}", re.ASCII)
_ENTRY_WORD = re.compile(r"[a-z_]{1,32}", re.ASCII)
_ENTRY_WORDS = 8
_JOINING = "\u200c\u200d"  # letters of some scripts, and pictures, are made with them
_UNNAMED = "ChatDesk"


@dataclass(frozen=True, slots=True)
class Advert:
    """A chat as its host describes it. ``host`` is the nickname of the person who hosts it, empty for a server.

    ``key`` is the fingerprint of its own authority's key, by which a client that knows it is warned of another one.
    """

    server_id: str
    name: str
    host: str
    people: int
    rooms: int
    locked: bool
    port: int
    version: str
    key: str = ""
    entry: tuple[str, ...] = ()
    """What newcomers are asked for, such as ``token``."""

    def txt_record(self) -> dict[bytes, bytes]:
        """Return the TXT record; the port is in the SRV record."""
        values = {
            "id": self.server_id,
            "name": self.name,
            "host": self.host,
            "people": str(self.people),
            "rooms": str(self.rooms),
            "locked": str(int(self.locked)),
            "version": self.version,
            **({"key": self.key} if self.key else {}),
            "entry": ",".join(self.entry),
        }
        return {key.encode(): shorten(value, _VALUE_BYTES).encode() for key, value in values.items()}

    @property
    def instance(self) -> str:
        """The name of the service instance: that of the chat, made unique by the server's id."""
        mark = self.server_id[:6]
        name = shorten(clean_name(self.name.replace(".", " ")), _LABEL_BYTES - len(mark) - 3)
        return f"{name} ({mark}).{SERVICE}"

    @property
    def mdns_host(self) -> str:
        """The host name of the service's addresses. It is unique, or records of two hosts would be mixed up."""
        return f"chatdesk-{re.sub('[^0-9a-z]', '', self.server_id.lower())[:16]}.local."


def parse_txt_record(text: Mapping[bytes, bytes | None], port: int) -> Advert | None:
    """Return the advert in a TXT record from the network; None for one that is not a chat's."""
    values = {key.lower(): (value or b"").decode(errors="replace") for key, value in text.items()}
    return validated_advert(
        server_id=values.get(b"id", ""),
        name=values.get(b"name", ""),
        host=values.get(b"host", ""),
        people=_number(values.get(b"people", "")),
        rooms=_number(values.get(b"rooms", "")),
        locked=values.get(b"locked") == "1",
        port=port,
        version=values.get(b"version", ""),
        key=values.get(b"key", ""),
        entry=tuple(values.get(b"entry", "").split(",")),
    )


def validated_advert(
    *,
    server_id: str,
    name: str,
    host: str,
    people: int,
    rooms: int,
    locked: bool,
    port: int,
    version: str,
    key: str = "",
    entry: Sequence[str] = (),
) -> Advert | None:
    """Return an advert of values that came from the network; None if they cannot be a chat's."""
    if not _SERVER_ID.fullmatch(server_id) or not 0 < port <= 65535:
        return None
    return Advert(
        server_id,
        clean_name(name) or _UNNAMED,
        clean_name(host),
        max(0, min(people, _MAX_COUNT)),
        max(0, min(rooms, _MAX_COUNT)),
        locked,
        port,
        version if _VERSION.fullmatch(version) else "",
        key if _KEY.fullmatch(key) else "",
        tuple(word for word in entry[:_ENTRY_WORDS] if _ENTRY_WORD.fullmatch(word)),
    )


def clean_name(text: str) -> str:
    """Return the text on one line, at most 100 characters, without invisible or direction-changing characters."""
    return one_line(text, _NAME_CHARS)


def shorten(text: str, size: int) -> str:
    """Return the beginning of the text that fits into ``size`` bytes.

    No character and no emoji sequence is split.
    """
    raw = text.encode(errors="replace")
    if len(raw) <= size:
        return raw.decode()
    kept = raw[:size].decode(errors="ignore")
    while kept and _joins(kept[-1], text[len(kept)]):
        kept = kept[:-1]
    return kept.rstrip()


def _joins(last: str, following: str) -> bool:
    """Whether two characters are drawn as one."""
    return last in _JOINING or following in _JOINING or unicodedata.category(following).startswith("M")


def _number(digits: str) -> int:
    return int(digits) if re.fullmatch("[0-9]{1,7}", digits) else 0
