"""From a command to what the hub does about it."""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Callable
from typing import Any

from chatdesk.log.room_log import Draft
from chatdesk.protocol import VERSION, codec, commands, events
from chatdesk.protocol.errors import CloseCode, ErrorCode, ProtocolError
from chatdesk.protocol.limits import CONTENT_CHARS
from chatdesk.server.hub import Hub
from chatdesk.server.presence import Person
from chatdesk.server.rate import Rate, TokenBucket
from chatdesk.server.room import Room
from chatdesk.server.session import Session

_QUERIES = Rate(per_second=5, burst=20)
_ERRORS = Rate(per_second=1, burst=30)
_TYPING = Rate(per_second=2, burst=6)
_TYPING_INTERVAL = 1.0


class Budget:
    """What one connection may still say, ask and get wrong."""

    __slots__ = ("errors", "messages", "queries", "typing")

    def __init__(self, message_rate: float) -> None:
        self.messages = TokenBucket(Rate(message_rate, max(1.0, message_rate * 2)))
        self.queries = TokenBucket(_QUERIES)
        self.typing = TokenBucket(_TYPING)
        self.errors = TokenBucket(_ERRORS)


class Dispatcher:
    """Decodes what sessions send and carries it out. Nothing a client sends raises from here."""

    def __init__(self, hub: Hub, limits: events.Limits, server_info: Callable[[], events.ServerInfo]) -> None:
        self._hub = hub
        self._limits = limits
        self._server_info = server_info
        self._loop = asyncio.get_running_loop()
        self._commands: dict[type, Callable[[Session, Budget, Any], None]] = {
            commands.Join: self._join,
            commands.Message: self._message,
            commands.Typing: self._typing,
            commands.Users: self._users,
            commands.History: self._history,
            commands.Leave: self._leave,
        }

    def new_budget(self) -> Budget:
        """The budget of a new connection."""
        return Budget(self._limits.message_rate)

    def receive(self, session: Session, budget: Budget, data: bytes | str) -> None:
        """Carry out a command, or answer what is wrong with it."""
        try:
            command = codec.decode_command(data)
            self._commands[type(command)](session, budget, command)
        except ProtocolError as error:
            self.refuse(session, budget, error)

    def refuse(self, session: Session, budget: Budget, error: ProtocolError) -> None:
        """Answer with an error; who keeps making them is sent away."""
        session.send(events.Error(error.code, error.content, error.ref))
        if not budget.errors.take(self._loop.time()):
            content = "Too many errors on this connection: it is closed."
            session.send(events.Error(ErrorCode.TOO_MANY_ERRORS, content))
            session.link.close(CloseCode.RULES_BROKEN, "too many errors")

    def _join(self, session: Session, _budget: Budget, join: commands.Join) -> None:
        if session.person:
            raise ProtocolError(ErrorCode.ALREADY_JOINED, "You have joined already.", "join")
        person, room = self._hub.join(session, join)
        session.batched = events.PRESENCE_CAPABILITY in join.capabilities
        session.send(self._welcome(person, room))
        session.send(events.System("Welcome to the chat!", events.timestamp()))
        # The room counts the joiner among its users, but tells everybody only after these answers are on their way.
        history = room.since(join.resume)
        room.enter(session, person)
        session.send(room.users())
        session.send_payload(history)

    def _welcome(self, person: Person, room: Room) -> events.Welcome:
        newcomer = person.key not in room.presence.people
        return events.Welcome(
            VERSION,
            room.log.epoch,
            person.nickname,
            self._hub.identities.token(person.identity),
            room.name,
            len(room.presence.people) + newcomer,
            self._limits,
            self._server_info(),
        )

    def _message(self, session: Session, budget: Budget, message: commands.Message) -> None:
        person, room = _membership(session, message.room, "message")
        ref = message.id or "message"
        if message.to is not None:
            raise ProtocolError(ErrorCode.NOT_SUPPORTED, "This chat has no private messages yet.", ref)
        known = room.log.find(person.identity, message.id) if message.id else None
        if known:
            self._take_query(session, budget, ref)
            return session.send_payload(known.payload)
        _check_content(message.content, ref)
        if not budget.messages.take(self._loop.time()):
            raise ProtocolError(ErrorCode.RATE_LIMITED, "You are sending too fast: wait a moment and try again.", ref)
        session.typing_at = 0.0
        return room.publish(Draft(room.name, person.nickname, message.content, person.identity, message.id))

    def _typing(self, session: Session, budget: Budget, typing: commands.Typing) -> None:
        person, room = _membership(session, typing.room, "typing")
        now = self._loop.time()
        recent = now - session.typing_at < _TYPING_INTERVAL
        # A repeated sign tells nobody anything: only a change, or a renewal that keeps it alive, goes out.
        news = typing.to is None and (not recent if typing.active else session.typing_at > 0)
        if news and budget.typing.take(now):
            session.typing_at = now if typing.active else 0.0
            room.show_typing(person, typing.active)

    def _users(self, session: Session, budget: Budget, users: commands.Users) -> None:
        _, room = _membership(session, users.room, "users")
        self._take_query(session, budget, "users")
        session.send(room.users())

    def _history(self, session: Session, budget: Budget, history: commands.History) -> None:
        _, room = _membership(session, history.room, "history")
        self._take_query(session, budget, "history")
        if history.before is not None and history.after is not None:
            raise ProtocolError(ErrorCode.BAD_MESSAGE, 'Ask for history "before" or "after", not both.', "history")
        if history.after is not None:
            page = room.log.after(history.after, history.limit)
        elif history.before is not None:
            page = room.log.before(history.before, history.limit)
        else:
            page = room.log.latest(history.limit)
        session.send_payload(room.history(page))

    def _leave(self, session: Session, _budget: Budget, _leave: commands.Leave) -> None:
        if session.person is None:
            raise _not_joined("leave")
        self._hub.leave(session)
        session.link.close(CloseCode.LEFT, "")

    def _take_query(self, session: Session, budget: Budget, ref: str) -> None:
        if not session.link.writable or not budget.queries.take(self._loop.time()):
            raise ProtocolError(ErrorCode.RATE_LIMITED, "You are asking too fast: wait a moment and try again.", ref)


def _membership(session: Session, room_name: str | None, ref: str) -> tuple[Person, Room]:
    """Who asks, and in which room; raises ProtocolError for strangers and for rooms one is not in."""
    if session.person is None or session.room is None:
        raise _not_joined(ref)
    if room_name is not None and room_name != session.room.name:
        raise ProtocolError(ErrorCode.BAD_ROOM, "You are not in this room.", ref)
    return session.person, session.room


def _not_joined(ref: str) -> ProtocolError:
    return ProtocolError(ErrorCode.NOT_JOINED, 'Join first, such as with {"type":"join","nickname":"your name"}.', ref)


def _check_content(content: str, ref: str) -> None:
    if len(content) > CONTENT_CHARS:
        raise ProtocolError(
            ErrorCode.MESSAGE_TOO_LONG, f"The message is too long: at most {CONTENT_CHARS} characters.", ref
        )
    if not content.strip():
        raise ProtocolError(ErrorCode.EMPTY_MESSAGE, "The message is empty.", ref)
    if any(unicodedata.category(char) == "Cc" and char not in "\n\t\r" for char in content):
        raise ProtocolError(ErrorCode.BAD_MESSAGE, "The message contains control characters.", ref)
