"""The rows of a timeline, and the rules by which messages become rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Literal

from chatdesk.client.outbox import Outgoing
from chatdesk.client.own_identity import Named, person_key
from chatdesk.client.state import ChatState
from chatdesk.desktop.date_format import format_short_day, format_time
from chatdesk.desktop.models.quotes import Quoted, means_own, quoted, words_of
from chatdesk.desktop.text import pluralized
from chatdesk.protocol.events import Departed, Message
from chatdesk.protocol.removal import removal
from chatdesk.protocol.text import isolated
from chatdesk.protocol.times import local_time

_GROUP_WITHIN = timedelta(minutes=5)
"""Messages by one author within this time stand under one name, as in other chats."""
_NAMES_SHOWN = 3
"""Names in a presence row before it is opened: more would not fit in one line."""
_NAMES_SHOWN_EXPANDED = 100
"""Names in an opened presence row: a window or two full."""
_MAX_NAMES = 1_000
"""Names stored for one presence row; the others are counted, so that endless joins take no memory."""


@dataclass(frozen=True, slots=True)
class DaySeparator:
    """The line above the first row of a day."""

    day: date


@dataclass(frozen=True, slots=True)
class UnreadSeparator:
    """The line below message ``after``: ``count`` messages by others are unread, since a moment if it is known."""

    after: int
    count: int
    since: datetime | None = None

    @property
    def sentence(self) -> str:
        """``2 new since 10:31``, with the day if it is not today."""
        if self.since is None:
            return f"{self.count} new"
        day = format_short_day(self.since.date(), date.today()).replace("Yesterday", "yesterday")
        return f"{self.count} new since {f'{day}, ' if day else ''}{format_time(self.since)}"


@dataclass(slots=True)
class NameTally:
    """People in the order in which they joined or left: the first ones by name, and the number of ``more``."""

    people: dict[str, Named] = field(default_factory=dict)
    more: int = 0

    def __len__(self) -> int:
        return len(self.people) + self.more

    def add(self, person: Named) -> None:
        """Add a person."""
        if len(self.people) < _MAX_NAMES:
            self.people[person_key(person)] = person
        else:
            self.more += 1

    def remove(self, person: Named) -> bool:
        """Remove a person; False if they are not among these. Anybody may be among those without a name."""
        if self.people.pop(person_key(person), None):
            return True
        self.more, taken = max(0, self.more - 1), self.more > 0
        return taken

    def first(self, limit: int) -> list[Named]:
        """Return the first people, at most ``limit``."""
        return list(islice(self.people.values(), limit))

    def first_names(self, limit: int) -> list[str]:
        """Return their names, to stand in a sentence."""
        return [isolated(person.nickname) for person in self.first(limit)]

    def sentence(self, verb: str, shown: int) -> str:
        """Return ``Priya, Kit and Bench 7 joined``, or ``Priya, Kit and 12 others joined`` if there are more names."""
        named = shown if len(self) <= shown else shown - 1
        parts = self.first_names(named)
        if others := len(self) - len(parts):
            noun = ("other", "others") if parts else ("person", "people")
            parts.append(pluralized(others, *noun))
        who = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
        return f"{who} {verb}"


@dataclass(slots=True)
class PresenceRow:
    """People who joined and left with no message in between; when open, it names all of them, or the first hundred."""

    joined: NameTally = field(default_factory=NameTally)
    left: NameTally = field(default_factory=NameTally)
    renamed: dict[str, tuple[str, Named]] = field(default_factory=dict)
    """People with another nickname: the first one, and the person as they are called now."""
    is_expanded: bool = False
    since: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def day(self) -> date:
        """The local date of it."""
        return self.since.astimezone().date()

    def rename(self, old: str, person: Named) -> None:
        """Add that a person was called ``old`` until now; who has just joined is shown under the new name alone."""
        former = Departed(old, person.author)
        if self.joined.people.pop(person_key(former), None):
            self.joined.add(person)
            return
        first, _ = self.renamed.pop(person_key(former), (old, person))
        if first != person.nickname and len(self.renamed) < _MAX_NAMES:
            self.renamed[person_key(person)] = first, person

    def add(self, joined: Iterable[Named], left: Iterable[Named], more: int = 0) -> None:
        """Add people; joining and leaving of the same person cancel each other out.

        ``more`` is the number of people without a name who joined, or left if it is negative.
        """
        for person in joined:
            if not self.left.people.pop(person_key(person), None):
                self.joined.add(person)
        for person in left:
            if not self.joined.remove(person):
                self.left.add(person)
        unnamed = self.joined.more - self.left.more + more
        self.joined.more, self.left.more = max(0, unnamed), max(0, -unnamed)

    @property
    def sentence(self) -> str:
        """One line, ``Priya, Kit and Bench 7 joined``; when open, a line for each verb with all names."""
        separator = "\n" if self.is_expanded and self.is_expandable else ", "
        both = ((self.joined, "joined"), (self.left, "left"))
        parts = [who.sentence(verb, self._shown) for who, verb in both if who]
        renamed = [f"{isolated(old)} is now {isolated(now.nickname)}" for old, now in self.renamed.values()]
        if len(renamed) > 1 and not self.is_expanded:
            renamed = [f"{len(renamed)} people have another name"]
        return separator.join([*parts, *renamed])

    @property
    def strong(self) -> tuple[str, ...]:
        """The names in the sentence, which are set in bold."""
        renamed = [isolated(name) for old, now in self.renamed.values() for name in (old, now.nickname)]
        return (*self.joined.first_names(self._shown), *self.left.first_names(self._shown), *renamed)

    @property
    def is_expandable(self) -> bool:
        """Whether there are more names than in the closed line."""
        return max(len(self.joined), len(self.left)) > _NAMES_SHOWN or len(self.renamed) > 1

    @property
    def avatars(self) -> list[Named]:
        """The people whose avatars stand beside it."""
        renamed = (person for _, person in self.renamed.values())
        few = (*self.joined.first(_NAMES_SHOWN), *self.left.first(_NAMES_SHOWN), *islice(renamed, _NAMES_SHOWN))
        return list({person_key(person): person for person in few}.values())[:_NAMES_SHOWN]

    @property
    def _shown(self) -> int:
        return _NAMES_SHOWN_EXPANDED if self.is_expanded and self.is_expandable else _NAMES_SHOWN

    def __bool__(self) -> bool:
        return bool(self.joined or self.left or self.renamed)


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message. ``first``: the first of its author's group, with avatar and name. ``own``: in a bubble.

    ``is_expanded``: shown to its end, however long it is. ``host``: written by the host. ``moment`` is None if unknown.
    ``quoted`` is the message that it answers, ``own_reactions`` are the emoji with which the person has reacted,
    ``means_own`` tells whether it mentions the person. ``readers`` is how many others have read an own one; None where
    that is not told.
    """

    message: Message
    moment: datetime | None
    first: bool
    own: bool
    is_expanded: bool = False
    host: bool = False
    quoted: Quoted | None = None
    own_reactions: frozenset[str] = frozenset()
    means_own: bool = False
    readers: int | None = None
    moderator: bool = False

    @property
    def badge(self) -> Literal["host", "moderator", "verified", "bot", ""]:
        """What stands beside the name, if anything."""
        if self.host or self.moderator:
            return "host" if self.host else "moderator"
        return "bot" if self.message.bot else "verified" if self.message.verified else ""

    @property
    def text(self) -> str:
        """The text as it was written, with its marks."""
        return self.message.content

    @property
    def plain_text(self) -> str:
        """The words without marks, as they are read aloud."""
        return words_of(self.message)

    @property
    def removal(self) -> str:
        """The sentence that stands for a deleted message; empty for one that is there."""
        return removal(self.message, own=self.own) if self.message.deleted else ""

    @property
    def edited(self) -> str:
        """When it was edited last, as ``10:24``, with the day if that is another; empty if it never was."""
        moment = local_time(self.message.edited) if self.message.edited else None
        if moment is None:
            return ""
        day = (
            "" if self.moment and moment.date() == self.moment.date() else format_short_day(moment.date(), date.today())
        )
        return f"{day} {format_time(moment)}".strip()

    @property
    def time(self) -> str:
        """The time of writing, as ``10:24``."""
        return format_time(self.moment)


