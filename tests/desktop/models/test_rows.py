"""How messages become rows: days, groups, and presence rows."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chatdesk.client.outbox import Outgoing
from chatdesk.client.state import ChatState
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
from chatdesk.protocol.events import Departed, Message, User, Users
from chatdesk.protocol.text import isolated
from tests.desktop.people import people, tally

STATE = ChatState("Mara")
STATE.own.welcomed("Mara", "1a")

NOON = datetime(2026, 11, 24, 12, 0).astimezone()


def message(seq: int, nickname: str = "Kit", after: timedelta = timedelta(), content: str = "Hello") -> Message:
    timestamp = (NOON + after).astimezone(UTC).isoformat().replace("+00:00", "Z")
    return Message(nickname, content, timestamp, seq=seq)


def rows(
    *messages: Message, presence: dict[int, list[PresenceRow]] | None = None, above: Row | None = None
) -> list[Row]:
    return rows_for(messages, presence or {}, STATE, above)


def by(author: str, seq: int, nickname: str = "Kit") -> Message:
    return replace(message(seq, nickname), author=author)


def said(found: list[Row]) -> list[MessageRow]:
    return [row for row in found if isinstance(row, MessageRow)]


def test_a_day_stands_above_its_first_message() -> None:
    found = rows(message(1), message(2), message(3, after=timedelta(days=1)))
    assert [type(row) for row in found] == [DaySeparator, MessageRow, MessageRow, DaySeparator, MessageRow]
    assert found[0] == DaySeparator(NOON.date())
    assert found[3] == DaySeparator(NOON.date() + timedelta(days=1))


def test_the_unread_separator_stands_below_the_day_and_begins_a_group() -> None:
    unread = UnreadSeparator(2, 2, NOON)
    found = rows_for([message(seq) for seq in (1, 2, 3, 4)], {}, STATE, None, unread)
    assert found[3] is unread
    assert [type(row) for row in found] == [
        DaySeparator,
        MessageRow,
        MessageRow,
        UnreadSeparator,
        MessageRow,
        MessageRow,
    ]
    assert [row.first for row in said(found)] == [True, False, True, False]
    next_day = [message(2), message(3, after=timedelta(days=1))]
    assert [type(row) for row in rows_for(next_day, {}, STATE, None, unread)] == [
        DaySeparator,
        MessageRow,
        DaySeparator,
        UnreadSeparator,
        MessageRow,
    ]


def test_the_divider_says_how_much_is_new_since_when() -> None:
    now = datetime.now().astimezone()
    assert UnreadSeparator(1, 2, now).sentence == f"2 new since {now:%H:%M}"
    assert UnreadSeparator(1, 12).sentence == "12 new"
    assert (
        UnreadSeparator(1, 2, datetime(2020, 2, 29, 10, 31).astimezone()).sentence == "2 new since 29 Feb 2020, 10:31"
    )


def test_below_rows_of_the_same_day_there_is_no_second_line_for_it() -> None:
    first = rows(message(1))
    assert [type(row) for row in rows(message(2), above=first[-1])] == [MessageRow]


@pytest.mark.parametrize(
    ("after", "first"),
    [(timedelta(minutes=4, seconds=59), False), (timedelta(minutes=5), True), (timedelta(seconds=-30), False)],
)
def test_a_group_is_one_sender_within_five_minutes(after: timedelta, first: bool) -> None:
    assert [row.first for row in said(rows(message(1), message(2, after=after)))] == [True, first]


def test_another_sender_begins_a_group() -> None:
    assert [row.first for row in said(rows(message(1), message(2, "Priya"), message(3)))] == [True, True, True]


def test_a_presence_row_between_messages_begins_a_group() -> None:
    presence = PresenceRow(tally("Priya"), since=NOON)
    found = rows(message(1), message(2), presence={1: [presence]})
    assert [type(row) for row in found] == [DaySeparator, MessageRow, PresenceRow, MessageRow]
    assert [row.first for row in said(found)] == [True, True]


def test_own_messages_are_recognized_by_the_nickname() -> None:
    assert [row.own for row in said(rows(message(1), message(2, "Mara")))] == [False, True]


@pytest.mark.parametrize("timestamp", ["", "soon", "9999-99-99T00:00:00Z"])
def test_a_message_without_a_time_is_shown_without_one(timestamp: str) -> None:
    row = rows(Message("Kit", "Hello", timestamp, seq=1))
    assert row == [MessageRow(Message("Kit", "Hello", timestamp, seq=1), None, True, False)]
    assert said(row)[0].time == ""


def test_joins_on_two_days_have_a_separator_for_each_day() -> None:
    yesterday = PresenceRow(tally("Priya"), since=NOON - timedelta(days=1))
    today = PresenceRow(tally("Kit"), since=NOON)
    found: list[Row] = []
    assert append_presence(found, [yesterday, PresenceRow(), today], None) is today
    assert found == [DaySeparator(date(2026, 11, 23)), yesterday, DaySeparator(date(2026, 11, 24)), today]


def test_two_people_of_one_name_are_two_groups() -> None:
    assert [row.first for row in said(rows(by("2b", 1), by("2b", 2), by("3c", 3)))] == [True, False, True]


def test_a_group_goes_on_under_another_name() -> None:
    assert [row.first for row in said(rows(by("2b", 1), by("2b", 2, "Kit Marlow")))] == [True, False]


def test_a_namesake_is_not_oneself_and_oneself_is_under_any_name() -> None:
    assert [row.own for row in said(rows(by("2b", 1, "Mara"), by("1a", 2, "Kit")))] == [False, True]


def test_the_mark_of_the_host_is_not_for_a_namesake() -> None:
    state = ChatState("Mara")
    host = User("Otto", "online", "", "window", host=True, author="4d")
    state.shown.people.reset(Users("lobby", [host], 1))
    found = rows_for([by("4d", 1, "Otto"), by("5e", 2, "Otto")], {}, state)
    assert [row.host for row in said(found)] == [True, False]


def test_a_namesake_who_comes_does_not_cancel_who_has_left() -> None:
    presence = PresenceRow()
    presence.add([], [Departed("Kit", "2b")])
    presence.add([Departed("Kit", "3c")], [])
    assert presence.sentence == "Kit joined, Kit left"
    assert len(presence.avatars) == 2


def test_an_empty_presence_row_is_not_added() -> None:
    found: list[Row] = []
    assert append_presence(found, [PresenceRow()], None) is None
    assert found == []


@pytest.mark.parametrize(
    ("joined", "left", "sentence", "is_expandable"),
    [
        (["Priya"], [], "Priya joined", False),
        (["Priya", "Kit"], [], "Priya and Kit joined", False),
        (["Priya Raman", "Bench Seven"], [], "Priya Raman and Bench Seven joined", False),
        (["Priya", "Kit", "Bench 7"], ["Tom"], "Priya, Kit and Bench 7 joined, Tom left", False),
        (["Priya", "Kit", "Bench 7", "Tom"], [], "Priya, Kit and 2 others joined", True),
    ],
)
def test_a_presence_row_is_one_sentence(joined: list[str], left: list[str], sentence: str, is_expandable: bool) -> None:
    presence = PresenceRow()
    presence.add(people(*joined), people(*left))
    assert (presence.sentence, presence.is_expandable) == (sentence, is_expandable)
    assert len(presence.avatars) <= 3


def test_opened_it_names_all() -> None:
    presence = PresenceRow()
    presence.add(people("Priya", "Kit", "Bench 7", "Tom"), people("Ines"))
    presence.is_expanded = True
    assert presence.sentence == "Priya, Kit, Bench 7 and Tom joined\nInes left"
    presence.add([], people("Tom"))
    assert presence.sentence == "Priya, Kit and Bench 7 joined, Ines left"


def test_opened_it_has_an_end_all_the_same() -> None:
    presence = PresenceRow(is_expanded=True)
    presence.add(people(*(f"Guest {number}" for number in range(5000))), [])
    assert presence.sentence.endswith("Guest 98 and 4901 others joined")


def test_of_endless_people_it_keeps_a_few_names_and_counts_the_others() -> None:
    presence = PresenceRow()
    presence.add(people(*(f"Guest {number}" for number in range(100_000))), [])
    assert presence.sentence == "Guest 0, Guest 1 and 99998 others joined"
    assert len(presence.joined.people) == 1000
    presence.add([], people(*(f"Guest {number}" for number in range(99_999))))
    assert presence.sentence == "1 person joined"
    presence.add(people("Kit"), [], 70_000)
    assert presence.sentence == "Kit and 70001 others joined"
    presence.add([], [], -70_003)
    assert presence.sentence == "Kit joined, 2 people left"


def test_joining_and_leaving_cancel_each_other_out() -> None:
    presence = PresenceRow()
    presence.add(people("Priya"), [])
    presence.add([], people("Priya"))
    assert not presence
    presence.add([], people("Kit"))
    presence.add(people("Kit"), [])
    assert not presence


@given(st.lists(st.tuples(st.booleans(), st.sampled_from("abcde"))))
def test_nobody_is_in_both_lists(steps: list[tuple[bool, str]]) -> None:
    presence = PresenceRow()
    for came, name in steps:
        presence.add(people(name) if came else [], [] if came else people(name))
    assert not presence.joined.people.keys() & presence.left.people.keys()
    assert bool(presence) == bool(presence.sentence)


def test_a_name_that_reads_leftwards_does_not_turn_the_sentence() -> None:
    presence = PresenceRow()
    presence.add(people("نور", "\u202eevil", "Kit"), [])
    assert presence.sentence == "\u2068نور\u2069, evil and Kit joined"


def test_an_unsent_row_knows_whether_it_was_refused() -> None:
    assert not UnsentRow(Outgoing("1", "Hello", "")).failed
    assert UnsentRow(Outgoing("1", "Hello", "", "Too long.")).failed


def test_another_name_is_told_with_who_came_and_left() -> None:
    """Behaviour 12: the first and the last name count, and who has just come is shown under the new one alone."""
    presence = PresenceRow(since=NOON)
    presence.rename("Ana", Departed("Anna", "a"))
    assert presence.sentence == f"{isolated('Ana')} is now {isolated('Anna')}"
    presence.rename("Anna", Departed("Annie", "a"))
    assert presence.sentence == f"{isolated('Ana')} is now {isolated('Annie')}"
    presence.rename("Annie", Departed("Ana", "a"))
    assert not presence
    presence.add([Departed("Bo", "b")], [])
    presence.rename("Bo", Departed("Bob", "b"))
    assert presence.sentence == f"{isolated('Bob')} joined"
    for name in ("Cleo", "Dan"):
        presence.rename(name, Departed(f"{name} 2", name))
    assert presence.sentence == f"{isolated('Bob')} joined, 2 people have another name"
    presence.is_expanded = True
    assert presence.sentence.splitlines()[1:] == [
        f"{isolated(it)} is now {isolated(it + ' 2')}" for it in ("Cleo", "Dan")
    ]
