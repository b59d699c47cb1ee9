"""The three numbered steps by which others join."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from chatdesk.client.address import is_loopback_url
from chatdesk.desktop.invitation import Invitation
from chatdesk.desktop.text import LOOPBACK_ONLY, display_address
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.avatar import disc_with_corner
from chatdesk.desktop.widgets.common.label import Label

# Pixels of the design, at 100 percent text.
_DISC = 26


class JoinSteps(QWidget):
    """The steps; their height depends on the width."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._number = 0
        self._has_code = self._compact = False
        self._where = Label(theme, font="message", weight=500, wrap=True)
        self._network = Label(theme, role="text-muted", wrap=True)
        self._address = Label(theme, font="address", size=22, wrap=True)
        self._code = Label(theme, role="text-muted", wrap=True)
        promise = Label(theme, "That is all. No app, no account.", role="text-muted", wrap=True)
        # One grid without nested layouts: heightForWidth is called right after a text or its size has changed, and a
        # nested layout would still have the old height.
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 1, 0, 0)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(1, 1)
        self._add(self._where, self._network)
        self._add(Label(theme, "Scan, or type the address", font="message", weight=500, wrap=True), self._address)
        self._grid.addWidget(self._code, self._grid.rowCount(), 1)
        self._add(Label(theme, "Pick a name", font="message", weight=500, wrap=True), promise)
        self._grid.setRowStretch(self._grid.rowCount(), 1)

    def set_invitation(self, invitation: Invitation) -> None:
        """Show how to join by this invitation; a loopback address is for this computer only."""
        alone = is_loopback_url(invitation.url)
        self._where.set_text(
            "This computer only" if alone else "Any network" if invitation.public_url else "Same network"
        )
        self._network.set_text(LOOPBACK_ONLY if alone else _network_sentence(invitation), invitation.wifi)
        self._address.set_text(display_address(invitation.url))
        self._code.set_text(f"In the app, the code {invitation.code} does it too.", invitation.code)
        self._has_code = bool(invitation.code)
        self.set_compact(self._compact)

    def set_compact(self, compact: bool) -> None:
        """Hide the short code, where there is less room."""
        self._compact = compact
        self._code.setVisible(self._has_code and not compact)

    def _add(self, title: Label, below: Label) -> None:
        grid, row = self._grid, self._grid.rowCount() + 1
        self._number += 1
        disc = _Number(self._theme, str(self._number))
        grid.addWidget(disc, row, 0, 3, 1, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(title, row, 1)
        grid.setRowMinimumHeight(row + 1, 2)
        grid.addWidget(below, row + 2, 1)
        if self._number > 1:
            grid.setRowMinimumHeight(row - 1, 18)


def _network_sentence(invitation: Invitation) -> str:
    if invitation.public_url:
        return "Phones and laptops need one from which this address is reached."
    return (
        f"Phones and laptops join {f'the Wi-Fi {invitation.wifi}' if invitation.wifi else 'this computer’s network'}."
    )


class _Number(QWidget):
    """The number of a step in a disc with one sharper corner."""

    def __init__(self, theme: Theme, number: str) -> None:
        super().__init__()
        self._theme, self._number = theme, number
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        return QSize(1, 1) * self._theme.px(_DISC)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("accent-soft"))
        painter.drawPath(disc_with_corner(QRectF(self.rect()), self._theme))
        painter.setPen(self._theme.color("accent-soft-text"))
        painter.setFont(self._theme.font("label", 600))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._number)
        painter.end()
