"""The loaded part of a room: days, groups, presence rows, unsent messages, and reading in the middle of it."""

from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo

import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chatdesk.client.outbox import Outgoing
from chatdesk.desktop.models import presence_rows
from chatdesk.desktop.models.row_list_model import ROW
from chatdesk.desktop.models.rows import DaySeparator, MessageRow, Row, UnsentRow
from chatdesk.protocol import events
from tests.desktop.models.small_limits import SMALL_LIMITS
from tests.desktop.simulated_chat import NOON, SimulatedChat, timestamp
from tests.time_zones import EAST, WEST, LocalTimeZone


@pytest.fixture
def chat(qapp: QApplication) -> SimulatedChat:
    return SimulatedChat()


class Clock(datetime):
    """A clock set by the test."""

    time = NOON

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "Clock":
        return cls.fromtimestamp(cls.time.timestamp(), tz)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> type[Clock]:
    monkeypatch.setattr(presence_rows, "datetime", Clock)
    monkeypatch.setattr(Clock, "time", NOON)
    return Clock


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    for place, bounds in SMALL_LIMITS.items():
        for name, value in bounds.items():
            monkeypatch.setattr(place, name, value)


def kinds(rows: Iterable[Row]) -> list[str]:
    return [type(row).__name__ for row in rows]


def test_messages_of_one_day_have_one_line_for_it(chat: SimulatedChat) -> None:
    chat.receive_messages(2)
    chat.clock += timedelta(days=1)
    chat.receive_messages()
    assert kinds(chat.rows) == ["DaySeparator", "MessageRow", "MessageRow", "DaySeparator", "MessageRow"]


def test_in_another_time_zone_days_begin_at_other_messages(
    chat: SimulatedChat, clock: type[Clock], local_zone: LocalTimeZone
) -> None:
    """East and west of the date line; open rows stay open."""
    for hours in (0, 6, 9):  # midnight is at 10:00 UTC in the east, at 11:00 in the west
        chat.clock = NOON.replace(hour=3 + hours)
        chat.receive_messages()
    chat.model.refresh_times()
    chat.join("Priya")
    chat.model.toggle(1)
    divide(chat, 1)
    for zone, times, days in (
        (EAST, ["17:00", "23:00", "02:00"], [24, 25]),
        (WEST, ["16:00", "22:00", "01:00"], [23, 24]),
        (EAST, ["17:00", "23:00", "02:00"], [24, 25]),
        ("UTC", ["03:00", "09:00", "12:00"], [24]),
        (EAST, ["17:00", "23:00", "02:00"], [24, 25]),
    ):
        local_zone.set(zone)
        chat.model.refresh_times()
        assert [row.time for row in chat.rows if isinstance(row, MessageRow)] == times
        assert [row.day.day for row in chat.rows if isinstance(row, DaySeparator)] == days
        assert isinstance(chat.rows[1], MessageRow)
        assert chat.rows[1].is_expanded
    assert kinds(chat.rows) == [
        "DaySeparator",
        "MessageRow",
        "UnreadSeparator",
        "MessageRow",
        "DaySeparator",
        "MessageRow",
        "PresenceRow",
    ]


def test_at_midnight_only_words_change_and_views_are_told_once(chat: SimulatedChat, qtbot: QtBot) -> None:
    chat.receive_messages(3)
    divide(chat, 1)
    before = chat.rows
    told: list[tuple[int, int]] = []
    chat.model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    with qtbot.waitSignal(chat.model.unread_changed), qtbot.assertNotEmitted(chat.model.modelReset):
        chat.model.refresh_times()
    assert told == [(0, 2)], "the day, and since when something is new"
    assert [now is then for now, then in zip(chat.rows, before, strict=True)] == [False, True, False, True, True]


def test_joins_are_one_row_until_the_next_message(chat: SimulatedChat, clock: type[Clock]) -> None:
    """Behaviour 16."""
    chat.receive_messages()
    chat.join("Priya")
    chat.join("Kit")
    assert kinds(chat.rows) == ["DaySeparator", "MessageRow", "PresenceRow"]
    chat.receive_messages()
    chat.join("Tom")
    assert kinds(chat.rows) == ["DaySeparator", "MessageRow", "PresenceRow", "MessageRow", "PresenceRow"]


def test_joining_and_leaving_at_once_leaves_neither_row_nor_separator(chat: SimulatedChat, clock: type[Clock]) -> None:
    chat.join("Priya")
    assert kinds(chat.rows) == ["DaySeparator", "PresenceRow"]
    chat.leave("Priya")
    assert chat.rows == []
    chat.receive_messages()
    chat.join("Priya")
    chat.leave("Priya")
    assert kinds(chat.rows) == ["DaySeparator", "MessageRow"]


