"""Shapes that several widgets paint, and the host's badge."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.painting import (
    Badge,
    badge_size,
    paint_badge,
    paint_panel,
    paint_shadow,
    speech_bubble,
)


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


def test_a_bubble_stands_on_the_desk() -> None:
    path = speech_bubble(QRectF(0, 0, 60, 40), 8, 60, (20, 36, 26))
    assert path.boundingRect().bottom() == 60
    assert path.contains(QPointF(30, 20))
    assert path.contains(QPointF(22, 58))
    assert not path.contains(QPointF(40, 58))


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("words", ["host", "moderator", "bot"])
@pytest.mark.parametrize("name", ["light", "dark", "high-contrast"])
def test_a_badge_is_painted_as_large_as_it_says(theme: Theme, name: str, scale: float, words: Badge) -> None:
    theme.choose(name)
    theme.set_scale(scale)
    size = badge_size(theme, words).toSize()
    image = QImage(160, 60, QImage.Format.Format_RGB32)
    image.fill(theme.color("surface"))
    painter = QPainter(image)
    paint_badge(painter, 10, 30, theme, words)
    painter.end()
    ground = theme.color("surface").rgb()
    inked = [(x, y) for x in range(160) for y in range(60) if image.pixel(x, y) != ground]
    xs, ys = [x for x, _ in inked], [y for _, y in inked]
    assert (min(xs), max(xs) + 1) == (10, 10 + size.width())
    assert (min(ys), max(ys) + 1) == (30 - size.height() // 2, 30 + size.height() // 2)
    if scale == 1.0 and words == "host":
        assert size.toTuple() == (35, 18)
