"""What ``chatdesk room`` changes in a room: its pace, whether anybody new comes in, and what was said there."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import NamedTuple

from chatdesk.client.client import ChatClient
from chatdesk.config import ConfigError
from chatdesk.protocol.limits import SLOW_SECONDS
from chatdesk.protocol.names import LOBBY
from chatdesk.protocol.pace_commands import Pace
from chatdesk.protocol.room_events import RoomInfo

ACTIONS = ("slow", "hold", "announce", "lock", "unlock", "clear", "delete-message")
_OFF = "off"


class RoomAct(NamedTuple):
    """What is done to a room that the client is in and shows; ``done`` tells when the chat has done it."""

    do: Callable[[ChatClient], object]
    done: Callable[[ChatClient], bool]
    sentence: str


def room_act(options: argparse.Namespace, room: str) -> RoomAct:
    """What the options say is to be done. Raises ConfigError."""
    value = options.value or ""
    match options.action:
        case "slow":
            return _slow(room, value)
        case "hold":
            held = "each message waits for approval", "messages need no approval"
            return _switched(room, value, Pace(hold=value != _OFF, room=room), held, lambda info: info.hold)
        case "announce":
            alone = "only the host and moderators write", "everybody can write"
            return _switched(room, value, Pace(announce=value != _OFF, room=room), alone, lambda info: info.announce)
        case "lock" | "unlock":
            return _locked(room, locked=options.action == "lock")
        case "clear":
            return _cleared(room)
    return _message_deleted(room, value)


def _slow(room: str, value: str) -> RoomAct:
    is_number = value.isascii() and value.isdigit() and int(value) <= SLOW_SECONDS
    if not is_number and value != _OFF:
        example = f"chatdesk room slow {room} 30"
        raise ConfigError(f"Say after how many seconds a person may write again, at most {SLOW_SECONDS}: {example}.")
    seconds = 0 if value == _OFF else int(value)
    words = f"each person writes once in {seconds} seconds" if seconds else "there is no slow mode"
    return _paced(room, Pace(slow=seconds, room=room), words, lambda info: info.slow == seconds)


def _switched(
    room: str, value: str, command: Pace, words: tuple[str, str], is_on: Callable[[RoomInfo], bool]
) -> RoomAct:
    """Something is turned on, or ``off``; ``words`` say what holds then."""
    if value not in ("", "on", _OFF):
        raise ConfigError("It is turned on without a word, and ended with off.")
    active = value != _OFF
    return _paced(room, command, words[not active], lambda info: is_on(info) == active)


def _paced(room: str, command: Pace, words: str, holds: Callable[[RoomInfo], bool]) -> RoomAct:
    return RoomAct(
        lambda client: client.order.pace.send(command),
        lambda client: holds(client.state.list.rooms[room]),
        f"In the room {room}, {words} now.",
    )


def _locked(room: str, *, locked: bool) -> RoomAct:
    """Of the first room it is about the whole chat."""

    def done(client: ChatClient) -> bool:
        asks = client.admission.entry if room == LOBBY else client.state.list.rooms[room].entry
        return asks is not None and ("locked" in asks) == locked

    what = "The chat" if room == LOBBY else f"The room {room}"
    sentence = f"{what} is locked: nobody new comes in." if locked else f"{what} is open again."
    return RoomAct(lambda client: client.rooms.set_entry(room, locked=locked), done, sentence)


def _cleared(room: str) -> RoomAct:
    before: list[str] = []

    def clear(client: ChatClient) -> None:
        before.append(client.state.shown.transcript.epoch)
        client.clear_history()

    sentence = f"The history of the room {room} is deleted."
    return RoomAct(clear, lambda client: client.state.shown.transcript.epoch not in before, sentence)


def _message_deleted(room: str, value: str) -> RoomAct:
    if not (value.isascii() and value.isdigit()):
        example = f"chatdesk room delete-message {room} 17"
        raise ConfigError(f"Say which message by its number (seq), as chatdesk tail --json prints it: {example}.")
    return RoomAct(
        lambda client: client.acts.delete(int(value)),
        lambda client: not any(client.state.shown.acts.wanted()),
        f"Message {value} of the room {room} is deleted.",
    )
