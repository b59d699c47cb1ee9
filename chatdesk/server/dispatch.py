"""Decodes commands and executes them on the hub."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

from chatdesk.log.room_log import Draft, Duplicate, IdReused, LogError, Refusal
from chatdesk.origin import canonical_url
from chatdesk.protocol import VERSION, codec, commands, events
from chatdesk.protocol.errors import CloseCode, ErrorCode, ProtocolError
from chatdesk.protocol.events import SystemCode
from chatdesk.protocol.proof import make_proof
from chatdesk.server.catch_up import CatchUp
from chatdesk.server.command_errors import check_content, not_joined, rate_limited, require_membership, storage_error
from chatdesk.server.command_queue import CommandQueue
from chatdesk.server.commands.rooms import Rooms
from chatdesk.server.hub import Hub
from chatdesk.server.membership import Membership
from chatdesk.server.person import Person
from chatdesk.server.queries import Queries
from chatdesk.server.rate_limits import RateLimits
from chatdesk.server.room import Room
from chatdesk.server.session import Session
from chatdesk.server.stream_position import StreamPosition

_TYPING_INTERVAL_SECONDS = 1.0
"""Clients renew a sign every three seconds, and show it for five. More often changes nothing on any screen."""


class Dispatcher:
    """Decodes what sessions send, and executes it. Nothing that a client sends makes ``receive`` raise."""

    def __init__(
        self, hub: Hub, limits: events.Limits, server_info: Callable[[], events.ServerInfo], public_url: str = ""
    ) -> None:
        self._hub = hub
        self._proxied_addresses = [(canonical_url(public_url), 0)] if public_url.startswith("https:") else []
        self._limits = limits
        self._server_info = server_info
        self._loop = asyncio.get_running_loop()
        self._command_queue = CommandQueue(self._execute)
        self._queries = Queries(self._command_queue)
        rooms = Rooms(hub, self._command_queue, self._queries)
        self._commands: dict[type, Callable[[Session, RateLimits, Any], None]] = {
            commands.Join: self._join,
            commands.Message: self._message,
            commands.Typing: self._typing,
            commands.Users: self._queries.users,
            commands.History: self._queries.history,
            commands.Search: self._queries.search,
            commands.Clear: self._queries.clear,
            commands.Enter: rooms.enter,
            commands.Exit: rooms.exit,
            commands.Leave: self._leave,
            commands.Prove: self._prove,
        }

    def new_rate_limits(self) -> RateLimits:
        """The rate limits of a new connection."""
        return RateLimits(self._limits.message_rate)

    def receive(self, session: Session, rate_limits: RateLimits, data: bytes | str) -> None:
        """Execute the command in a text frame, or answer with an error."""
        try:
            command = codec.decode_command(data)
            if isinstance(command, commands.Ping):
                self._ping(session, command)
            else:
                self._command_queue.submit(session, rate_limits, command)
        except ProtocolError as error:
            self.refuse(session, rate_limits, error)

    def refuse(self, session: Session, rate_limits: RateLimits, error: ProtocolError) -> None:
        """Answer with an error. A connection that makes too many is closed."""
        session.send(events.Error(error.code, error.content, error.ref))
        if not rate_limits.errors.acquire(self._loop.time()):
            content = "Too many errors on this connection: it is closed."
            session.send(events.Error(ErrorCode.TOO_MANY_ERRORS, content))
            session.connection.close(CloseCode.RULES_BROKEN, "too many errors")

    def _execute(self, session: Session, rate_limits: RateLimits, command: commands.Command) -> None:
        if session.principal and session.principal.expired:
            return session.close_expired()
        try:
            self._commands[type(command)](session, rate_limits, command)
        except ProtocolError as error:
            error.ref = command.id or error.ref
            self.refuse(session, rate_limits, error)
        return None

    def _join(self, session: Session, rate_limits: RateLimits, join: commands.Join) -> None:
        if session.person:
            raise ProtocolError(ErrorCode.ALREADY_JOINED, "You have joined already.", "join")
        person, room = self._hub.join(session, join)
        session.batched = events.PRESENCE_CAPABILITY in join.capabilities
        session.can_probe = events.REACH_CAPABILITY in join.capabilities
        room.expect(person)
        position = StreamPosition(join.resume.epoch, join.resume.seq) if join.resume else None
        room.history.since(
            position,
            self._command_queue.wait_for(session, rate_limits, partial(self._admit, session, join, person, room)),
        )

    def _admit(
        self, session: Session, join: commands.Join, person: Person, room: Room, catch_up: CatchUp | LogError
    ) -> None:
        """The page of history is read: let the session in, unless it has gone meanwhile."""
        room.stop_expecting(person)
        if session.person is not person:
            return
        if isinstance(catch_up, LogError):
            self._hub.leave(session, dropped=True)  # a person who was here before has not left
            session.send(storage_error(catch_up, "join"))
        else:
            self._let_in(session, join, person, room, catch_up)

    def _let_in(self, session: Session, join: commands.Join, person: Person, room: Room, catch_up: CatchUp) -> None:
        session.send(self._welcome(self._hub.token(session, person, join), person, room))
        session.send(events.System("Welcome to the chat!", events.timestamp(), SystemCode.WELCOME))
        # The room counts the new person at once, but announces them only after these answers are sent.
        is_new = self._hub.enter(session, person, room)
        session.send(room.users())
        session.send_payload(room.history.catch_up_event(catch_up))
        if self._hub.storage.problem:
            session.send(self._hub.storage)
        session.memberships[-1].follow_up(catch_up)
        if is_new:
            room.announce_arrival(person)

    def _welcome(self, token: str, person: Person, room: Room) -> events.Welcome:
        newcomer = person.key not in room.presence.people
        return events.Welcome(
            VERSION,
            room.log.epoch,
            person.nickname,
            token,
            room.name,
            len(room.presence.people) + newcomer,
            self._limits,
            self._server_info(),
        )

    def _message(self, session: Session, rate_limits: RateLimits, message: commands.Message) -> None:
        ref = message.id or "message"
        membership = require_membership(session, message.room, ref)
        if message.to is not None:
            raise ProtocolError(ErrorCode.NOT_SUPPORTED, "This chat has no private messages yet.", ref)
        check_content(message.content, ref)
        if not rate_limits.messages.acquire(self._loop.time()):
            raise rate_limited("sending", ref)
        membership.typing_at = 0.0
        person, room = membership.person, membership.room
        draft = Draft(room.name, person.nickname, message.content, person.identity, message.id)
        room.publish(draft, partial(self._not_stored, session, membership, rate_limits, ref))

    def _not_stored(
        self, session: Session, membership: Membership, rate_limits: RateLimits, ref: str, refusal: Refusal
    ) -> None:
        """Tell the sender why the log has not stored a message, or send the message that it stored before."""
        try:
            match refusal:
                case Duplicate(entry):
                    self._queries.charge(session, membership.person, rate_limits, ref)
                    membership.room.resend(membership, entry)
                case IdReused():
                    sentence = "This id belongs to another message of yours: use a new one."
                    raise ProtocolError(ErrorCode.ID_REUSED, sentence, ref)
                case LogError():
                    session.send(storage_error(refusal, ref))
        except ProtocolError as error:
            self.refuse(session, rate_limits, error)

    def _typing(self, session: Session, rate_limits: RateLimits, typing: commands.Typing) -> None:
        membership = require_membership(session, typing.room, "typing")
        now = self._loop.time()
        recent = now - membership.typing_at < _TYPING_INTERVAL_SECONDS
        # Only a change is sent, or a renewal after a second; other repetitions tell nobody anything.
        is_news = typing.to is None and (not recent if typing.active else membership.typing_at > 0)
        if is_news and rate_limits.typing.acquire(now):
            membership.typing_at = now if typing.active else 0.0
            membership.room.notify_typing(membership.person, typing.active)

    @staticmethod
    def _ping(session: Session, ping: commands.Ping) -> None:
        """Answer at once: a pong waits neither for the log nor behind commands that do."""
        if session.connection.writable:  # a slow reader has no use for it
            session.send(events.Pong(ping.id))

    def _prove(self, session: Session, rate_limits: RateLimits, command: commands.Prove) -> None:
        if not rate_limits.queries.acquire(self._loop.time()):
            raise rate_limited("asking", "prove")
        addresses = [(session.connection.local_address or "", session.connection.local_port), *self._proxied_addresses]
        tokens = map(self._hub.identities.token, command.identities)
        proofs = [make_proof(token, command.nonce, *address) for token in tokens for address in addresses]
        session.send(events.Proof(proofs))

    def _leave(self, session: Session, _rate_limits: RateLimits, _leave: commands.Leave) -> None:
        if session.person is None:
            raise not_joined("leave")
        self._hub.leave(session)
        session.connection.close(CloseCode.LEFT, "")
