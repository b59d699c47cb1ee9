"""How others come in: a code for phones, an address short enough to read aloud, and how many have."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from chatdesk.client.address import on_this_computer, parse_address
from chatdesk.desktop.dialogs.sheet import SIDE, Sheet, head
from chatdesk.desktop.text import ONLY_HERE, count, typed_address
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.button import IconButton
from chatdesk.desktop.widgets.copy_button import CopyButton
from chatdesk.desktop.widgets.glyph import Glyph
from chatdesk.desktop.widgets.hairline import Hairline
from chatdesk.desktop.widgets.label import Label
from chatdesk.desktop.widgets.lamp import Lamp
from chatdesk.desktop.widgets.projector_button import ProjectorButton
from chatdesk.desktop.widgets.qr import Qr

_SIZE = QSize(848, 608)
_QR = 376
_COLUMN = 381
"""Pixels that the address needs beside the code, at 100 percent text."""

_QR_BESIDE = 240
"""Pixels of the smallest code that stands beside the address."""

_CAPTION = 200
"""Pixels that the caption has at least, at 100 percent text, also under a smaller code."""

_BOTTOM = 28
_BETWEEN = 32
_ABOVE_CODE, _BELOW_CODE = 20, 13
_PHONE, _CAPTION_GAP = 16, 8
_SCROLL_BAR = 12


class InviteSheet(Sheet):
    """Shows a room's way in over ``window``; ``projector_wanted`` when it is to be shown to a whole hall."""

    projector_wanted = Signal()

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(theme, window, _SIZE)
        self._promise = Label(theme, role="text-muted", wrap=True)
        self._qr = Qr(theme, _QR)
        self._caption = Label(theme, font="label", weight=400, role="text-muted", wrap=True)
        self._code = self._lay_out_code()
        self._address = Label(theme, font="address", wrap=True)
        self._copy_address = CopyButton(theme, "address")
        self._socket = Label(theme, font="code", size=15, wrap=True)
        self._copy_socket = CopyButton(theme, "WebSocket")
        self._room = Label(theme, font="ui", weight=600, elide=True)
        self._people = Label(theme, role="text-muted", tabular=True)
        self._projector = ProjectorButton(theme)
        self._close = IconButton(theme, "close", "Close", shortcut="Esc")
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._ways_in = [
            (text, _beside(text, copy), copy)
            for text, copy in ((self._address, self._copy_address), (self._socket, self._copy_socket))
        ]
        self._close.clicked.connect(self.dismiss)
        self._projector.clicked.connect(self.projector_wanted)
        self.setAccessibleName("Invite people")
        self._head = head(theme, "Invite people", self._close)
        self.set_content(self._content(), self._head)
        theme.changed.connect(self._arrange)

    def open_for(self, room: str, url: str) -> None:
        """Show the way into ``room``, whose page is at ``url``."""
        address = typed_address(url)
        socket = parse_address(url)
        alone = on_this_computer(url)
        self._promise.set_text(ONLY_HERE if alone else "They need no app and no account. Only the same network.")
        self._caption.set_text("For this computer only" if alone else "Point a phone's camera here")
        self._qr.set_url(url)
        self._address.set_text(address)
        self._copy_address.set_copied(url)
        self._socket.set_text(socket)
        self._copy_socket.set_copied(socket)
        self._room.set_text(f"{room} is open")
        self._arrange()
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
        layout.setContentsMargins(SIDE, 0, SIDE, _BOTTOM)
        layout.setSpacing(0)
        layout.addWidget(self._promise)
        layout.addSpacing(_ABOVE_CODE)
        self._columns.setSpacing(_BETWEEN)
        self._columns.addWidget(self._code, 0, Qt.AlignmentFlag.AlignTop)
        self._columns.addLayout(self._ways(), 1)
        layout.addLayout(self._columns, 1)
        layout.addSpacing(_BETWEEN)
        layout.addWidget(self._projector)
        return content

    def _lay_out_code(self) -> QWidget:
        code = QWidget()
        caption = QHBoxLayout()
        caption.setSpacing(_CAPTION_GAP)
        caption.addStretch(1)
        caption.addWidget(Glyph(self._theme, "phone", size=_PHONE), 0, Qt.AlignmentFlag.AlignTop)
        caption.addWidget(self._caption)
        caption.addStretch(1)
        column = QVBoxLayout(code)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._qr, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(_BELOW_CODE)
        column.addLayout(caption)
        return code

    def _ways(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(0)
        whats = ("Address, for any browser", "WebSocket, for terminals and programs")
        for what, (_text, row, _copy) in zip(whats, self._ways_in, strict=True):
            column.addWidget(Label(self._theme, what, font="small", role="text-muted", wrap=True))
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
        width = self._card.width() - 2 * SIDE
        beside_ways = width - _BETWEEN - self._theme.px(_COLUMN)
        beside = beside_ways >= _QR_BESIDE
        self._columns.setDirection(_way(beside))
        self._fit_code(width, beside_ways if beside else width - _SCROLL_BAR, beside)
        room = width - (self._code.width() + _BETWEEN if beside else _SCROLL_BAR)
        for text, row, copy in self._ways_in:
            fits = text.sizeHint().width() + row.spacing() + copy.sizeHint().width() <= room
            row.setDirection(_way(fits))
            row.setStretch(0, int(fits))
        self._projector.fit(width - _SCROLL_BAR)

    def _fit_code(self, width: int, most: int, beside: bool) -> None:
        """The code as large as it can be seen whole, with its caption; beside the address with the button, too."""
        room = self._card.height() - self._head.heightForWidth(self._card.width())
        room -= self._promise.heightForWidth(width) + _ABOVE_CODE + _BELOW_CODE
        room -= self._caption.heightForWidth(min(most, _QR) - self._theme.px(_PHONE) - _CAPTION_GAP)
        if beside:
            room -= _BETWEEN + self._projector.sizeHint().height() + _BOTTOM
        side = self._qr.fit(most, room)
        self._code.setFixedWidth(max(1, min(most, max(side, self._theme.px(_CAPTION))) if beside else most))


def _beside(text: QWidget, button: QWidget) -> QBoxLayout:
    row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
    row.setSpacing(16)
    row.addWidget(text)
    # Aligned, or below the text it would be the widest that the row may be.
    row.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return row


def _way(beside: bool) -> QBoxLayout.Direction:
    return QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
