"""The composer: what Enter does, how it grows, what it counts, what it never sends."""

import subprocess
import sys
from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QInputMethodEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.chat.composer import Composer
from tests.desktop.inspection import HOSTILE, clipped, texts, unnamed
from tests.shared_cases import INVISIBLE, SENT

SHIFT, KEYPAD, CONTROL = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.KeypadModifier,
    Qt.KeyboardModifier.ControlModifier,
)

COPYING = """
from PySide6.QtWidgets import QApplication
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.chat.composer import Composer

app = QApplication([])
edit = Composer(Theme(app, "light"), 1000).edit
edit.setPlainText("Hello")
edit.selectAll()
edit.copy()
assert app.clipboard().text() == "Hello"
"""


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(600, 600)
    return made


@pytest.fixture
def composer(qtbot: QtBot, theme: Theme, window: QWidget) -> Composer:
    made = Composer(theme, 1000)
    layout = QVBoxLayout(window)
    layout.addStretch(1)
    layout.addWidget(made)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    made.setFocus()
    return made


@pytest.fixture
def sent(composer: Composer) -> list[str]:
    found: list[str] = []
    composer.sent.connect(found.append)
    return found


def write(composer: Composer, text: str) -> None:
    composer.edit.setPlainText(text)


def press(composer: Composer, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        text = "\r" if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) else ""
        QApplication.sendEvent(composer.edit, QKeyEvent(kind, key, modifiers, text))


def send_button(composer: Composer) -> QPushButton:
    return next(button for button in composer.findChildren(QPushButton) if button.accessibleName() == "Send")


@pytest.mark.parametrize(
    ("key", "modifiers"),
    [
        (Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Enter, KEYPAD),
        (Qt.Key.Key_Return, CONTROL),
    ],
)
def test_enter_sends_and_empties_the_field(
    composer: Composer, sent: list[str], key: Qt.Key, modifiers: Qt.KeyboardModifier
) -> None:
    write(composer, f"{HOSTILE}\nsecond line\n")
    press(composer, key, modifiers)
    assert sent == [f"{HOSTILE}\nsecond line"]
    assert composer.edit.toPlainText() == ""


@pytest.mark.parametrize(("key", "modifiers"), [(Qt.Key.Key_Return, SHIFT), (Qt.Key.Key_Enter, SHIFT | KEYPAD)])
def test_shift_and_enter_break_the_line(
    composer: Composer, sent: list[str], key: Qt.Key, modifiers: Qt.KeyboardModifier, qtbot: QtBot
) -> None:
    before = composer.height()
    qtbot.keyClicks(composer.edit, "one")
    press(composer, key, modifiers)
    qtbot.keyClicks(composer.edit, "two")
    assert sent == []
    assert composer.edit.toPlainText() == "one\ntwo"
    qtbot.waitUntil(lambda: composer.height() >= before)
    press(composer, Qt.Key.Key_Return)
    assert sent == ["one\ntwo"]


def test_enter_within_an_input_methods_composition_does_not_send(composer: Composer, sent: list[str]) -> None:
    write(composer, "にほ")
    QApplication.sendEvent(composer.edit, QInputMethodEvent("ん", []))
    press(composer, Qt.Key.Key_Return)
    assert sent == []
    done = QInputMethodEvent("", [])
    done.setCommitString("ん")
    QApplication.sendEvent(composer.edit, done)
    press(composer, Qt.Key.Key_Return)
    assert sorted("".join(sent)) == sorted("にほん")


@pytest.mark.parametrize("blank", INVISIBLE)
def test_blanks_are_never_sent(composer: Composer, sent: list[str], blank: str, qtbot: QtBot) -> None:
    write(composer, blank)
    press(composer, Qt.Key.Key_Return)
    qtbot.mouseClick(send_button(composer), Qt.MouseButton.LeftButton)
    assert sent == []
    assert not send_button(composer).isEnabled()


def test_the_button_sends_too(composer: Composer, sent: list[str], qtbot: QtBot) -> None:
    write(composer, "Hello")
    qtbot.mouseClick(send_button(composer), Qt.MouseButton.LeftButton)
    assert sent == ["Hello"]


