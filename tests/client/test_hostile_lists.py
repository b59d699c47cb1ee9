"""Lists that a host makes longer without end stay as long as they may be."""

import pytest
from msgspec.structs import replace

from chatdesk.client import pins as pins_module
from chatdesk.client import room_list
from chatdesk.protocol.events import Exited, Updated
from chatdesk.protocol.room_events import Receipt, Receipts, ReceiptSettings, Room, RoomInfo, Rooms
from tests.client.scripted_state import apply, joined, said


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
