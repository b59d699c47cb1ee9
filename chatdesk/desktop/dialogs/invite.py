"""The invitation: a QR code for phones, an address short enough to read aloud, and the network to be in."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from chatdesk.client.address import is_loopback_url
from chatdesk.desktop.dialogs.sheet import SIDE_MARGIN, Sheet, sheet_header
from chatdesk.desktop.invitation import Invitation
from chatdesk.desktop.text import LOOPBACK_ONLY
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import Button, IconButton
from chatdesk.desktop.widgets.common.icon import Icon
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.qr_code import QrCode
from chatdesk.desktop.widgets.invite.invitation_details import InvitationDetails, NoNetwork
from chatdesk.desktop.widgets.invite.invitation_footer import InvitationFooter

# Pixels as in the design, at 100 percent text.
_SIZE = QSize(848, 668)
_QR = 376
_ADDRESS_WIDTH = 381
"""Pixels that the address needs beside the QR code, at 100 percent text."""

_MIN_QR_BESIDE_ADDRESS = 240
"""Pixels of the smallest QR code beside the address; below that it stands above it, and is larger."""

_MIN_CAPTION = 200
"""Pixels of the caption's minimum width, at 100 percent text, also under a smaller QR code."""

# Pixels as in the design, at 100 percent text.
_BOTTOM = 28
_SPACING = 32
_GAP_ABOVE_QR, _GAP_BELOW_QR = 20, 13
_PHONE_ICON_SIZE, _CAPTION_GAP = 16, 8
_SCROLL_BAR = 12


class InviteSheet(Sheet):
    """Shows how others join, over ``window``. ``network_chosen`` carries the name of the interface."""

    projector_requested = Signal()
    save_requested = Signal()
    check_requested = Signal()
    network_chosen = Signal(str)
    entry_requested = Signal()

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(theme, window, _SIZE)
        self._intro_label = Label(theme, role="text-muted", wrap=True)
        self._qr = QrCode(theme, _QR)
        self._caption = Label(theme, font="label", weight=400, role="text-muted", wrap=True)
        self._qr_column = self._build_qr_column()
        self._details = InvitationDetails(theme)
        self._footer = InvitationFooter(theme, Button(theme, "Save picture", size="normal"))
        self._close = IconButton(theme, "close", "Close", shortcut="Esc")
        self._address_view, self._no_network = QWidget(), NoNetwork(theme)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._address_view)
        self._close.clicked.connect(self.dismiss)
        self._footer.projector_button.clicked.connect(self.projector_requested)
        self._footer.second_button.clicked.connect(self.save_requested)
        self._footer.check_prompt.check_requested.connect(self.check_requested)
        self._details.network_choice.chosen.connect(self.network_chosen)
        self._details.entry_button.clicked.connect(self.entry_requested)
        self.setAccessibleName("Invite people")
        self._header = sheet_header(theme, "Invite people", self._close)
        self.set_content(self._content(), self._header)
        theme.changed.connect(self._arrange)

    def set_local_name(self, name: str) -> None:
        """Show this computer's mDNS name; empty for none."""
        self._details.set_local_name(name)

    def set_invitations(self, invitations: Sequence[Invitation], shown: Invitation | None) -> None:
        """Show one invitation and offer the others; ``shown`` is None without a network."""
        self._address_view.setVisible(shown is not None)
        self._no_network.setVisible(shown is None)
        for button in (self._footer.projector_button, self._footer.second_button):
            button.setEnabled(shown is not None)
        loopback_only = shown is not None and is_loopback_url(shown.url)
        only = "this address" if shown and shown.public_url else "the same network"
        self._intro_label.set_text(LOOPBACK_ONLY if loopback_only else f"They need no app and no account. Only {only}.")
        if shown:
            self._caption.set_text("For this computer only" if loopback_only else "Point a phone's camera here")
            self._qr.set_url(shown.url)
            self._details.set_invitations(invitations, shown)
        self._arrange()

    def set_key_words(self, words: Sequence[str]) -> None:
        """Show the words of the chat's key; none for a chat that is not encrypted."""
        self._details.set_key_words(words)

    def set_entry(self, picture: str, words: str) -> None:
        """Show who may join: an icon and words; no words while that is not known."""
        self._details.set_entry(picture, words)
        self._arrange()

    def set_reached(self, reached: bool) -> None:
        """Show whether others have joined by the address that is shown."""
        self._details.set_reached(reached)

    def show_sheet(self) -> None:
        """Open over the window."""
        self._arrange()
        self.open(self._close if self._address_view.isHidden() else self._details.first_button)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _content(self) -> QWidget:
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(SIDE_MARGIN, 0, SIDE_MARGIN, _BOTTOM)
        layout.setSpacing(0)
        layout.addWidget(self._intro_label)
        self._columns.setContentsMargins(0, _GAP_ABOVE_QR, 0, 0)
        self._columns.setSpacing(_SPACING)
        self._columns.addWidget(self._qr_column, 0, Qt.AlignmentFlag.AlignTop)
        self._columns.addWidget(self._details, 1)
        layout.addWidget(self._address_view, 1)
        layout.addWidget(self._no_network, 1)
        layout.addSpacing(_SPACING)
        layout.addWidget(self._footer)
        return content

    def _build_qr_column(self) -> QWidget:
        qr_column = QWidget()
        caption = QHBoxLayout()
        caption.setSpacing(_CAPTION_GAP)
        caption.addStretch(1)
        caption.addWidget(Icon(self._theme, "phone", size=_PHONE_ICON_SIZE), 0, Qt.AlignmentFlag.AlignTop)
        caption.addWidget(self._caption)
        caption.addStretch(1)
        column = QVBoxLayout(qr_column)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._qr, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(_GAP_BELOW_QR)
        column.addLayout(caption)
        return qr_column

    def _arrange(self) -> None:
        """Put the address beside the QR code if there is room, else below it."""
        width = self._card.width() - 2 * SIDE_MARGIN
        footer_height = self._footer.fit_to_width(width - _SCROLL_BAR)
        width_left_for_qr = width - _SPACING - self._theme.px(_ADDRESS_WIDTH)
        beside = width_left_for_qr >= _MIN_QR_BESIDE_ADDRESS
        self._columns.setDirection(_direction(beside))
        self._fit_qr_column(
            width, width_left_for_qr if beside else width - _SCROLL_BAR, footer_height if beside else None
        )
        self._details.fit_to_width(width - (self._qr_column.width() + _SPACING if beside else _SCROLL_BAR))

    def _fit_qr_column(self, width: int, max_width: int, footer_height: int | None) -> None:
        """Make the QR code as large as fits with its caption, and with the footer if ``footer_height`` is given."""
        available_height = self._card.height() - self._header.heightForWidth(self._card.width())
        available_height -= self._intro_label.heightForWidth(width) + _GAP_ABOVE_QR + _GAP_BELOW_QR
        available_height -= self._caption.heightForWidth(
            min(max_width, _QR) - self._theme.px(_PHONE_ICON_SIZE) - _CAPTION_GAP
        )
        if footer_height is not None:
            available_height -= _SPACING + footer_height + _BOTTOM
        side = self._qr.fit_to_size(max_width, available_height)
        narrow = min(max_width, max(side, self._theme.px(_MIN_CAPTION)))
        self._qr_column.setFixedWidth(max(1, max_width if footer_height is None else narrow))


def _direction(beside: bool) -> QBoxLayout.Direction:
    return QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
