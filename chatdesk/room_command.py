"""``chatdesk room``: lists the rooms of a chat that this machine hosts, while it is open, and keeps order in one."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Coroutine
from typing import Any

import msgspec

from chatdesk.config import ConfigError
from chatdesk.console import print_line, print_stderr
from chatdesk.own_chat import HostSession, OwnChat, find_own_chat, joined_as_host
from chatdesk.protocol.errors import ProtocolError
from chatdesk.protocol.names import LOBBY, clean_room, is_private
from chatdesk.protocol.room_events import RoomInfo
from chatdesk.room_acts_command import RoomAct, room_act
from chatdesk.terminal.participant import EXIT_REFUSED, TerminalError, exit_code

_FOR_GOOD = {
    "delete": "the room {}, with all that was said in it, for everybody and for good",
    "clear": "all that was said in the room {}, for everybody and for good",
}
"""What cannot be taken back, and is asked about."""


def prepare(options: argparse.Namespace) -> Coroutine[Any, Any, int]:
    """Check what was given, and ask; return what does the work, and returns the exit code. Raises ConfigError."""
    chat = find_own_chat(options)
    if options.action == "list":
        return exit_code(_list(chat, as_json=options.json))
    room = _room(options)
    act = None if options.action == "delete" else room_act(options, room)
    if options.action in _FOR_GOOD and not (options.yes or _is_sure(_FOR_GOOD[options.action].format(room))):
        return _keep()
    return exit_code(_act(chat, room, act) if act else _delete(chat, room))


def _room(options: argparse.Namespace) -> str:
    """The room that is meant; of a lock without one, the first, which stands for the chat. Raises ConfigError."""
    fallback = LOBBY if options.action in ("lock", "unlock") else ""
    try:
        return clean_room(options.which or fallback)
    except ProtocolError:
        raise ConfigError(f"Say which room, as in: chatdesk room {options.action} build.") from None


def _is_sure(what: str) -> bool:
    """Ask. Raises ConfigError if there is nobody to ask."""
    if sys.stdin is None or not sys.stdin.isatty():
        raise ConfigError(f"It deletes {what}: say --yes if you mean that.")
    print_stderr(f"Delete {what}? Type yes:")
    try:
        return sys.stdin.readline().strip().lower() in ("y", "yes")
    except KeyboardInterrupt:
        return False


async def _keep() -> int:
    print_stderr("Nothing is deleted.")
    return EXIT_REFUSED


async def _delete(chat: OwnChat, room: str) -> None:
    """Join, delete it, and leave. Raises TerminalError."""
    async with joined_as_host(chat) as session:
        session.client.rooms.delete(room)
        await session.until(lambda: not any(session.client.state.list.wanted()))
    print_line(f"The room {room} is deleted.")


async def _act(chat: OwnChat, room: str, act: RoomAct) -> None:
    """Join, do it in the room, and leave. Raises TerminalError."""
    async with joined_as_host(chat) as session:
        client = session.client
        if room not in await _all_rooms(session):
            sentence = f"There is no room {room} in this chat. chatdesk room list prints their names."
            raise TerminalError(sentence, EXIT_REFUSED)
        client.rooms.show(room)
        await session.until(lambda: client.state.shown.stage == "inside")
        act.do(client)
        await session.until(lambda: act.done(client))
    print_line(act.sentence)


async def _list(chat: OwnChat, *, as_json: bool) -> None:
    """Join, print all rooms, and leave. Raises TerminalError."""
    async with joined_as_host(chat) as session:
        rooms = await _all_rooms(session)
    for info in rooms.values():
        if not is_private(info.room):
            print_line(msgspec.json.encode(info).decode() if as_json else _line(info))


async def _all_rooms(session: HostSession) -> dict[str, RoomInfo]:
    known = session.client.state.list
    await session.until(lambda: bool(known.rooms))
    while known.has_more:
        session.client.rooms.load_more()
        await session.until(lambda: not any(known.wanted()))
    return known.rooms


def _line(info: RoomInfo) -> str:
    marks = ("archived" if info.archived else "", "closed" if info.closed else "", *info.entry)
    return "  ".join(filter(None, (info.room, ", ".join(filter(None, marks)), info.topic)))
