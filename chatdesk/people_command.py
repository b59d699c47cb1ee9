"""``chatdesk people``: keeps order in a chat that this machine hosts, while it does.

It joins as the host, under the host's name, so that nobody sees another person come; the host's token is made from the
key in the chat's folder, and is shown to nobody but the program at the port that proves to know it.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import json
import sqlite3
from collections.abc import Callable, Coroutine
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import msgspec

from chatdesk.client.address import parse_address
from chatdesk.client.changes import Change, Ended, StatusChanged
from chatdesk.client.client import ChatClient
from chatdesk.client.order import Answer
from chatdesk.config import ConfigError
from chatdesk.console import print_line, print_stderr
from chatdesk.host_proof import require_proof
from chatdesk.log.database import FILE, connect_for_reading
from chatdesk.paths import chat_folder
from chatdesk.protocol import times
from chatdesk.protocol.events import User
from chatdesk.protocol.order_commands import (
    Audit,
    Ban,
    Bans,
    Mute,
    OrderCommand,
    Remove,
    Rename,
    SetRole,
    Unban,
    Unmute,
)
from chatdesk.protocol.order_events import Audit as AuditPage
from chatdesk.protocol.order_events import AuditEntry, Done, InForce
from chatdesk.protocol.order_events import Bans as BansPage
from chatdesk.server.identity import HOST, Identities
from chatdesk.terminal.participant import EXIT_NO_ANSWER, EXIT_REFUSED, TerminalError

_ANSWER_SECONDS = 15.0
_STATUS_SECONDS = 5.0
_OPERATOR = "Command line"
"""The name where nobody hosts in a window."""
_SILENT = "The chat does not answer: see whether it is open on this computer."
_NO_CHAT = "There is no chat in {}: name it with --name as it is hosted, or its folder with --data-dir."


def prepare(options: argparse.Namespace) -> Coroutine[Any, Any, int]:
    """Check what was given; return what does the work, and returns the exit code. Raises ConfigError."""
    command = None if options.action == "list" else _command(options)
    folder: Path = options.data_dir or chat_folder(options.name)
    token = _host_token(folder)
    try:
        url = parse_address(f"127.0.0.1:{options.port}")
    except ValueError as error:
        raise ConfigError(str(error)) from None
    return _exit_code(_run(url, token, options.port, command, as_json=options.json))


def _command(options: argparse.Namespace) -> OrderCommand:
    """The command that the options say. Raises ConfigError."""
    who, room, reason = options.who or "", options.room, options.reason or ""
    if options.action in ("bans", "audit"):
        return Bans() if options.action == "bans" else Audit()
    if not who:
        raise ConfigError(f"Say whom, as in: chatdesk people {options.action} Kit.")
    acts: dict[str, Callable[[], OrderCommand]] = {
        "remove": lambda: Remove(who, room, reason, options.minutes or 0),
        "ban": lambda: Ban(who, reason, options.minutes, options.also_address),
        "unban": lambda: Unban(who, room),
        "mute": lambda: Mute(who, room, reason, *(() if options.minutes is None else (options.minutes,))),
        "unmute": lambda: Unmute(who, room),
        "role": lambda: SetRole(who, options.to, room, reason),
        "rename": lambda: Rename(who, options.to, reason),
    }
    if options.action == "role" and options.to not in ("moderator", "member", "guest"):
        raise ConfigError("Say which role, as in: chatdesk people role Kit moderator; or member, or guest.")
    if options.action == "rename" and not options.to:
        raise ConfigError("Say the new name, as in: chatdesk people rename Kit Kim.")
    return acts[options.action]()


def _host_token(folder: Path) -> str:
    """The token by which the chat in this folder knows its host. Raises ConfigError."""
    if not (folder / FILE).is_file():
        raise ConfigError(_NO_CHAT.format(folder))
    try:
        with closing(connect_for_reading(folder)) as db:
            ((secret,),) = db.execute("SELECT value FROM about WHERE name = 'secret'")
    except (sqlite3.Error, ValueError):
        raise ConfigError(f"The history in {folder} cannot be read: start ChatDesk there to have it mended.") from None
    return Identities(secret).token(HOST)


def _host_name(port: int) -> str:
    """The nickname of the host who is in the chat, or that of an operator."""
    with suppress(OSError, ValueError, http.client.HTTPException, AttributeError):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_STATUS_SECONDS)
        with closing(connection):
            connection.request("GET", "/about")
            return str(json.loads(connection.getresponse().read()).get("host") or _OPERATOR)
    return _OPERATOR


async def _exit_code(work: Coroutine[Any, Any, None]) -> int:
    try:
        await work
    except TerminalError as error:
        print_stderr(str(error))
        return error.exit_code
    return 0


async def _run(url: str, token: str, port: int, command: OrderCommand | None, *, as_json: bool) -> None:
    """Join, do it, print what was done, and leave. Raises TerminalError."""
    await require_proof(url, token, port)
    loop = asyncio.get_running_loop()
    joined: asyncio.Future[None] = loop.create_future()

    def changed(changes: list[Change]) -> None:
        for change in changes:
            if isinstance(change, StatusChanged) and isinstance(change.status, Ended) and not joined.done():
                joined.set_exception(TerminalError(change.status.sentence, EXIT_NO_ANSWER))
        if client.state.online and not joined.done():
            joined.set_result(None)

    client = ChatClient(url, _host_name(port), client="terminal", token=token, on_changes=changed)
    running = asyncio.create_task(client.run())
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            await joined
            if command is None:
                _print_people(list(client.state.home.people.here.values()), as_json=as_json)
                return
            answer = await _ask(client, command)
            while isinstance(answer, AuditPage) and answer.more:
                older = await _ask(client, Audit(answer.entries[-1].number))
                if not isinstance(older, AuditPage):
                    answer = older
                    break
                answer = AuditPage([*answer.entries, *older.entries], older.more)
    except TimeoutError:
        raise TerminalError(_SILENT, EXIT_NO_ANSWER) from None
    finally:
        client.stop()
        await running
    if isinstance(answer, str):
        raise TerminalError(answer, EXIT_REFUSED)
    _print(answer, as_json=as_json)


async def _ask(client: ChatClient, command: OrderCommand) -> Answer | str:
    answered: asyncio.Future[Answer | str] = asyncio.get_running_loop().create_future()

    def reply(answer: Answer | str) -> None:
        if not answered.done():
            answered.set_result(answer)

    client.order.ask(command, reply)
    return await answered


def _print(answer: Answer, *, as_json: bool) -> None:
    if as_json:
        print_line(msgspec.json.encode(answer).decode())
        return
    match answer:
        case Done():
            print_line(answer.content)
        case BansPage():
            for held in answer.standings:
                print_line(_held_line(held))
        case AuditPage():
            for entry in answer.entries:
                print_line(_entry_line(entry))


def _print_people(people: list[User], *, as_json: bool) -> None:
    for person in people:
        marks = ["host"] if person.host else [person.role or "member"]
        marks += ["muted"] if person.muted else []
        plain = f"{person.nickname}  {', '.join(marks)}  @{person.author}"
        print_line(msgspec.json.encode(person).decode() if as_json else plain)


def _held_line(held: InForce) -> str:
    until = f"until {held.until}" if held.until else ""
    parts = (held.nickname, held.value or held.kind, f"in {held.room}" if held.room else "", until, f"by {held.by}")
    return "  ".join(filter(None, (*parts, held.reason)))


def _entry_line(entry: AuditEntry) -> str:
    moment = times.local_time(entry.at)
    at = f"{moment:%Y-%m-%d %H:%M}" if moment else entry.at
    where = f"in {entry.room}" if entry.room else ""
    until = f"until {entry.until}" if entry.until else ""
    return "  ".join(filter(None, (at, entry.by, entry.act, entry.nickname, entry.detail, where, until, entry.reason)))
