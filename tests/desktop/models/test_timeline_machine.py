"""State machine: in any room, messages have no gaps, with days and groups, then the unsent ones."""

from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from chatdesk.client.outbox import Outgoing
from chatdesk.desktop.date_format import format_time
from chatdesk.desktop.models.rows import (
    DaySeparator,
    MessageRow,
    PresenceRow,
    Row,
    UnreadSeparator,
    UnsentRow,
    append_presence,
    rows_for,
)
from chatdesk.protocol import events
from chatdesk.protocol.times import local_time
from tests.desktop.models.small_limits import SMALL_LIMITS
from tests.desktop.simulated_chat import SimulatedChat, timestamp
from tests.time_zones import EAST, WEST, LocalTimeZone


def expected(chat: SimulatedChat, *, with_presence_before: bool) -> list[Row]:
    """Return the rows of the loaded messages, built from scratch."""
    seqs, presence = chat.seqs, chat.model._presence
    messages = chat.log[seqs[0] - 1 : seqs[-1]] if seqs else []
    rows: list[Row] = []
    before = seqs[0] - 1 if seqs else chat.state.shown.transcript.last_seq
    above = append_presence(rows, presence.get(before, ()), None) if with_presence_before else None
    return [*rows, *rows_for(messages, presence, chat.state, above, chat.model.unread)]


class Timelines(RuleBasedStateMachine):
    """Any sequence of events and reading positions gives the right rows."""

    def __init__(self) -> None:
        super().__init__()
        self._patch = pytest.MonkeyPatch()
        for place, bounds in SMALL_LIMITS.items():
            for name, value in bounds.items():
                self._patch.setattr(place, name, value)
        self.chat = SimulatedChat()
        self.ids = 0

        self.local_zone = LocalTimeZone(self._patch)
        self.local_zone.set("UTC")

    def teardown(self) -> None:
        self.local_zone.restore()

    @rule(zone=st.sampled_from(["UTC", EAST, WEST]))
    def the_time_zone_changes(self, zone: str) -> None:
        self.local_zone.set(zone)
        self.chat.model.refresh_times()

    @rule(count=st.integers(1, 25), nickname=st.sampled_from(["Kit", "Priya", "Mara"]))
    def messages_arrive(self, count: int, nickname: str) -> None:
        self.chat.receive_messages(count, nickname)

    @rule(minutes=st.sampled_from([0, 1, 5, 1500]))
    def time_passes(self, minutes: int) -> None:
        self.chat.clock += timedelta(minutes=minutes)

    @rule(following=st.booleans())
    def a_reader_scrolls_to_or_from_the_end(self, following: bool) -> None:
        chat = self.chat
        chat.following = following
        if following and chat.model.behind:
            chat.go_to_latest()

    @rule()
    def a_reader_scrolls_up(self) -> None:
        self.chat.load_older()

    @precondition(lambda self: self.chat.model.behind)
    @rule()
    def a_reader_scrolls_down(self) -> None:
        self.chat.load_newer()

    @precondition(lambda self: self.chat.log)
    @rule(data=st.data())
    def a_reader_jumps(self, data: st.DataObject) -> None:
        self.chat.following = False
        seq = data.draw(st.integers(1, len(self.chat.log)))
        self.chat.go_to(seq)
        assert seq in self.chat.seqs

    @rule()
    def a_reader_jumps_to_the_end(self) -> None:
        self.chat.go_to_latest()
        assert not self.chat.model.behind

    @precondition(lambda self: self.chat.state.shown.transcript.newest > 1)
    @rule(data=st.data())
    def the_reader_is_away_for_a_while(self, data: st.DataObject) -> None:
        state = self.chat.state
        self.chat.apply_changes(state.shown.mark_away())
        state.shown.read_position.seq = data.draw(st.integers(0, state.shown.transcript.newest))
        self.chat.apply_changes(state.shown.mark_present())

    @rule(names=st.lists(st.sampled_from("abcdef"), max_size=4, unique=True))
    def people_join(self, names: list[str]) -> None:
        self.chat.join(*names)

    @rule(names=st.lists(st.sampled_from("abcdef"), max_size=4, unique=True))
    def people_leave(self, names: list[str]) -> None:
        self.chat.leave(*names)

    @rule(other_server=st.booleans(), missed=st.integers(0, 30))
    def the_connection_is_lost_and_comes_back(self, other_server: bool, missed: int) -> None:
        if other_server:
            self.chat.restart_server()
        for _ in range(missed):
            self.chat.new_message("Priya", "missed")
        self.chat.connect()

    @rule()
    def a_message_is_written(self) -> None:
        self.ids += 1
        entry = Outgoing(str(self.ids), f"own {self.ids}", timestamp(self.chat.clock))
        self.chat.apply_changes(self.chat.state.shown.queue(entry))

    @precondition(lambda self: self.chat.state.shown.outbox.waiting)
    @rule(kept=st.booleans())
    def an_unsent_message_is_confirmed_or_refused(self, kept: bool) -> None:
        chat = self.chat
        entry = next(entry for entry in chat.state.shown.outbox if entry.error is None)
        if kept:
            chat.receive(chat.new_message("Mara", entry.content, entry.id))
        else:
            chat.receive(events.Error("too_long", "Too long.", entry.id))

    @precondition(lambda self: any(entry.error for entry in self.chat.state.shown.outbox))
    @rule(again=st.booleans())
    def a_refused_message_is_resent_or_discarded(self, again: bool) -> None:
        state = self.chat.state
        entry = next(entry for entry in state.shown.outbox if entry.error)
        self.chat.apply_changes(state.shown.resend(entry.id) if again else state.shown.discard(entry.id))

    @precondition(lambda self: self.chat.model.rowCount())
    @rule(data=st.data())
    def a_row_is_opened(self, data: st.DataObject) -> None:
        self.chat.model.toggle(data.draw(st.integers(0, self.chat.model.rowCount() - 1)))

    @invariant()
    def messages_stand_in_order_without_gap_or_double(self) -> None:
        chat = self.chat
        seqs = chat.seqs
        assert seqs == list(range(seqs[0], seqs[-1] + 1)) if seqs else not chat.log
        said = [row for row in chat.rows if isinstance(row, MessageRow)]
        assert all(row.message == chat.log[row.message.seq - 1] for row in said)
        assert [row.time for row in said] == [format_time(local_time(row.message.timestamp)) for row in said]
        assert chat.model.behind or (seqs[-1] if seqs else 0) == len(chat.log)

    @invariant()
    def rows_equal_rebuilt_rows(self) -> None:
        found: list[Row] = []
        for row in self.chat.rows:
            match row:
                case MessageRow():
                    found.append(MessageRow(row.message, row.moment, row.first, row.own))
                case DaySeparator() | PresenceRow() | UnreadSeparator():
                    found.append(row)
        assert found in [expected(self.chat, with_presence_before=before) for before in (True, False)]

    @invariant()
    def unsent_messages_are_at_the_end(self) -> None:
        waiting = [] if self.chat.model.behind else list(self.chat.state.shown.outbox)
        rows = self.chat.rows
        shown = [row.entry for row in rows if isinstance(row, UnsentRow)]
        assert shown == waiting
        assert all(isinstance(row, UnsentRow) for row in rows[len(rows) - len(waiting) :])


Timelines.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


@pytest.mark.usefixtures("qapp")
class TestTimelines(Timelines.TestCase):
    """Collected by pytest."""
