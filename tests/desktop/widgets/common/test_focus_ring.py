"""The focus ring appears for keys, not for clicks."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import Button
from chatdesk.desktop.widgets.common.focus_ring import FocusRing


class Window(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.edit, self.one, self.two = QLineEdit(), Button(theme, "One"), Button(theme, "Two")
        layout = QHBoxLayout(self)
        for part in (self.edit, self.one, self.two):
            layout.addWidget(part)
        self.ring = FocusRing(theme, self)


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication) -> Window:
    made = Window(Theme(qapp, "light"))
    qtbot.addWidget(made)
    made.show()
    with qtbot.waitActive(made):
        made.activateWindow()
    made.edit.setFocus()
    return made


def tab(window: Window) -> None:
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Tab)


def test_it_surrounds_the_focused_button_two_pixels_away(window: Window) -> None:
    tab(window)
    assert window.one.hasFocus()
    assert window.ring.isVisible()
    assert window.ring.geometry() == window.one.geometry().adjusted(-4, -4, 4, 4)
    tab(window)
    assert window.ring.geometry() == window.two.geometry().adjusted(-4, -4, 4, 4)


def test_a_click_hides_it(window: Window, qtbot: QtBot) -> None:
    tab(window)
    QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, pos=window.two.geometry().center())
    assert not window.ring.isVisible()


def test_a_field_shows_its_own_edge_instead(window: Window) -> None:
    tab(window)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert window.edit.hasFocus()
    assert not window.ring.isVisible()


def test_it_follows_a_button_that_moves_or_hides(window: Window) -> None:
    tab(window)
    window.one.move(window.one.x(), window.one.y() + 3)
    assert window.ring.y() == window.one.y() - 4
    window.one.hide()
    assert window.ring.geometry() != window.one.geometry().adjusted(-4, -4, 4, 4)


def test_it_follows_the_parent_of_the_button(window: Window) -> None:
    window.resize(300, 200)
    card = QWidget(window)
    button = Button(Theme(QApplication.instance(), "light"), "On a card")
    button.setParent(card)
    card.show()
    tab(window)
    button.setFocus()
    card.move(20, 20)
    assert window.ring.geometry().center() == button.rect().translated(button.mapTo(window, QPoint(0, 0))).center()


def test_a_focused_button_may_be_deleted(window: Window, qtbot: QtBot) -> None:
    tab(window)
    with qtbot.waitSignal(window.one.destroyed):
        window.one.deleteLater()
    window.two.setFocus()
    assert window.ring.geometry() == window.two.geometry().adjusted(-4, -4, 4, 4)


def test_at_the_edge_of_the_window_it_lies_within(window: Window) -> None:
    tab(window)
    window.layout().setEnabled(False)
    window.one.move(0, 0)
    assert window.ring.geometry().topLeft() == window.rect().topLeft()
    assert window.ring.geometry().bottomRight() == window.one.geometry().adjusted(0, 0, 4, 4).bottomRight()
    window.one.move(window.width() - window.one.width(), 20)
    assert window.ring.geometry().right() == window.rect().right()
    image = window.ring.grab().toImage()
    ring = Theme(QApplication.instance(), "light").color("focus")
    assert image.pixelColor(image.width() - 1, image.height() // 2) == ring
