"""The Python client as the subject of a scenario: the real one, without sockets and on a clock that stands still."""

import asyncio
import contextlib
import dataclasses
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from chatdesk.client import connection, reconnecting
from chatdesk.client.admission import Admission
from chatdesk.client.changes import (
    Change,
    Connecting,
    Ended,
    Jumped,
    Lost,
    NewMessage,
    NoticeReceived,
    Online,
    PasswordAsked,
    Waiting,
)
from chatdesk.client.client import ChatClient
from chatdesk.client.connection import close_reason
from chatdesk.client.outbox import Outgoing
from chatdesk.client.receipt_actions import ReceiptActions
from chatdesk.client.room_state import RoomState
from chatdesk.client.saved_state import ClientStore
from chatdesk.protocol import events
from chatdesk.protocol.markup import plain_text
from tests.conformance.client_line import Line
from tests.conformance.client_pace import pace_acts, pace_state
from tests.conformance.client_view import meant, reactors, room_row, search_state
from tests.conformance.presence_line import PresenceLine
from tests.conformance.scenarios import Json

_TURNS = 8
"""Turns of the loop after which nothing more happens by itself."""
_SLICE_SECONDS = 0.025
"""Steps in which time passes."""
_CONNECT_SECONDS = 60.0
"""Twice the longest delay between two attempts."""


