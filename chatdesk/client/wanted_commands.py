"""Which commands are sent now: what the rooms, the list of rooms and the search want, and the server will take."""

from collections.abc import Iterator

from msgspec.structs import replace

from chatdesk.client.requests import Requested
from chatdesk.client.room_state import RoomState
from chatdesk.client.state import ChatState
from chatdesk.protocol import commands


def commands_to_send(state: ChatState, now: float) -> Iterator[commands.Command]:
    """Yield the commands to send now, each once. ``now`` is in seconds of a monotonic clock."""
    search = state.search.wanted if state.online else None
    if search and (command := state.requests.open("", "search", search, now)):
        yield command
    for name, kind, wish in state.list.wanted():
        if command := state.requests.open(name, kind, wish, now):
            yield command
    for room in state.rooms.values():
        yield from _in_room(state, room, now)


def _in_room(state: ChatState, room: RoomState, now: float) -> Iterator[commands.Command]:
    if state.online and room.stage == "outside" and room.name not in state.leaving:
        enter = commands.Enter(room.name, room.resume, password=room.password or None)
        if command := state.requests.open(room.name, "enter", enter, now):
            yield command
    for kind, wanted in room.wanted():
        if command := state.requests.open(room.name, kind, _addressed(wanted, room.name), now):
            yield command


def _addressed(command: Requested, room: str) -> Requested:
    """A command of a room names it, but for a private message, which names the other person instead."""
    if isinstance(command, commands.Message) and command.to is not None:
        return command
    return replace(command, room=room)
