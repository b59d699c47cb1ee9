"""Shapes that several widgets draw."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.shapes import bubble, paint_lamp, paint_panel, paint_shadow


def painted(paint: Callable[[QPainter], None]) -> QImage:
    image = QImage(200, 200, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    paint(painter)
    painter.end()
    return image


def test_a_panel_is_filled_to_its_edge_and_round_at_its_corners(qapp: QApplication) -> None:
    theme = Theme(qapp, "light")
    fill, edge = theme.color("surface-raised"), theme.color("border-strong")
    image = painted(lambda painter: paint_panel(painter, QRectF(50, 50, 100, 100), 16, fill, edge))
    assert image.pixelColor(100, 100) == fill
    assert image.pixelColor(50, 100) == edge
    assert image.pixelColor(49, 100).alpha() == image.pixelColor(51, 51).alpha() == 0


def test_a_shadow_fades_outwards_and_lies_below(qapp: QApplication) -> None:
    theme = Theme(qapp, "light")
    image = painted(lambda painter: paint_shadow(painter, QRectF(50, 50, 100, 100), 10, theme, "float"))
    down = [image.pixelColor(100, y).alpha() for y in range(150, 176)]
    assert down == sorted(down, reverse=True)
    assert down[0] > 3 * down[18] > 0
    assert down[-1] == 0
    assert image.pixelColor(100, 155).alpha() > image.pixelColor(100, 44).alpha()


def test_high_contrast_has_no_shadow(qapp: QApplication) -> None:
    theme = Theme(qapp, "high-contrast")
    image = painted(lambda painter: paint_shadow(painter, QRectF(50, 50, 100, 100), 10, theme, "sheet"))
    assert image.pixelColor(100, 160).alpha() == 0


def test_a_lamp_that_is_out_is_an_empty_ring(qapp: QApplication) -> None:
    theme = Theme(qapp, "light")
    lit = painted(lambda painter: paint_lamp(painter, QPointF(100, 100), theme, large=True))
    out = painted(lambda painter: paint_lamp(painter, QPointF(100, 100), theme, lit=False, large=True))
    assert lit.pixelColor(100, 100) == theme.color("lamp")
    assert out.pixelColor(100, 100).alpha() == 0
    assert any(out.pixelColor(x, 100).alpha() for x in range(85, 100))


def test_a_bubble_stands_on_the_desk() -> None:
    path = bubble(QRectF(0, 0, 60, 40), 8, 60, (20, 36, 26))
    assert path.boundingRect().bottom() == 60
    assert path.contains(QPointF(30, 20))
    assert path.contains(QPointF(22, 58))
    assert not path.contains(QPointF(40, 58))
