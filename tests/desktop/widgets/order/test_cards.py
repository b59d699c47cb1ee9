"""The cards of the board: hostile names, any size of text, keys, and what a screen reader gets."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.chat.hand_bar import HandBar
from chatdesk.desktop.widgets.chat.order_row import OrderRow
from chatdesk.desktop.widgets.order.hands_card import HandsCard
from chatdesk.desktop.widgets.order.held_card import HeldCard
from chatdesk.desktop.widgets.order.records_card import AuditCard, InForceCard
from chatdesk.protocol.order_events import AuditEntry, InForce
from chatdesk.protocol.pace_events import Hand, HeldMessage
from tests.desktop.inspection import HOSTILE, clipped, texts, unnamed

AT = "2026-11-23T10:31:00.000Z"


def shown(qtbot: QtBot, *parts: QWidget) -> QWidget:
    made = QWidget()
    layout = QVBoxLayout(made)
    for part in parts:
        layout.addWidget(part)
    qtbot.addWidget(made)
    made.resize(640, 2600)
    made.show()
    return made


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_hostile_names_and_large_text_fit(theme: Theme, qtbot: QtBot, scale: float) -> None:
    theme.set_scale(scale)
    held, hands, in_force, audit = HeldCard(theme), HandsCard(theme), InForceCard(theme), AuditCard(theme)
    bar, row = HandBar(theme), OrderRow(theme)
    held.show_held([("build", HeldMessage(1, HOSTILE, "a", f"{HOSTILE}\nand more", AT))])
    hands.show_hands([Hand(HOSTILE, "a", AT)], 31)
    in_force.show_standings([InForce("muted", HOSTILE, "a", AT, HOSTILE, reason=HOSTILE)])
    audit.show_entries([AuditEntry(1, AT, "rename", HOSTILE, HOSTILE, "a", detail=HOSTILE)], behind=False, more=True)
    bar.show_hand(0, HOSTILE)
    row.show_count(12_345)
    row.show()
    window = shown(qtbot, held, hands, in_force, audit, bar, row)
    assert clipped(window) == []
    assert unnamed(window) == []
    assert "31" in texts(hands)
    assert row.accessibleName() == "Keeping order, 12345 wait for you"


def test_rows_stay_where_they_are_and_the_focus_goes_on(theme: Theme, qtbot: QtBot) -> None:
    card = HandsCard(theme)
    raised = [Hand(name, name.lower(), AT) for name in ("Ana", "Bo", "Cem")]
    card.show_hands(raised, 3)
    window = shown(qtbot, card)
    called, lowered = list[str](), list[str]()
    card.called.connect(called.append)
    card.lowered.connect(lowered.append)
    first, second, third = card.rows
    assert first.accessibleName().startswith("1, Ana, since ")
    first.setFocus()
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down):
        QTest.keyClick(window.focusWidget() or window, key)
    assert window.focusWidget() is third
    QTest.keyClick(third, Qt.Key.Key_A)
    QTest.keyClick(second, Qt.Key.Key_X)
    assert (called, lowered) == (["cem"], ["bo"])
    place = third.y()
    card.show_hands([raised[2], Hand("Dee", "dee", AT)], 2)
    assert (first.gone, second.gone, third.y()) == (True, True, place)
    assert [row.accessibleName()[:6] for row in card.rows] == ["1, Cem", "2, Dee"]
    card.show_hands([], 0)
    assert "No hand is up. First come, first heard." in texts(card)
    assert card.all_button.isHidden()


def test_what_holds_ends_by_its_button_and_earlier_acts_are_asked_for(theme: Theme, qtbot: QtBot) -> None:
    in_force, audit = InForceCard(theme), AuditCard(theme)
    _window = shown(qtbot, in_force, audit)
    ended, asked = list[InForce](), list[int]()
    in_force.ended.connect(ended.append)
    audit.more_requested.connect(asked.append)
    muted, role = InForce("muted", "Bo", "bo", AT, "Mara"), InForce("role", "Cem", "cem", AT, "Mara", value="guest")
    in_force.show_standings([muted, role])
    first, second = in_force.rows
    assert first.button
    first.button.click()
    assert (ended, second.button) == ([muted], None)
    entries = [AuditEntry(number, AT, "mute", "Mara", f"Bo {number}", "bo") for number in (9, 8)]
    audit.show_entries(entries, behind=False, more=True)
    audit.more_button.click()
    audit.show_entries([AuditEntry(7, AT, "ban", "", "Bo 7", "bo")], behind=True, more=False)
    assert asked == [8]
    assert [row.accessibleName().split(",")[0] for row in audit.rows] == [
        "Mara muted Bo 9",
        "Mara muted Bo 8",
        "The host banned Bo 7",
    ]
    assert audit.more_button.isHidden()
    audit.show_problem("The connection is lost.")
    assert "The connection is lost." in texts(audit)