class ClientSubject:
    """A ``ChatClient``; its clock is that of all modules, and stands still while nobody waits."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._loop = asyncio.new_event_loop()
        self._now = 1_000.0
        self._store = ClientStore(folder)
        self._lines: list[Line] = []
        self._sent_before: list[Json] = []
        self._changes: list[Change] = []
        monkeypatch.setattr("time.monotonic", lambda: self._now)
        monkeypatch.setattr(reconnecting, "Connection", self._connect)
        self._run(self._start())

    def close(self) -> None:
        """End the client and its loop."""
        self._run(self._end())
        self._loop.close()

    # The network and the time

    def open(self) -> None:
        """Let time pass until the client tries to connect, and let it succeed."""
        for _ in range(round(_CONNECT_SECONDS / _SLICE_SECONDS)):
            if self._lines and not self._lines[-1].opened.is_set():
                break
            self.wait(_SLICE_SECONDS)
        assert self._lines, "the client does not connect"
        assert not self._lines[-1].opened.is_set(), "the client does not connect again"
        self._lines[-1].opened.set()
        self._settle()

    def lose(self, code: int) -> None:
        """End the connection."""
        self._lines[-1].close(close_reason(code))
        self._settle()

    def receive(self, event: Json) -> None:
        """The server sends an event; one that breaks the rules ends the connection."""
        self._run(self._deliver(event))

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        until = self._now + seconds
        while self._now < until:
            self._now = min(until, self._now + _SLICE_SECONDS)
            self._settle()

    def restart(self) -> None:
        """End the program, and start it again with what it has stored."""
        self._run(self._end())
        self._run(self._start())

    # The person

    def act(self, act: str, value: Any, room: str) -> None:
        """The person does something."""
        self._run(self._do(act, value, room))

    async def _do(self, act: str, value: Any, room: str) -> None:
        client = self._client
        client.rooms.show(room)
        acts: dict[str, Callable[[], object]] = {
            "write": lambda: (
                client.send(value) if isinstance(value, str) else client.send(value["text"], mentions=meant(value))
            ),
            "write_privately": lambda: client.send(value["text"], value["to"], to_author=value.get("author", "")),
            "answer": lambda: client.send(value["text"], reply_to=value["seq"]),
            "edit": lambda: client.acts.edit(value["seq"], value["text"], meant(value)),
            "delete": lambda: client.acts.delete(value),
            "react": lambda: client.acts.react(value["seq"], value["emoji"], active=value.get("active", True)),
            "pin": lambda: client.acts.pin(value["seq"], active=value.get("active", True)),
            "mark_unread": lambda: client.mark_unread(value),
            "show_pins": client.acts.show_pins,
            "show_reactors": lambda: client.acts.show_reactors(**value) if value else client.acts.hide_reactors(),
            "more_reactors": client.acts.more_reactors,
            "send_again": lambda: client.resend(self._unsent(value)),
            "discard": lambda: client.discard(self._unsent(value)),
            "seen": lambda: client.mark_read(value),
            "look_away": client.mark_away,
            "look_back": client.mark_present,
            "type": lambda: client.presence.set_typing(value),
            "load_older": client.load_older,
            "load_newer": client.load_newer,
            "go_to": lambda: client.go_to(value),
            "go_to_moment": lambda: client.go_to_moment(value),
            "go_to_latest": client.go_to_latest,
            "search": lambda: client.search(value),
            "search_more": lambda: client.search_more("" if value is True else value),
            "show_people": lambda: client.state.shown.people.show(value),
            "more_people": client.people.load_more,
            "find_people": lambda: client.people.find(value),
            "enter": lambda: client.rooms.enter(value),
            "exit": lambda: client.rooms.exit(value),
            "create_room": lambda: client.rooms.create(**value),
            "open_private": lambda: client.rooms.open_private(value),
            "set_topic": lambda: client.rooms.set_topic(room, value),
            "archive": lambda: client.rooms.archive(room, active=value),
            "delete_room": lambda: client.rooms.delete(room),
            "open_to_everybody": lambda: client.rooms.open_to_everybody(room),
            "set_newcomers": lambda: client.rooms.set_newcomers(room, value),
            "set_level": lambda: client.rooms.set_level(room, value),
            "mark_all_read": client.rooms.mark_all_read,
            "find_rooms": lambda: client.rooms.find(value),
            "be": lambda: client.presence.set_status(value),
            "put_away": lambda: client.notifications.dismiss(value),
            "more_rooms": client.rooms.load_more,
            "show": lambda: None,
            "join_with": lambda: self._join_with(**value),
            "enter_with": lambda: client.rooms.show_with_password(value["room"], value["password"]),
            "set_entry": lambda: client.rooms.set_entry(room, **value),
            "clear_history": client.clear_history,
            "leave": client.stop,
            **_receipt_acts(client.receipts, value),
            **_admission_acts(client.admission, value),
            **pace_acts(client.order.pace, value, room),
        }
        acts[act]()

    def _join_with(self, password: str = "", invitation: str = "") -> None:
        """Join once more after a refusal, with what was asked for."""
        sign_in = self._client.state.sign_in
        sign_in.password, sign_in.invitation = password, invitation
        self._task = asyncio.create_task(self._client.run())

    def _unsent(self, text: str) -> str:
        """The id of the own message with this text, which is not stored yet."""
        return next(entry.id for entry in self._client.state.shown.outbox if entry.content == text)

    # What can be seen

    def sent(self) -> list[Json]:
        """Return the commands sent since the last call, on lines that were open."""
        sent = self._sent_before
        for line in self._lines:
            if line.opened.is_set():
                sent, line.commands = sent + line.commands, []
        self._sent_before = []
        return sent

    def state(self, room: str) -> Json:
        """Return everything that the person can see."""
        self.wait(2 * _SLICE_SECONDS)  # changes are collected for a moment
        shown = self._client.state.rooms[room]
        return {
            **self._connection_state(),
            **self._transcript_state(shown),
            **self._people_state(shown),
            **search_state(self._client.state.search.results),
            **self._rooms_state(),
            **self._receipts_state(),
            "pinned": [message.content for message in shown.acts.pinned],
            "reactors": reactors(shown.acts.reactors.shown),
            "notifications": list(map(dataclasses.asdict, self._client.notifications.shown)),
            **self._admission_state(),
            **pace_state(self._client.order.pace, room),
            **self._announced(),
        }

    def _admission_state(self) -> Json:
        admission = self._client.admission
        return {
            "queue": [it.nickname for it in admission.queue.people] if admission.queue else None,
            "approval": bool(admission.queue and admission.queue.approval),
            "invitations": [{"id": it.id, "uses": it.uses, "used": it.used} for it in admission.invitations],
            "invited": admission.invited.code if admission.invited else None,
        }

    def _connection_state(self) -> Json:
        state = self._client.state
        words = {Connecting: "connecting", Waiting: "waiting", Online: "online", Lost: "lost", Ended: "ended"}
        return {
            "status": words[type(state.status)],
            "ended_by": state.status.sentence if isinstance(state.status, Ended) else "",
            "resumed": state.status.resumed if isinstance(state.status, Online) else None,
            "host_closed": isinstance(state.status, Lost) and state.status.goodbye,
            "place": state.status.position if isinstance(state.status, Waiting) else None,
            "server": self._lines[-1].url if self._lines else None,
            "nickname": state.nickname,
            "storage": state.storage_problem,
        }

    def _transcript_state(self, room: RoomState) -> Json:
        transcript, divider = room.transcript, room.read_position.divider
        return {
            "messages": [*map(self._stored, transcript.messages), *map(self._waiting, room.outbox)],
            "has_older": transcript.has_older,
            "has_newer": transcript.last_seq < transcript.newest,
            "unread": room.unread,
            "divider": {"after": divider.after, "count": divider.count} if divider else None,
        }

    def _receipts_state(self) -> Json:
        shown = self._client.receipts.readers
        readers = shown and {
            **{"seq": shown.seq, "names": [reader.nickname for reader in shown.readers]},
            **{"count": shown.count, "people": shown.people, "more": shown.more},
        }
        return {"receipts": self._client.state.receipts.active, "readers": readers}

    def _rooms_state(self) -> Json:
        state = self._client.state
        return {
            "rooms": list(map(room_row, state.summaries())),
            "found_rooms": list(map(room_row, state.found_rooms())),
            "more_rooms": state.list.has_more,
            "attention": state.unread,
        }

    def _stored(self, message: events.Message) -> Json:
        own = self._client.state.is_mine(message)
        shown = {"text": message.content, "nickname": message.nickname, "own": own, "seq": message.seq}
        acts = {name: getattr(message, name) for name in ("deleted", "deleted_by", "pinned", "verified")}
        mine = self._client.acts.own_reactions(message)
        reactions = [[each.emoji, each.count, each.emoji in mine] for each in message.reactions]
        quote = None if message.reply_to is None else self._quote(message.reply_to)
        edited = message.edited is not None
        words = plain_text(message.body) if message.body else None
        readers = self._client.receipts.count(message)
        told = {"edited": edited, "readers": readers, "reactions": reactions, "quote": quote, "words": words}
        return {**shown, **acts, **told, "state": "sent", "may_edit": self._client.acts.may_edit(message)}

    def _quote(self, seq: int) -> Json:
        quoted = self._client.acts.quote(seq)
        missing = self._client.acts.is_missing(seq)
        return {"text": quoted.content if quoted else "", "deleted": quoted and quoted.deleted, "missing": missing}

    def _waiting(self, entry: Outgoing) -> Json:
        shown = {"text": entry.content, "nickname": self._client.state.nickname, "own": True}
        state = {"state": "refused" if entry.error else "pending", "reason": entry.error or "", "waits": entry.waits}
        return {**shown, **state, "edited": False}

    def _people_state(self, room: RoomState) -> Json:
        people = sorted(room.people.here.values(), key=lambda person: (not person.host, person.nickname))
        found = room.people_search.found
        return {
            "people": list(map(self._person, people)),
            "all_people": room.people.complete,
            "user_count": room.people.count,
            "found_people": found
            and {
                "query": found.query,
                "people": list(map(self._person, found.people)),
                "all": found.complete,
                "busy": found.busy,
            },
            "typing": room.people.typing,
            "presence": self._presence.state(),
        }

    def _person(self, user: events.User) -> Json:
        shown = {name: getattr(user, name) for name in ("nickname", "host", "client", "verified")}
        return {**shown, "me": self._client.state.is_mine(user), "role": user.role or ""}

    def _announced(self) -> Json:
        """What has been said since the last look."""
        changes, self._changes = self._changes, []
        jumps = [change.seq for change in changes if isinstance(change, Jumped)]
        return {
            "asked_for": self._asked_for(changes),
            "notices": [change.sentence for change in changes if isinstance(change, NoticeReceived)],
            "announced": [change.message.content for change in changes if isinstance(change, NewMessage)],
            "jumped": jumps[-1] if jumps else None,
        }

    def _asked_for(self, changes: list[Change]) -> str:
        """What the person is asked for: to join, or since the last look to enter a room."""
        rooms = [change.room for change in changes if isinstance(change, PasswordAsked)]
        status = self._client.state.status
        of_chat = "password" if isinstance(status, Ended) and status.password_needed else ""
        return f"password of {rooms[-1]}" if rooms else of_chat

    # The loop

    async def _start(self) -> None:
        self._presence = PresenceLine()
        self._client = ChatClient("ws://192.168.4.20:8080/ws", "Kit", store=self._store, on_changes=self._record)
        self._task = asyncio.create_task(self._client.run())

    async def _end(self) -> None:
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        self._sent_before, self._lines = self.sent(), []

    async def _deliver(self, event: Json) -> None:
        line = self._lines[-1]
        try:
            line.deliver(event)
        except connection.InvalidEventError as error:
            line.close(connection.rules_broken(str(error)))

    def _record(self, changes: list[Change]) -> None:
        self._changes += changes
        self._presence.take(changes, self._client.state.shown.people)

    def _connect(self, url: str, *_trust: object) -> Line:
        self._lines.append(Line(url))
        return self._lines[-1]

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        self._loop.run_until_complete(work)
        self._settle()

    def _settle(self) -> None:
        self._loop.run_until_complete(_turns())


def _receipt_acts(receipts: ReceiptActions, value: Any) -> dict[str, Callable[[], object]]:
    return {
        "show_readers": lambda: receipts.show_readers(value),
        "more_readers": receipts.load_more_readers,
        "hide_readers": receipts.hide_readers,
        "give_receipts": lambda: receipts.give(value),
        "allow_receipts": lambda: receipts.allow(value),
    }


def _admission_acts(admission: Admission, value: Any) -> dict[str, Callable[[], object]]:
    return {
        "accept": lambda: admission.accept(value) if value else admission.accept_all(),
        "decline": lambda: admission.decline(**value),
        "set_approval": lambda: admission.set_approval(value),
        "invite": lambda: admission.invite(**value),
        "revoke_invitation": lambda: admission.revoke(value),
    }


async def _turns() -> None:
    for _ in range(_TURNS):
        await asyncio.sleep(0)
