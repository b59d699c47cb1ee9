"""QR codes that a phone reads from across a room: modules of whole pixels, on white in every theme."""

from functools import lru_cache

import segno
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from chatdesk.desktop.accessibility.roles import Role
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.painting import paint_panel

_QUIET_ZONE = 4
"""Modules of white around the code that the standard asks for."""

MIN_SIDE = 124
"""Pixels of the smallest code that phones read: three to a module, for the longest address."""

# Pixels of the design, at 100 percent text.
_RADIUS = 16
_KEPT = 8
"""Codes that are kept: sheet, projector and sidebar show the same address, and each is told of every change."""
_PRINT_MODULE = 24
"""Pixels of a module in a saved picture: printed over the width of a page, the modules stay sharp."""


class QrCode(QWidget):
    """A white square of at most ``max_side`` pixels with the code in its middle."""

    accessible_role = Role.Graphic

    def __init__(self, theme: Theme, max_side: int) -> None:
        super().__init__()
        self._theme, self._max_side, self._side = theme, max_side, max_side
        self._code = QImage()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def set_url(self, url: str) -> None:
        """Show the code of this address."""
        self._code = qr_image(url)
        self.setAccessibleName(f"QR code of {url}")
        self.update()

    def fit_to_size(self, width: int, height: int) -> int:
        """Use what there is of this room, in pixels, as a cut code cannot be read; returns the side that is used."""
        self._side = max(MIN_SIDE, min(self._max_side, width, height))
        self.updateGeometry()
        return self._side

    def sizeHint(self) -> QSize:
        return QSize(1, 1) * self._side

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_qr(painter, QRectF(self.rect()), _RADIUS, self._code, self._theme, border=self._theme.color("border"))
        painter.end()


def qr_image(text: str) -> QImage:
    """Return the code without its margin, one pixel to a module; black is 0 and white is 1."""
    matrix = _modules(text)
    image = QImage(len(matrix), len(matrix), QImage.Format.Format_Mono)
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            image.setPixel(x, y, 0 if dark else 1)
    return image


@lru_cache(maxsize=_KEPT)
def _modules(text: str) -> tuple[bytes, ...]:
    return tuple(map(bytes, segno.make(text, micro=False).matrix))


def qr_print_image(text: str) -> QImage:
    """Return the code with its margin, large enough to be printed."""
    code = qr_image(text)
    side = code.width() + 2 * _QUIET_ZONE
    picture = QImage(side, side, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.white)
    painter = QPainter(picture)
    painter.drawImage(_QUIET_ZONE, _QUIET_ZONE, code)
    painter.end()
    return picture.scaled(picture.size() * _PRINT_MODULE)


def paint_qr(
    painter: QPainter, square: QRectF, radius: float, code: QImage, theme: Theme, border: QColor | None = None
) -> None:
    """Draw a panel with the code, as large as whole device pixels per module and the margin allow."""
    paint_panel(painter, square, radius, theme.color("qr-light"), border)
    if code.isNull():
        return
    code.setColorTable([theme.color("qr-dark").rgb(), theme.color("qr-light").rgb()])
    ratio = painter.device().devicePixelRatioF()
    module = int(square.width() * ratio / (code.width() + 2 * _QUIET_ZONE))
    side = module * code.width() / ratio
    left, top = (
        round((start + (square.width() - side) / 2) * ratio) / ratio for start in (square.left(), square.top())
    )
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(QRectF(left, top, side, side), code)
    painter.restore()
