"""The list of found chats, with mouse and keys."""

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAccessible, QCursor, QHelpEvent, QImage
from PySide6.QtWidgets import QApplication, QLineEdit, QToolTip, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from chatdesk.desktop.models.hosts import HostsModel
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.start import found_chats as module
from chatdesk.desktop.widgets.start.found_chats import FoundChatList
from tests.desktop.found_hosts import ODD_NAMES, host


@pytest.fixture
def model(qapp: QApplication) -> HostsModel:
    return HostsModel()


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def found(qtbot: QtBot, theme: Theme, window: QWidget, model: HostsModel) -> FoundChatList:
    made = FoundChatList(theme, model)
    layout = QVBoxLayout(window)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(QLineEdit())
    layout.addWidget(made)
    window.resize(414, 220)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    model.set_hosts([host(number) for number in range(1, 4)])
    return made


def middle(found: FoundChatList, row: int) -> QPoint:
    return found.visualRect(found.model().index(row, 0)).center()


def picture(found: FoundChatList, row: int = 0) -> QImage:
    return found.viewport().grab(found.visualRect(found.model().index(row, 0))).toImage()


def field(found: FoundChatList) -> QLineEdit:
    return found.window().findChildren(QLineEdit)[0]


def test_a_click_anywhere_on_a_row_joins_it(found: FoundChatList, qtbot: QtBot) -> None:
    for point in (middle(found, 1), QPoint(20, middle(found, 1).y()), QPoint(380, middle(found, 1).y())):
        with qtbot.waitSignal(found.chosen) as blocker:
            qtbot.mouseClick(found.viewport(), Qt.MouseButton.LeftButton, pos=point)
        assert blocker.args == [host(2)]


def test_the_right_button_and_a_click_below_the_rows_join_nothing(found: FoundChatList, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(found.chosen):
        qtbot.mouseClick(found.viewport(), Qt.MouseButton.RightButton, pos=middle(found, 1))
        qtbot.mouseClick(found.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, found.viewport().height() - 2))


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_keys_move_through_the_rows_and_join(found: FoundChatList, qtbot: QtBot, key: Qt.Key) -> None:
    qtbot.keyClick(field(found), Qt.Key.Key_Tab)
    assert found.hasFocus()
    assert found.currentIndex().row() == 0
    qtbot.keyClick(found, Qt.Key.Key_Down)
    qtbot.keyClick(found, Qt.Key.Key_Down)
    qtbot.keyClick(found, Qt.Key.Key_Up)
    with qtbot.waitSignal(found.chosen) as blocker:
        qtbot.keyClick(found, key)
    assert blocker.args == [host(2)]


def test_the_focused_row_looks_different(found: FoundChatList) -> None:
    rest = picture(found, 1)
    found.setFocus()
    found.setCurrentIndex(found.model().index(1, 0))
    assert picture(found, 1) != rest


def test_nothing_moves_under_the_pointer(found: FoundChatList, model: HostsModel, qtbot: QtBot) -> None:
    qtbot.mouseMove(found.viewport(), middle(found, 2))
    qtbot.waitUntil(lambda: found._hovered)
    model.set_hosts([host(3)])
    assert model.rowCount() == 3
    with qtbot.assertNotEmitted(found.chosen):
        qtbot.mouseClick(found.viewport(), Qt.MouseButton.LeftButton, pos=middle(found, 0))
    with qtbot.waitSignal(found.chosen) as blocker:
        qtbot.mouseClick(found.viewport(), Qt.MouseButton.LeftButton, pos=middle(found, 2))
    assert blocker.args == [host(3)]
    field(found).setFocus()
    QApplication.sendEvent(found, QEvent(QEvent.Type.Leave))
    assert model.rowCount() == 1


def test_nothing_moves_under_a_pointer_that_rests(found: FoundChatList, model: HostsModel, qtbot: QtBot) -> None:
    resting = found.viewport().mapToGlobal(middle(found, 1))
    model.set_hosts([])
    QCursor.setPos(resting)
    model.set_hosts([host(1), host(2), host(3)])
    qtbot.waitUntil(lambda: found._hovered)
    model.set_hosts([host(2)])
    assert model.rowCount() == 3
    QCursor.setPos(0, 0)


