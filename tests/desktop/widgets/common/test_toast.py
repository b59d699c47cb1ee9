"""Toasts: one at a time, as plain text, hiding by themselves."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common import toast as module
from chatdesk.desktop.widgets.common.button import Button
from chatdesk.desktop.widgets.common.toast import Toast
from tests.desktop.inspection import HOSTILE, clipped, texts


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    return made


def test_it_shows_one_text_and_hides(qtbot: QtBot, qapp: QApplication, window: QWidget) -> None:
    theme = Theme(qapp, "light")
    assert theme.tokens["motion"]["toastStays"] == 4000
    theme.tokens["motion"]["toastStays"] = 40
    toast = Toast(theme, window)
    toast.show_text("Address copied", done=True)
    toast.show_text(HOSTILE)
    assert texts(toast) == [HOSTILE]
    qtbot.waitUntil(toast.isHidden)


def test_it_is_announced(qapp: QApplication, window: QWidget, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(module, "announce", lambda _source, text: said.append(text))
    Toast(Theme(qapp, "light"), window).show_text("Address copied")
    assert said == ["Address copied"]


def test_what_was_done_can_be_taken_back_once(qtbot: QtBot, qapp: QApplication, window: QWidget) -> None:
    toast, done = Toast(Theme(qapp, "light"), window), list[str]()
    toast.show_text("build is archived", done=True, undo=lambda: done.append("undone"))
    button = toast.findChild(Button)
    assert button is not None
    assert button.isVisible()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    button.click()
    assert (done, toast.isVisible()) == (["undone"], False)
    toast.show_text("plans is archived", done=True, undo=lambda: done.append("again"))
    toast.show_text("Mara has archived this room")
    assert (texts(toast), button.isVisible()) == (["plans is archived"], True), "the other text waits"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert (texts(toast), button.isVisible()) == (["Mara has archived this room"], False)


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_it_stays_at_the_bottom_centre_and_wraps(
    qtbot: QtBot, qapp: QApplication, window: QWidget, scale: float
) -> None:
    toast = Toast(Theme(qapp, "light", scale), window)
    toast.show_text("The host says something that is a good deal longer than a window is wide.", done=True)
    for width in (400, 640):
        window.resize(width, 300)
        qtbot.waitUntil(lambda width=width: abs(toast.geometry().center().x() - width // 2) <= 1)
        assert toast.geometry().bottom() + 1 - 32 == window.height() - 16
        assert clipped(toast) == []
    toast.set_anchor(window, 64)
    toast.show_text("Above what stands at the foot.")
    assert toast.geometry().bottom() + 1 - 32 == window.height() - 16 - 64


def test_it_is_centred_on_its_anchor_and_within_the_window(qapp: QApplication, window: QWidget) -> None:
    part = QWidget(window)
    part.setGeometry(150, 200, 250, 60)
    toast = Toast(Theme(qapp, "light"), window)
    toast.set_anchor(part, 64)
    toast.show_text("Exported")
    assert abs(toast.geometry().center().x() - part.geometry().center().x()) <= 1
    toast.show_text("Exported to a folder whose name is nearly as long as the window is wide")
    assert toast.geometry().right() + 1 - 32 <= window.width() - 16
