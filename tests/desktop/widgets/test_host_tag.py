"""The tag of who hosts: as large as drawn, growing with the text."""

import pytest
from PySide6.QtGui import QImage, QPainter

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.host_tag import paint_tag, tag_size


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("name", ["light", "dark", "high-contrast"])
def test_it_is_painted_as_large_as_it_says(theme: Theme, name: str, scale: float) -> None:
    theme.choose(name)
    theme.set_scale(scale)
    size = tag_size(theme).toSize()
    image = QImage(100, 60, QImage.Format.Format_RGB32)
    image.fill(theme.color("surface"))
    painter = QPainter(image)
    paint_tag(painter, 10, 30, theme)
    painter.end()
    ground = theme.color("surface").rgb()
    inked = [(x, y) for x in range(100) for y in range(60) if image.pixel(x, y) != ground]
    xs, ys = [x for x, _ in inked], [y for _, y in inked]
    assert (min(xs), max(xs) + 1) == (10, 10 + size.width())
    assert (min(ys), max(ys) + 1) == (30 - size.height() // 2, 30 + size.height() // 2)
    if scale == 1.0:
        assert size.toTuple() == (35, 18)
