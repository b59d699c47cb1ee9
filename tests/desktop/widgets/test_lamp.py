"""The lamp: brass in a pale ring, as large as the text."""

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.lamp import Lamp


def test_its_middle_is_brass_and_its_ring_paler(qtbot: QtBot, qapp: QApplication) -> None:
    theme = Theme(qapp, "light", 2.0)
    lamp = Lamp(theme)
    qtbot.addWidget(lamp)
    lamp.resize(lamp.sizeHint())
    image = lamp.grab().toImage()
    assert lamp.sizeHint().toTuple() == (24, 24)
    assert image.pixelColor(12, 12) == theme.color("lamp")
    assert image.pixelColor(3, 12) not in (theme.color("lamp"), theme.color("background"))


def test_beside_a_heading_it_is_larger(qtbot: QtBot, qapp: QApplication) -> None:
    theme = Theme(qapp, "light")
    lamp, large = Lamp(theme), Lamp(theme, large=True)
    for made in (lamp, large):
        qtbot.addWidget(made)
        made.resize(made.sizeHint())
    assert large.width() > 1.5 * lamp.width()
    assert large.grab().toImage().pixelColor(large.rect().center()) == theme.color("lamp")