def test_nothing_moves_under_the_keys(found: FoundChatList, model: HostsModel, qtbot: QtBot) -> None:
    found.setFocus()
    found.setCurrentIndex(model.index(1))
    model.set_hosts([host(1), host(3)])
    with qtbot.assertNotEmitted(found.chosen):
        qtbot.keyClick(found, Qt.Key.Key_Return)
    field(found).setFocus()
    assert model.rowCount() == 2


def test_it_is_hidden_while_empty(found: FoundChatList, model: HostsModel) -> None:
    model.set_hosts([])
    assert not found.isVisible()
    model.set_hosts([host(1)])
    assert found.isVisible()


def test_forty_rows_scroll_within_the_list(found: FoundChatList, model: HostsModel, qtbot: QtBot) -> None:
    model.set_hosts([host(number) for number in range(1, 41)])
    assert found.window().height() == 220
    found.setFocus()
    qtbot.keyClick(found, Qt.Key.Key_End)
    assert found.currentIndex().row() == 39
    assert found.viewport().rect().contains(found.visualRect(found.currentIndex()))
    assert found.verticalScrollBar().maximum() > 1000


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_rows_grow_with_the_text(found: FoundChatList, theme: Theme, qtbot: QtBot, scale: float) -> None:
    theme.set_scale(scale)
    qtbot.waitUntil(lambda: found.visualRect(found.model().index(0, 0)).height() == 54 * scale)
    assert found.sizeHint().height() == 54 * scale


def test_lock_people_and_host_are_painted(found: FoundChatList, model: HostsModel) -> None:
    pictures = []
    for shown in (host(1), host(1, locked=True), host(1, people=13), host(1, who="Priya"), host(1, who="")):
        model.set_hosts([shown])
        pictures.append(picture(found))
    assert all(one != other for place, one in enumerate(pictures) for other in pictures[:place])


@pytest.mark.parametrize("name", ODD_NAMES)
@pytest.mark.parametrize("direction", list(Qt.LayoutDirection)[:2])
def test_no_name_reaches_into_the_button(
    found: FoundChatList, model: HostsModel, theme: Theme, name: str, direction: Qt.LayoutDirection
) -> None:
    found.setLayoutDirection(direction)
    model.set_hosts([host(1, name, name, locked=True)])
    shown = picture(found)
    button = 10 + 53
    gap = range(shown.width() - button - 10, shown.width() - button - 2)
    columns = gap if direction == Qt.LayoutDirection.LeftToRight else [shown.width() - 1 - x for x in gap]
    assert len({shown.pixelColor(x, y).name() for x in columns for y in range(shown.height())}) == 1


def test_the_tooltip_has_the_whole_name_as_text(found: FoundChatList, model: HostsModel, qtbot: QtBot) -> None:
    model.set_hosts([host(1, ODD_NAMES[0])])
    point = middle(found, 0)
    QApplication.sendEvent(
        found.viewport(), QHelpEvent(QEvent.Type.ToolTip, point, found.viewport().mapToGlobal(point))
    )
    qtbot.waitUntil(lambda: "&lt;img" in QToolTip.text())
    assert "192.168.4.1:8080" in QToolTip.text()
    QToolTip.hideText()


def test_a_screen_reader_gets_each_row_and_new_chats(
    found: FoundChatList, model: HostsModel, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    interface = QAccessible.queryAccessibleInterface(found)
    assert interface.text(QAccessible.Text.Name) == "Rooms found"
    names = [interface.child(place).text(QAccessible.Text.Name) for place in range(interface.childCount())]
    assert names == [f"Room {number}, Ingrid, 12 here" for number in range(1, 4)]
    told: list[str] = []
    monkeypatch.setattr(module, "announce", lambda _source, text: told.append(text))
    qtbot.waitUntil(lambda: told == ["Found 3 rooms"])
    model.set_hosts([*(host(number) for number in range(1, 4)), host(9, "Staff room")])
    qtbot.waitUntil(lambda: told == ["Found 3 rooms", "Found Staff room"])


def test_disabled_it_joins_nothing(found: FoundChatList, qtbot: QtBot) -> None:
    rest = picture(found, 1)
    found.setEnabled(False)
    assert picture(found, 1) != rest
    with qtbot.assertNotEmitted(found.chosen):
        qtbot.mouseClick(found.viewport(), Qt.MouseButton.LeftButton, pos=middle(found, 1))
