"""The lamp: lit in brass with a paler ring, or an empty ring."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.lamp import Lamp, paint_lamp


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


def painted(paint: Callable[[QPainter], None]) -> QImage:
    image = QImage(200, 200, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    paint(painter)
    painter.end()
    return image


def test_a_lamp_that_is_out_is_an_empty_ring(qapp: QApplication) -> None:
    theme = Theme(qapp, "light")
    on = painted(lambda painter: paint_lamp(painter, QPointF(100, 100), theme, large=True))
    off = painted(lambda painter: paint_lamp(painter, QPointF(100, 100), theme, on=False, large=True))
    assert on.pixelColor(100, 100) == theme.color("lamp")
    assert off.pixelColor(100, 100).alpha() == 0
    assert any(off.pixelColor(x, 100).alpha() for x in range(85, 100))
