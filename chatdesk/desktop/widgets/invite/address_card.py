"""The card with the address for others, always visible in the host's sidebar."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from chatdesk.desktop.icons import paint_icon
from chatdesk.desktop.invitation import Invitation
from chatdesk.desktop.text import NO_NETWORK, display_address
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import SOFT, Button, ButtonLook
from chatdesk.desktop.widgets.common.painting import paint_panel, paint_shadow
from chatdesk.desktop.widgets.common.tooltip import set_tooltip

_ADDRESS = ButtonLook(None, "raised-hover", "text")
_INVITE = "QR code and address for others"
_NO_NETWORK = "No network"
# Pixels of the design, at 100 percent text.
_ICON, _ICON_LEFT, _TEXT_LEFT = 18, 10, 39


class AddressCard(QWidget):
    """Copies the address on a click and emits ``copied``; its button emits ``invite_requested``.

    Without a network, a click on the address emits ``invite_requested``, too.
    """

    copied = Signal()
    invite_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._address = _Address(theme)
        self._invite = Button(theme, "Invite", SOFT)
        set_tooltip(self._invite, _INVITE, _INVITE)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 4, 8, 4)
        layout.setSpacing(4)
        layout.addWidget(self._address, 1)
        layout.addWidget(self._invite)
        self._invite.clicked.connect(self.invite_requested)
        self._address.clicked.connect(self._copy)
        theme.changed.connect(self._apply_theme)
        self._apply_theme()

    def set_invitation(self, invitation: Invitation | None) -> None:
        """Show the address; None shows that there is no network."""
        self._address.set_url(invitation.url if invitation else "")

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme, radius = self._theme, self._theme.tokens["radius"]["card"]
        rect = QRectF(self.rect()).adjusted(0, 0, 0, -1)
        paint_shadow(painter, rect, radius, theme, "rest")
        paint_panel(painter, rect, radius, theme.color("surface-raised"), theme.color("border"))
        painter.end()

    def _copy(self) -> None:
        if not self._address.url:
            self.invite_requested.emit()  # the sheet says what to do
            return
        QGuiApplication.clipboard().setText(self._address.url)
        self.copied.emit()

    def _apply_theme(self) -> None:
        self.setFixedHeight(self._theme.px(self._theme.tokens["size"]["plate"]) + 1)


class _Address(Button):
    def __init__(self, theme: Theme) -> None:
        self.url = ""
        super().__init__(theme, "", _ADDRESS)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_url(self, url: str) -> None:
        self.url = url
        self.setAccessibleName(f"Address {display_address(url)}, copy" if url else f"{_NO_NETWORK}, what to do")
        set_tooltip(self, f"Copy {url}" if url else NO_NETWORK, "" if url else NO_NETWORK)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(_TEXT_LEFT + 80), self._theme.px(36))

    def _paint_content(self, painter: QPainter, foreground: QColor) -> None:
        theme = self._theme
        side, left = theme.px(_ICON), theme.px(_TEXT_LEFT)
        icon = QRectF(theme.px(_ICON_LEFT), (self.height() - side) // 2, side, side)
        paint_icon(painter, icon, "qr" if self.url else "wifi-off", foreground)
        line = theme.line("small")
        top = self.height() // 2 - line
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("text-muted"))
        painter.drawText(QRectF(left, top, self.width() - left, line), Qt.AlignmentFlag.AlignVCenter, "Address")
        painter.setFont(theme.font("code") if self.url else theme.font("label"))
        painter.setPen(foreground)
        text_rect = QRectF(left, top + line, self.width() - left - 2, line)
        painter.drawText(
            text_rect, Qt.AlignmentFlag.AlignVCenter, _elided_address(self.url, painter.font(), text_rect.width())
        )


def _elided_address(url: str, font: QFont, width: float) -> str:
    """Return the address, elided to ``width`` pixels; a long one loses its ``https://`` first."""
    whole, metrics = display_address(url) or _NO_NETWORK, QFontMetricsF(font)
    shown = whole if metrics.horizontalAdvance(whole) <= width else whole.partition("://")[2] or whole
    return metrics.elidedText(shown, Qt.TextElideMode.ElideMiddle, width)
