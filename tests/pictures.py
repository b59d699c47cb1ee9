"""Measurements of pictures of the window and the page."""

from PySide6.QtGui import QColor, QImage


def ink(image: QImage, text: QColor, ground: QColor) -> float:
    """Return how much ink a picture has, as the number of pixels that it would fill completely."""

    def light(color: QColor) -> int:
        return color.red() + color.green() + color.blue()

    darkest, span = light(ground), light(text) - light(ground)
    every = (image.pixelColor(x, y) for y in range(image.height()) for x in range(image.width()))
    return sum((light(color) - darkest) / span for color in every)
