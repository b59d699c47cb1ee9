"""Coming, going, and what works before a join."""

from collections.abc import Callable
from functools import partial

from chatdesk.log.bots import is_bot
from chatdesk.log.invitation import Invitation
from chatdesk.log.room_log import LogError
from chatdesk.origin import canonical_url
from chatdesk.protocol import VERSION, admission_events, codec, commands, connection_events, events, times
from chatdesk.protocol.errors import CloseCode, ErrorCode, ProtocolError
from chatdesk.protocol.events import SystemCode
from chatdesk.protocol.markup import MARKUP_CAPABILITY
from chatdesk.protocol.names import clean_room
from chatdesk.protocol.order_events import ORDER_CAPABILITY
from chatdesk.protocol.pace_events import PACE_CAPABILITY
from chatdesk.protocol.proof import make_proof
from chatdesk.protocol.room_events import RECEIPTS_CAPABILITY, ROOMS_CAPABILITY
from chatdesk.server.catch_up import CatchUp
from chatdesk.server.command_errors import not_joined, rate_limited, ref_of, refuse, refuse_for_storage
from chatdesk.server.command_queue import CommandQueue
from chatdesk.server.commands.admission import Admission
from chatdesk.server.commands.row import Row
from chatdesk.server.gate import Applicant, Gate
from chatdesk.server.hub import Hub
from chatdesk.server.invited import as_invited, keep_entry, with_role
from chatdesk.server.permissions import Right, may
from chatdesk.server.person import Person
from chatdesk.server.private_rooms import PrivateRooms
from chatdesk.server.rate_limits import Budget, Spending
from chatdesk.server.receipts import Receipts
from chatdesk.server.recognition import Recognised
from chatdesk.server.room import Room
from chatdesk.server.room_list import RoomList
from chatdesk.server.session import Session


