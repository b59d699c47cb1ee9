"""The invite sheet: QR code, addresses and networks, at every size."""

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from chatdesk.desktop.dialogs.invite import InviteSheet
from chatdesk.desktop.invitation import Invitation
from chatdesk.desktop.text import NO_NETWORK
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.qr_code import QrCode
from chatdesk.desktop.widgets.common.scroll_bar import ScrollBar
from chatdesk.desktop.widgets.invite.network_choice import NetworkChoice
from chatdesk.discovery.networks import NetworkKind
from tests.desktop.inspection import HOSTILE, clipped, texts, unnamed
from tests.desktop.invitations import AT_CABLE, AT_LONGEST, AT_WIFI, VPN, network
from tests.desktop.tooltips import tip

NAME = "robotics-workshop.local"
ALL = (AT_WIFI, AT_CABLE, Invitation("10.8.0.2", 8080, VPN))


@pytest.fixture
def sheet(theme: Theme, window: QWidget) -> InviteSheet:
    window.resize(1200, 800)
    made = InviteSheet(theme, window)
    made.set_local_name(NAME)
    made.set_invitations(ALL, AT_WIFI)
    made.show_sheet()
    return made


def button(sheet: InviteSheet, name: str) -> QPushButton:
    buttons = sheet.findChildren(QPushButton)
    return next(button for button in buttons if name in (button.accessibleName(), button.text()))


def seen(part: QWidget, ground: QWidget) -> QRect:
    return QRect(part.mapTo(ground, part.rect().topLeft()), part.size())


def test_it_shows_what_can_be_typed_and_read_aloud(sheet: InviteSheet) -> None:
    assert {
        "192.168.4.20:8080",
        AT_WIFI.code,
        "robotics-workshop.local:8080",
        "ws://192.168.4.20:8080/ws",
    } <= set(texts(sheet))
    code = sheet.findChild(QrCode)
    assert code is not None
    assert code.accessibleName() == f"QR code of {AT_WIFI.url}"


def test_what_there_is_none_of_is_left_out(sheet: InviteSheet) -> None:
    sheet.set_local_name("")
    sheet.set_invitations([AT_LONGEST], AT_LONGEST)
    assert not [text for text in texts(sheet) if "code" in text or "Name" in text]
    assert "[fd00:1234:5678:9abc:def0:1234:5678:9abc]:18080" in texts(sheet)


