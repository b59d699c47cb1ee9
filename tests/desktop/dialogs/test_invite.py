"""The invite sheet: code, addresses and people, at every size."""

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from chatdesk.desktop.dialogs.invite import InviteSheet
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.qr import Qr
from chatdesk.desktop.widgets.scroll_bar import ScrollBar
from tests.desktop.looking import HOSTILE, clipped, texts, unnamed

URL = "http://192.168.4.20:8080/"
LONG_URL = "http://[fd00:1234:5678:9abc:def0:1234:5678:9abc]:18080/"


@pytest.fixture
def sheet(theme: Theme, window: QWidget) -> InviteSheet:
    window.resize(1200, 800)
    made = InviteSheet(theme, window)
    made.set_people(31)
    made.open_for("Robotics Workshop", URL)
    return made


def button(sheet: InviteSheet, name: str) -> QPushButton:
    buttons = sheet.findChildren(QPushButton)
    return next(button for button in buttons if name in (button.accessibleName(), button.text()))


def seen(part: QWidget, ground: QWidget) -> QRect:
    return QRect(part.mapTo(ground, part.rect().topLeft()), part.size())


def test_it_shows_the_address_as_short_as_it_can_be_read_aloud(sheet: InviteSheet) -> None:
    shown = texts(sheet)
    assert {"192.168.4.20:8080", "ws://192.168.4.20:8080/ws", "Robotics Workshop is open", "31 people are in"} <= set(
        shown
    )
    code = sheet.findChild(Qr)
    assert code is not None
    assert code.accessibleName() == f"QR code of {URL}"


@pytest.mark.parametrize(("name", "copied"), [("Copy address", URL), ("Copy WebSocket", "ws://192.168.4.20:8080/ws")])
def test_what_is_copied_works_where_it_is_pasted(sheet: InviteSheet, qtbot: QtBot, name: str, copied: str) -> None:
    qtbot.mouseClick(button(sheet, name), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == copied
    assert [button.text() for button in sheet.findChildren(QPushButton)].count("Copied") == 1


def test_people_are_counted_as_they_come(sheet: InviteSheet) -> None:
    sheet.set_people(1)
    assert "1 person is in" in texts(sheet)


def test_the_projector_is_one_click_away(sheet: InviteSheet, qtbot: QtBot) -> None:
    with qtbot.waitSignal(sheet.projector_wanted):
        qtbot.mouseClick(button(sheet, "Show on projector"), Qt.MouseButton.LeftButton)


def test_the_cross_closes_it(sheet: InviteSheet, qtbot: QtBot) -> None:
    qtbot.mouseClick(button(sheet, "Close"), Qt.MouseButton.LeftButton)
    assert sheet.isHidden()


def test_enter_on_what_has_the_keys_first_copies_the_address(sheet: InviteSheet, window: QWidget) -> None:
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Space)
    assert QGuiApplication.clipboard().text() == URL


def test_a_hostile_room_is_text(sheet: InviteSheet) -> None:
    sheet.open_for(HOSTILE, URL)
    assert f"{HOSTILE} is open" in texts(sheet)
    assert all("<b>" not in part.toolTip() for part in sheet.findChildren(QWidget))


def test_every_control_has_a_name(sheet: InviteSheet) -> None:
    assert unnamed(sheet) == []


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("size", [(360, 560), (640, 480), (900, 600), (1200, 800)])
@pytest.mark.parametrize("url", [URL, LONG_URL])
def test_nothing_is_cut(
    sheet: InviteSheet, window: QWidget, theme: Theme, qtbot: QtBot, scale: float, size: tuple[int, int], url: str
) -> None:
    theme.set_scale(scale)
    window.resize(*size)
    sheet.open_for("A room with a name that nobody would ever shorten, however long it is", url)
    card = sheet.findChild(QScrollArea)
    assert card is not None
    qtbot.waitUntil(lambda: clipped(card.widget()) == [])
    qtbot.waitUntil(lambda: card.horizontalScrollBar().maximum() == 0)
    code = sheet.findChild(Qr)
    assert code is not None
    qtbot.waitUntil(lambda: card.viewport().rect().contains(seen(code, card.viewport())))
    assert code.width() >= 120
    close = button(sheet, "Close")
    assert window.rect().contains(seen(close, window))
    assert close.visibleRegion().boundingRect() == close.rect()


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize(("scale", "size"), [(1.0, (900, 600)), (1.0, (1200, 800)), (2.0, (1200, 800))])
def test_beside_the_address_the_code_leaves_room_for_the_projector(
    sheet: InviteSheet, window: QWidget, theme: Theme, qtbot: QtBot, scale: float, size: tuple[int, int], name: str
) -> None:
    theme.choose(name)
    theme.set_scale(scale)
    window.resize(*size)
    card = sheet.findChild(QScrollArea)
    assert card is not None
    projector = button(sheet, "Show on projector")
    qtbot.waitUntil(lambda: card.viewport().rect().contains(seen(projector, card.viewport())))
    assert card.verticalScrollBar().maximum() == 0


def test_where_the_card_scrolls_a_bar_says_so(sheet: InviteSheet, window: QWidget, qtbot: QtBot) -> None:
    window.resize(360, 560)
    bar = sheet.findChild(ScrollBar)
    assert bar is not None
    qtbot.waitUntil(lambda: bar.shown)
    window.resize(1200, 800)
    qtbot.waitUntil(lambda: not bar.shown)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080/", "http://[::1]:8080/"])
def test_an_address_of_this_computer_alone_promises_nothing_to_others(sheet: InviteSheet, url: str) -> None:
    assert "They need no app and no account. Only the same network." in texts(sheet)
    sheet.open_for("Robotics Workshop", url)
    shown = texts(sheet)
    assert "ChatDesk listens on this computer’s own address: others cannot join." in shown
    assert "For this computer only" in shown
    assert not any("same network" in text or "phone" in text for text in shown)
