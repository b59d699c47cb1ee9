"""The rooms in the sidebar: two lists under their headings."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from chatdesk.client.room_list import RoomSummary
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.rooms.room_list import RoomList
from chatdesk.desktop.widgets.rooms.rooms_panel import RoomsPanel
from tests.desktop.inspection import HOSTILE, clipped, texts, unnamed
from tests.desktop.rooms import KIT, room

ROOMS = (
    room("lobby"),
    room("code-help", unread=12, mentions=2),
    room("mine", closed=True),
    room("noise", level="nothing"),
    room(HOSTILE),
    room("old", archived=True),
    room(".1", partner=KIT, unread=1),
)


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme) -> RoomsPanel:
    made = RoomsPanel(theme)
    qtbot.addWidget(made)
    show(made, *ROOMS)
    made.resize(279, made.sizeHint().height())
    made.show()
    return made


def show(panel: RoomsPanel, *rooms: RoomSummary, shown: str = "lobby", listed: bool = True) -> None:
    panel.show_rooms(rooms, shown, lambda _name: False, listed=listed)


def lists(panel: RoomsPanel) -> list[RoomList]:
    return panel.findChildren(RoomList)


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("name", ["light", "dark", "high-contrast"])
def test_the_shown_room_is_a_selected_row(panel: RoomsPanel, theme: Theme, name: str, scale: float) -> None:
    theme.choose(name)
    theme.set_scale(scale)
    panel.resize(279, panel.sizeHint().height())
    assert texts(panel) == ["Rooms", "Private"]
    assert (clipped(panel), unnamed(panel)) == ([], [])
    assert [view.height() for view in lists(panel)] == [6 * theme.px(32), theme.px(32)]
    image = panel.grab().toImage()
    selected = [y for y in range(panel.height()) if image.pixelColor(140, y) == theme.color("surface-selected")]
    first = lists(panel)[0].y()
    assert first <= min(selected) <= first + 2
    assert first + theme.px(32) - 3 <= max(selected) <= first + theme.px(32)


def test_rows_shrink_where_there_is_no_room_for_all(panel: RoomsPanel, qtbot: QtBot) -> None:
    panel.resize(279, panel.minimumSizeHint().height())
    qtbot.waitUntil(lambda: [view.height() for view in lists(panel)] == [32, 32])
    assert lists(panel)[0].verticalScrollBar().maximum() > 0


def test_keys_and_clicks_choose_a_room_and_the_fold_opens(panel: RoomsPanel, qtbot: QtBot) -> None:
    rooms, private = lists(panel)
    chosen: list[str] = []
    panel.chosen.connect(chosen.append)
    rooms.setCurrentIndex(rooms.model().index(0, 0))
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Space):
        qtbot.keyClick(rooms, key)
    assert chosen == ["code-help", "mine"]
    qtbot.mouseClick(private.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(100, 16))
    assert chosen[-1] == ".1"
    qtbot.keyClick(rooms, Qt.Key.Key_End)
    qtbot.keyClick(rooms, Qt.Key.Key_Return)
    assert rooms.model().rowCount() == 7
    assert rooms.currentIndex().data() == "Archived", "the keys stay on the fold"
    panel.adjustSize()
    assert rooms.height() == 7 * 32


def test_the_keys_stay_on_a_room_that_moves(panel: RoomsPanel) -> None:
    rooms = lists(panel)[0]
    rooms.setCurrentIndex(rooms.model().index(2, 0))
    show(panel, *ROOMS[2:], *ROOMS[:2])
    assert rooms.currentIndex().data() == "mine"


def test_a_room_has_a_menu_but_the_fold_has_none(panel: RoomsPanel) -> None:
    rooms = lists(panel)[0]
    asked: list[str] = []
    panel.menu_requested.connect(lambda name, _point: asked.append(name))
    for row in (1, 5):
        rooms.setCurrentIndex(rooms.model().index(row, 0))
        QApplication.sendEvent(rooms, QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint()))
    assert asked == ["code-help"]


def test_a_server_that_lists_no_rooms_has_nothing_to_make_or_set(panel: RoomsPanel) -> None:
    show(panel, room("lobby"), listed=False)
    assert texts(panel) == ["Rooms"]
    assert [button for button in panel.findChildren(QPushButton) if button.isVisible()] == []


def test_rows_are_mirrored_where_text_is_read_from_the_right(panel: RoomsPanel) -> None:
    before = panel.grab().toImage()
    panel.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    after = panel.grab().toImage()
    assert before != after
    view = lists(panel)[0]
    ground = view.y() + 32 + 16
    ink = [x for x in range(279) if after.pixelColor(x, ground) != after.pixelColor(2, ground)]
    assert max(ink) > 279 - 40, "the icon is at the right"
