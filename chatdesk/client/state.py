"""What the client knows about its chat and the rooms in it. Pure: events and times go in, changes come out."""

from itertools import chain

from chatdesk.client.changes import (
    Change,
    Confirmed,
    Connecting,
    Ended,
    NoticeReceived,
    Online,
    ReceiptSettingsChanged,
    RoomChanged,
    RoomOpened,
    RoomsChanged,
    Status,
    StatusChanged,
    StorageChanged,
    Waits,
)
from chatdesk.client.entered_rooms import EnteredRooms
from chatdesk.client.own_identity import Named, OwnIdentity, identity_of
from chatdesk.client.requests import RETRYABLE
from chatdesk.client.room_state import RoomState
from chatdesk.client.search import SearchState
from chatdesk.client.server_clock import ServerClock
from chatdesk.client.sign_in import SignIn, join_refused, room_refused
from chatdesk.client.validation import InvalidEventError
from chatdesk.protocol import commands, connection_events, events, fields, room_events
from chatdesk.protocol.errors import ErrorCode

_COUNTED = (events.Message, events.Updated, events.History, room_events.Read)
"""Events after which another number may be unread."""


class ChatState(EnteredRooms):
    """The state of the chat: who the person is, the connection, and the rooms. Times are of a monotonic clock."""

    def __init__(self, nickname: str, room: str = "lobby", token: str | None = None) -> None:
        super().__init__(OwnIdentity(nickname), room)
        self.token, self.sign_in = token, SignIn()
        self.server: events.ServerInfo | None = None
        self.search = SearchState()
        self.storage_problem = ""
        """Why the host cannot store messages: a sentence, empty when it can."""
        self.status: Status = Connecting()
        self.clock = ServerClock()
        self.welcome: events.Welcome | None = None
        """The last one, perhaps of an earlier connection."""

    @property
    def nickname(self) -> str:
        """The person's nickname."""
        return self.own.nickname

    @property
    def online(self) -> bool:
        """Whether the client is in its room."""
        return self.home.stage == "inside"

    def is_mine(self, named: Named) -> bool:
        """Whether this message or person is the person's own."""
        return self.own.is_mine(named)

    def is_host(self, named: Named) -> bool:
        """Whether this message or person is the host's; where the server names no author, the nickname decides."""
        host = self.shown.people.host_author
        if host and named.author:
            return named.author == host
        return self.server is not None and named.nickname == self.server.host

    # The connection

    def set_status(self, status: Status) -> list[Change]:
        """Set the status of the connection."""
        if status == self.status:
            return []
        self.status = status
        return [StatusChanged(status)]

    @property
    def proof_token(self) -> str:
        """The token by which another server proves that it is of this chat; empty if none can."""
        return (self.welcome.proof_token or self.welcome.token) if self.welcome else ""

    def join(self, capabilities: tuple[str, ...], kind: fields.ClientKind) -> commands.Join:
        """Return the command to join with, which continues where the last connection ended."""
        home = self.home
        join = commands.Join(
            self.nickname, home.name, self.sign_in.token or self.token, capabilities, kind, home.resume
        )
        return self.requests.add(home.name, "enter", self.sign_in.complete(join))

    def disconnected(self) -> list[Change]:
        """The connection is lost: messages stay, and what was not acknowledged is sent again."""
        self.requests.disconnected()
        self.leaving.clear()
        return [change for room in self.rooms.values() for change in self.in_room(room, room.disconnected())]

    def tick(self, now: float) -> list[Change]:
        """Some time has passed."""
        self.search.refresh()
        return [change for room in self.rooms.values() for change in self.in_room(room, room.tick(now))]

    # What the server says

    def apply(self, event: events.Event, now: float) -> list[Change]:
        """Apply an event of the server that came at the time ``now``; return the changes.

        What comes before the welcome, or belongs to a room that the client is not in, changes nothing. Raises
        InvalidEventError for an event that contradicts itself or an earlier one.
        """
        if (renewed := self.sign_in.receive(event, now)) is not None:
            return renewed
        match event:
            case events.Welcome():
                return self._welcomed(event)
            case events.Error():
                return self._error(event, now)
            case events.Storage():
                return self._storage(event)
            case events.System():
                self.clock.tell(event.timestamp, now)
                return [NoticeReceived(event.content, event.code)] if self._is_notice(event) else []
            case events.Renamed() if event.author and event.author == self.own.author:
                self.own.welcomed(event.nickname, event.author)
                return [RoomChanged(), *self._in_room(event, now)]
            case events.Exited() if event.room == self.home.name and self.online:
                return self._taken_out()
            case events.Exited():
                self.list.set_joined(event.room, joined=False)
                answered = self.leaving.pop(event.room, None)  # if the room is here, it is to be entered again
                return [RoomsChanged(), *([] if answered else self.exit(event.room))]
            case room_events.Rooms() | room_events.Room():
                return self._listed(event)
            case room_events.RoomDeleted():
                return self._room_deleted(event)
            case room_events.Read():
                self.list.change_read(event)
            case room_events.ReceiptSettings():
                return self._set_receipts(event)
            case events.Search():
                return self._found(event)
            case connection_events.Reach() | connection_events.Pong() | connection_events.Proof() | events.Entry():
                return []  # the client handles these
        return self._in_room(event, now)

    def _set_receipts(self, settings: room_events.ReceiptSettings) -> list[Change]:
        self.receipts = settings
        rooms = self.rooms.values()
        changes = [self.in_room(room, room.receipts.set_active(self.receipts.active)) for room in rooms]
        return [ReceiptSettingsChanged(), *chain.from_iterable(changes)]

    def _found(self, event: events.Search) -> list[Change]:
        request = self.requests.close(event.ref)
        if request is None or not isinstance(request.command, commands.Search):
            return []
        return self.search.receive(event, request.command)

    def _listed(self, event: room_events.Rooms | room_events.Room) -> list[Change]:
        """Take what the server says of rooms, and be in those that the person belongs to."""
        if self.home.stage == "outside" or (event.ref and not self.requests.find(event.ref)):
            return []
        changes: list[Change] = [RoomsChanged()]
        request = self.requests.close(event.ref)
        if isinstance(event, room_events.Rooms):
            self.list.receive(event, request.command if request else None)
            infos = event.rooms
        else:
            infos = [self.list.change(event.room)]
        if request:
            self.list.fulfilled(request)
        for info in infos:
            changes += self.follow(info)
        if request and request.kind == "create" and isinstance(event, room_events.Room):
            self.enter(event.room.room)
            changes.append(RoomOpened(event.room.room))
        return changes

    def _room_deleted(self, event: room_events.RoomDeleted) -> list[Change]:
        """The room is gone, from the list and from what was found in it."""
        if request := self.requests.close(event.ref):
            self.list.fulfilled(request)
        self.list.forget(event.room)
        return [RoomsChanged(), *self.exit(event.room), *self.search.restart()]

    def _is_notice(self, event: events.System) -> bool:
        """A greeting is none; a server that gives no codes greets before the join is complete."""
        welcomed = self.home.stage != "outside" and event.code != events.SystemCode.WELCOME
        return self.online or (welcomed and bool(event.code))

    def _in_room(self, event: events.Event, now: float) -> list[Change]:
        room = self.rooms.get(getattr(event, "room", "") or self.home.name)
        ref: str | None = getattr(event, "ref", None)
        request = self.requests.find(ref)
        if room is None or (ref and not request):
            return []
        if request and request.kind == "enter" and room.stage == "outside":
            room.stage = "entering"
        if room.stage == "outside" and not isinstance(event, room_events.Read):
            return []
        if request and request.kind != "enter":
            if isinstance(event, events.History) and event.epoch != room.transcript.epoch:
                return []  # the log was replaced: the page that tells so is on its way, and makes all of this obsolete
            self.requests.close(ref)
        before, epoch, changes = room.stage, room.transcript.epoch, room.apply(event, request, now)
        if epoch and epoch != room.transcript.epoch:
            self.requests.forget(room.name)
            changes += self.search.restart()
        if isinstance(event, events.Updated):
            changes += self.search.update(event.message)
        for confirmed in (change for change in changes if isinstance(change, Confirmed | Waits)):
            self.requests.close(confirmed.id)
        changes = [*self.in_room(room, changes), *self._confirmed_elsewhere(event, room)]
        if self.list.rooms and isinstance(event, _COUNTED):
            changes.append(RoomsChanged())
        if room.stage != before:
            self.requests.entered(room.name)
            room.password = ""
            self.list.set_joined(room.name, joined=True)
            changes += self.set_status(Online(room.resumed)) if room is self.home else []
        return changes

    def _confirmed_elsewhere(self, event: events.Event, room: RoomState) -> list[Change]:
        """A message to one person comes back in the room of the two, and waits in that in which it was written."""
        stored = [event] if isinstance(event, events.Message) else getattr(event, "messages", ())
        own = [message for message in stored if isinstance(message, events.Message) and message.id]
        for message in own:
            self.requests.close(message.id if self.own.is_mine(message) else None)
        others = [other for other in self.rooms.values() if own and other is not room]
        return [change for other in others for change in self.in_room(other, other.confirm(own))]

    def check_welcome(self, welcome: events.Welcome) -> None:
        """A repeated welcome may only change the name of the chat or the limits. Raises InvalidEventError."""
        if self.welcome and self.home.stage != "outside" and identity_of(self.welcome) != identity_of(welcome):
            raise InvalidEventError("a second welcome, to somebody else or to another room")

    def _welcomed(self, welcome: events.Welcome) -> list[Change]:
        self.check_welcome(welcome)
        another = self.server is not None and (self.server.id, self.token) != (welcome.server.id, welcome.token)
        if self.home.stage == "outside":
            self.rename_home(welcome.room)
            self.home.stage = "entering"
        self.welcome = welcome
        self.own.welcomed(welcome.nickname, welcome.me)
        self.token, self.server, self.limits = welcome.token, welcome.server, welcome.limits
        changes: list[Change] = [RoomChanged(), *self._set_storage_problem("")]
        for room in self.rooms.values():
            room.limits = welcome.limits
            changes += self.in_room(room, [*(room.hold_waiting() if another else []), *room.refuse_too_long()])
        return changes

    def _taken_out(self) -> list[Change]:
        self.home.stage = "outside"
        return self.set_status(Ended("You have been taken out of this room."))

    def _storage(self, storage: events.Storage) -> list[Change]:
        if not storage.problem:
            self.requests.stored_again()
        return self._set_storage_problem((storage.content or storage.problem) if storage.problem else "")

    def _set_storage_problem(self, sentence: str) -> list[Change]:
        if sentence == self.storage_problem:
            return []
        self.storage_problem = sentence
        return [StorageChanged()]

    def _error(self, error: events.Error, now: float) -> list[Change]:
        if self.home.stage == "outside":
            return self._refused_join(error)
        if self.requests.delay(error, now):
            return []
        request = self.requests.close(error.ref)
        room = self.rooms.get(request.room) if request else None
        self.leaving = {left: ref for left, ref in self.leaving.items() if ref != error.ref}
        if request:
            self.list.fulfilled(request)
        if request and isinstance(request.command, commands.Search):
            return self.search.fail(error.content, request.command)
        if request is None or room is None:
            is_obsolete = error.ref and error.code in RETRYABLE and request is None
            return [] if is_obsolete else [NoticeReceived(error.content)]
        if request.kind == "enter":
            refused = room_refused(room.name, error) if self.shown is room else NoticeReceived(error.content)
            return [*self.exit(room.name), refused]
        return self.in_room(room, room.refuse(request, error))

    def _refused_join(self, error: events.Error) -> list[Change]:
        if error.code == ErrorCode.STORAGE:
            return self._set_storage_problem(error.content)
        return self.set_status(join_refused(error))
