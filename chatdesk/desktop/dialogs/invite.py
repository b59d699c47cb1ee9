"""The invitation: a QR code for phones, an address short enough to read aloud, and the network to be in."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from chatdesk.client.address import is_loopback_url
from chatdesk.desktop.dialogs.sheet import SIDE_MARGIN, Sheet, sheet_header
from chatdesk.desktop.invitation import Invitation
from chatdesk.desktop.text import ONLY_HERE
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import Button, IconButton
from chatdesk.desktop.widgets.common.icon import Icon
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.qr_code import QrCode
from chatdesk.desktop.widgets.invite.invitation_details import InvitationDetails, NoNetwork
from chatdesk.desktop.widgets.invite.invitation_footer import InvitationFooter

# Pixels as in the design, at 100 percent text.
_SIZE = QSize(848, 608)
_QR = 376
_ADDRESS_WIDTH = 381
"""Pixels that the address needs beside the QR code, at 100 percent text."""

_MIN_QR_BESIDE = 240
"""Pixels of the smallest QR code beside the address; below that it stands above it, and is larger."""

_MIN_CAPTION = 200
"""Pixels of the caption's minimum width, at 100 percent text, also under a smaller QR code."""

# Pixels as in the design, at 100 percent text.
_BOTTOM = 28
_SPACING = 32
_ABOVE_CODE, _BELOW_CODE = 20, 13
_PHONE, _CAPTION_GAP = 16, 8
_SCROLL_BAR = 12


class InviteSheet(Sheet):
    """Shows how others join, over ``window``. ``network_chosen`` carries the name of the interface."""

    projector_requested = Signal()
    save_requested = Signal()
    check_requested = Signal()
    network_chosen = Signal(str)

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(theme, window, _SIZE)
        self._promise = Label(theme, role="text-muted", wrap=True)
        self._qr = QrCode(theme, _QR)
        self._caption = Label(theme, font="label", weight=400, role="text-muted", wrap=True)
        self._code = self._lay_out_code()
        self._ways = InvitationDetails(theme)
        self._foot = InvitationFooter(theme, Button(theme, "Save picture", size="normal"))
        self._close = IconButton(theme, "close", "Close", shortcut="Esc")
        self._address_view, self._no_network = QWidget(), NoNetwork(theme)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._address_view)
        self._close.clicked.connect(self.dismiss)
        self._foot.projector_button.clicked.connect(self.projector_requested)
        self._foot.second_button.clicked.connect(self.save_requested)
        self._foot.check_prompt.check_requested.connect(self.check_requested)
        self._ways.network_choice.chosen.connect(self.network_chosen)
        self.setAccessibleName("Invite people")
        self._head = sheet_header(theme, "Invite people", self._close)
        self.set_content(self._content(), self._head)
        theme.changed.connect(self._arrange)

    def set_local_name(self, name: str) -> None:
        """Show this computer's mDNS name; empty for none."""
        self._ways.set_local_name(name)

    def set_invitations(self, invitations: Sequence[Invitation], shown: Invitation | None) -> None:
        """Show one invitation and offer the others; ``shown`` is None without a network."""
        self._address_view.setVisible(shown is not None)
        self._no_network.setVisible(shown is None)
        for button in (self._foot.projector_button, self._foot.second_button):
            button.setEnabled(shown is not None)
        alone = shown is not None and is_loopback_url(shown.url)
        only = "this address" if shown and shown.public_url else "the same network"
        self._promise.set_text(ONLY_HERE if alone else f"They need no app and no account. Only {only}.")
        if shown:
            self._caption.set_text("For this computer only" if alone else "Point a phone's camera here")
            self._qr.set_url(shown.url)
            self._ways.set_invitations(invitations, shown)
        self._arrange()

    def set_reached(self, reached: bool) -> None:
        """Show whether others have joined by the address that is shown."""
        self._ways.set_reached(reached)

    def show_sheet(self) -> None:
        """Open over the window."""
        self._arrange()
        self.open(self._close if self._address_view.isHidden() else self._ways.first_button)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _content(self) -> QWidget:
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(SIDE_MARGIN, 0, SIDE_MARGIN, _BOTTOM)
        layout.setSpacing(0)
        layout.addWidget(self._promise)
        self._columns.setContentsMargins(0, _ABOVE_CODE, 0, 0)
        self._columns.setSpacing(_SPACING)
        self._columns.addWidget(self._code, 0, Qt.AlignmentFlag.AlignTop)
        self._columns.addWidget(self._ways, 1)
        layout.addWidget(self._address_view, 1)
        layout.addWidget(self._no_network, 1)
        layout.addSpacing(_SPACING)
        layout.addWidget(self._foot)
        return content

    def _lay_out_code(self) -> QWidget:
        code = QWidget()
        caption = QHBoxLayout()
        caption.setSpacing(_CAPTION_GAP)
        caption.addStretch(1)
        caption.addWidget(Icon(self._theme, "phone", size=_PHONE), 0, Qt.AlignmentFlag.AlignTop)
        caption.addWidget(self._caption)
        caption.addStretch(1)
        column = QVBoxLayout(code)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._qr, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(_BELOW_CODE)
        column.addLayout(caption)
        return code

    def _arrange(self) -> None:
        """Put the address beside the QR code if there is room, else below it."""
        width = self._card.width() - 2 * SIDE_MARGIN
        foot = self._foot.fit_to_width(width - _SCROLL_BAR)
        beside_ways = width - _SPACING - self._theme.px(_ADDRESS_WIDTH)
        beside = beside_ways >= _MIN_QR_BESIDE
        self._columns.setDirection(_direction(beside))
        self._fit_code(width, beside_ways if beside else width - _SCROLL_BAR, foot if beside else None)
        self._ways.fit_to_width(width - (self._code.width() + _SPACING if beside else _SCROLL_BAR))

    def _fit_code(self, width: int, most: int, foot: int | None) -> None:
        """Make the QR code as large as fits with its caption, and with the footer if ``foot`` is its height."""
        room = self._card.height() - self._head.heightForWidth(self._card.width())
        room -= self._promise.heightForWidth(width) + _ABOVE_CODE + _BELOW_CODE
        room -= self._caption.heightForWidth(min(most, _QR) - self._theme.px(_PHONE) - _CAPTION_GAP)
        if foot is not None:
            room -= _SPACING + foot + _BOTTOM
        side = self._qr.fit_to_size(most, room)
        narrow = min(most, max(side, self._theme.px(_MIN_CAPTION)))
        self._code.setFixedWidth(max(1, most if foot is None else narrow))


def _direction(beside: bool) -> QBoxLayout.Direction:
    return QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
