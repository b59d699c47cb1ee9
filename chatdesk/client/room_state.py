"""What the client knows about one room. Pure: events and times go in, changes come out."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Literal

from chatdesk.client import own_held
from chatdesk.client.changes import (
    Change,
    Confirmed,
    Discarded,
    MissedMessages,
    NewMessage,
    NoticeReceived,
    NotSent,
    Resumed,
    Sending,
    TranscriptReset,
)
from chatdesk.client.found_people import PeopleSearch
from chatdesk.client.outbox import Outbox, Outgoing
from chatdesk.client.own_identity import OwnIdentity
from chatdesk.client.people import People
from chatdesk.client.read_position import ReadPosition, ServerMark
from chatdesk.client.receipts import RoomReceipts
from chatdesk.client.requests import Request, Requested, RequestKind
from chatdesk.client.room_acts import RoomActs
from chatdesk.client.stream_position import StreamPosition
from chatdesk.client.transcript import Transcript
from chatdesk.protocol import codec, commands, events, pace_events, reading_commands, room_events
from chatdesk.protocol.errors import ErrorCode

Stage = Literal["outside", "entering", "inside"]
"""Whether the client is in the room; ``entering``: the server has let it in, and the page that completes it is due."""

_OTHER_CHAT = "This may be another chat than the one it was written for. Send it again if it is for the people here."


class RoomState:
    """The messages of a room, its people, and what the person has written and read there."""

    def __init__(self, name: str, own: OwnIdentity) -> None:
        self.name = name
        self.own = own
        self.stage: Stage = "outside"
        self.resumed: Resumed | None = None
        """How much of the log survived a loss of the connection; None after the first join."""
        self.limits: events.Limits | None = None
        self.password = ""
        """What the room is entered with, until it is; empty for none."""
        self.transcript = Transcript()
        self.acts = RoomActs(own, self.transcript)
        self.receipts = RoomReceipts(own, self.transcript)
        self.outbox = Outbox()
        self.read_position = ReadPosition(own.is_mine)
        self.people = People()
        self.people_search = PeopleSearch()
        self._position = StreamPosition()
        self._tells_read = False
        """Whether it is time to tell the server how far the person has read."""

    @property
    def unread(self) -> int:
        """How many messages of others the person has not seen."""
        return self.read_position.unread(self.transcript)

    @property
    def mentions(self) -> int:
        """How many of these mention the person."""
        return self.read_position.mentions(self.transcript, self.own.is_mentioned)

    @property
    def resume(self) -> commands.Resume | None:
        """Where to continue after a loss of the connection."""
        epoch = self.transcript.epoch
        return commands.Resume(epoch, self.transcript.received_seq, self._position.change) if epoch else None

    def wanted(self) -> Iterator[tuple[RequestKind, Requested]]:
        """The requests whose answers are wanted now."""
        if self.stage != "inside":
            return
        yield from self.transcript.wanted()
        yield from self.people.wanted()
        yield from self.people_search.wanted()
        if self.read_position.untold_back or (self._tells_read and self.read_position.untold):
            yield "read", reading_commands.Read(self.read_position.seq, self.read_position.untold_back)
        if entry := self.outbox.next:
            yield (
                "message",
                commands.Message(
                    entry.content,
                    entry.id,
                    None,
                    entry.recipient,
                    entry.reply_to,
                    mentions=entry.mentions,
                    action=entry.action,
                ),
            )
        yield from self.acts.wanted()
        yield from self.receipts.wanted()

    # What the server says

    def apply(self, event: events.Event, request: Request | None, now: float) -> list[Change]:
        """Apply an event of this room, perhaps the answer to a request; return the changes.

        Raises InvalidEventError for an event that contradicts itself.
        """
        match event:
            case events.Message():
                return self._message(event)
            case events.Updated():
                added = self._newly_mentioned(event.message)
                return [*self._updated(event.message, event.change), *added, *self.acts.updated(event.message, request)]
            case events.Messages() | events.Pins() | events.OwnReactions() | events.Reactions() if request:
                return self.acts.receive(event, request)
            case events.History():
                return self._history(event, request)
            case events.Presence():
                left = self._others(gone.nickname for gone in event.left)
                changes = self.people.change(event.joined, left, event.user_count, more=event.more)
                changed = self.people.update(event.changed)
                return [*changes, *changed] if event.joined or left or event.more else changed
            case events.Renamed():
                return self.people.rename(event.old, event.nickname)
            case events.UserJoined():
                return self.people.change([_user(event)], [], event.user_count)
            case events.UserLeft():
                return self.people.change([], self._others([event.nickname]), event.user_count)
            case events.Users():
                return self._users(event, request, now)
            case events.Typing():
                return self._typing(event, now)
            case room_events.Receipts():
                return self.receipts.receive(event, request)
            case room_events.Readers() if request:
                return self.receipts.receive_readers(event, request)
            case pace_events.Held() | pace_events.Decided():
                return own_held.receive(event, self.outbox, self.own)
            case room_events.Read():
                self._tells_read = False
                if request and isinstance(request.command, reading_commands.Read) and request.command.back:
                    self.read_position.told_back()
                mark = ServerMark(event.epoch, event.seq, event.last_seq, event.unread, event.mentions)
                return self.read_position.told(mark, self.transcript, back=event.back)
        return []

    def refuse(self, request: Request, error: events.Error) -> list[Change]:
        """The server refuses a request for good."""
        command = request.command
        match command:
            case commands.Message(id=str(message_id)) if message_id in self.outbox:
                return self._refused_message(message_id, error)
            case commands.Users() if request.kind == "found people":
                return [*self.people_search.refuse(request), NoticeReceived(error.content)]
            case commands.Users():
                self.people.refuse()
            case commands.History():
                return [*self.transcript.refuse(request), NoticeReceived(error.content)]
            case _ if request.kind in ("act", "own reactions", "quotes", "pins", "reactors"):
                return self.acts.refuse(request, error)
            case _ if request.kind in ("receipts", "readers"):
                return self.receipts.refuse(request)
        return [NoticeReceived(error.content)]

    def tick(self, now: float) -> list[Change]:
        """Some time has passed."""
        self.tell_read()
        return self.people.tick(now)

    def disconnected(self) -> list[Change]:
        """The connection is lost: messages stay, and what was not acknowledged is sent again."""
        self.stage = "outside"
        self.transcript.disconnected()
        self.acts.disconnected()
        self.receipts.disconnected()
        return self.people.stop_typing(self.people.typing)

    def _message(self, message: events.Message) -> list[Change]:
        own = self.own.is_mine(message)
        is_new = self.stage == "inside" and not own and message.seq > self.transcript.newest
        self.read_position.add_own([message] if own else [])
        if own and self.stage == "inside" and message.seq > self.transcript.newest:
            self.receipts.said(message)
        return [
            *self.confirm([message]),
            *self._updated(message, message.change),
            *([NewMessage(message)] if is_new else []),
            *self.people.stop_typing([message.nickname]),
        ]

    def _newly_mentioned(self, message: events.Message) -> list[Change]:
        """An edit that mentions the person, whom the message has not mentioned before, is news; told once."""
        index = message.seq - self.transcript.start
        known = self.transcript.messages[index] if 0 <= index < len(self.transcript.messages) else None
        if self.stage != "inside" or known is None or self.own.is_mentioned(known):
            return []
        return [NewMessage(message)] if self.own.is_mentioned(message) else []

    def _updated(self, message: events.Message, change: int) -> list[Change]:
        self._position.receive(change, gap=message.seq > self.transcript.received_seq + 1)
        return self.transcript.receive(message)

    def _history(self, page: events.History, request: Request | None) -> list[Change]:
        """Apply a page. The page that the room is entered with completes that."""
        asked = None if request and request.kind == "enter" else request
        entering = self.stage == "entering" and asked is None
        before, newest = self.transcript.epoch, self.transcript.newest
        changes = [*self.confirm(page.messages), *self.transcript.receive_page(page, asked, joining=entering)]
        if page.epoch != self.transcript.epoch:
            return changes  # the answer to a request that is no longer wanted
        own = list(filter(self.own.is_mine, page.messages))
        self.read_position.add_own(own)
        another = before != page.epoch
        if another or self.transcript.newest < newest:
            self._position.reset()
        self._position.reach(page.change)
        if entering:
            self.stage, self.resumed = "inside", _outcome(before, page.epoch, changes)
            changes += self.read_position.joined(self.transcript, first=not before, own=own)
        elif another:
            changes += self.read_position.reset(self.transcript, own)
        if before and (another or TranscriptReset() in changes):
            changes += self.acts.restart(another_log=another)
            if another:
                self.receipts.restart()
        missed = [] if another or asked else self._missed(page, newest)
        return [*changes, *missed, *self.read_position.locate_divider(self.transcript)]

    def _missed(self, page: events.History, newest: int) -> list[Change]:
        """What others have said after the message ``newest`` is news that came late."""
        messages = [message for message in page.messages if message.seq > newest and not self.own.is_mine(message)]
        return [MissedMessages(tuple(messages))] if messages else []

    def _users(self, users: events.Users, request: Request | None, now: float) -> list[Change]:
        match request:
            case Request(kind="people"):
                return self.people.receive(users, request, now)
            case Request(kind="found people"):
                return self.people_search.receive(users, request)
        return self.people.reset(users)

    def _typing(self, typing: events.Typing, now: float) -> list[Change]:
        if not typing.active:
            return self.people.stop_typing([typing.nickname])
        return [] if self.own.is_mine(typing) else self.people.start_typing(typing.nickname, now)

    def _others(self, nicknames: Iterable[str]) -> list[str]:
        """Without the person's own nickname: a client that hears of its own leave has not left."""
        return [nickname for nickname in nicknames if nickname != self.own.nickname]

    # Own messages

    def queue(self, entry: Outgoing) -> list[Change]:
        """Add a message to the outbox; it is sent when its turn comes."""
        self.outbox.add(entry)
        return [Sending(entry), *self.refuse_too_long(), *self.read_position.message_sent(self.transcript)]

    def restore(self, entries: Iterable[Outgoing], epoch: str, read: int, *, held: bool = False) -> list[Change]:
        """Restore what was saved: messages of the last run are sent before those written since.

        ``held``: the person has set back how far they have ``read``.
        """
        self.read_position.restore(epoch, read, held=held)
        return [NotSent(entry) if entry.error else Sending(entry) for entry in self.outbox.restore(entries)]

    def show_unverified(self, entries: Iterable[Outgoing]) -> list[Change]:
        """Show messages that may be for this chat or for another one: the person decides."""
        held = [replace(entry, error=entry.error or _OTHER_CHAT) for entry in entries if entry.id not in self.outbox]
        return [NotSent(entry) for entry in self.outbox.restore(held)]

    def hold_waiting(self) -> list[Change]:
        """Messages written for one chat are not sent to another one that has its address or claims its id."""
        waiting = [entry.id for entry in self.outbox if entry.error is None]
        return [NotSent(self.outbox.fail(message_id, _OTHER_CHAT)) for message_id in waiting]

    def refuse_too_long(self) -> list[Change]:
        """Refuse what the server would not accept; a frame that is too long would end the connection."""
        too_long = [entry.id for entry in self.outbox if entry.error is None and not self._fits(entry)]
        return [NotSent(self.outbox.fail(message_id, "The message is too long.")) for message_id in too_long]

    def resend(self, message_id: str) -> list[Change]:
        """Send a refused message again, after all others."""
        if message_id not in self.outbox:
            return []
        entry = self.outbox.resend(message_id)
        renamed: list[Change] = [Discarded(message_id)] if entry.id != message_id else []
        return [Sending(entry), *renamed, *self.refuse_too_long()]

    def discard(self, message_id: str) -> list[Change]:
        """Remove a refused message."""
        return [Discarded(message_id)] if self.outbox.discard(message_id) else []

    def confirm(self, messages: Iterable[events.Message]) -> list[Change]:
        """The server has stored these messages: which of them have waited here for that."""
        return [
            Confirmed(message.id or "")
            for message in messages
            if message.id in self.outbox and self.own.is_mine(message) and self.outbox.confirm(message.id)
        ]

    def _refused_message(self, message_id: str, error: events.Error) -> list[Change]:
        if error.code == ErrorCode.ID_REUSED and (renamed := self.outbox.rename(message_id)):
            return [Sending(renamed), Discarded(message_id)]
        return [NotSent(self.outbox.fail(message_id, error.content))]

    def _fits(self, entry: Outgoing) -> bool:
        """Whether the server accepts its length."""
        if self.limits is None:
            return True
        length = len(codec.encode(commands.Message(entry.content, entry.id, self.name)))
        return len(entry.content) <= self.limits.content_chars and length <= self.limits.message_bytes

    # What the person has seen

    def tell_read(self) -> None:
        """Tell the server now how far the person has read, if it does not know: once a second, and on leaving."""
        self._tells_read = self._tells_read or self.read_position.untold

    def told_read(self, mark: ServerMark) -> list[Change]:
        """The server lists how far the person has read, on whatever device; perhaps they have set it back meanwhile."""
        known = self.read_position.server  # a list tells nothing older than an event before it
        back = known is not None and known.epoch == mark.epoch and mark.seq < known.seq
        return self.read_position.told(mark, self.transcript, back=back)

    def mark_all_read(self) -> list[Change]:
        """The person does not want to read what is unread."""
        changes = self.read_position.message_sent(self.transcript)
        self.tell_read()
        return changes

    def mark_read(self, seq: int) -> None:
        """The person has seen the messages up to this one."""
        self.read_position.mark(seq, self.transcript.newest)

    def mark_unread(self, seq: int) -> list[Change]:
        """The person wants this message and what follows to be unread again."""
        return self.read_position.set_back(seq - 1, self.transcript)

    def mark_away(self) -> list[Change]:
        """The person looks elsewhere."""
        self.tell_read()
        return self.read_position.mark_away(self.transcript)

    def mark_present(self) -> list[Change]:
        """The person looks at the chat again."""
        return self.read_position.mark_present(self.transcript)

    def go_to_latest(self) -> list[Change]:
        """Jump to the newest messages."""
        return [*self.read_position.divide_unread(self.transcript), *self.transcript.go_to_latest()]


def _outcome(before: str, epoch: str, changes: list[Change]) -> Resumed | None:
    """How much of the log survived since the epoch ``before`` was last seen."""
    if not before:
        return None
    if before != epoch:
        return "none"
    return "some" if TranscriptReset() in changes else "all"


def _user(event: events.UserJoined) -> events.User:
    return events.User(event.nickname, "online", event.timestamp, event.client, event.host, event.author)
