"""Measurements of pictures of the window and the page."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QBitmap, QColor, QImage, QRegion


def ink(image: QImage, text: QColor, ground: QColor) -> float:
    """Return how much ink a picture has, as the number of pixels that it would fill completely."""

    def light(color: QColor) -> int:
        return color.red() + color.green() + color.blue()

    darkest, span = light(ground), light(text) - light(ground)
    every = (image.pixelColor(x, y) for y in range(image.height()) for x in range(image.width()))
    return sum((light(color) - darkest) / span for color in every)


def extent(image: QImage, *colors: QColor) -> QRect:
    """Return the smallest rectangle that holds all pixels of these colours."""
    around = QRect()
    for color in colors:
        around = around.united(_holding(image.createMaskFromColor(color.rgba(), Qt.MaskMode.MaskInColor)))
    assert not around.isEmpty(), "no pixel has these colours"
    return around


def painted(image: QImage, ground: QColor) -> QRect:
    """Return the smallest rectangle that holds all pixels which are not background."""
    around = _holding(image.createMaskFromColor(ground.rgba(), Qt.MaskMode.MaskOutColor))
    assert not around.isEmpty(), "every pixel is background"
    return around


def _holding(mask: QImage) -> QRect:
    mask.invertPixels()  # what a mask marks is white, and what a region takes from a bitmap is black
    return QRegion(QBitmap.fromImage(mask)).boundingRect()