def test_near_the_limit_it_counts_down_and_too_much_is_kept_but_not_sent(composer: Composer, sent: list[str]) -> None:
    write(composer, "x" * 500)
    assert texts(composer) == []
    write(composer, "x" * 501)
    assert texts(composer) == ["499 left"]
    write(composer, "🎉" * 1000)
    assert texts(composer) == ["0 left"]
    write(composer, "x" * 1003)
    assert texts(composer) == ["3 too many"]
    assert not send_button(composer).isEnabled()
    press(composer, Qt.Key.Key_Return)
    assert sent == []
    assert composer.edit.toPlainText() == "x" * 1003
    composer.set_max_chars(2000)
    press(composer, Qt.Key.Key_Return)
    assert sent == ["x" * 1003]


def test_it_grows_to_eight_lines_and_scrolls_from_there(composer: Composer, qtbot: QtBot) -> None:
    heights = []
    for lines in range(1, 13):
        write(composer, "\n".join("x" * lines))
        QApplication.processEvents()
        heights.append(composer.height())
    line = composer.edit.fontMetrics().lineSpacing()
    assert heights[0] == 48
    assert [later - sooner for sooner, later in pairwise(heights[1:8])] == [line] * 6
    assert heights[7:] == [heights[7]] * 5
    assert composer.edit.verticalScrollBar().maximum() > 0
    write(composer, "")
    qtbot.waitUntil(lambda: composer.height() == 48)


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_in_a_low_window_it_takes_fewer_lines_and_all_of_it_is_seen(
    composer: Composer, window: QWidget, theme: Theme, qtbot: QtBot, scale: float
) -> None:
    theme.set_scale(scale)
    edit = composer.edit
    write(composer, "\n".join("x" * 12))
    edit.moveCursor(QTextCursor.MoveOperation.End)
    qtbot.waitUntil(lambda: composer.height() >= 150)
    for height, most in ((600, 220), (480, 180), (300, 140), (480, 180), (600, 220)):
        window.resize(600, height)
        qtbot.waitUntil(lambda most=most: composer.height() <= most)
        qtbot.waitUntil(lambda: window.rect().contains(composer.geometry()))
        qtbot.waitUntil(lambda: edit.viewport().rect().contains(edit.cursorRect()))
    qtbot.waitUntil(lambda: composer.height() >= 150)


def test_a_long_word_wraps(composer: Composer, qtbot: QtBot) -> None:
    write(composer, "x" * 300)
    qtbot.waitUntil(lambda: composer.height() > 80)
    assert composer.edit.horizontalScrollBar().maximum() == 0


def paste(text: str) -> QMimeData:
    """Return what another program, such as a terminal, puts on the clipboard."""
    data = QMimeData()
    data.setText(text)
    return data


def test_pasted_text_is_sent_as_the_page_would_send_it(composer: Composer, sent: list[str]) -> None:
    crossing = [
        (text, content) for text, content in SENT if "\ufffd" not in content
    ]  # Python passes no lone surrogates to Qt
    for text, _ in crossing:
        composer.edit.insertFromMimeData(paste(text))
        press(composer, Qt.Key.Key_Return)
        write(composer, "")
    assert sent == [content for _, content in crossing if content]


@pytest.mark.parametrize("how", ["pasted", "dropped", "from an input method", "typed"])
def test_text_is_cleaned_however_it_comes_in(composer: Composer, sent: list[str], how: str, qtbot: QtBot) -> None:
    text = "10\u00a0km\x0b\x1b[31mred\x1b[0m\0"
    match how:
        case "pasted":
            QApplication.clipboard().setText(text)
            composer.edit.paste()
            assert composer.edit.text == "10\u00a0km\nred"
        case "dropped":
            data, none = paste(text), Qt.KeyboardModifier.NoModifier
            for kind in (QDragEnterEvent, QDropEvent):
                event = kind(QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, none)
                QApplication.sendEvent(composer.edit.viewport(), event)
        case "from an input method":
            composed = QInputMethodEvent("", [])
            composed.setCommitString(text)
            QApplication.sendEvent(composer.edit, composed)
        case "typed":
            qtbot.keyClicks(composer.edit, "10\u00a0km")
            press(composer, Qt.Key.Key_Return, SHIFT)
            qtbot.keyClicks(composer.edit, "red")
    press(composer, Qt.Key.Key_Return)
    assert sent == ["10\u00a0km\nred"]


