"""Decodes commands, checks right and budget, and has each executed by its function."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from itertools import chain

from chatdesk.log.room_log import Draft
from chatdesk.protocol import codec, commands, events, fields
from chatdesk.protocol.errors import CloseCode, ErrorCode, ProtocolError
from chatdesk.server.auth import Principal
from chatdesk.server.command_errors import (
    archived,
    denied,
    not_joined,
    rate_limited,
    ref_of,
    refuse,
    require_membership,
    waiting,
)
from chatdesk.server.command_queue import CommandQueue
from chatdesk.server.commands.acts import Acts
from chatdesk.server.commands.connection import ConnectionCommands
from chatdesk.server.commands.entry import EntryCommands
from chatdesk.server.commands.history import History
from chatdesk.server.commands.invitations import InvitationCommands
from chatdesk.server.commands.messages import Messages
from chatdesk.server.commands.order import OrderCommands
from chatdesk.server.commands.people import People
from chatdesk.server.commands.queue import QueueCommands
from chatdesk.server.commands.reading import Reading
from chatdesk.server.commands.receipts import ReceiptCommands
from chatdesk.server.commands.room_deletion import RoomDeletion
from chatdesk.server.commands.room_settings import RoomSettingsCommands
from chatdesk.server.commands.rooms import Rooms
from chatdesk.server.commands.row import Row
from chatdesk.server.commands.search import Search
from chatdesk.server.commands.sign_in import SignInCommands
from chatdesk.server.entry import Entry
from chatdesk.server.gate import Applicant, Gate
from chatdesk.server.hub import Hub
from chatdesk.server.keeping_order import KeepingOrder
from chatdesk.server.membership import Membership
from chatdesk.server.mentions import Mentions
from chatdesk.server.node_queue import NodeQueue
from chatdesk.server.node_sentences import NodeSentences
from chatdesk.server.node_spending import NodeSpending
from chatdesk.server.node_switches import NodeSwitches
from chatdesk.server.node_topics import NodeTopics
from chatdesk.server.pace import PaceOfRooms
from chatdesk.server.permissions import CHANGING, Right, may
from chatdesk.server.private_rooms import PrivateRooms
from chatdesk.server.rate_limits import LITTLE_TEXT, Budget, Spending
from chatdesk.server.receipts import Receipts
from chatdesk.server.room import Room
from chatdesk.server.room_list import RoomList
from chatdesk.server.session import NEEDS_TOKEN, Session
from chatdesk.server.speaking import Refuse, Told
from chatdesk.server.waiting_room import WaitingRoom

_WITH_TOKEN = (commands.Join, commands.Refresh)
_WITH_TEXT = (commands.Message, commands.Edit)
_OUTSIDE = (commands.Leave, commands.Ping)
"""What works for somebody who waits to be let in."""

_SLOW_READER_SECONDS = 1.0
"""When a peer that does not read its answers may ask again."""


class Dispatcher:
    """Decodes what sessions send, and executes it. Nothing that a client sends makes ``receive`` raise."""

    def __init__(
        self,
        hub: Hub,
        budgets: dict[Spending, Budget],
        limits: events.Limits,
        server_info: Callable[[], events.ServerInfo],
        public_url: str = "",
        private_messages: fields.PrivateMessages = "everyone",
        receipts: bool = True,
        approval: bool = False,
        processes: int = 1,
    ) -> None:
        self._hub = hub
        self._budgets = hub.directory.limits.budgets = budgets
        self._command_queue = queue = CommandQueue(self._execute)
        self.gate = gate = Gate(queue)
        self.waiting_room = waiting = WaitingRoom(approval, hub.author, server_info)
        self.entry = entry = Entry(hub, processes)
        gate.conditions += [entry.lock, entry.password, waiting.ask]
        self._rooms = rooms = RoomList(hub)
        self._private = private = PrivateRooms(hub, rooms, private_messages)
        self._receipts = Receipts(hub, receipts)
        self._keeping = KeepingOrder(hub, waiting.fresh_bans, waiting.known)
        self._keeping.on_ban = partial(waiting.review, self._check_bans)
        mentions, pace = Mentions(hub), PaceOfRooms(hub)
        self.slow = pace.slow
        self._messages = messages = Messages(
            self._charge, budgets[Spending.TYPING], mentions, private, pace.speaking, pace.news, hub.show_typing
        )
        settings = RoomSettingsCommands(hub, queue, rooms, private)
        nouns = (
            self._connection_commands(limits, server_info, public_url, rooms).rows,
            messages.rows,
            Acts(queue, limits.edit_seconds, mentions).rows,
            People(hub).rows,
            History(queue).rows,
            Search(hub, queue, entry).rows,
            Rooms(hub, queue, gate, rooms, private).rows,
            settings.rows,
            EntryCommands(hub, queue, entry, rooms).rows,
            RoomDeletion(hub, queue, rooms).rows,
            Reading(hub, rooms).rows,
            ReceiptCommands(hub, queue, self._receipts).rows,
            InvitationCommands(hub, queue).rows,
            QueueCommands(hub, self.waiting_room).rows,
            OrderCommands(hub, queue, self._keeping).rows,
            SignInCommands(hub).rows,
            *pace.nouns(messages, settings),
        )
        self._table: dict[type, Row] = {row.command: row for row in chain(*nouns)}

    def _connection_commands(
        self,
        limits: events.Limits,
        server_info: Callable[[], events.ServerInfo],
        public_url: str,
        rooms: RoomList,
    ) -> ConnectionCommands:
        return ConnectionCommands(
            self._hub,
            self._command_queue,
            self.gate,
            self._budgets[Spending.NEWCOMERS],
            limits,
            server_info,
            public_url,
            rooms,
            self._private,
            self._receipts,
            self.waiting_room.queue,
        )

    def join_nodes(self, topics: NodeTopics) -> None:
        """Share with other nodes who waits to come in, what the host turns on and off, and what networks spend.

        What is said in words of changes is said there, too.
        """
        budgets = {**self._budgets, Spending.INVITATIONS: self._hub.invitations.attempts}
        NodeSpending(budgets, self.entry, topics.topic("spent"))
        NodeSentences(self._hub, self._rooms, topics.topic("sentences"))
        queue = NodeQueue(self.waiting_room, topics.topic("queue"))
        self.waiting_room.on_news = self.waiting_room.fresh_bans.on_news = queue.changed
        switches = NodeSwitches(topics.topic("switches"))
        self.waiting_room.on_turned = switches.add("approval", self.waiting_room.adopt_active)
        self._receipts.on_turned = switches.add("receipts", self._receipts.allow)
        private = self._private
        private.on_turned = switches.add("private_messages", private.adopt, fields.PrivateMessages)

    def _check_bans(self, applicant: Applicant) -> None:
        """Raises ProtocolError for somebody whom a ban keeps out."""
        principal, nickname = applicant.principal, applicant.nickname
        self._hub.standings.admitted(principal, nickname, applicant.session.connection.network)
        self._hub.free_names.require_allowed(nickname, principal.identity)

    def receive(self, session: Session, data: bytes | str) -> None:
        """Execute the command in a text frame, or answer with an error."""
        try:
            command = codec.decode_command(data)
        except ProtocolError as error:
            return refuse(session, error)
        if isinstance(command, commands.Ping):  # it waits neither for the log nor behind commands that do
            return self._execute(session, command)
        return self._command_queue.submit(session, command)

    @staticmethod
    def receive_binary(session: Session, _data: bytes | bytearray | memoryview) -> None:
        """Answer a binary message, or the first frame of one, with an error."""
        refuse(session, ProtocolError(ErrorCode.BAD_MESSAGE, "Send text frames: this one is binary."))

    def close(self) -> None:
        """Tell nobody anything by oneself any more."""
        self._receipts.close()
        self.gate.close()
        self.waiting_room.close()
        self.entry.close()

    def say(self, principal: Principal, room: Room, draft: Draft, refuse: Refuse, held: Told) -> None:
        """Say something without a session, as a hook does; see ``Messages.publish``."""
        _require(principal, Right.WRITE, room)
        self._spend(Spending.MESSAGES, principal.identity)
        self._spend(Spending.TEXT, principal.identity, len(draft.content.encode()))
        self._messages.publish(principal, room, draft, refuse, held)

    def _execute(self, session: Session, command: commands.Command) -> None:
        if session.principal and session.principal.expired:
            return session.close_expired()
        if isinstance(command, _WITH_TOKEN) and (keys := self._fetching_keys(command.token)):
            then = self._command_queue.wait_for(session, lambda _keys: self._execute_now(session, command))
            return keys.add_done_callback(then)
        return self._execute_now(session, command)

    def _execute_now(self, session: Session, command: commands.Command) -> None:
        try:
            self._check_and_execute(session, command)
        except ProtocolError as error:
            error.ref = ref_of(command)
            refuse(session, error)
            if error.code is ErrorCode.UNAUTHORIZED and session.person is None:
                session.connection.close(CloseCode.UNAUTHORIZED, NEEDS_TOKEN)

    def _fetching_keys(self, token: str | None) -> asyncio.Future[None] | None:
        """What a token waits for whose key the chat does not know yet."""
        tokens = self._hub.recognition.tokens
        return tokens.fetching_keys(token) if tokens and token else None

    def _check_and_execute(self, session: Session, command: commands.Command) -> None:
        if self.gate.waits_outside(session) and not isinstance(command, _OUTSIDE):
            raise waiting()
        row = self._table[type(command)]
        if row.right is None:
            if row.spends:
                self._charge(session, None, row.spends)
            return row.execute(session, command)
        membership = self._membership(session, command)
        room = membership.room
        _require(session.principal, row.right, room)
        if row.spends:
            self._charge(session, membership, row.spends)
        if isinstance(command, _WITH_TEXT):
            self._spend_text(membership, session.connection.network, command.content)
        if room.pair and row.right in CHANGING - {Right.DELETE_OWN}:
            self._private.require_allowed(room.pair)
        return row.execute(session, membership, command)

    def _membership(self, session: Session, command: commands.Command) -> Membership:
        """Where the command is to be executed: in the room that it names, or in the private one with a person."""
        if isinstance(command, commands.Message) and command.to is not None:
            if not session.principal:
                raise not_joined()
            if not may(session.principal, Right.WRITE_PRIVATELY, None):
                raise denied(session.principal, Right.WRITE_PRIVATELY, None)
            return self._private.membership(session, command.to)
        return require_membership(session, getattr(command, "room", None))

    def _charge(self, session: Session, membership: Membership | None, spending: Spending) -> None:
        """Let the session's identity spend. Raises ProtocolError if it has to wait.

        A peer that does not read its answers may ask nothing. The host asks without a limit.
        """
        if session.principal is None:
            raise not_joined()
        if spending is Spending.QUERIES:
            if may(session.principal, Right.ASK_FREELY, membership.room if membership else None):
                return
            if not session.connection.writable:
                raise rate_limited(spending, _SLOW_READER_SECONDS)
        self._spend(spending, session.principal.identity)

    def _spend_text(self, membership: Membership, network: str, content: str) -> None:
        """Let a member and its network spend the bytes of a text; the network pays for each of those who hear it.

        Somebody who has said little is not held up by others of the same network.
        """
        identity, size = membership.person.identity, len(content.encode())
        self._spend(Spending.TEXT, identity, size)
        if self._budgets[Spending.TEXT].spent(identity) > LITTLE_TEXT:
            self._spend(Spending.NETWORK_TEXT, network, size * len(membership.room.members))

    def _spend(self, spending: Spending, key: str, count: float = 1) -> None:
        """Raises ProtocolError if there is too little left."""
        if wait := self._budgets[spending].spend(key, count):
            raise rate_limited(spending, wait)


def _require(principal: Principal | None, right: Right, room: Room) -> None:
    """Raises ProtocolError for somebody who has not this right in the room, or for a change of an archived one."""
    if principal is None:
        raise not_joined()
    if not may(principal, right, room):
        raise denied(principal, right, room)
    if room.settings.archived and right in CHANGING:
        raise archived()
