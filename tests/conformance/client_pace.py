"""The pace of rooms in the Python client, as a scenario speaks of it."""

from collections.abc import Callable
from typing import Any

from chatdesk.client.pace import Pace
from chatdesk.protocol import pace_commands
from tests.conformance.scenarios import Json


def pace_acts(pace: Pace, value: Any, room: str) -> dict[str, Callable[[], object]]:
    """What the person can do about it."""
    return {
        "set_pace": lambda: pace.send(pace_commands.Pace(**value, room=room)),
        "raise_hand": lambda: pace.raise_hand(value),
        "call": lambda: pace.send(pace_commands.Call(value, room)),
        "lower": lambda: pace.send(pace_commands.Lower(value, room)),
        "approve": lambda: pace.send(pace_commands.Approve(value)),
        "refuse": lambda: pace.send(pace_commands.Refuse(value)),
        "ask": lambda: pace.ask(value, lambda _refusal: None),
    }


def pace_state(pace: Pace, room: str) -> Json:
    """What the person can see of it."""
    mine = pace.of(room)
    return {
        "held": [message.content for _room, message in pace.waiting],
        "hands": [hand.nickname for hand in mine.hands],
        "hand_count": mine.count,
        "hand_place": mine.place,
        "called_by": mine.called_by,
        "may_write_in": pace.wait(room),
    }
