"""Icons: in the colour of a role, and growing with the text."""

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.icon import Icon


def test_it_shows_the_icon_in_the_colour_given_last(qtbot: QtBot, qapp: QApplication) -> None:
    theme = Theme(qapp, "light")
    icon = Icon(theme, "check", "success")
    qtbot.addWidget(icon)
    before = icon.grab().toImage()
    icon.set_icon("check", "danger")
    assert icon.grab().toImage() != before
    pixels = icon.grab().toImage()
    inks = {pixels.pixelColor(x, y).name() for x in range(20) for y in range(20)}
    assert theme.color("danger").name() in inks


def test_it_grows_with_the_text(qapp: QApplication) -> None:
    theme = Theme(qapp, "light", 1.5)
    assert Icon(theme, "clock", size=16).sizeHint().toTuple() == (24, 24)