def test_joins_on_the_next_day_stand_below_a_separator(chat: SimulatedChat, clock: type[Clock]) -> None:
    chat.receive_messages()
    chat.join("Priya")
    clock.time += timedelta(days=1)
    chat.join("Kit")
    assert kinds(chat.rows) == ["DaySeparator", "MessageRow", "PresenceRow", "DaySeparator", "PresenceRow"]
    chat.model.show_latest()
    assert kinds(chat.rows) == ["DaySeparator", "MessageRow", "PresenceRow", "DaySeparator", "PresenceRow"]
    chat.leave("Kit")
    assert kinds(chat.rows) == ["DaySeparator", "MessageRow", "PresenceRow"]


def test_unsent_rows_stay_below_presence_rows_and_messages(chat: SimulatedChat, clock: type[Clock]) -> None:
    chat.apply_changes(chat.state.shown.queue(Outgoing("1", "Hello", timestamp(NOON))))
    chat.join("Priya")
    chat.receive_messages()
    assert kinds(chat.rows) == ["DaySeparator", "PresenceRow", "MessageRow", "UnsentRow"]
    chat.receive(chat.new_message("Mara", "Hello", "1"))
    assert kinds(chat.rows) == ["DaySeparator", "PresenceRow", "MessageRow", "MessageRow"]
    assert chat.rows[-1] == MessageRow(chat.log[-1], chat.rows[-1].moment, True, True)


def test_unsent_rows_begin_a_group_unless_below_own_messages(chat: SimulatedChat) -> None:
    def apart() -> list[bool]:
        return [row.first for row in chat.rows if isinstance(row, UnsentRow)]

    chat.receive_messages()
    for message_id in ("1", "2"):
        chat.apply_changes(chat.state.shown.queue(Outgoing(message_id, "Hello", timestamp(NOON))))
    assert apart() == [True, False]
    chat.receive(chat.new_message("Mara", "Hello", "1"))
    assert apart() == [False]
    chat.join("Priya")
    assert apart() == [True]
    chat.model.show_latest()
    assert apart() == [True]


def test_the_oldest_rows_are_unloaded_while_following_and_come_back(chat: SimulatedChat, small: None) -> None:
    for _ in range(10):
        chat.receive_messages(4)
    assert len(chat.seqs) <= 18
    assert kinds(chat.rows[:2]) == ["DaySeparator", "MessageRow"]
    assert chat.rows[1].first
    while chat.seqs[0] > 1:
        chat.load_older()
    assert len(chat.rows) <= 30
    assert chat.model.behind
    while chat.model.behind:
        chat.load_newer()
        assert len(chat.rows) <= 31
    assert chat.seqs[-1] == 40
    assert kinds(chat.rows).count("DaySeparator") == 1


def test_reading_far_back_is_not_disturbed_by_new_messages(chat: SimulatedChat, small: None) -> None:
    grew = []
    chat.receive_messages(20)
    chat.following = False
    chat.model.newest_changed.connect(lambda: grew.append(chat.model.newest))
    for _ in range(30):
        chat.receive_messages()
    assert chat.model.behind
    assert chat.seqs[-1] < 50
    assert grew == list(range(21, 51))
    while chat.model.behind:
        chat.model.load_newer()
    assert chat.seqs[-1] == 50


def test_messages_dropped_by_the_state_below_a_reader_leave_no_gap(chat: SimulatedChat, small: None) -> None:
    chat.receive_messages(20)
    chat.following = False
    for _ in range(90):
        chat.receive_messages()
    assert chat.model.behind
    assert chat.seqs[-1] + 1 < chat.state.shown.transcript.messages[0].seq
    chat.model.load_newer()
    assert chat.seqs == list(range(106, 111))


def test_the_message_below_loaded_older_ones_stays_the_same_row(chat: SimulatedChat, small: None) -> None:
    chat.receive_messages(8)
    chat.model.show_latest()
    joint = next(place for place, row in enumerate(chat.rows) if isinstance(row, MessageRow))
    current = chat.model.index(joint)
    kept = current.data(ROW).message
    persistent = QPersistentModelIndex(current)
    chat.load_older()
    assert persistent.isValid()
    assert persistent.data(ROW).message == kept
    assert not persistent.data(ROW).first


def test_opened_rows_tell_more(chat: SimulatedChat, clock: type[Clock]) -> None:
    chat.join("a", "b", "c", "d", "e")
    chat.receive_messages()
    chat.apply_changes(chat.state.shown.queue(Outgoing("1", "Hello", timestamp(NOON))))
    for place in range(4):
        chat.model.toggle(place)
    day, presence, said, unsent = chat.rows
    assert isinstance(day, DaySeparator)
    assert (presence.is_expanded, said.is_expanded, unsent.is_expanded) == (True, True, True)
    chat.receive(events.Error("too_long", "Too long.", "1"))
    assert chat.rows[-1].failed
    assert chat.rows[-1].is_expanded


