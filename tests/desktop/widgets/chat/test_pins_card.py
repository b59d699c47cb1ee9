"""The card of pinned messages: by pointer and keys, gone to and unpinned; hostile texts are plain."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.chat.pins_card import PinsCard
from chatdesk.protocol.events import Message
from chatdesk.protocol.text import one_line
from tests.desktop.inspection import HOSTILE, unnamed

PINNED = [Message("Kit", f"Number {seq}", "", seq=seq) for seq in (9, 7, 3)]


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.anchor = QWidget(made)  # type: ignore[attr-defined]
    made.anchor.setGeometry(0, 0, 800, 40)  # type: ignore[attr-defined]
    made.edit = QLineEdit(made)  # type: ignore[attr-defined]
    made.edit.move(10, 560)  # type: ignore[attr-defined]
    made.show()
    return made


@pytest.fixture
def card(qtbot: QtBot, theme: Theme, window: QWidget) -> PinsCard:
    made = PinsCard(theme, window.findChild(QWidget))
    window.findChild(QLineEdit).setFocus()
    made.open_list(window.findChild(QWidget), PINNED)
    return made


def heard(card: PinsCard) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    card.chosen.connect(lambda seq: found.append(("chosen", seq)))
    card.unpin_requested.connect(lambda seq: found.append(("unpin", seq)))
    return found


def test_keys_go_to_one_and_unpin_another(card: PinsCard, window: QWidget) -> None:
    found = heard(card)
    assert card.list.hasFocus()
    QTest.keyClick(card.list, Qt.Key.Key_Down)
    QTest.keyClick(card.list, Qt.Key.Key_P)
    card.show_pins([PINNED[0], PINNED[2]])
    assert card.list.currentIndex().data() == "Number 3", "the next one is at the same place"
    QTest.keyClick(card.list, Qt.Key.Key_Return)
    assert found == [("unpin", 7), ("chosen", 3)]
    assert (card.isVisible(), window.findChild(QLineEdit).hasFocus()) == (False, True)


def test_a_click_goes_there_and_one_on_the_cross_unpins(card: PinsCard) -> None:
    found = heard(card)
    row = card.list.visualRect(card.list.model().index(1, 0))
    QTest.mouseClick(card.list.viewport(), Qt.MouseButton.LeftButton, pos=card.list.button_rect(row).center())
    assert card.isVisible()
    QTest.mouseClick(card.list.viewport(), Qt.MouseButton.LeftButton, pos=row.center())
    assert found == [("unpin", 7), ("chosen", 7)]


def test_it_closes_with_the_last_pin_and_with_a_second_press(card: PinsCard, window: QWidget) -> None:
    card.show_pins([])
    assert not card.isVisible()
    for shown in (True, False):
        card.open_list(window.findChild(QWidget), PINNED)
        assert card.isVisible() is shown


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_it_opens_below_and_hostile_texts_are_text(theme: Theme, window: QWidget, scale: float) -> None:
    theme.set_scale(scale)
    card = PinsCard(theme, window.findChild(QWidget))
    card.open_list(window.findChild(QWidget), [Message(HOSTILE, HOSTILE, "", seq=1)] * 40)
    assert card.mapTo(window, card.card.topLeft()).y() == 48
    assert window.rect().contains(card.card.translated(card.mapTo(window, QPoint())))
    assert card.list.model().index(0, 0).data() == one_line(HOSTILE, 300)
    assert card.list.model().index(0, 0).data(Qt.ItemDataRole.ToolTipRole).startswith("<")
    assert unnamed(card) == []
    card.grab()
