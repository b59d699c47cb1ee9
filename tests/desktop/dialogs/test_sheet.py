"""Sheets cover the window, keep the focus, and give it back."""

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from chatdesk.desktop.dialogs.sheet import Sheet
from chatdesk.desktop.theme import Theme


class Window(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.before, self.after = QLineEdit(), QPushButton("behind")
        layout = QVBoxLayout(self)
        layout.addWidget(self.before)
        layout.addWidget(self.after)
        self.sheet = Sheet(theme, self, QSize(300, 200))
        content = QWidget()
        self.one, self.two = QPushButton("one"), QPushButton("two")
        row = QVBoxLayout(content)
        row.addWidget(self.one)
        row.addWidget(self.two)
        self.sheet.set_content(content)


@pytest.fixture
def window(qtbot: QtBot, theme: Theme) -> Window:
    made = Window(theme)
    qtbot.addWidget(made)
    made.resize(640, 480)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.before.setFocus()
    made.sheet.open(made.one)
    return made


def test_it_covers_the_window_and_goes_with_its_size(window: Window, qtbot: QtBot) -> None:
    assert window.sheet.geometry() == window.rect()
    window.resize(800, 600)
    qtbot.waitUntil(lambda: window.sheet.geometry() == window.rect())


@pytest.mark.parametrize("key", [Qt.Key.Key_Tab, Qt.Key.Key_Backtab])
def test_the_keys_go_round_within_it(window: Window, key: Qt.Key) -> None:
    seen = []
    for _ in range(5):
        QTest.keyClick(window.windowHandle(), key)
        seen.append(QApplication.focusWidget())
    assert seen == [window.two, window.one, window.two, window.one, window.two]


def test_escape_closes_it_and_the_focus_goes_back(window: Window) -> None:
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Escape)
    assert window.sheet.isHidden()
    assert window.before.hasFocus()


def test_a_click_on_the_scrim_closes_it_and_reaches_nothing_else(window: Window, qtbot: QtBot) -> None:
    pressed: list[bool] = []
    window.after.clicked.connect(pressed.append)
    corner = window.after.geometry().bottomLeft() + QPoint(4, -4)
    QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, pos=corner)
    assert window.sheet.isHidden()
    assert not pressed


def test_a_click_on_the_card_does_not_close_it(window: Window, theme: Theme, qtbot: QtBot) -> None:
    QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, pos=QPoint(320, 160))
    assert window.sheet.isVisible()


def test_what_had_the_focus_may_be_gone(window: Window, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.before.destroyed):
        window.before.deleteLater()
    window.sheet.dismiss()
    assert window.sheet.isHidden()


def test_opened_twice_it_still_knows_where_the_focus_was(window: Window) -> None:
    window.sheet.open(window.two)
    assert window.two.hasFocus()
    window.sheet.dismiss()
    assert window.before.hasFocus()


@pytest.mark.parametrize("name", ["light", "dark", "high-contrast"])
def test_the_card_is_raised_and_the_window_behind_it_darker(
    window: Window, theme: Theme, qtbot: QtBot, name: str
) -> None:
    theme.choose(name)
    scrim = theme.color("scrim")

    def behind() -> int:
        return abs(window.grab().toImage().pixelColor(20, 470).red() - theme.color("background").red())

    assert window.grab().toImage().pixelColor(320, 160) == theme.color("surface-raised")
    if name == "light":
        qtbot.waitUntil(lambda: behind() >= int((theme.color("background").red() - scrim.red()) * scrim.alphaF()) - 2)


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_card_grows_with_the_text_but_stays_in_the_window(window: Window, theme: Theme, scale: float) -> None:
    theme.set_scale(scale)
    window.resize(400, 300)
    card = window.sheet.childAt(window.sheet.rect().center())
    while card is not None and card.parentWidget() is not window.sheet:
        card = card.parentWidget()
    assert card is not None
    assert window.sheet.rect().adjusted(16, 16, -16, -4).contains(card.geometry())
