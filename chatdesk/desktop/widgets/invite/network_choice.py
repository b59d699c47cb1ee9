"""The choice of the network whose address others are given."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QActionGroup, QColor, QFont, QPainter
from PySide6.QtWidgets import QMenu, QSizePolicy

from chatdesk.desktop.icons import icon, paint_icon
from chatdesk.desktop.invitation import Invitation
from chatdesk.desktop.stylesheet import MENU_ICON
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import SECONDARY, Button
from chatdesk.desktop.widgets.common.screen_reader import open_menu
from chatdesk.desktop.widgets.common.text_painting import elided, paint_line, text_width
from chatdesk.desktop.widgets.common.tooltip import set_tooltip
from chatdesk.discovery.networks import NetworkKind

# Pixels of the design, at 100 percent text.
_MIN_WIDTH, _HEIGHT, _SIDE, _ICON, _GAP = 110, 40, 12, 16, 9
_ICONS = {
    NetworkKind.WIFI: "wifi",
    NetworkKind.ETHERNET: "cable",
    NetworkKind.VPN: "shield",
    NetworkKind.VIRTUAL: "window",
    NetworkKind.OTHER: "globe",
}


class NetworkChoice(Button):
    """A button that opens a menu of networks; ``chosen`` carries the interface's name, empty for a proxy.

    With a single network it is only a text.
    """

    chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        self._invitations: Sequence[Invitation] = ()
        self._shown: Invitation | None = None
        super().__init__(theme, "", SECONDARY)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._open)

    def set_invitations(self, invitations: Sequence[Invitation], shown: Invitation) -> None:
        """Offer these; ``shown`` is the current one."""
        self._invitations, self._shown = invitations, shown
        description = " ".join(shown.description())
        self.setAccessibleName(f"Network: {description}")
        set_tooltip(self, description)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not self._is_choice)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if self._is_choice else Qt.FocusPolicy.NoFocus)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(_MIN_WIDTH), self._theme.px(_HEIGHT))

    @property
    def _is_choice(self) -> bool:
        return len(self._invitations) > 1

    def _open(self) -> None:
        menu = self._menu()
        menu.setMinimumWidth(self.width())
        open_menu(menu, self.mapToGlobal(QPoint(0, self.height() + 4)))

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAccessibleName("Network")
        menu.setFont(self._theme.font("label"))
        menu.aboutToHide.connect(menu.deleteLater)
        networks = QActionGroup(menu)
        for invitation in self._invitations:
            is_current = invitation == self._shown
            name, role = ("check", "accent") if is_current else (_icon(invitation), "text-muted")
            picture = icon(self._theme, name, role, self._theme.px(MENU_ICON))
            action = networks.addAction(picture, "\t".join(invitation.description()).replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(is_current)
            if invitation.network or invitation.public_url:
                interface = invitation.network.interface if invitation.network else ""
                action.triggered.connect(lambda _checked, interface=interface: self.chosen.emit(interface))
        menu.addActions(networks.actions())
        return menu

    def _paint_content(self, painter: QPainter, foreground: QColor) -> None:
        if self._shown is None:
            return
        muted, side = self._theme.color("text-muted"), self._theme.px(_ICON)
        top, right = (self.height() - side) // 2, self.width() - _SIDE
        paint_icon(painter, QRectF(_SIDE, top, side, side), _icon(self._shown), muted)
        if self._is_choice:
            right -= side
            paint_icon(painter, QRectF(right, top, side, side), "chevron-down", muted)
            right -= self._theme.px(_GAP)
        left: float = _SIDE + side + self._theme.px(_GAP)
        name, details = self._shown.description()
        left += self._paint_text(painter, name, QRectF(left, 0, right - left, self.height()), foreground, 500)
        left += self._theme.px(4)
        self._paint_text(painter, details, QRectF(left, 0, right - left, self.height()), muted, 400)

    def _paint_text(self, painter: QPainter, text: str, rect: QRectF, foreground: QColor, weight: int) -> float:
        """Paint one line, elided; returns its width in pixels."""
        font: QFont = self._theme.font("ui", weight)
        shown = elided(text, font, max(0.0, rect.width()))
        painter.setFont(font)
        painter.setPen(foreground)
        paint_line(painter, rect, shown)
        return text_width(shown, font)


def _icon(invitation: Invitation) -> str:
    if invitation.public_url:
        return "globe"
    return _ICONS[invitation.network.kind] if invitation.network else "monitor"