def test_copied_cut_or_undone_text_is_as_written(composer: Composer) -> None:
    text = "10\u00a0km\n\u202f5\u2009%"
    composer.edit.insertFromMimeData(paste(text))
    composer.edit.selectAll()
    composer.edit.copy()
    assert QApplication.clipboard().text() == text
    composer.edit.cut()
    assert (composer.edit.text, QApplication.clipboard().text()) == ("", text)
    composer.edit.undo()
    assert composer.edit.text == text
    composer.edit.undo()
    assert composer.edit.text == ""


def test_a_copy_that_is_still_on_the_clipboard_at_the_end_does_not_crash_the_program() -> None:
    subprocess.run([sys.executable, "-c", COPYING], check=True, timeout=60)


def test_pasted_text_is_plain(composer: Composer, sent: list[str]) -> None:
    rich = QMimeData()
    rich.setHtml("<b>bold</b><img src='file:///etc/passwd'>")
    rich.setText("bold")
    QApplication.clipboard().setMimeData(rich)
    composer.edit.paste()
    press(composer, Qt.Key.Key_Return)
    assert sent == ["bold"]


def test_typing_is_emitted_while_writing_only(composer: Composer, qtbot: QtBot) -> None:
    told: list[bool] = []
    composer.typing.connect(told.append)
    qtbot.keyClicks(composer.edit, "Hi")
    composer.set_max_chars(900)
    composer.set_max_chars(900)
    assert told == [True, True]
    press(composer, Qt.Key.Key_Return)
    assert told == [True, True, False]
    write(composer, "/help")
    assert told[-1] is False


def test_a_draft_is_restored_without_emitting_typing(composer: Composer, sent: list[str], qtbot: QtBot) -> None:
    write(composer, "meanwhile")
    with qtbot.assertNotEmitted(composer.typing):
        composer.restore_draft("10\u00a0km\x0bfar")
    assert composer.edit.text == "10\u00a0km\nfar\nmeanwhile"
    press(composer, Qt.Key.Key_Return)
    assert sent == ["10\u00a0km\nfar\nmeanwhile"]


def test_the_hint_is_one_line_however_narrow(composer: Composer, window: QWidget, qtbot: QtBot) -> None:
    composer.set_hint("Write a first message. It waits for them.")
    assert composer.edit.placeholderText() == "Write a first message. It waits for them."
    window.setFixedWidth(200)
    qtbot.waitUntil(lambda: composer.edit.placeholderText().endswith("…"))
    assert composer.edit.accessibleDescription() == "Write a first message. It waits for them."


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_nothing_is_cut_at_any_size_of_text(
    composer: Composer, theme: Theme, window: QWidget, scale: float, qtbot: QtBot
) -> None:
    theme.set_scale(scale)
    write(composer, "x" * 1003)
    qtbot.waitUntil(lambda: clipped(composer) == [])
    assert composer.edit.viewport().font().pixelSize() == composer.edit.font().pixelSize() == theme.px(15)


def test_a_click_beside_the_text_focuses_it_and_tab_leaves(composer: Composer, qtbot: QtBot) -> None:
    send_button(composer).setFocus()
    qtbot.mouseClick(composer, Qt.MouseButton.LeftButton, pos=composer.rect().bottomLeft())
    assert composer.edit.hasFocus()
    write(composer, "Hi")
    qtbot.keyClick(composer.edit, Qt.Key.Key_Tab)
    assert composer.edit.toPlainText() == "Hi"
    assert not composer.edit.hasFocus()
    assert unnamed(composer) == []


def test_focused_its_edge_is_thicker(composer: Composer) -> None:
    focused = composer.grab().toImage()
    send_button(composer).setEnabled(True)
    send_button(composer).setFocus()
    assert composer.grab().toImage() != focused
