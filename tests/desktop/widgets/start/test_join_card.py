"""The Join card: nothing moves when chats come and go, and what can be typed."""

from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from chatdesk.desktop.discovery_state import DiscoveryState
from chatdesk.desktop.settings import RecentChat
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.start.join_card import JoinCard
from chatdesk.discovery.networks import Network, NetworkKind
from tests.desktop.found_hosts import host
from tests.desktop.inspection import texts

TODAY = date(2026, 11, 24)
RECENTS = [RecentChat(f"Room {number}", f"10.0.0.{number}", TODAY) for number in range(3)]


@pytest.fixture
def card(qtbot: QtBot, theme: Theme) -> JoinCard:
    made = JoinCard(theme)
    qtbot.addWidget(made)
    made.set_recents(RECENTS, TODAY)
    made.searched_networks.show_networks([Network("wlan0", NetworkKind.WIFI, "Workshop-5G", ("192.168.4.9",), (24,))])
    made.resize(432, 424)
    made.show()
    return made


def top(card: JoinCard, part: QWidget) -> int:
    return part.mapTo(card, QPoint(0, 0)).y()


def field(card: JoinCard) -> QLineEdit:
    return card.findChildren(QLineEdit)[0]


def test_three_found_and_three_recent_chats_are_where_the_design_has_them(card: JoinCard, qtbot: QtBot) -> None:
    card.hosts.set_hosts([host(number) for number in range(1, 4)])
    card.show_state(DiscoveryState.FOUND)
    qtbot.waitUntil(lambda: card.found_chats.height() == 3 * 54)
    assert top(card, card.found_chats) == 59
    assert [top(card, row) for row in card.recent_chats.rows] == [247, 279, 311]
    assert top(card, field(card)) == 359


def test_nothing_below_moves_when_chats_come_or_go(card: JoinCard, qtbot: QtBot) -> None:
    def places() -> list[int]:
        return [top(card, part) for part in (*card.recent_chats.rows, field(card))]

    before = places()
    for state, number in (
        (DiscoveryState.NO_ANSWER, 0),
        (DiscoveryState.SCANNING, 0),
        (DiscoveryState.SCANNING, 1),
        (DiscoveryState.SCANNING, 40),
        (DiscoveryState.FOUND, 40),
        (DiscoveryState.OFF, 0),
    ):
        card.hosts.set_hosts([host(place) for place in range(number)])
        card.show_state(state)
        qtbot.wait(1)
        assert places() == before


def test_with_discovery_off_no_network_is_named(card: JoinCard) -> None:
    card.show_state(DiscoveryState.NO_ANSWER)
    assert {"Looking on Workshop-5G", "Nobody found yet."} <= set(texts(card))
    for state in (DiscoveryState.OFF, DiscoveryState.UNAVAILABLE):
        card.show_state(state)
        assert "Looking on Workshop-5G" not in texts(card)


@pytest.mark.parametrize("typed", ["kite-42", "Kite 42", "KITE-42-8081", "kite42", "192.168.4.20:8080", "name.local"])
def test_codes_and_addresses_can_both_be_typed(card: JoinCard, qtbot: QtBot, typed: str) -> None:
    qtbot.keyClicks(field(card), f" {typed} ")
    with qtbot.waitSignal(card.join) as blocker:
        qtbot.keyClick(field(card), Qt.Key.Key_Return)
    assert blocker.args == [typed]


def test_a_recent_chat_is_joined_by_one_click(card: JoinCard, qtbot: QtBot) -> None:
    with qtbot.waitSignal(card.join) as blocker:
        card.recent_chats.rows[1].click()
    assert blocker.args == [field(card).text()] == ["10.0.0.1"]


def test_after_a_failure_the_connection_can_be_checked(card: JoinCard, qtbot: QtBot) -> None:
    link = next(button for button in card.findChildren(QPushButton) if button.text() == "Check the connection")
    assert link.isHidden()
    card.set_address("192.168.4.99:8080")
    card.set_error("Nobody hosts a chat there.")
    assert not link.isHidden()
    with qtbot.waitSignal(card.check_requested) as wanted:
        link.click()
    assert wanted.args == ["192.168.4.99:8080"]
    card._address.edit.setText("192.168.4.98")
    assert link.isHidden()


def test_tab_goes_from_the_found_chats_to_the_address(card: JoinCard, qtbot: QtBot) -> None:
    card.hosts.set_hosts([host(1), host(2)])
    card.show_state(DiscoveryState.SCANNING)
    card.activateWindow()
    card.found_chats.setFocus()
    order: list[QWidget] = []
    for _ in range(5):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        order.append(QApplication.focusWidget())
    assert order == [card.discovery_prompt.button, *card.recent_chats.rows, field(card)]
