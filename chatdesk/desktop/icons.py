"""Icons from ``resources/icons``: drawn on a grid of 20, in the colour of the text beside them."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from chatdesk.desktop.theme import Theme
from chatdesk.paths import resources

_RATIOS = (1, 2, 3)
"""Device pixels per pixel for which an icon has a picture."""


def icon(theme: Theme, name: str, role: str = "text-muted", size: int = 20) -> QIcon:
    """Return an icon in a role's colour, ``size`` in pixels. Ask again when the theme has changed."""
    drawn = QIcon()
    for ratio in _RATIOS:
        drawn.addPixmap(pixmap(theme, name, role, size, ratio))
    return drawn


def pixmap(theme: Theme, name: str, role: str = "text-muted", size: int = 20, ratio: float = 1.0) -> QPixmap:
    """Return the icon as one picture; ``ratio`` is device pixels per pixel."""
    return QPixmap.fromImage(_image(name, theme.color(role).name(), size, ratio))


def paint_icon(painter: QPainter, rect: QRectF, name: str, color: QColor) -> None:
    """Draw an icon into a square, at the resolution of the painter's device."""
    painter.drawImage(rect, _image(name, color.name(), round(rect.width()), painter.device().devicePixelRatioF()))


def app_icon() -> QIcon:
    """Return the program's icon, at the sizes that window systems ask for."""
    drawn = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        drawn.addPixmap(QPixmap.fromImage(_image("mark", "", size, 1.0)))
    return drawn


@lru_cache(maxsize=512)
def _image(name: str, color: str, size: int, ratio: float) -> QImage:
    pixels = round(size * ratio)
    image = QImage(pixels, pixels, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    _renderer(name, color).render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    image.setDevicePixelRatio(ratio)
    return image


def _renderer(name: str, color: str) -> QSvgRenderer:
    text = (resources() / "icons" / f"{name}.svg").read_text("utf-8")
    return QSvgRenderer(QByteArray(text.replace("currentColor", color).encode()))
