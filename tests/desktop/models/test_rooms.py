"""The rows of the list of rooms."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from chatdesk.client.room_list import RoomSummary
from chatdesk.desktop.models.rooms import RoomsModel
from tests.desktop.rooms import KIT, room


@pytest.fixture
def model(qapp: QApplication) -> RoomsModel:
    made = RoomsModel()
    QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    return made


def show(model: RoomsModel, *rooms: RoomSummary, shown: str = "lobby", drafts: str = "") -> list[str]:
    model.set_rooms(rooms, shown, lambda name: name in drafts.split())
    return names(model)


def names(model: RoomsModel) -> list[str]:
    return [model.index(row).data() for row in range(model.rowCount())]


def spoken(model: RoomsModel) -> list[str]:
    texts = [model.index(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(model.rowCount())]
    return [text.replace("\u2068", "").replace("\u2069", "") for text in texts]


def test_archived_rooms_are_in_a_fold_that_opens_for_the_one_that_is_shown(model: RoomsModel) -> None:
    rooms = room("lobby"), room("plans"), room("old", archived=True), room("older", archived=True)
    assert show(model, *rooms) == ["lobby", "plans", "Archived"]
    assert spoken(model)[-1] == "Archived, 2 rooms, hidden"
    model.toggle_archive()
    assert names(model) == ["lobby", "plans", "Archived", "old", "older"]
    model.toggle_archive()
    assert show(model, *rooms, shown="older") == ["lobby", "plans", "Archived", "old", "older"]
    assert show(model, *rooms[:2]) == ["lobby", "plans"], "no fold for nothing"


def test_private_conversations_are_a_list_of_their_own(model: RoomsModel) -> None:
    rooms = room("lobby"), room(".1", partner=KIT)
    assert show(model, *rooms) == ["lobby"]
    private = RoomsModel(private=True)
    assert show(private, *rooms) == ["Kit"]
    assert spoken(private) == ["Kit, private"]
    private.set_presence({KIT.author: "busy"}, "offline")
    assert spoken(private) == ["Kit, private, busy"]
    private.set_presence({}, "offline")
    assert spoken(private) == ["Kit, private, offline"]
    private.set_presence({}, None)
    assert spoken(private) == ["Kit, private"], "in a chat of thousands, who is not listed may be there"


def test_what_waits_in_a_room_is_said(model: RoomsModel) -> None:
    show(
        model,
        room("lobby"),
        room("code-help", unread=12, mentions=2),
        room("one", unread=1, mentions=1),
        room("noise", unread=9, level="nothing"),
        room("mine", closed=True),
        room("far", joined=False, unread=3),
        room("half"),
        drafts="half lobby",
    )
    assert spoken(model) == [
        "lobby, shown",
        "code-help, 12 unread, 2 mention you",
        "one, 1 unread, 1 mentions you",
        "noise, 9 unread, muted",
        "mine, locked",
        "far, not entered yet",
        "half, with a draft",
    ]


def test_only_rows_that_change_are_drawn_again(model: RoomsModel) -> None:
    show(model, room("lobby"), room("plans"), room("code-help"))
    changed: list[int] = []
    resets: list[bool] = []
    model.dataChanged.connect(lambda first, _last: changed.append(first.row()))
    model.modelReset.connect(lambda: resets.append(True))
    show(model, room("lobby"), room("plans", unread=1), room("code-help"))
    assert changed == [1]
    show(model, room("lobby"), room("plans", unread=1), room("code-help"), shown="plans")
    assert changed == [1, 0, 1]
    assert resets == []
