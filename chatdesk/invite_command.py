"""``chatdesk invite``: invitations to a chat that this machine hosts, and who waits to come in, while it is open.

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
from chatdesk.client.admission import Admission
from chatdesk.client.changes import AdmissionChanged, Change, Ended, NoticeReceived, StatusChanged
from chatdesk.client.client import ChatClient
from chatdesk.config import ConfigError
from chatdesk.console import print_line, print_stderr
from chatdesk.discovery.addresses import shown_address, web_url
from chatdesk.host_proof import require_proof
from chatdesk.log.database import FILE, connect_for_reading
from chatdesk.paths import chat_folder
from chatdesk.protocol import times
from chatdesk.protocol.admission_events import InvitationInfo
from chatdesk.server.identity import HOST, Identities
from chatdesk.terminal.participant import EXIT_NO_ANSWER, EXIT_REFUSED, TerminalError

_ANSWER_SECONDS = 15.0
_STATUS_SECONDS = 5.0
_OPERATOR = "Desk"
"""The name where nobody hosts in a window."""
_SILENT = "The chat does not answer: see whether it is open on this computer."
_NO_CHAT = "There is no chat in {}: name it with --name as it is hosted, or its folder with --data-dir."


def prepare(options: argparse.Namespace) -> Coroutine[Any, Any, int]:
    """Check what was given; return what does the work, and returns the exit code. Raises ConfigError."""
    folder: Path = options.data_dir or chat_folder(options.name)
    if options.action in ("revoke", "decline") and not options.which:
        raise ConfigError(f"Say which, as in: chatdesk invite {options.action} {_EXAMPLES[options.action]}.")
    if options.role == "host":
        raise ConfigError("Nobody is invited as host: invite a moderator, a member or a guest.")
    token = _host_token(folder)
    try:
        url = parse_address(f"127.0.0.1:{options.port}")
    except ValueError as error:
        raise ConfigError(str(error)) from None
    about = _about(options.port)
    options.public_url = options.public_url or _chat_url(about, options)
    return _exit_code(_run(url, token, str(about.get("host") or _OPERATOR), options))


_EXAMPLES = {"revoke": "1f0c2a9b", "decline": "Kit"}


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


def _about(port: int) -> dict[str, Any]:
    """What the chat says of itself; empty if it says nothing."""
    with suppress(OSError, ValueError, http.client.HTTPException):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_STATUS_SECONDS)
        with closing(connection):
            connection.request("GET", "/about")
            about = json.loads(connection.getresponse().read())
            return about if isinstance(about, dict) else {}
    return {}


def _chat_url(about: dict[str, Any], options: argparse.Namespace) -> str:
    """Where others open the chat: at its public address, or at that of this computer, encrypted if it has a key."""
    encrypted = bool(about.get("key"))
    return str(about.get("url") or web_url(shown_address(options.bind), options.port, encrypted=encrypted))


async def _exit_code(work: Coroutine[Any, Any, None]) -> int:
    try:
        await work
    except TerminalError as error:
        print_stderr(str(error))
        return error.exit_code
    return 0


async def _run(url: str, token: str, nickname: str, options: argparse.Namespace) -> None:
    """Join, do it, print what has come of it, and leave. Raises TerminalError."""
    await require_proof(url, token, options.port)
    changed = asyncio.Event()
    refusals: list[TerminalError] = []

    def hear(changes: list[Change]) -> None:
        for change in changes:
            if isinstance(change, StatusChanged) and isinstance(change.status, Ended):
                refusals.append(TerminalError(change.status.sentence, EXIT_NO_ANSWER))
            elif isinstance(change, NoticeReceived):
                refusals.append(TerminalError(change.sentence, EXIT_REFUSED))
            elif isinstance(change, AdmissionChanged):
                changed.set()
        if refusals or client.state.online:
            changed.set()

    async def until(done: Callable[[], bool]) -> None:
        while not done():
            if refusals:
                raise refusals[0]
            changed.clear()
            if not done():
                await changed.wait()

    client = ChatClient(url, nickname, client="terminal", token=token, on_changes=hear)
    running = asyncio.create_task(client.run())
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            await until(lambda: client.state.online)
            await _act(client.admission, options, until)
    except TimeoutError:
        raise TerminalError(_SILENT, EXIT_NO_ANSWER) from None
    finally:
        client.stop()
        await running


async def _act(
    admission: Admission, options: argparse.Namespace, until: Callable[[Callable[[], bool]], Coroutine[Any, Any, None]]
) -> None:
    which, action = options.which or "", options.action
    if action == "new":
        admission.invite(options.uses, round(options.hours * 3600), which, options.room or "", options.role or "member")
        await until(lambda: admission.invited is not None)
        return _print_new(admission, options)
    if action in ("list", "revoke"):
        if action == "list":
            admission.ask_for_invitations()
        else:
            admission.revoke(which)
        await until(lambda: admission.answered)
        return _print_all(admission.invitations, as_json=options.json)
    if action == "accept":
        admission.accept_named(which)
    elif action == "decline":
        admission.decline_named(which)
    else:
        admission.ask_for_queue()
    await until(lambda: admission.answered)
    return _print_queue(admission, as_json=options.json)


def _print_new(admission: Admission, options: argparse.Namespace) -> None:
    invited = admission.invited
    if invited is None:
        return
    link = f"{options.public_url.rstrip('/')}/#invite={invited.code}"
    if options.json:
        print_line(json.dumps({"id": invited.invitation.id, "code": invited.code, "url": link}))
        return
    print_line(link)
    print_stderr(f"Or say the code: {invited.code}. It is shown only now: {_described(invited.invitation)}.")


def _print_all(invitations: list[InvitationInfo], *, as_json: bool) -> None:
    for info in invitations:
        print_line(msgspec.json.encode(info).decode() if as_json else f"{info.id}  {_described(info)}")
    if not invitations and not as_json:
        print_stderr("No invitation is open: chatdesk invite makes one.")


def _print_queue(admission: Admission, *, as_json: bool) -> None:
    people = admission.queue.people if admission.queue else []
    for waiter in people:
        plain = f"{waiter.nickname}  waits {waiter.waited} s  @{waiter.author}"
        print_line(msgspec.json.encode(waiter).decode() if as_json else plain)
    if not people and not as_json:
        print_stderr("Nobody waits.")


def _described(info: InvitationInfo) -> str:
    used = f"{info.used} of {info.uses} used" if info.uses else f"for anybody, {info.used} came"
    end = times.local_time(info.expires)
    until = f"until {end:%Y-%m-%d %H:%M}" if end else ""
    who = f"for {info.nickname}" if info.nickname else ""
    room, role = f"to {info.room}" if info.room else "", f"as {info.role}" if info.role != "member" else ""
    return ", ".join(filter(None, (used, who, room, role, until)))
