"""Text for people: tooltips without markup, counts with their nouns, addresses, file names."""

from html import escape
from urllib.parse import urlsplit

LOOPBACK_ONLY = "ChatDesk listens on this computer’s own address: others cannot join."

NO_NETWORK = (
    "Others cannot join: this computer is on no network that the room is open to. "
    "Connect it to Wi-Fi or by cable, and the address appears here by itself."
)


_FORBIDDEN = frozenset('<>:"/\\|?*')
"""Characters that some system does not allow in a file name."""


def tooltip_markup(text: str) -> str:
    """Return the text escaped as one line of rich text, since Qt guesses whether a tooltip is markup."""
    return f"<span>{escape(text)}</span>" if text else ""


def pluralized(number: int, one: str, many: str) -> str:
    """``1 person``, ``31 people``."""
    return f"{number} {one if number == 1 else many}"


def display_address(url: str) -> str:
    """Return a URL as people type it into a browser: without the slash at the end, and without ``http://``.

    Without a port, ``http://`` stays: ChatDesk would complete the bare name with its own default port.
    """
    url = url.rstrip("/")
    return url.removeprefix("http://") if urlsplit(url).port else url


def safe_file_name(name: str) -> str:
    """Return the name as part of a file name; empty if none of its characters is allowed there."""
    return "".join("-" if char in _FORBIDDEN or not char.isprintable() else char for char in name).strip(". ")
