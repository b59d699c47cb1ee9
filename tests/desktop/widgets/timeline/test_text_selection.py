"""Words of one message are selected by dragging, across messages whole rows; keys reach links and buttons."""

import itertools

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.timeline import view as module
from chatdesk.desktop.widgets.timeline.view import TimelineView
from chatdesk.protocol.markup import Block, CodeBlock, Paragraph, Strong
from tests.desktop.simulated_chat import SimulatedChat
from tests.desktop.widgets.timeline.incoming import receive
from tests.desktop.widgets.timeline.test_view import move

TREE = Paragraph(("The ", Strong(("left",)), " motor")), CodeBlock("x" * 300)


def at(view: TimelineView, place: int, x: int, line: int = 0) -> QPoint:
    """Return a point of a message's words, so many pixels from the edge of the text."""
    rect = view.visualRect(view.model().index(place, 0))
    return QPoint(view._layout.text_left + x, rect.top() + 10 + 20 + 11 + 22 * line)


def drag(view: TimelineView, qtbot: QtBot, start: QPoint, end: QPoint) -> None:
    qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=start)
    for step in range(1, 5):
        move(view, start + (end - start) * step / 4, Qt.MouseButton.LeftButton)
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=end)


def copied(view: TimelineView, qtbot: QtBot) -> str:
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    return QGuiApplication.clipboard().text()


def hear(chat: SimulatedChat, view: TimelineView, *tree: Block) -> None:
    said = chat.new_message("Kit", "source")
    chat.log[-1] = type(said)("Kit", "source", said.timestamp, seq=said.seq, body=tree)
    chat.receive(chat.log[-1])
    view.grab()


def test_words_of_one_message_are_selected_by_dragging_and_copied(
    view: TimelineView, chat: SimulatedChat, qtbot: QtBot
) -> None:
    receive(chat, view, content="one two three\nfour")
    before = view.viewport().grab().toImage()
    drag(view, qtbot, at(view, 1, -5), at(view, 1, 600, 1))
    assert view.selectedIndexes() == []
    assert view.viewport().grab().toImage() != before
    assert copied(view, qtbot) == "one two three\nfour"
    drag(view, qtbot, at(view, 1, 600, 1), at(view, 1, 2))  # backwards
    assert copied(view, qtbot) == "one two three\nfour"
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at(view, 1, 300))
    assert view.text_selection.text == ""


def test_a_double_click_selects_a_word(view: TimelineView, chat: SimulatedChat, qtbot: QtBot) -> None:
    receive(chat, view, content="🎉 word here")
    point = at(view, 1, 40)
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert copied(view, qtbot) == "word"


def test_a_drag_that_leaves_the_message_selects_rows_and_comes_back_to_words(
    view: TimelineView, chat: SimulatedChat, qtbot: QtBot
) -> None:
    receive(chat, view, 2, content="one two")
    qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=at(view, 1, -5))
    move(view, at(view, 1, 500), Qt.MouseButton.LeftButton)
    assert view.text_selection.text == "one two"
    move(view, view.visualRect(chat.model.index(2)).center(), Qt.MouseButton.LeftButton)
    assert view.text_selection.text == ""
    assert sorted(index.row() for index in view.selectedIndexes()) == [1, 2]
    move(view, at(view, 1, 500), Qt.MouseButton.LeftButton)
    assert (view.text_selection.text, view.selectedIndexes()) == ("one two", [])


def test_a_changed_message_is_not_selected_any_more(view: TimelineView, chat: SimulatedChat, qtbot: QtBot) -> None:
    receive(chat, view, content="one two")
    drag(view, qtbot, at(view, 1, -5), at(view, 1, 600))
    chat.model.update_message(chat.log[-1])
    assert view.text_selection.text == ""


def test_a_drag_over_a_link_does_not_open_it(view: TimelineView, chat: SimulatedChat, qtbot: QtBot) -> None:
    receive(chat, view, content="https://example.org/a")
    with qtbot.assertNotEmitted(view.link_clicked):
        drag(view, qtbot, at(view, 1, 3), at(view, 1, 60))
    assert view.text_selection.text.startswith("https://")


def test_what_is_copied_of_markup_is_what_is_read(view: TimelineView, chat: SimulatedChat, qtbot: QtBot) -> None:
    hear(chat, view, *TREE)
    drag(view, qtbot, at(view, 1, -5), at(view, 1, 600))
    assert copied(view, qtbot) == "The left motor"
    view.text_selection.clear()
    assert copied(view, qtbot) == "The left motor\n" + "x" * 300
    assert chat.model.index(1).data(Qt.ItemDataRole.AccessibleTextRole).endswith(": The left motor\n" + "x" * 300)


def test_keys_go_to_links_and_buttons_and_open_them(
    view: TimelineView, chat: SimulatedChat, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    monkeypatch.setattr(module, "announce", lambda _source, text: heard.append(text))
    receive(chat, view, content="https://a.b and https://c.d")
    view.setFocus(Qt.FocusReason.TabFocusReason)
    view.setCurrentIndex(chat.model.index(1))
    plain = view.viewport().grab().toImage()
    for _ in range(3):  # there are two
        qtbot.keyClick(view, Qt.Key.Key_Right)
    assert heard[:2] == ["Link, https://a.b", "Link, https://c.d"]
    assert view.viewport().grab().toImage() != plain
    with qtbot.waitSignal(view.link_clicked) as opened:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert opened.args == ["https://c.d"]
    for _ in range(2):
        qtbot.keyClick(view, Qt.Key.Key_Left)
    with qtbot.assertNotEmitted(view.link_clicked):
        qtbot.keyClick(view, Qt.Key.Key_Return)


def test_code_is_copied_by_its_button_and_scrolled_by_wheel_and_keys(
    view: TimelineView, chat: SimulatedChat, qtbot: QtBot, theme: Theme
) -> None:
    hear(chat, view, *TREE)
    view.setFocus(Qt.FocusReason.TabFocusReason)
    view.setCurrentIndex(chat.model.index(1))
    shown = [view.viewport().grab().toImage()]
    qtbot.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    shown.append(view.viewport().grab().toImage())
    point = QPointF(at(view, 1, 40, 1) + QPoint(0, 8))
    no_buttons, no_modifiers = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    turn = QWheelEvent(
        point, point, QPoint(-60, 0), QPoint(-120, 0), no_buttons, no_modifiers, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(view.viewport(), turn)
    shown.append(view.viewport().grab().toImage())
    assert all(before != after for before, after in itertools.pairwise(shown))
    qtbot.keyClick(view, Qt.Key.Key_Right)
    with qtbot.waitSignal(view.code_copied):
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert QGuiApplication.clipboard().text() == "x" * 300
