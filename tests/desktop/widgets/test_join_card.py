"""The paper card: recent chats are replaced whole, and at most six are shown."""

from datetime import date

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chatdesk.desktop.settings import Recent
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.join_card import JoinCard
from chatdesk.desktop.widgets.recent import RecentRow
from tests.desktop.looking import texts

TODAY = date(2026, 11, 24)


def test_new_rows_take_the_place_of_the_old_ones(qtbot: QtBot, qapp: QApplication) -> None:
    card = JoinCard(Theme(qapp, "light"))
    qtbot.addWidget(card)
    card.set_recents([Recent(f"Room {number}", f"10.0.0.{number}", TODAY) for number in range(8)], TODAY)
    card.show()
    assert [text for text in texts(card) if text.startswith("Room")] == [f"Room {number}" for number in range(6)]
    card.set_recents([Recent("Only", "10.0.0.9", TODAY)], TODAY)
    qtbot.waitUntil(lambda: len(card.findChildren(RecentRow)) == 1)


def test_who_has_joined_nothing_yet_reads_where_the_address_stands(qtbot: QtBot, qapp: QApplication) -> None:
    card = JoinCard(Theme(qapp, "light"))
    qtbot.addWidget(card)
    assert any("shows the address" in text for text in texts(card))
    assert "Recent" not in texts(card)
    card.set_recents([Recent("Only", "10.0.0.9", TODAY)], TODAY)
    assert "Recent" in texts(card)
    assert not any("shows the address" in text for text in texts(card))