def test_a_screen_reader_hears_each_row(chat: SimulatedChat, clock: type[Clock]) -> None:
    chat.join("Priya")
    chat.receive_messages()
    chat.apply_changes(chat.state.shown.queue(Outgoing("1", "<b>Long", timestamp(NOON))))
    chat.apply_changes(chat.state.shown.queue(Outgoing("2", "Hello", timestamp(NOON))))
    chat.receive(events.Error("too_long", "Too long.", "1"))
    spoken = [chat.model.index(place).data(Qt.ItemDataRole.AccessibleTextRole) for place in range(5)]
    assert spoken[0].endswith("Tuesday 24 November")
    assert spoken[1:] == ["Priya joined", f"Kit, {chat.rows[2].time}: Kit 0", "Not sent: <b>Long", "Sending: Hello"]
    besides = [chat.model.index(place).data(Qt.ItemDataRole.AccessibleDescriptionRole) for place in range(5)]
    assert besides == [*[""] * 3, "Too long. Enter sends it again, F2 edits it, Delete discards it.", ""]


def test_old_presence_rows_are_dropped(chat: SimulatedChat) -> None:
    for number in range(220):
        chat.join(f"Guest {number}")
        chat.receive_messages()
    assert len(chat.model._presence) == 200


def divide(chat: SimulatedChat, after: int) -> None:
    """Go away, having read the messages up to this one, and come back."""
    chat.apply_changes(chat.state.shown.mark_away())
    chat.state.shown.read_position.seq = after
    chat.apply_changes(chat.state.shown.mark_present())


def test_the_divider_comes_moves_and_goes_and_groups_follow(chat: SimulatedChat) -> None:
    heard: list[int] = []
    chat.model.unread_changed.connect(lambda: heard.append(1))
    chat.receive_messages(6)
    divide(chat, 4)
    assert kinds(chat.rows) == ["DaySeparator", *["MessageRow"] * 4, "UnreadSeparator", *["MessageRow"] * 2]
    assert chat.model.unread_position == 5
    assert chat.rows[6].first
    assert chat.rows[5].sentence.startswith("2 new since ")
    chat.apply_changes(chat.state.shown.queue(Outgoing("1", "I am back", timestamp(NOON))))
    assert kinds(chat.rows) == ["DaySeparator", *["MessageRow"] * 6, "UnsentRow"]
    assert [row.first for row in chat.rows if isinstance(row, MessageRow)] == [True, *[False] * 5]
    assert len(heard) == 2


def test_a_divider_that_is_not_loaded_comes_with_its_message(chat: SimulatedChat, small: None) -> None:
    chat.receive_messages(40)
    divide(chat, 10)
    assert chat.model.unread_position is None
    assert chat.model.begins_after(10)
    chat.go_to(11)
    place = chat.model.position_of(11)
    assert place is not None
    assert chat.model.unread_position == place - 1
    assert not chat.model.begins_after(10)


def test_a_jump_loads_the_neighbours_and_hides_what_waits(chat: SimulatedChat, small: None) -> None:
    chat.receive_messages(50)
    chat.apply_changes(chat.state.shown.queue(Outgoing("1", "Hello", timestamp(NOON))))
    chat.following = False
    chat.go_to(20)
    assert 20 in chat.seqs
    assert chat.model.behind
    assert "UnsentRow" not in kinds(chat.rows)
    assert chat.model.newest == 50
    chat.go_to_latest()
    assert chat.seqs[-1] == 50
    assert kinds(chat.rows)[-1] == "UnsentRow"


def test_after_a_jump_loading_on_reaches_both_ends(chat: SimulatedChat, small: None) -> None:
    chat.receive_messages(200)
    chat.following = False
    chat.go_to(3)  # the client has dropped it and requests it
    assert not chat.state.shown.transcript.live
    for _ in range(100):
        chat.load_newer()
        assert len(chat.rows) <= 31
    assert not chat.model.behind
    assert chat.seqs[-1] == 200
    for _ in range(100):
        chat.load_older()
        assert len(chat.rows) <= 31
    assert chat.seqs[0] == 1


def test_messages_that_arrive_after_a_jump_are_counted_not_shown(chat: SimulatedChat, small: None) -> None:
    chat.receive_messages(200)
    chat.following = False
    chat.go_to(3)
    before = chat.seqs
    chat.receive_messages(5)
    assert (chat.seqs, chat.model.newest) == (before, 205)


def test_a_message_that_the_client_does_not_have_has_no_position(chat: SimulatedChat) -> None:
    chat.receive_messages(3)
    assert chat.model.show_around(99) is None
