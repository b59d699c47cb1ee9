"""The invitation for a projector: the QR code at three quarters of the screen's height, the address beside it."""

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QGuiApplication, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from chatdesk.desktop.accessibility.roles import Role
from chatdesk.desktop.invitation import Invitation
from chatdesk.desktop.text import display_address
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.painting import speech_bubble
from chatdesk.desktop.widgets.common.qr_code import paint_qr, qr_image
from chatdesk.protocol.text import isolated

_WIDTH, _HEIGHT = 1280, 720
"""The drawing's size in units, which is scaled to fit the screen; all sizes below are in these units."""

# Units, as in the design; the QR code takes three quarters of the height.
_MARGIN = 64
_QR_SIDE = 550
_TEXT_LEFT = _MARGIN + _QR_SIDE + 56
_DESK_FROM_BOTTOM = 70
_DESK_HEIGHT = 12
_REGULAR = QFont.Weight.Normal
_ADDRESS = 0.042
"""Size of the address, as a part of the screen's width: readable from the back of a hall."""


class Projector(QWidget):
    """Fills a screen, if possible another one than ``window``'s. Escape or a click closes it."""

    accessible_role = Role.Window

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window, Qt.WindowType.Window)
        self._theme, self._window = theme, window
        self._room = ""
        self._invitation: Invitation | None = None
        self._people = 0
        self._code = QImage()
        self.setWindowTitle("ChatDesk")
        self.setCursor(Qt.CursorShape.BlankCursor)
        theme.changed.connect(self.update)

    def set_invitation(self, invitation: Invitation | None) -> None:
        """Show this invitation; None without a network."""
        self._invitation = invitation
        self._code = qr_image(invitation.url) if invitation else QImage()
        self._describe()

    def show_for(self, room: str) -> None:
        """Open with the name of the room."""
        self._room = room
        self._describe()
        here = self._window.screen()
        screen = next((other for other in QGuiApplication.screens() if other is not here), here)
        self.setScreen(screen)
        self.setGeometry(screen.geometry())
        self.showFullScreen()
        self.activateWindow()

    def set_people(self, number: int) -> None:
        """Show how many people are in the room."""
        self._people = number
        self._describe()

    def _describe(self) -> None:
        """Describe all that is painted for screen readers."""
        instruction = f"Scan to join {isolated(self._room)}, or open a browser at {self._address}"
        self.setAccessibleName(
            instruction if self._invitation else f"Nobody can join {isolated(self._room)}: there is no network"
        )
        more = [f"{what} {name}." for what, name in self._network_labels]
        self.setAccessibleDescription(" ".join([*more, f"{self._people} {self._people_are_in}.", "Escape ends it."]))
        self.update()

    @property
    def _network_labels(self) -> list[tuple[str, str]]:
        """Labels and values of the Wi-Fi to join first and of the short code, if known."""
        invitation = self._invitation
        known = (("Wi-Fi", invitation.wifi), ("Code", invitation.code)) if invitation else ()
        return [(what, name) for what, name in known if name]

    @property
    def _people_are_in(self) -> str:
        return "person is in" if self._people == 1 else "people are in"

    @property
    def _address(self) -> str:
        return display_address(self._invitation.url) if self._invitation else "No network"

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        self.close()

    def paintEvent(self, _event: QPaintEvent) -> None:
        unit = min(self.width() / _WIDTH, self.height() / _HEIGHT)
        width, height = self.width() / unit, self.height() / unit
        top = _MARGIN + (height - _HEIGHT) / 2
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), self._theme.color("hero"))
        # The QR code must be aligned to whole pixels: it is painted unscaled.
        code = QRectF(round(_MARGIN * unit), round(top * unit), round(_QR_SIDE * unit), round(_QR_SIDE * unit))
        paint_qr(painter, code, 24 * unit, self._code, self._theme)
        painter.scale(unit, unit)
        self._paint_desk(painter, QRectF(_MARGIN, height - _DESK_FROM_BOTTOM, width - 2 * _MARGIN, _DESK_HEIGHT))
        painter.translate(_TEXT_LEFT, top)
        self._paint_text(painter, width - _TEXT_LEFT - _MARGIN, _ADDRESS * width)
        painter.end()

    def _paint_desk(self, painter: QPainter, desk: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("hero-line"))
        right, top = desk.right(), desk.top()
        for left, rise, size, radius, tail in (
            (206, 66, QSizeF(84, 46), 14, (189, 165, 180)),
            (100, 88, QSizeF(98, 62), 18, (22, 46, 30)),
        ):
            body = QRectF(QPointF(right - left, top - rise), size)
            painter.drawPath(speech_bubble(body, radius, top, (right - tail[0], right - tail[1], right - tail[2])))
        painter.setBrush(self._theme.color("lamp"))
        painter.drawRoundedRect(desk, _DESK_HEIGHT / 2, _DESK_HEIGHT / 2)

    def _paint_text(self, painter: QPainter, width: float, address: float) -> None:
        """Paint from the code's upper edge down: room, what to do, address; at its lower edge the number of people."""
        painter.setBrush(self._theme.color("lamp"))
        painter.drawEllipse(QPointF(7, 16), 7, 7)
        small = self._font("display", 26, _REGULAR)
        self._write(painter, self._room, QRectF(28, -8, width - 28, 48), small, "hero-muted")
        large = self._font("display", 52)
        self._write(painter, "Scan to join,", QRectF(0, 46, width, 60), large)
        self._write(painter, "or open a browser at", QRectF(0, 106, width, 60), large)
        self._write(painter, self._address, QRectF(0, 196, width, 84), self._address_font(width, address))
        self._paint_network_labels(painter, width)
        figure = self._font("display", 46)
        number = QFontMetricsF(figure).horizontalAdvance(str(self._people)) + 16
        self._write(painter, str(self._people), QRectF(0, 479, number, 60), figure)
        self._write(painter, self._people_are_in, QRectF(number, 491, width - number, 48), small, "hero-muted")

    def _paint_network_labels(self, painter: QPainter, width: float) -> None:
        """Paint Wi-Fi and short code below the address."""
        left = 0.0
        for what, name in self._network_labels:
            rect = QRectF(left, 298, width - left, 48)
            label = self._write(painter, what, rect, self._font("display", 26, _REGULAR), "hero-muted")
            rect.setLeft(left + label + 8)
            left = rect.left() + self._write(painter, name, rect, self._font("display", 26)) + 24

    def _write(self, painter: QPainter, text: str, rect: QRectF, font: QFont, role: str = "hero-text") -> float:
        """Paint one line, elided if it is too long; returns the width that it takes."""
        painter.setFont(font)
        painter.setPen(self._theme.color(role))
        shown = self._elided(text, font, rect.width())
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        return QFontMetricsF(font).horizontalAdvance(shown)

    def _elided(self, text: str, font: QFont, width: float) -> str:
        return QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, width)

    def _address_font(self, width: float, size: float) -> QFont:
        """Return a font small enough for the whole address, which is never elided."""
        font = self._font("projector", size)
        while self._elided(self._address, font, width) != self._address and size > 1:
            size -= 1  # one by one: letters do not grow evenly with their size
            font = self._font("projector", size)
        return font

    def _font(self, style: str, size: float, weight: QFont.Weight = QFont.Weight.DemiBold) -> QFont:
        font = self._theme.font(style, tabular=True)
        font.setPixelSize(int(size))
        font.setWeight(weight)
        font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 100 if style == "projector" else 98)
        return font
