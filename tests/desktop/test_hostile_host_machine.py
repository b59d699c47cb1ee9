"""State machine of a hostile host: nothing raises, nothing grows without end, and all views show the state."""

import json
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from chatdesk.client import people as people_module
from chatdesk.client import transcript as transcript_module
from chatdesk.client.batch import _merged
from chatdesk.client.changes import (
    Appended,
    Change,
    Jumped,
    MessageUpdated,
    PeopleChanged,
    PeopleListed,
    PeopleReset,
    Prepended,
    RoomChanged,
    TranscriptReset,
    TypingChanged,
    UnreadChanged,
)
from chatdesk.client.connection import _decode
from chatdesk.client.state import ChatState
from chatdesk.client.validation import InvalidEventError
from chatdesk.client.wanted_commands import commands_to_send
from chatdesk.desktop.models import chunk
from chatdesk.desktop.models import rows as rows_module
from chatdesk.desktop.models import timeline as timeline_module
from chatdesk.desktop.models.people import PeopleModel
from chatdesk.desktop.models.rows import MessageRow, PresenceRow
from chatdesk.desktop.models.timeline import TimelineModel
from chatdesk.desktop.widgets.chat.typing_indicator import sentence_parts
from chatdesk.protocol import commands
from tests.hostile_host import AT, LIMITS, SERVER, Event, history, message, user

SMALL_LIMITS: dict[Any, dict[str, int]] = {
    people_module: {"MAX_PEOPLE": 7, "MAX_TYPING": 4},
    transcript_module: {
        "MAX_KEPT": 30,
        "MAX_CHARACTERS": 400,
        "_TRIM": 6,
        "_PAGE": 9,
        "_MAX_AHEAD": 10,
        "_MAX_AHEAD_CHARACTERS": 60,
    },
    chunk: {"MAX_MESSAGES": 5, "MAX_CHARACTERS": 60},
    timeline_module: {"MAX_MESSAGES": 5, "_MAX_ROWS": 12, "_MAX_ROWS_READING": 20},
    rows_module: {"_MAX_NAMES": 5},
}
"""Limits that a few steps reach."""
TURNING = set("\u2066\u2067\u202a\u202b\u202d\u202e\u200e\u200f\u061c\n\r\u2028\u2029\x1b")
FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal

