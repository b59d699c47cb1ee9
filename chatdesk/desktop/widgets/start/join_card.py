"""The Join card of the start screen: chats found nearby, recent chats, and a field for an address or a code."""

from datetime import date
from itertools import pairwise

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chatdesk.client.address import parse_address
from chatdesk.desktop.discovery_state import DiscoveryState
from chatdesk.desktop.models.hosts import HostsModel
from chatdesk.desktop.settings import RecentChat
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import Button, IconButton, LinkButton
from chatdesk.desktop.widgets.common.field import Field
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.painting import paint_panel
from chatdesk.desktop.widgets.start.discovery_prompt import DiscoveryPrompt
from chatdesk.desktop.widgets.start.found_chats import FoundChatList
from chatdesk.desktop.widgets.start.recent_chats import RecentChatList
from chatdesk.desktop.widgets.start.searched_networks import SearchedNetworks
from chatdesk.discovery.short_code import looks_like_code
from chatdesk.protocol.invitation_code import split_invitation

_SIDE, _ROW_SIDE = 25, 15
"""Pixels from the card's edge to text, and to rows: their background reaches ten pixels further out."""
_SECRET = "Token or invitation"  # noqa: S105
_SECRET_SIDE = 44
_BAR = 12
"""The width of the scroll bar, which is beside the rows."""


class JoinCard(QWidget):
    """Emits ``join`` with a valid address or code, as it was typed.

    ``check_requested`` carries one that could not be joined, for the connection check. ``secret_requested``: the person
    has a token or an invitation.
    """

    join = Signal(str)
    check_requested = Signal(str)
    secret_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.hosts = HostsModel()
        self.searched_networks = SearchedNetworks(theme)
        self.found_chats = FoundChatList(theme, self.hosts)
        self.discovery_prompt = DiscoveryPrompt(theme)
        self.recent_chats = RecentChatList(theme)
        self._address = Field(theme, "Address or code of the room", placeholder="Address or code, like kite-42")
        self._button = Button(theme, "Join", size="large")
        self._button.clicked.connect(self.submit)
        self._check = LinkButton(theme, "Check the connection")
        self._check.hide()
        self._check.clicked.connect(lambda: self.check_requested.emit(self._address.text))
        self._secret = IconButton(theme, "lock", _SECRET, side=_SECRET_SIDE)
        self._secret.clicked.connect(self.secret_requested)
        self._address.edit.textChanged.connect(self._check.hide)
        self._address.edit.returnPressed.connect(self.submit)
        self.recent_chats.chosen.connect(self._join)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 23, 0, 21)
        layout.setSpacing(0)
        layout.addLayout(_inset(_SIDE, self._build_header()))
        layout.addSpacing(8)
        layout.addLayout(self._nearby(), 1)
        layout.addLayout(_inset(_ROW_SIDE, self.recent_chats))
        layout.addSpacing(16)
        layout.addLayout(_inset(_SIDE, self._entry()))
        check = QHBoxLayout()
        check.addWidget(self._check)
        check.addStretch(1)
        layout.addLayout(_inset(_SIDE - 3, check))

    def set_recents(self, recents: list[RecentChat], today: date) -> None:
        """Show these chats, the newest first; ``today`` is for their dates."""
        self.recent_chats.set_chats(recents, today)
        self._order_tabs()

    def show_state(self, state: DiscoveryState) -> None:
        """Show how far the search for chats is."""
        self.searched_networks.setVisible(state not in (DiscoveryState.OFF, DiscoveryState.UNAVAILABLE))
        self.discovery_prompt.show_state(state)

    def set_address(self, address: str) -> None:
        """Set the text of the address field."""
        self._address.edit.setText(address)

    def set_error(self, sentence: str) -> None:
        """Show below the address why joining failed, and offer the connection check; empty removes both."""
        self._address.set_error(sentence)
        self._check.setVisible(bool(sentence))

    def show_secret(self, words: str) -> None:
        """Show what the person brings along; empty for nothing."""
        self._secret.set_name(words or _SECRET)
        self._secret.set_icon("shield-check" if words else "lock")

    def set_focus(self) -> None:
        """Focus the address field."""
        self._address.edit.setFocus()

    def set_locked(self, locked: bool, verb: str) -> None:
        """Disable or enable the card; ``verb`` is the text of its button."""
        for part in (
            self.found_chats,
            self.discovery_prompt,
            self.recent_chats,
            self._address,
            self._button,
            self._check,
            self._secret,
        ):
            part.setEnabled(not locked)
        self._button.setText(verb)
        self._button.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_panel(painter, QRectF(self.rect()), 16, self._theme.color("surface-raised"), self._theme.color("border"))
        painter.end()

    def _build_header(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(Label(self._theme, "Join a room", font="figure"))
        row.addStretch(1)
        row.addWidget(self.searched_networks)
        return row

    def _nearby(self) -> QVBoxLayout:
        """Lay out found chats and prompt in all the room that is left, so that nothing below them moves."""
        column = QVBoxLayout()
        column.setSpacing(0)
        rows = QHBoxLayout()
        rows.setSpacing(0)
        rows.addSpacing(_ROW_SIDE)  # contents margins are not mirrored
        rows.addWidget(self.found_chats)
        rows.addSpacing(_ROW_SIDE - _BAR)
        column.addLayout(rows)
        column.addLayout(_inset(_SIDE, self.discovery_prompt))
        return column

    def _entry(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._address, 1)
        row.addWidget(self._secret, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._button, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _order_tabs(self) -> None:
        """Let Tab reach the rows before the field below them, although they are created later."""
        parts = [
            self.found_chats,
            self.discovery_prompt.button,
            *self.recent_chats.rows,
            self._address.edit,
            self._secret,
            self._button,
            self._check,
        ]
        for before, after in pairwise(parts):
            QWidget.setTabOrder(before, after)

    def _join(self, address: str) -> None:
        self.set_address(address)
        self.submit()

    def submit(self) -> None:
        """Emit ``join`` with the text of the field, or show why it is neither a code nor an address."""
        try:
            if not looks_like_code(address := split_invitation(self._address.text)[0]):
                parse_address(address)
        except ValueError as error:
            self._address.set_error(str(error))
            self._address.edit.setFocus()
        else:
            self._address.set_error("")
            self.join.emit(self._address.text)


def _inset(side: int, part: QWidget | QHBoxLayout) -> QHBoxLayout:
    """Return a row with ``part`` in it, ``side`` pixels from both edges of the card."""
    row = QHBoxLayout()
    row.setContentsMargins(side, 0, side, 0)
    if isinstance(part, QWidget):
        row.addWidget(part, 0, Qt.AlignmentFlag.AlignTop)
    else:
        row.addLayout(part)
    return row
