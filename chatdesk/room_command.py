"""``chatdesk room``: lists the rooms of a chat that this machine hosts, while it is open, and deletes one."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Coroutine
from typing import Any

import msgspec

from chatdesk.config import ConfigError
from chatdesk.console import print_line, print_stderr
from chatdesk.own_chat import OwnChat, find_own_chat, joined_as_host
from chatdesk.protocol.errors import ProtocolError
from chatdesk.protocol.names import clean_room, is_private
from chatdesk.protocol.room_events import RoomInfo
from chatdesk.terminal.participant import EXIT_REFUSED, exit_code

_FOR_GOOD = "with all that was said in it, for everybody and for good"


def prepare(options: argparse.Namespace) -> Coroutine[Any, Any, int]:
    """Check what was given, and ask; return what does the work, and returns the exit code. Raises ConfigError."""
    chat = find_own_chat(options)
    if options.action == "list":
        return exit_code(_list(chat, as_json=options.json))
    try:
        room = clean_room(options.which or "")
    except ProtocolError:
        raise ConfigError("Say which room, as in: chatdesk room delete build.") from None
    return exit_code(_delete(chat, room)) if options.yes or _is_sure(room) else _keep()


def _is_sure(room: str) -> bool:
    """Ask. Raises ConfigError if there is nobody to ask."""
    if sys.stdin is None or not sys.stdin.isatty():
        raise ConfigError(f"It deletes the room {room}, {_FOR_GOOD}: say --yes if you mean that.")
    print_stderr(f"Delete the room {room}, {_FOR_GOOD}? Type yes:")
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


async def _list(chat: OwnChat, *, as_json: bool) -> None:
    """Join, print all rooms, and leave. Raises TerminalError."""
    async with joined_as_host(chat) as session:
        known = session.client.state.list
        await session.until(lambda: bool(known.rooms))
        while known.has_more:
            session.client.rooms.load_more()
            await session.until(lambda: not any(known.wanted()))
    for info in known.rooms.values():
        if not is_private(info.room):
            print_line(msgspec.json.encode(info).decode() if as_json else _line(info))


def _line(info: RoomInfo) -> str:
    marks = ("archived" if info.archived else "", "closed" if info.closed else "", *info.entry)
    return "  ".join(filter(None, (info.room, ", ".join(filter(None, marks)), info.topic)))