names = st.one_of(
    st.sampled_from(["Robin", "Kit", "Ana", "Mara Lind", "Mara Oko", "\u2067tur\nned", "\u2068", "נור", ""]),
    st.integers(0, 30).map("Guest {}".format),
    st.text(max_size=4),
    st.just("x" * 300),
)
numbers = st.one_of(st.integers(1, 40), st.integers(-1, 2**64), st.sampled_from([0, 2**31, 2**53 - 1, 2**53]))
texts = st.one_of(st.text(max_size=9), st.sampled_from(["x" * 100, "\u2067\n", "نور https://a.b"]))
times = st.one_of(st.just(AT), st.sampled_from(["", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", "never"]))
rooms = st.sampled_from(["lobby"] * 9 + ["elsewhere", ""])
said = st.builds(
    lambda seq, content, nickname, at, room: message(seq, content, nickname=nickname, timestamp=at, room=room),
    numbers, texts, names, times, rooms,
)  # fmt: skip
odd = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=3), st.lists(st.integers(), max_size=2))


class AnyHost(RuleBasedStateMachine):
    """A client and its models, with a host that sends anything."""

    def __init__(self) -> None:
        super().__init__()
        self._patch = pytest.MonkeyPatch()
        for module, bounds in SMALL_LIMITS.items():
            for name, value in bounds.items():
                self._patch.setattr(module, name, value)
        self.state = ChatState("Robin")
        self.people = PeopleModel()
        self.timeline = TimelineModel(self.state)
        self.testers = [QAbstractItemModelTester(model, FATAL, model) for model in (self.people, self.timeline)]
        self.changes: list[Change] = []
        self.following = True
        self.now = 0.0
        self.welcome()

    def teardown(self) -> None:
        self._patch.undo()

    # Events of the host

    def tell(self, event: Event) -> None:
        self.now += 0.1
        try:
            heard = _decode(json.dumps(event).encode())
            if heard is not None:
                self.changes += self.state.apply(heard, self.now)
        except InvalidEventError:
            self.lose()

    @rule()
    def welcome(self) -> None:
        known = {"protocol": 1, "epoch": "one", "nickname": "Robin", "token": "t", "room": "lobby"}
        self.tell({"type": "welcome", **known, "user_count": 1, "limits": LIMITS, "server": SERVER})

    @rule(nickname=names, name=names, host=names, room=rooms)
    def welcome_somebody(self, nickname: str, name: str, host: str, room: str) -> None:
        known = {"protocol": 1, "epoch": "one", "nickname": nickname, "token": "t", "room": room}
        server = {**SERVER, "name": name, "host": host}
        self.tell({"type": "welcome", **known, "user_count": 1, "limits": LIMITS, "server": server})

    @rule(said=said)
    def say(self, said: Event) -> None:
        self.tell(said)

    @rule(said=st.lists(said, max_size=9), epoch=st.sampled_from(["one", "one", "two"]), last=numbers)
    def give_any_page(self, said: list[Event], epoch: str, last: int) -> None:
        self.tell(history(*said, epoch=epoch, last_seq=last))

    @rule(first=numbers, count=st.integers(0, 30), epoch=st.sampled_from(["one", "one", "two"]), more=st.integers(0, 5))
    def give_a_page(self, first: int, count: int, epoch: str, more: int) -> None:
        said = [message(seq, "words") for seq in range(first, first + count)]
        self.tell(history(*said, epoch=epoch, last_seq=first + count - 1 + more))

    @rule(take=st.integers(0, 3), first=numbers, count=st.integers(0, 12), more=st.booleans())
    def answer(self, take: int, first: int, count: int, more: bool) -> None:
        asked = [command for command in commands_to_send(self.state, self.now) if isinstance(command, commands.History)]
        for question in asked[:take]:
            page = [message(seq) for seq in range(first, first + count)]
            self.tell(history(*page, more=more, ref=question.id, last_seq=first + count))

    @rule(joined=st.lists(names, max_size=9), left=st.lists(names, max_size=9), count=numbers)
    def turn_over(self, joined: list[str], left: list[str], count: int) -> None:
        people = list(map(user, joined))
        gone = [{"nickname": nickname} for nickname in left]
        self.tell({"type": "presence", "room": "lobby", "joined": people, "left": gone, "user_count": count,
                   "timestamp": AT})  # fmt: skip

    @rule(kind=st.sampled_from(["user_joined", "user_left"]), nickname=names, count=numbers, room=rooms)
    def come_or_go(self, kind: str, nickname: str, count: int, room: str) -> None:
        self.tell({"type": kind, "nickname": nickname, "timestamp": AT, "user_count": count, "room": room})

    @rule(nicknames=st.lists(names, max_size=12), count=numbers)
    def list_people(self, nicknames: list[str], count: int) -> None:
        self.tell({"type": "users", "room": "lobby", "users": list(map(user, nicknames)), "user_count": count})

    @rule(nickname=names, active=st.booleans())
    def type(self, nickname: str, active: bool) -> None:
        self.tell({"type": "typing", "nickname": nickname, "active": active, "room": "lobby"})

    @rule(kind=st.sampled_from(["system", "error", "storage", "search"]), text=texts)
    def speak(self, kind: str, text: str) -> None:
        self.tell({"type": kind, "content": text, "timestamp": AT, "code": text, "problem": text, "room": "lobby",
                   "query": text, "hits": [], "more": True})  # fmt: skip

    @rule(event=said, field=st.sampled_from(["seq", "content", "nickname", "timestamp", "type"]), value=odd)
    def mistype(self, event: Event, field: str, value: object) -> None:
        self.tell({**event, field: value})

    @rule()
    def lose(self) -> None:
        """The connection is lost, and made again."""
        self.changes += self.state.disconnected()

    # Actions of the person

    @rule(seq=st.integers(1, 50))
    def go_to(self, seq: int) -> None:
        self.changes += self.state.shown.transcript.go_to(seq)

    @rule()
    def load(self) -> None:
        self.state.shown.transcript.load_older()
        self.state.shown.transcript.load_newer()

    @rule(following=st.booleans())
    def read(self, following: bool) -> None:
        self.following = following
        self.changes += self.state.shown.mark_away() if following else self.state.shown.mark_present()

    @rule()
    def look(self) -> None:
        """Apply the collected changes, as a conversation does."""
        changes, self.changes = _merged(self.changes), []
        assert len(changes) < 20 + sum(isinstance(change, Jumped | Prepended) for change in changes) * 3
        for change in changes:
            self.show(change)
        self.timeline.update_outbox()

    def show(self, change: Change) -> None:
        match change:
            case Appended():
                self.timeline.append_newest(following=self.following)
            case Prepended():
                self.timeline.load_older()
            case TranscriptReset():
                self.timeline.reset_history()
            case Jumped(seq=seq):
                self.timeline.show_latest() if seq is None else self.timeline.show_around(seq)
            case UnreadChanged():
                self.timeline.update_unread()
            case PeopleReset() | RoomChanged():
                self.people.set_people(self.state.shown.people.here.values(), self.state.is_mine)
            case PeopleListed(people=people):
                self.people.apply_changes(people, ())
            case MessageUpdated(message=message):
                self.timeline.update_message(message)
            case PeopleChanged(joined=joined, left=left, more=more):
                self.people.apply_changes(joined, [person.nickname for person in left])
                if joined or left or more:
                    self.timeline.change_presence(lambda row: row.add(joined, left, more))
            case TypingChanged():
                sentence = "".join(
                    text
                    for text, _ in sentence_parts(
                        [*map(self.state.shown.people.short_name, self.state.shown.people.typing)]
                    )
                )
                assert not set(sentence) & TURNING

    # Invariants

    @invariant()
    def nothing_grows_without_end(self) -> None:
        transcript = self.state.shown.transcript
        assert len(self.state.shown.people.here) <= 7
        assert len(self.state.shown.people.typing) <= 4
        assert len(transcript.messages) <= 31
        assert len(transcript._ahead) <= 41
        assert transcript._ahead_characters == sum(len(said.content) for said in transcript._ahead.values()) <= 500
        assert sum(len(said.content) for said in transcript.messages) <= 500
        assert self.state.shown.people.count >= len(self.state.shown.people.here)
        assert len(self.state.shown.people._first_words) <= 7

    @invariant()
    def messages_have_no_gaps(self) -> None:
        seqs = [said.seq for said in self.state.shown.transcript.messages]
        assert seqs == [*range(self.state.shown.transcript.start, self.state.shown.transcript.start + len(seqs))]

    @invariant()
    def the_window_shows_the_state(self) -> None:
        if self.changes:
            return
        shown = [self.people.index(row).data() for row in range(self.people.rowCount())]
        assert sorted(shown) == sorted(self.state.shown.people.here)
        rows = [self.timeline.row(place) for place in range(self.timeline.rowCount())]
        seqs = [row.message.seq for row in rows if isinstance(row, MessageRow)]
        assert seqs == [*range(seqs[0], seqs[0] + len(seqs))] if seqs else True
        for row in rows:
            if isinstance(row, PresenceRow):
                assert len(row.joined.people) <= 5
                assert not set(row.sentence) & TURNING
        for model in (self.people, self.timeline):
            for place in range(model.rowCount()):
                spoken = str(model.index(place).data(Qt.ItemDataRole.AccessibleTextRole)).partition(":")[0]
                assert not set(spoken) & TURNING


TestAnyHost = pytest.mark.usefixtures("qapp")(AnyHost.TestCase)
TestAnyHost.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
