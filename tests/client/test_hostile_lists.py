"""Lists that a host makes longer without end stay as long as they may be."""

import pytest
from msgspec.structs import replace

from chatdesk.client import order as order_module
from chatdesk.client import pace as pace_module
from chatdesk.client import pins as pins_module
from chatdesk.client import room_list
from chatdesk.client.order import Order
from chatdesk.client.pace import Pace
from chatdesk.client.validation import InvalidEventError, validate
from chatdesk.protocol.admission_events import InvitationInfo, Invitations, Queue, Waiter
from chatdesk.protocol.events import Event, Exited, Updated
from chatdesk.protocol.order_events import Standing
from chatdesk.protocol.pace_events import Hand, Hands, Held, HeldMessage, Wait
from chatdesk.protocol.room_events import Receipt, Receipts, ReceiptSettings, Room, RoomInfo, Rooms
from tests.client.scripted_state import apply, joined, said
from tests.hostile_host import AT


def _no_send(_command: object) -> None:
    """There is no host who could answer."""


def test_no_more_rooms_are_listed_or_entered_than_one_has_a_use_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room_list, "MAX_ROOMS", 200)
    state = joined(said(1))
    apply(state, Rooms([RoomInfo("lobby", joined=True, level="all")]))
    apply(state, *(Room(RoomInfo(f"room {number}", joined=True, level="all", unread=2**53)) for number in range(300)))
    apply(state, *(Exited(f"nowhere {number}") for number in range(300)))
    assert len(state.summaries()) == 200
    assert len(state.rooms) == 100


def test_of_endless_pins_the_newest_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pins_module, "MAX_PINS", 5)
    state = joined(said(1))
    for seq in range(1, 20):
        apply(state, Updated("lobby", seq, seq + 20, replace(said(seq), pinned=True, change=seq + 20)))
    assert [message.seq for message in state.shown.acts.pinned] == [19, 18, 17, 16, 15]


def test_of_endless_rooms_of_which_one_is_told_what_one_may_there_the_newest_are_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(order_module, "MAX_ROOMS", 5)
    order = Order(joined(said(1)), _no_send, lambda _why: None, lambda _changes: None)
    for number in range(20):
        order.receive(Standing(f"room {number}", "moderator", ("ban",)))
    assert sorted(order._standings) == [f"room {number}" for number in range(15, 20)]


def test_no_more_messages_wait_to_be_decided_about_than_a_person_can_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace_module, "_MOST_HELD", 10)
    monkeypatch.setattr(pace_module, "MAX_ROOMS", 3)
    state = joined(said(1))
    apply(state, Rooms([RoomInfo(f"room {number}", joined=True, level="all") for number in range(6)]))
    pace = Pace(state, lambda _room, _right: True, _no_send, lambda _changes: None)
    for number in range(60):
        waits = HeldMessage(number, state.own.nickname, state.own.author, "Let me in!", AT, id=f"id {number}")
        pace.receive(Held(f"room {number % 6}", [waits]))
        pace.receive(Held(f"elsewhere {number}", [waits]))
    assert len(list(pace.waiting)) <= 10
    assert len(pace._rooms) <= 3
    assert all(len(room.own) <= 10 for room in pace._rooms.values())


@pytest.mark.parametrize(
    "event",
    [
        Held("lobby", [HeldMessage(1, "Kit", "kit", "x" * 100_000, AT)]),
        Held("lobby", [HeldMessage(number, "Kit", "kit", "x", AT) for number in range(100_000)]),
        Hands("lobby", [Hand("Kit", "kit" * 10_000, AT)], 1),
        Hands("lobby", [Hand("Kit", "kit", AT)] * 100_000, 1),
        Standing("lobby", rights=("ban",) * 100_000),
        Standing("lobby", rights=("ban" * 10_000,)),
        Wait("lobby", 1e300),
        Wait("lobby", -1.0),
        Queue([Waiter("Kit", "kit")] * 100_000),
        Invitations([InvitationInfo("1", 1, 0, AT, AT)] * 100_000),
    ],
    ids=lambda event: type(event).__name__,
)
def test_a_host_that_sends_more_than_any_does_is_left(event: Event) -> None:
    with pytest.raises(InvalidEventError):
        validate(event)


def test_counts_are_kept_of_messages_alone_that_are_asked_about() -> None:
    state = joined(said(1, nickname="Kit"))
    apply(state, ReceiptSettings(allowed=True, given=True))
    receipts = state.shown.receipts
    receipts.count(state.shown.transcript.messages[0])
    for page in range(20):
        told = [Receipt(seq, 7) for seq in range(1 + page * 50, 51 + page * 50)]
        apply(state, Receipts("lobby", state.shown.transcript.epoch, told))
    assert receipts.count(state.shown.transcript.messages[0]) == 7
    assert len(receipts._counts) == 1
