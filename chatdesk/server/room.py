"""One room: its members, its log, and the order in which members receive events."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable

from chatdesk.log.acts import Act
from chatdesk.log.room_log import ActRefusal, Draft, HistoryPage, LogError, Record, Refusal, RoomLog, StorageProblem
from chatdesk.log.rooms import RoomSettings
from chatdesk.protocol import codec, commands, events, room_events, times
from chatdesk.protocol.events import SystemCode
from chatdesk.protocol.room_events import RoomInfo
from chatdesk.server.announcements import Announcements
from chatdesk.server.catch_up import History
from chatdesk.server.fanout import Fanout, Item, Member, Pace
from chatdesk.server.frames import text_frame
from chatdesk.server.hands import Hands
from chatdesk.server.person import Person
from chatdesk.server.presence import Presence
from chatdesk.server.private_pair import PrivatePair
from chatdesk.server.standings import RoomStandings
from chatdesk.server.stats import Traffic
from chatdesk.server.stream_position import STREAM_START, StreamPosition

ENDING = StorageProblem("ending", "This room is being deleted.")


class Room:
    """A room and everybody in it. No method awaits, so each call is atomic."""

    def __init__(
        self,
        name: str,
        log: RoomLog,
        pace: Pace,
        traffic: Traffic,
        settings: RoomSettings = RoomSettings(),  # noqa: B008 - it is a tuple
        pair: PrivatePair | None = None,
        standings: RoomStandings | None = None,
    ) -> None:
        self.name = name
        self.log = log
        self.settings = settings
        self.pair = pair
        """The two people of a private room; None for any other."""
        self.history = History(name, log, pair)
        standings = standings or RoomStandings()
        self.roles, self.muted = standings.roles, standings.muted
        self.presence = Presence(standings)
        self.members: dict[Member, None] = {}
        self.entering: Counter[Person] = Counter()
        """For each person, how many sessions wait for a page of the log before they enter."""
        self.hands = Hands(name, self.members)
        self.loop = asyncio.get_running_loop()
        self._memberships_of: Counter[Person] = Counter()
        self._elsewhere: Counter[Person] = Counter()
        """On how many other nodes a person is in the room."""
        self._drawing = 0
        """How many members draw markup: the tree of a message is made for them alone."""
        self._traffic = traffic
        self._announcements = Announcements(name, self.presence, self._push, quiet=pair is not None)
        take_presence = self._announcements.take_frames
        self._fanout = Fanout(
            self.members, self.history.latest_position, take_presence, pace, traffic, log.gather_until
        )
        self._unsubscribe = log.subscribe(self._stored, self._log_reset)
        self.ending = False
        """Whether the room is being deleted: nothing is said or changed any more."""
        self.on_reset: Callable[[], None] = _nothing
        """Called when the log has begun another epoch."""
        self.on_begun: Callable[[], None] = _nothing
        """Called when the first message is stored."""

    @property
    def in_use(self) -> bool:
        """Whether somebody is in the room or about to enter it."""
        return bool(self.members or self.entering or self._elsewhere)

    @property
    def closed(self) -> bool:
        """Whether only the host may be in the room."""
        return self.settings.closed

    def expect(self, person: Person) -> None:
        """A session of the person waits for a page of the log and then enters."""
        self.entering[person] += 1

    def stop_expecting(self, person: Person) -> None:
        """The page of the log has come, or will not."""
        _count_down(self.entering, person)

    def enter(self, member: Member) -> bool:
        """Begin a membership. Returns True if its person is new in the room and has to be announced."""
        self.members[member] = None
        self._memberships_of[member.person] += 1
        self._drawing += member.markup
        self.follow(member)
        return not member.person.unseen and self.presence.enter(member.person)

    def follow(self, member: Member) -> None:
        """Let the member follow the fan-out from here on; everything before came, or comes now, from the log."""
        member.first_item = self._fanout.next_index
        member.log_position = self.history.latest_position

    def announce_arrival(self, person: Person) -> None:
        """Tell everybody that a person has joined."""
        self._announcements.arrived(person)

    def exit(self, member: Member) -> bool:
        """End a membership; its person is still in the room. Returns True if it was the person's last one."""
        del self.members[member]
        self._drawing -= member.markup
        return _count_down(self._memberships_of, member.person)

    def dismiss(self, farewell: bytes) -> list[Person]:
        """End all memberships with these frames, as the room is deleted; return whose they were."""
        told, dismissed = farewell + text_frame(codec.encode(events.Exited(self.name))), list(self.members)
        for member in dismissed:
            member.connection.write(told)
            member.end()
            self.exit(member)
        return [member.person for member in dismissed]

    def enter_elsewhere(self, person: Person) -> bool:
        """A person is in the room on one more node. Returns True if they are new in it and have to be announced."""
        self._elsewhere[person] += 1
        return self.presence.enter(person)

    def is_elsewhere(self, person: Person) -> bool:
        """Whether a person is in the room on another node."""
        return person in self._elsewhere

    def exit_elsewhere(self, person: Person) -> bool:
        """A node has a person in the room no more. Returns True if nobody else has, and nobody is connected here."""
        if person not in self._elsewhere:
            return False  # they were in a room of this name that was deleted
        return _count_down(self._elsewhere, person) and person not in self._memberships_of

    def rename(self, person: Person, key: str, nickname: str) -> None:
        """Tell everybody that a person has another nickname; ``key`` and ``nickname`` are those before."""
        self.presence.rename(person, key, nickname)
        self._announcements.renamed(person, nickname)

    def announce_status(self, person: Person) -> None:
        """Tell the clients that show it that a person has another status."""
        self.presence.change(person)
        self._announcements.changed()

    def announce_departure(self, person: Person) -> None:
        """Remove a person who has left, and tell the others; unless the person is in the room on another node."""
        is_elsewhere = person in self._elsewhere
        if not is_elsewhere or self.hands.since(person.author):
            self.hands.lower(person.author)
        if is_elsewhere or person.unseen:
            return
        self.presence.exit(person)
        self._announcements.departed(person)

    def publish(self, draft: Draft, refuse: Callable[[Refusal], None]) -> None:
        """Append a message to the log; it is sent to everybody once it is stored. ``refuse`` is called if it is not."""
        if self.ending:
            refuse(LogError(ENDING))
            return
        self.log.append(draft, refuse)

    def amend(self, act: Act, reply: Callable[[Record | ActRefusal], None]) -> None:
        """Act on a message in the log. Everybody hears of it once it is stored; then ``reply`` gets the outcome."""
        if self.ending:
            reply(LogError(ENDING))
            return
        self.log.amend(act, reply)

    def resend(self, member: Member, record: Record) -> None:
        """Send a stored message to its sender again."""
        self._send_in_order(member, record, text_frame(self.history.encoder.message(record, markup=member.markup)))
        # to a slow reader it comes with the messages that it has missed

    def confirm_act(self, member: Member, record: Record, ref: str | None) -> None:
        """Tell the person who acted on a message that it is stored; ``ref`` is the command's."""
        frame = text_frame(self.history.encoder.updated(record, ref, markup=member.markup))
        if not self._send_in_order(member, record, frame):
            member.send_when_caught_up(frame)  # the log knows nothing of the command

    def _send_in_order(self, member: Member, record: Record, frame: bytes) -> bool:
        """Send a record's event to one member, but not before all changes that precede it.

        Returns False, and sends nothing, if the member is a slow reader that has missed some of these.
        """
        delivered = member.catch_up_from or self._fanout.delivered
        if delivered.epoch == self.log.epoch and record.change <= delivered.change:
            member.connection.write(frame)
        elif member.catch_up_from is None:
            self._fanout.push(Item(frame, frame, only_for=member))
        else:
            return False
        return True

    def clear(self, reply: Callable[[LogError | None], None]) -> None:
        """Delete the history and tell everybody. ``reply`` gets None, or the error."""
        self.history.run(self.log.clear, reply)

    def announce_settings(self, info: RoomInfo, sentence: str) -> None:
        """Tell everybody that the room has changed: in a sentence, and clients that list rooms by ``info``."""
        told = self._changed(sentence)
        self._fanout.push(Item(told, told + text_frame(codec.encode(room_events.Room(info)))))

    def announce_change(self, sentence: str) -> None:
        """Tell everybody in a sentence what was changed at another node, which has told of the settings besides."""
        told = self._changed(sentence)
        self._fanout.push(Item(told, told))

    def _changed(self, sentence: str) -> bytes:
        return text_frame(codec.encode(events.System(sentence, times.timestamp(), SystemCode.ROOM_CHANGED, self.name)))

    def notify_typing(self, person: Person, active: bool) -> None:
        """Tell everybody else that a person types, or has stopped."""
        frame = text_frame(codec.encode(events.Typing(person.nickname, active, self.name, person.author)))
        self._fanout.push_unhurried(Item(frame, frame, hidden_from=person))

    def users(self, ref: str | None = None) -> events.Users:
        """The list of people, or its beginning, for a new member; ``ref`` is the command's."""
        users, more = self.presence.first_page()
        return events.Users(self.name, users, len(self.presence.people), more, ref)

    def users_page(self, command: commands.Users) -> events.Users:
        """The page of the list that a member has asked for."""
        users, more = self.presence.page(command.after, command.query, command.limit)
        return events.Users(self.name, users, len(self.presence.people), more, command.id)

    def close(self) -> None:
        """Stop the fan-out, and hear nothing more of the log."""
        self._unsubscribe()
        self._announcements.cancel()
        self.hands.cancel()
        self._fanout.cancel()

    def _push(self, item: Item) -> None:
        self._fanout.push(item)

    def _stored(self, record: Record) -> None:
        if not record.is_update:
            self._traffic.count_message()
        if record.change == 1:
            self.on_begun()
        encoder = self.history.encoder
        frame = text_frame(encoder.change(record))
        drawn = self._drawing and encoder.has_body(record)
        marked = text_frame(encoder.change(record, markup=True)) if drawn else b""
        updates, bot = record.seq if record.is_update else None, record.author if record.bot else ""
        position = StreamPosition(self.log.epoch, record.change)
        self._fanout.push(Item(frame, frame, position, updates=updates, bot=bot, marked=marked))

    def _log_reset(self, cleared: bool) -> None:
        """The log has a new epoch: everybody starts over, at this place in the order of events."""
        self.history.encoder.forget()
        self.on_reset()
        empty = self.log.last_change == 0
        frame = text_frame(self.history.event(HistoryPage([], more=False))) if empty else b""
        self._fanout.push(Item(frame, frame, self.history.latest_position))
        if cleared:
            code, now = SystemCode.HISTORY_DELETED, times.timestamp()
            told = text_frame(codec.encode(events.System("The host has deleted the history.", now, code, self.name)))
            self._fanout.push(Item(told, told))
        if not empty:
            for member in list(self.members):
                member.catch_up_from = STREAM_START
                member.catch_up()


def _nothing() -> None:
    """Nobody has to hear of it."""


def _count_down(counter: Counter[Person], person: Person) -> bool:
    """Count one less. Returns True, and forgets the person, if none is left."""
    counter[person] -= 1
    if counter[person] > 0:
        return False
    del counter[person]
    return True