@dataclass(frozen=True, slots=True)
class UnsentRow:
    """An own message that the host has not stored yet, or has refused; the flags are those of a MessageRow."""

    entry: Outgoing
    is_expanded: bool = False
    first: bool = False
    quoted: Quoted | None = None

    @property
    def text(self) -> str:
        """The text."""
        return self.entry.content

    @property
    def time(self) -> str:
        """The time of writing."""
        return format_time(local_time(self.entry.timestamp))

    @property
    def failed(self) -> bool:
        """Whether it was refused and waits for the person's decision."""
        return self.entry.error is not None


Row = DaySeparator | UnreadSeparator | PresenceRow | MessageRow | UnsentRow


def rows_for(
    messages: Iterable[Message],
    presence: Mapping[int, Sequence[PresenceRow]],
    state: ChatState,
    above: Row | None = None,
    unread: UnreadSeparator | None = None,
) -> list[Row]:
    """Return the rows of consecutive messages that stand below the row ``above``.

    ``presence`` has the presence rows below the message with a sequence number, ``unread`` the separator to insert.
    ``state`` knows which messages are the person's own or the host's.
    """
    rows: list[Row] = []
    for message in messages:
        moment = local_time(message.timestamp)
        above = _append(rows, _day_above(moment.date() if moment else None, above), above)
        if unread and unread.after + 1 == message.seq:
            above = _append(rows, unread, above)
        first = not _is_same_group(above, message, moment)
        row = message_row(message, state, first=first)
        above = _append(rows, row, above)
        above = append_presence(rows, presence.get(message.seq, ()), above)
    return rows


