"""The choice of the network whose address others are given."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from chatdesk.desktop.icons import icon
from chatdesk.desktop.invitation import Invitation
from chatdesk.desktop.stylesheet import MENU_ICON
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.choice_button import ChoiceButton
from chatdesk.desktop.widgets.common.screen_reader import open_menu
from chatdesk.discovery.networks import NetworkKind

_ICONS = {
    NetworkKind.WIFI: "wifi",
    NetworkKind.ETHERNET: "cable",
    NetworkKind.VPN: "shield",
    NetworkKind.VIRTUAL: "window",
    NetworkKind.OTHER: "globe",
}


class NetworkChoice(ChoiceButton):
    """A button that opens a menu of networks; ``chosen`` carries the interface's name, empty for a proxy.

    With a single network it is only a text.
    """

    chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        self._invitations: Sequence[Invitation] = ()
        self._shown: Invitation | None = None
        super().__init__(theme, "Network")
        self.clicked.connect(self._open)

    def set_invitations(self, invitations: Sequence[Invitation], shown: Invitation) -> None:
        """Offer these; ``shown`` is the current one."""
        self._invitations, self._shown = invitations, shown
        self.show_choice(_icon(shown), *shown.description(), opens=len(invitations) > 1)

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


def _icon(invitation: Invitation) -> str:
    if invitation.public_url:
        return "globe"
    return _ICONS[invitation.network.kind] if invitation.network else "monitor"
