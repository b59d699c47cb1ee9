"""How others come in: a code for phones, an address short enough to read aloud, and how many have."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from chatdesk.client.address import parse_address
from chatdesk.desktop.dialogs.sheet import Sheet
from chatdesk.desktop.text import count, typed_address
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.button import PRIMARY, Button, IconButton
from chatdesk.desktop.widgets.copy_button import CopyButton
from chatdesk.desktop.widgets.glyph import Glyph
from chatdesk.desktop.widgets.hairline import Hairline
from chatdesk.desktop.widgets.label import Label
from chatdesk.desktop.widgets.lamp import Lamp
from chatdesk.desktop.widgets.qr import Qr

_SIZE = QSize(848, 608)
_QR = 376
_COLUMN = 381
"""Pixels that the address needs beside the code, at 100 percent text."""

_AROUND = 122
"""Pixels beside code and address: margins of card and window, and the gap between the two."""


class InviteSheet(Sheet):
    """Shows a room's way in over ``window``; ``projector_wanted`` when it is to be shown to a whole hall."""

    projector_wanted = Signal()

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(theme, window, _SIZE)
        self._qr = Qr(theme, _QR)
        self._address = Label(theme, font="address", wrap=True)
        self._copy_address = CopyButton(theme, "address")
        self._socket = Label(theme, font="code", size=15, wrap=True)
        self._copy_socket = CopyButton(theme, "WebSocket")
        self._room = Label(theme, font="ui", weight=600, elide=True)
        self._people = Label(theme, role="text-muted", tabular=True)
        self._projector = Button(theme, "Show on projector", PRIMARY, icon="projector", size="normal")
        self._close = IconButton(theme, "close", "Close", shortcut="Esc")
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._rows = [_beside(self._address, self._copy_address), _beside(self._socket, self._copy_socket)]
        self._close.clicked.connect(self.dismiss)
        self._projector.clicked.connect(self.projector_wanted)
        self.setAccessibleName("Invite people")
        self.set_content(self._content())
        theme.changed.connect(self._arrange)

    def open_for(self, room: str, url: str) -> None:
        """Show the way into ``room``, whose page is at ``url``."""
        address = typed_address(url)
        socket = parse_address(url)
        self._qr.set_url(url)
        self._address.set_text(address)
        self._copy_address.set_copied(url)
        self._socket.set_text(socket)
        self._copy_socket.set_copied(socket)
        self._room.set_text(f"{room} is open")
        self.open(self._copy_address)

    def set_people(self, number: int) -> None:
        """Say how many are in."""
        self._people.set_text(f"{count(number, 'person is', 'people are')} in")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _content(self) -> QWidget:
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(29, 25, 21, 28)
        layout.setSpacing(0)
        layout.addLayout(self._head())
        layout.addSpacing(20)
        self._columns.setContentsMargins(0, 0, 8, 0)
        self._columns.setSpacing(32)
        self._columns.addLayout(self._code())
        self._columns.addLayout(self._ways(), 1)
        layout.addLayout(self._columns, 1)
        layout.addSpacing(32)
        layout.addWidget(self._projector)
        return content

    def _head(self) -> QHBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addSpacing(6)
        words.addWidget(Label(self._theme, "Invite people", font="heading"))
        words.addSpacing(4)
        promise = "They need no app and no account. Only the same network."
        words.addWidget(Label(self._theme, promise, role="text-muted", wrap=True))
        row = QHBoxLayout()
        row.addLayout(words, 1)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _code(self) -> QVBoxLayout:
        caption = QHBoxLayout()
        caption.setSpacing(8)
        caption.addStretch(1)
        caption.addWidget(Glyph(self._theme, "phone", size=16))
        caption.addWidget(
            Label(self._theme, "Point a phone's camera here", font="label", weight=400, role="text-muted")
        )
        caption.addStretch(1)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self._qr, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(13)
        column.addLayout(caption)
        column.addStretch(1)
        return column

    def _ways(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(0)
        for what, row in zip(
            ("Address, for any browser", "WebSocket, for terminals and programs"), self._rows, strict=True
        ):
            column.addWidget(Label(self._theme, what, font="small", role="text-muted"))
            column.addLayout(row)
            column.addSpacing(15)
        column.addWidget(Hairline(self._theme))
        column.addSpacing(16)
        column.addLayout(self._state())
        column.addStretch(1)
        return column

    def _state(self) -> QGridLayout:
        state = QGridLayout()
        state.setHorizontalSpacing(8)
        state.setVerticalSpacing(2)
        state.setColumnStretch(1, 1)
        state.addWidget(Lamp(self._theme), 0, 0)
        state.addWidget(self._room, 0, 1)
        state.addWidget(self._people, 1, 1)
        return state

    def _arrange(self) -> None:
        """The address beside the code and the button beside the address, or below where there is no room for both."""
        column = self._theme.px(_COLUMN)
        self._columns.setDirection(_way(self.width() >= _QR + column + _AROUND))
        beside = self.width() >= column + _AROUND
        for row in self._rows:
            row.setDirection(_way(beside))
            row.setStretch(0, int(beside))


def _beside(text: QWidget, button: QWidget) -> QBoxLayout:
    row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
    row.setSpacing(16)
    row.addWidget(text)
    # Aligned, or below the text it would be the widest that the row may be.
    row.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return row


def _way(beside: bool) -> QBoxLayout.Direction:
    return QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
