"""Comparison of a picture with the approved one.

Slight differences in the antialiasing of letters are accepted. Anything that is missing, or has moved by a pixel,
differs in many pixels close to each other, and is reported.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter

_LEVELS = 3
"""The largest difference of a channel, of 255, that is ignored: antialiasing differs by less, every token by more."""
_TILE = 32  # pixels a side: small enough that what differs is dense in it
_PIXELS = 8
"""The number of pixels of a tile that may differ; a moved hairline differs in a whole row of a tile."""
_DIFFERS = bytes(level > _LEVELS for level in range(256))


@dataclass(frozen=True, slots=True)
class Difference:
    """``where`` describes the differing parts, ``marked`` is the approved picture with frames around them."""

    where: str
    marked: QImage


def compare(shown: QImage, approved: QImage) -> Difference | None:
    """Return how a picture differs from the approved one, None if it does not."""
    shown, approved = (image.convertToFormat(QImage.Format.Format_RGB32) for image in (shown, approved))
    if shown.size() != approved.size():
        sizes = " instead of ".join(f"{image.width()}x{image.height()}" for image in (shown, approved))
        return Difference(f"it is {sizes}", shown)
    if shown == approved:
        return None
    tiles = list(_different_tiles(_difference(shown, approved)))
    if not tiles:
        return None
    return Difference(_where(tiles), _framed(shown, tiles))


def _difference(shown: QImage, approved: QImage) -> QImage:
    difference = shown.copy()
    painter = QPainter(difference)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Difference)
    painter.drawImage(0, 0, approved)
    painter.end()
    return difference


def _different_tiles(difference: QImage) -> Iterator[QRect]:
    marks = bytes(difference.constBits()).translate(_DIFFERS)
    # Three of the four bytes of a pixel are channels, the last one is unused.
    planes = [marks[channel::4] for channel in range(3)]
    width, height = difference.width(), difference.height()
    for top, left in product(range(0, height, _TILE), range(0, width, _TILE)):
        tile = QRect(left, top, min(_TILE, width - left), min(_TILE, height - top))
        rows = range(top, top + tile.height())
        if max(_count(plane, tile, width, rows) for plane in planes) > _PIXELS:
            yield tile


def _count(plane: bytes, tile: QRect, width: int, rows: range) -> int:
    return sum(plane.count(1, y * width + tile.left(), y * width + tile.left() + tile.width()) for y in rows)


def _where(tiles: list[QRect]) -> str:
    around = QRect()
    for tile in tiles:
        around = around.united(tile)
    return f"it differs within x {around.left()} to {around.right()}, y {around.top()} to {around.bottom()}"


def _framed(shown: QImage, tiles: list[QRect]) -> QImage:
    marked = shown.copy()
    painter = QPainter(marked)
    painter.setPen(QColor("magenta"))
    for tile in tiles:
        painter.drawRect(tile.adjusted(0, 0, -1, -1))
    painter.end()
    return marked
