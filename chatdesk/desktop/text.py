"""Words for people: text that Qt may not take for markup, and counts with their nouns."""

from html import escape
from urllib.parse import urlsplit

ONLY_HERE = "ChatDesk listens on this computer’s own address: others cannot join."

NO_NETWORK = (
    "Others cannot join: this computer is on no network that the room is open to. "
    "Connect it to Wi-Fi or by cable, and the address appears here by itself."
)


_FORBIDDEN = frozenset('<>:"/\\|?*')
"""Characters that some system does not take in a file's name."""


def tooltip_markup(text: str) -> str:
    """The text for a tooltip, which Qt takes for markup when it looks like some: escaped, as one line of it."""
    return f"<span>{escape(text)}</span>" if text else ""


def pluralized(number: int, one: str, many: str) -> str:
    """``1 person``, ``31 people``."""
    return f"{number} {one if number == 1 else many}"


def display_address(url: str) -> str:
    """The address as a person types it into any browser: without the slash at the end, and without ``http://``.

    Where no port is named, that stays: a ChatDesk that is given the bare name takes its own usual port.
    """
    url = url.rstrip("/")
    return url.removeprefix("http://") if urlsplit(url).port else url


def safe_file_name(name: str) -> str:
    """The name as part of a file's; empty where nothing of it can stand there."""
    return "".join("-" if char in _FORBIDDEN or not char.isprintable() else char for char in name).strip(". ")
