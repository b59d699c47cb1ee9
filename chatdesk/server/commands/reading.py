"""How far a person has read, and what they want to be told of: the same on all their devices."""

from chatdesk.log.rooms import Subscription
from chatdesk.protocol import reading_commands
from chatdesk.server.commands.row import Row
from chatdesk.server.hub import Hub
from chatdesk.server.membership import Membership
from chatdesk.server.permissions import Right
from chatdesk.server.rate_limits import Spending
from chatdesk.server.room_list import RoomList
from chatdesk.server.session import Session


class Reading:
    """Changes the subscription of a person to a room, which exists from then on."""

    def __init__(self, hub: Hub, rooms: RoomList) -> None:
        self._hub = hub
        self._rooms = rooms
        self.rows = (
            Row(reading_commands.Read, Right.READ, Spending.QUERIES, self._read),
            Row(reading_commands.SetLevel, Right.READ, Spending.QUERIES, self._level),
        )

    def _read(self, session: Session, membership: Membership, read: reading_commands.Read) -> None:
        identity, room = membership.person.identity, membership.room
        self._subscribe(membership)
        mark = self._hub.subscriptions.set_back if read.back else self._hub.subscriptions.mark_read
        mark(identity, room.name, min(read.seq, room.log.last_seq))
        self._rooms.send_read(session, room.name, read.id, back=read.back)

    def _level(self, session: Session, membership: Membership, command: reading_commands.SetLevel) -> None:
        identity, name = membership.person.identity, membership.room.name
        self._subscribe(membership)
        self._hub.subscriptions.set_level(identity, name, command.level)
        self._rooms.send_to_others(session, name)
        self._rooms.send_room(session, name, command.id)

    def _subscribe(self, membership: Membership) -> None:
        person, room = membership.person, membership.room
        if self._hub.subscriptions.get(person.identity, room.name) is None:
            self._hub.subscriptions.add(person.identity, room.name, Subscription(nickname=person.nickname))
