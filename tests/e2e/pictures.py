"""Find where something is in a screenshot."""

from collections.abc import Callable

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage

_PIXEL = 4  # bytes, in RGB32


def area_of(picture: QImage, color: str) -> QRect:
    """Return the smallest rectangle around all pixels of this colour; empty if there is none."""
    wanted = QColor(color).rgb().to_bytes(_PIXEL, "little")
    return _area(picture, lambda _y, row: [place for place in (_first(row, wanted), _last(row, wanted)) if place >= 0])


def area_changed(before: QImage, after: QImage) -> QRect:
    """Return the smallest rectangle around all pixels that differ."""
    rows = _rows(before)
    return _area(after, lambda y, row: [place for place, byte in enumerate(row) if byte != rows[y][place]])


def _area(picture: QImage, wanted: Callable[[int, bytes], list[int]]) -> QRect:
    """Return the smallest rectangle around the wanted bytes of each row."""
    found = QRect()
    for y, row in enumerate(_rows(picture)):
        if places := wanted(y, row):
            left, right = places[0] // _PIXEL, places[-1] // _PIXEL
            found |= QRect(left, y, right - left + 1, 1)
    return found


def _rows(picture: QImage) -> list[bytes]:
    data = picture.convertToFormat(QImage.Format.Format_RGB32).constBits().tobytes()
    width = picture.width() * _PIXEL
    return [data[start : start + width] for start in range(0, len(data), width)]


def _first(row: bytes, pixel: bytes) -> int:
    place = row.find(pixel)
    while place % _PIXEL and place >= 0:
        place = row.find(pixel, place + 1)
    return place


def _last(row: bytes, pixel: bytes) -> int:
    place = row.rfind(pixel)
    while place % _PIXEL and place >= 0:
        place = row.rfind(pixel, 0, place + _PIXEL - 1)
    return place
