"""``chatdesk people``: keeps order in a chat that this machine hosts, while it does."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import msgspec

from chatdesk.client.client import ChatClient
from chatdesk.client.order import Answer
from chatdesk.config import ConfigError
from chatdesk.console import print_line
from chatdesk.own_chat import OwnChat, find_own_chat, joined_as_host
from chatdesk.protocol import times
from chatdesk.protocol.events import User
from chatdesk.protocol.names import nickname_key
from chatdesk.protocol.order_commands import (
    Audit,
    Ban,
    BanName,
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
from chatdesk.terminal.participant import EXIT_REFUSED, TerminalError, exit_code


def prepare(options: argparse.Namespace) -> Coroutine[Any, Any, int]:
    """Check what was given; return what does the work, and returns the exit code. Raises ConfigError."""
    command = None if options.action == "list" else _command(options)
    return exit_code(_run(find_own_chat(options), command, as_json=options.json))


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
        "ban-name": lambda: BanName(who, reason, options.minutes or 0),
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


async def _run(chat: OwnChat, command: OrderCommand | None, *, as_json: bool) -> None:
    """Join, do it, print what was done, and leave. Raises TerminalError."""
    async with joined_as_host(chat) as session:
        people = list(session.client.state.home.people.here.values())
        answer = await _ask(session.client, command) if command else None
        while isinstance(answer, AuditPage) and answer.more:
            older = await _ask(session.client, Audit(answer.entries[-1].number))
            if not isinstance(older, AuditPage):
                answer = older
                break
            answer = AuditPage([*answer.entries, *older.entries], older.more)
    if answer is None:
        _print_people(people, as_json=as_json)
    elif isinstance(answer, str):
        raise TerminalError(f"{answer}{_advice(command, people)}", EXIT_REFUSED)
    else:
        _print(answer, as_json=as_json)


def _advice(command: OrderCommand | None, people: list[User]) -> str:
    """How to find somebody who is not there under the name that was given."""
    whom = getattr(command, "whom", "")
    author, key = whom.removeprefix("@"), nickname_key(whom)
    if not whom or any(author == person.author or key == nickname_key(person.nickname) for person in people):
        return ""
    return f" chatdesk people {'bans' if isinstance(command, Unban | Unmute) else 'list'} prints the names."


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