@pytest.mark.parametrize(
    ("name", "copied"),
    [
        ("Copy address", "http://192.168.4.20:8080"),
        ("Copy short code", AT_WIFI.code),
        ("Copy name", "http://robotics-workshop.local:8080"),
        ("Copy WebSocket", "ws://192.168.4.20:8080/ws"),
    ],
)
def test_what_is_copied_works_where_it_is_pasted(sheet: InviteSheet, qtbot: QtBot, name: str, copied: str) -> None:
    qtbot.mouseClick(button(sheet, name), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == copied
    assert [button.text() for button in sheet.findChildren(QPushButton)].count("Copied") == 1


def test_another_network_changes_all_that_is_shown(sheet: InviteSheet) -> None:
    sheet.set_invitations(ALL, AT_CABLE)
    shown = texts(sheet)
    assert {"10.1.2.3:8080", AT_CABLE.code, "ws://10.1.2.3:8080/ws"} <= set(shown)
    assert not [text for text in shown if "192.168" in text]
    code = sheet.findChild(QrCode)
    assert code is not None
    assert code.accessibleName() == f"QR code of {AT_CABLE.url}"
    assert button(sheet, "Network: Cable eth0, 10.1.2.3").isVisible()


def test_a_chosen_network_is_passed_on(sheet: InviteSheet, qtbot: QtBot) -> None:
    choice = sheet.findChild(NetworkChoice)
    assert choice is not None
    with qtbot.waitSignal(sheet.network_chosen) as chosen:
        choice.chosen.emit("eth0")
    assert chosen.args == ["eth0"]


def test_it_shows_whether_others_have_joined_by_this_address(sheet: InviteSheet) -> None:
    assert "Nobody has come in by this address yet." in texts(sheet)
    sheet.set_reached(True)
    assert "Others have reached you at this address." in texts(sheet)


def test_without_a_network_it_says_what_to_do_until_there_is_one(sheet: InviteSheet) -> None:
    sheet.set_invitations([], None)
    assert NO_NETWORK in texts(sheet)
    assert not [text for text in texts(sheet) if "192.168" in text]
    assert not button(sheet, "Show on projector").isEnabled()
    assert button(sheet, "Check the connection").isEnabled()
    sheet.dismiss()
    sheet.show_sheet()
    assert button(sheet, "Close").hasFocus()
    sheet.set_invitations([AT_WIFI], AT_WIFI)
    assert "192.168.4.20:8080" in texts(sheet)
    assert button(sheet, "Show on projector").isEnabled()


def test_the_keys_stay_inside_when_what_has_them_goes(sheet: InviteSheet) -> None:
    assert button(sheet, "Copy address").hasFocus()
    sheet.set_invitations([], None)
    assert sheet.isAncestorOf(QApplication.focusWidget())


@pytest.mark.parametrize(
    ("name", "signal"),
    [
        ("Show on projector", "projector_requested"),
        ("Save picture", "save_requested"),
        ("Check the connection", "check_requested"),
    ],
)
def test_its_buttons_say_what_is_wanted(sheet: InviteSheet, qtbot: QtBot, name: str, signal: str) -> None:
    with qtbot.waitSignal(getattr(sheet, signal)):
        qtbot.mouseClick(button(sheet, name), Qt.MouseButton.LeftButton)


def test_the_cross_closes_it(sheet: InviteSheet, qtbot: QtBot) -> None:
    qtbot.mouseClick(button(sheet, "Close"), Qt.MouseButton.LeftButton)
    assert sheet.isHidden()


def test_enter_on_what_has_the_keys_first_copies_the_address(sheet: InviteSheet, window: QWidget) -> None:
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Space)
    assert QGuiApplication.clipboard().text() == AT_WIFI.url


def test_a_hostile_network_is_text(sheet: InviteSheet) -> None:
    entrance = Invitation("10.1.2.3", 8080, network("wlan0", NetworkKind.WIFI, "10.1.2.3", name=HOSTILE))
    sheet.set_invitations([entrance], entrance)
    assert all("<b>" not in tip(part) for part in sheet.findChildren(QWidget))


def test_every_control_has_a_name(sheet: InviteSheet) -> None:
    assert unnamed(sheet) == []


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("size", [(360, 560), (640, 480), (900, 600), (1200, 800)])
@pytest.mark.parametrize("shown", [AT_WIFI, AT_LONGEST, None])
def test_nothing_is_cut(
    sheet: InviteSheet,
    window: QWidget,
    theme: Theme,
    qtbot: QtBot,
    scale: float,
    size: tuple[int, int],
    shown: Invitation | None,
) -> None:
    theme.set_scale(scale)
    window.resize(*size)
    sheet.set_invitations(ALL, shown)
    sheet.show_sheet()
    card = sheet.findChild(QScrollArea)
    assert card is not None
    qtbot.waitUntil(lambda: clipped(card.widget()) == [])
    qtbot.waitUntil(lambda: card.horizontalScrollBar().maximum() == 0)
    code = sheet.findChild(QrCode)
    assert code is not None
    qtbot.waitUntil(lambda: not code.isVisible() or card.viewport().rect().contains(seen(code, card.viewport())))
    assert code.width() >= 120
    close = button(sheet, "Close")
    assert window.rect().contains(seen(close, window))
    assert close.visibleRegion().boundingRect() == close.rect()


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize(("scale", "size"), [(1.0, (900, 600)), (1.0, (1200, 800)), (1.2, (1200, 800))])
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


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_an_address_of_this_computer_alone_promises_nothing_to_others(sheet: InviteSheet, address: str) -> None:
    assert "They need no app and no account. Only the same network." in texts(sheet)
    alone = Invitation(address, 8080)
    sheet.set_invitations([alone], alone)
    shown = texts(sheet)
    assert "ChatDesk listens on this computer’s own address: others cannot join." in shown
    assert "For this computer only" in shown
    assert not any("same network" in text or "phone" in text for text in shown)
