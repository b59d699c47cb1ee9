"""The card with the host's address, copied by a click."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF, QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.invite import address_card as module
from chatdesk.desktop.widgets.invite.address_card import AddressCard
from tests.desktop.inspection import clipped, unnamed
from tests.desktop.invitations import AT_LONGEST, AT_WIFI, PROXY
from tests.desktop.tooltips import tip


@pytest.fixture
def card(qtbot: QtBot, theme: Theme) -> AddressCard:
    made = AddressCard(theme)
    qtbot.addWidget(made)
    made.set_invitation(AT_WIFI)
    made.resize(256, 49)
    made.show()
    return made


def button(card: AddressCard, name: str) -> QPushButton:
    return next(found for found in card.findChildren(QPushButton) if name in (found.text(), found.accessibleName()))


def test_a_click_on_the_address_copies_it(card: AddressCard, qtbot: QtBot) -> None:
    with qtbot.waitSignal(card.copied):
        qtbot.mouseClick(button(card, "Address 192.168.4.20:8080, copy"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == AT_WIFI.url


def test_invite_is_a_button(card: AddressCard, qtbot: QtBot) -> None:
    with qtbot.waitSignal(card.invite_requested):
        qtbot.mouseClick(button(card, "Invite"), Qt.MouseButton.LeftButton)
    assert unnamed(card) == []


def test_the_whole_address_is_in_the_tooltip(card: AddressCard) -> None:
    card.set_invitation(AT_LONGEST)
    address = button(card, "Address [fd00:1234:5678:9abc:def0:1234:5678:9abc]:18080, copy")
    assert "[fd00:1234:5678:9abc:def0:1234:5678:9abc]:18080" in tip(address)


def test_a_long_address_loses_its_scheme_before_its_name(theme: Theme) -> None:
    font = theme.font("code")
    assert module._elided_address(PROXY.url, font, 1000) == "https://chat.example.org/chat"
    shown = module._elided_address(PROXY.url, font, QFontMetricsF(font).horizontalAdvance("chat.exampl…org/chat"))
    assert shown.startswith("chat.ex")
    assert shown.endswith("org/chat")
    assert module._elided_address("", font, 1000) == "No network"


def test_without_a_network_it_says_so_and_a_click_opens_the_sheet(card: AddressCard, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("as before")
    card.set_invitation(None)
    address = button(card, "No network, what to do")
    assert "Connect it to Wi-Fi or by cable" in tip(address)
    with qtbot.waitSignal(card.invite_requested):
        qtbot.mouseClick(address, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "as before"


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_it_is_48_high_and_nothing_is_cut(card: AddressCard, theme: Theme, qtbot: QtBot, scale: float) -> None:
    theme.set_scale(scale)
    card.resize(theme.px(256), card.height())
    assert card.height() == theme.px(48) + 1
    qtbot.waitUntil(lambda: clipped(card) == [])
