"""Rooms as the list of rooms has them."""

from typing import Any

from chatdesk.client.room_list import RoomSummary
from chatdesk.protocol.room_events import Partner

KIT = Partner("Kit", "kit")


def room(name: str, **about: Any) -> RoomSummary:
    """Return a room with these members, and the others as they mostly are."""
    plain = {
        "topic": "",
        "archived": False,
        "closed": False,
        "joined": True,
        "level": "all",
        "newcomers": "all",
        "unread": 0,
        "mentions": 0,
    }
    return RoomSummary(name, **(plain | about))