def message_row(message: Message, state: ChatState, *, first: bool, is_expanded: bool = False) -> MessageRow:
    """Return the row of a message as it is now."""
    return MessageRow(
        message,
        local_time(message.timestamp),
        first,
        state.is_mine(message),
        is_expanded,
        state.is_host(message),
        quoted(message.reply_to, state),
        state.shown.acts.own_reactions(message),
        means_own(message, state),
        state.shown.receipts.count(message),
        message.author in state.shown.people.moderators,
    )


def append_presence(rows: list[Row], presence: Iterable[PresenceRow], above: Row | None) -> Row | None:
    """Append presence rows, each below a separator if its day is a new one; returns the last row."""
    for line in filter(None, presence):
        above = _append(rows, _day_above(line.day, above), above)
        above = _append(rows, line, above)
    return above


def day_of(row: Row | None) -> date | None:
    """Return a row's date; None for rows without one."""
    match row:
        case DaySeparator(day=day) | PresenceRow(day=day):
            return day
        case MessageRow(moment=moment) if moment:
            return moment.date()
    return None


def shows_another_time(row: Row, shown: Row) -> bool:
    """Return whether a message looks different: equal moments may have different time zones."""
    if not (isinstance(row, MessageRow) and isinstance(shown, MessageRow)):
        return False
    return (row.first, _offset(row)) != (shown.first, _offset(shown))


def _offset(row: MessageRow) -> timedelta | None:
    return row.moment.utcoffset() if row.moment else None


def _append(rows: list[Row], row: Row | None, above: Row | None) -> Row | None:
    if row is None:
        return above
    rows.append(row)
    return row


def _day_above(day: date | None, above: Row | None) -> DaySeparator | None:
    return DaySeparator(day) if day is not None and day != day_of(above) else None


def _is_same_group(above: Row | None, message: Message, moment: datetime | None) -> bool:
    if not isinstance(above, MessageRow) or person_key(above.message) != person_key(message):
        return False
    if above.message.deleted or message.deleted:
        return False
    return above.moment is not None and moment is not None and moment - above.moment < _GROUP_WITHIN