class ConnectionCommands:
    """What concerns a connection as a whole. ``newcomers`` is the budget of networks."""

    def __init__(
        self,
        hub: Hub,
        command_queue: CommandQueue,
        gate: Gate,
        newcomers: Budget,
        limits: events.Limits,
        server_info: Callable[[], events.ServerInfo],
        public_url: str,
        rooms: RoomList,
        private: PrivateRooms,
        receipts: Receipts,
        queue: Callable[[], admission_events.Queue],
    ) -> None:
        self._queue = queue
        self._hub = hub
        self._command_queue = command_queue
        self._gate = gate
        self._receipts = receipts
        self._rooms = rooms
        self._private = private
        self._admission = Admission(hub, command_queue)
        self._newcomers = newcomers
        self._limits = limits
        self._server_info = server_info
        self._proxied_addresses = [(canonical_url(public_url), 0)] if public_url else []
        self.rows = (
            Row(commands.Join, None, None, self._join),
            Row(commands.Leave, None, None, self._leave),
            Row(commands.Prove, None, None, self._prove),
            Row(commands.Ping, None, None, self._ping),
        )

    @staticmethod
    def _ping(session: Session, ping: commands.Ping) -> None:
        if session.connection.writable:  # a slow reader has no use for it
            session.send(connection_events.Pong(ping.id))

    def _join(self, session: Session, join: commands.Join) -> None:
        if session.person:
            raise ProtocolError(ErrorCode.ALREADY_JOINED, "You have joined already.")
        invitation = self._invitation(session, join)
        join = as_invited(join, invitation) if invitation else join
        who = self._hub.recognise(session, join)
        if invitation:  # what the host has said since of somebody who has come by it counts for more
            who = with_role(who, invitation)
            who = who._replace(principal=self._hub.standings.applied(who.principal))
        room = who.principal.first_room(clean_room(join.room))
        invited, known = invitation is not None, self._hub.knows(who.principal, join.token)
        applicant = Applicant(session, who.principal, who.nickname, room, join, invited, known)
        self._gate.ask(applicant, partial(self._begin, session, join, who, invitation))

    def _invitation(self, session: Session, join: commands.Join) -> Invitation | None:
        """The invitation that somebody brings. People who have been here are let in without it if it is a bad one.

        They may open the link that has led them here again and again.
        """
        try:
            return self._hub.invitations.of_join(join, session.connection.network)
        except ProtocolError as error:
            who = self._hub.recognition.of_token(join.token, session.signed_in)
            if error.code != ErrorCode.BAD_INVITATION or who is None or not self._hub.knows(who, join.token):
                raise
            return None

    def _begin(self, session: Session, join: commands.Join, who: Recognised, invitation: Invitation | None) -> None:
        """Let somebody join whom the gate lets in."""
        person, room = self._hub.join(session, join, who)
        if self._hub.is_newcomer(person, join.token) and (wait := self._newcomers.spend(session.connection.network)):
            self._hub.leave(session)
            raise rate_limited(Spending.NEWCOMERS, wait)
        session.hears_bots = not is_bot(person.identity) or events.BOTS_CAPABILITY in join.capabilities
        session.batched = events.PRESENCE_CAPABILITY in join.capabilities
        session.markup = MARKUP_CAPABILITY in join.capabilities
        session.lists_rooms = ROOMS_CAPABILITY in join.capabilities
        session.receipts = RECEIPTS_CAPABILITY in join.capabilities
        session.keeps_order = ORDER_CAPABILITY in join.capabilities
        session.can_probe = events.REACH_CAPABILITY in join.capabilities
        session.hears_pace = PACE_CAPABILITY in join.capabilities
        session.hears_queue = admission_events.QUEUE_CAPABILITY in join.capabilities
        let_in = partial(self._let_in, session, join, person, room)
        admit = partial(self._admission.begin, session, join, person, room, let_in, partial(self._refused, session))
        if invitation:
            self._use(session, join, person, room, invitation, admit)
        else:
            admit()

    def _refused(self, session: Session, by_storage: bool) -> None:
        """A person who was here before has not left if it is only the log that cannot be read."""
        self._hub.leave(session, dropped=by_storage)

    def _let_in(
        self,
        session: Session,
        join: commands.Join,
        person: Person,
        room: Room,
        catch_up: CatchUp,
    ) -> None:
        welcome = self._welcome(session, join, person, room)
        greeting = events.System("Welcome to the chat!", times.timestamp(), SystemCode.WELCOME)
        # The room counts the new person at once, but announces them only after these answers are sent.
        is_new = self._hub.enter(session, person, room)
        history = room.history.entry_events(catch_up, join.id, markup=session.markup)
        people = room.users(join.id)
        session.send_together(codec.encode(welcome), codec.encode(greeting), codec.encode(people), *history)
        if (storage := self._hub.storage.event).problem:
            session.send(storage)
        session.memberships[-1].follow_up(catch_up)
        if is_new:
            room.announce_arrival(person)
        self._hub.on_entered(session, room)
        if session.hears_queue and session.principal and may(session.principal, Right.ADMIT, None):
            session.send(self._queue())
        if session.receipts:
            session.send(self._receipts.settings(person.identity))
        if session.lists_rooms:
            self._rooms.send_page(session)
        else:
            self._private.deliver_missed(session)

    def _use(
        self,
        session: Session,
        join: commands.Join,
        person: Person,
        room: Room,
        invitation: Invitation,
        admit: Callable[[], None],
    ) -> None:
        """Count a use of an invitation, and ``admit`` once that is stored: a crash gives none back that was answered.

        Raises ProtocolError if others were quicker.
        """

        def is_here() -> bool:
            return session.person is person

        def stored(error: LogError | ProtocolError | None) -> None:
            room.stop_expecting(person)
            if error or not is_here():  # the use does not count
                take_back()
            if not is_here():
                return
            if error:
                self._hub.leave(session)
            if isinstance(error, LogError):
                refuse_for_storage(session, join, error)
            elif error:
                error.ref = ref_of(join)
                refuse(session, error)
            else:
                admit()

        try:
            self._hub.invitations.require(invitation, person.identity)
            take_back = keep_entry(
                self._hub, person, invitation
            )  # before the use: what is written first is stored first
        except ProtocolError:
            self._hub.leave(session)
            raise
        room.expect(person)
        reply = self._command_queue.wait_for(session, stored)
        self._hub.invitations.use(invitation, person.identity, reply, is_here)

    def _welcome(self, session: Session, join: commands.Join, person: Person, room: Room) -> events.Welcome:
        newcomer = not person.unseen and person.key not in room.presence.people
        expires_in = session.principal.expires_in if session.principal else None
        return events.Welcome(
            VERSION,
            room.log.epoch,
            person.nickname,
            self._hub.token(session, person, join),
            room.name,
            len(room.presence.people) + newcomer,
            self._limits,
            self._server_info(),
            person.author,
            join.id,
            expires_in,
            list(self._hub.nodes.addresses()),
            None if expires_in is None else self._hub.identities.proof_token(),
        )

    def _leave(self, session: Session, _leave: commands.Leave) -> None:
        session.left = True
        if session.person is None and not self._gate.withdraw(session):
            raise not_joined()
        self._hub.leave(session)
        session.connection.close(CloseCode.LEFT, "")

    def _prove(self, session: Session, prove: commands.Prove) -> None:
        addresses = [(session.connection.local_address or "", session.connection.local_port), *self._proxied_addresses]
        tokens = map(self._hub.identities.token, prove.identities)
        proofs = [make_proof(token, prove.nonce, *address) for token in tokens for address in addresses]
        session.send(connection_events.Proof(proofs, prove.id))
