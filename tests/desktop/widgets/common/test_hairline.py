"""Hairlines: one pixel at every text size."""

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.hairline import Hairline


def test_it_is_one_pixel_of_border(qtbot: QtBot, qapp: QApplication) -> None:
    theme = Theme(qapp, "dark", 2.0)
    line = Hairline(theme)
    qtbot.addWidget(line)
    assert line.sizeHint().height() == 1
    line.resize(50, 1)
    assert line.grab().toImage().pixelColor(25, 0) == theme.color("border")
