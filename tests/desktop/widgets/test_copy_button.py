"""Copy buttons: the clipboard has it, and the button says so for a while."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.copy_button import CopyButton
from tests.desktop.looking import HOSTILE
from tests.desktop.tips import tip


def test_a_click_copies_and_says_so_until_it_can_be_done_again(qtbot: QtBot, qapp: QApplication) -> None:
    theme = Theme(qapp, "light")
    button = CopyButton(theme, "address")
    qtbot.addWidget(button)
    button.set_copied("http://10.0.0.1:8080/")
    wide = button.sizeHint()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "http://10.0.0.1:8080/"
    assert button.text() == "Copied"
    assert button.grab().toImage().pixelColor(5, 16) == theme.color("success-soft")
    assert button.sizeHint() == wide
    qtbot.waitUntil(lambda: button.text() == "Copy")
    assert button.sizeHint() == wide


def test_its_words_may_say_what_is_copied(qtbot: QtBot, qapp: QApplication) -> None:
    button = CopyButton(Theme(qapp, "light"), "report", "Copy report")
    qtbot.addWidget(button)
    button.set_copied("All is well.")
    wide = button.sizeHint()
    button.click()
    assert (button.text(), button.sizeHint()) == ("Copied", wide)
    button.set_copied("All is well.")
    assert (button.text(), button.sizeHint()) == ("Copy report", wide)


def test_another_text_has_not_been_copied_yet(qtbot: QtBot, qapp: QApplication) -> None:
    button = CopyButton(Theme(qapp, "light"), "address")
    qtbot.addWidget(button)
    button.set_copied("one")
    button.click()
    button.set_copied(HOSTILE)
    assert button.text() == "Copy"
    assert "<b>" not in tip(button)
    assert button.accessibleName() == "Copy address"
