"""Text has the weight of its outlines in every theme."""

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter, QPainterPath
from PySide6.QtWidgets import QApplication

from chatdesk.desktop.theme import Theme
from tests.pictures import ink

WORDS = "Left motor on bench 4 spins backwards. I swapped the leads and it is the same."


def picture(theme: Theme, token: str, *, outlines: bool = False) -> QImage:
    image = QImage(900, 40, QImage.Format.Format_RGB32)
    image.fill(theme.color("surface"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(theme.font(token))
    painter.setPen(theme.color("text"))
    if outlines:
        path = QPainterPath()
        path.addText(QPointF(8, 28), theme.font(token), WORDS)
        painter.fillPath(path, theme.color("text"))
    else:
        painter.drawText(QPointF(8, 28), WORDS)
    painter.end()
    return image


@pytest.mark.parametrize("token", ["small", "message", "title", "code"])
@pytest.mark.parametrize("name", ["light", "dark", "high-contrast"])
def test_letters_are_as_heavy_as_their_outlines(qapp: QApplication, name: str, token: str) -> None:
    theme = Theme(qapp, name)
    colors = theme.color("text"), theme.color("surface")
    outlines = ink(picture(theme, token, outlines=True), *colors)
    assert ink(picture(theme, token), *colors) == pytest.approx(outlines, rel=0.05)
