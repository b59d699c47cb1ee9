"""``chatdesk invite``: invitations to a chat that this machine hosts, and who waits to come in, while it is open."""

from __future__ import annotations

import argparse
import json
from collections.abc import Coroutine
from typing import Any

import msgspec

from chatdesk.client.admission import Admission
from chatdesk.config import ConfigError
from chatdesk.console import print_line, print_stderr
from chatdesk.own_chat import HostSession, OwnChat, find_own_chat, joined_as_host
from chatdesk.protocol import times
from chatdesk.protocol.admission_events import InvitationInfo
from chatdesk.protocol.limits import INVITATION_SECONDS, INVITATION_USES
from chatdesk.terminal.participant import exit_code


def prepare(options: argparse.Namespace) -> Coroutine[Any, Any, int]:
    """Check what was given; return what does the work, and returns the exit code. Raises ConfigError."""
    if options.action in ("revoke", "decline") and not options.which:
        raise ConfigError(f"Say which, as in: chatdesk invite {options.action} {_EXAMPLES[options.action]}.")
    if options.role == "host":
        raise ConfigError("Nobody is invited as host: invite a moderator, a member or a guest.")
    if not 1 <= options.hours * 3600 <= INVITATION_SECONDS:
        raise ConfigError(f"An invitation holds for more than 0 hours, and at most {INVITATION_SECONDS // 3600}.")
    if not 0 <= options.uses <= INVITATION_USES:
        raise ConfigError(f"An invitation lets in 1 to {INVITATION_USES} people, or with --uses 0 any number.")
    return exit_code(_run(find_own_chat(options), options))


_EXAMPLES = {"revoke": "1f0c2a9b", "decline": "Kit"}


async def _run(chat: OwnChat, options: argparse.Namespace) -> None:
    """Join, do it, print what has come of it, and leave. Raises TerminalError."""
    async with joined_as_host(chat) as session:
        await _act(session, chat.page_url, options)


async def _act(session: HostSession, page_url: str, options: argparse.Namespace) -> None:
    which, action = options.which or "", options.action
    admission, until = session.client.admission, session.until
    if action == "new":
        admission.invite(options.uses, round(options.hours * 3600), which, options.room or "", options.role or "member")
        await until(lambda: admission.invited is not None)
        return _print_new(admission, page_url, as_json=options.json)
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


def _print_new(admission: Admission, page_url: str, *, as_json: bool) -> None:
    invited = admission.invited
    if invited is None:
        return
    link = f"{page_url.rstrip('/')}/#invite={invited.code}"
    if as_json:
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
