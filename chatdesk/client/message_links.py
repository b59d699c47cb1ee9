"""Links to messages: ``#room/12`` within a chat, and the same behind the chat's own address."""

import re

_PLACE = re.compile(r"([^#/]+)/([0-9]{1,15})")


def link_to_message(page_url: str, room: str, seq: int) -> str:
    """Return the link to a message, as it works in the browser, the window and elsewhere."""
    return f"{page_url.rstrip('/')}/#{room}/{seq}"


def message_link(url: str, page_url: str) -> tuple[str, int] | None:
    """Return room and number of the message that a link leads to; None for a link that leads out of the chat."""
    chat, _, place = url.partition("#")
    found = _PLACE.fullmatch(place)
    own = {"", _address(page_url)}
    return (found[1], int(found[2])) if found and _address(chat) in own else None


def _address(url: str) -> str:
    """Return an address without scheme and final slash: ``chatdesk://`` and ``http://`` lead to the same chat."""
    return url.rpartition("://")[2].rstrip("/").lower()
