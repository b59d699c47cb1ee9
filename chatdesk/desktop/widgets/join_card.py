"""The paper card of the start screen: chats joined before, and the address of another."""

from datetime import date
from itertools import pairwise

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chatdesk.client.address import parse_address
from chatdesk.desktop.settings import Recent
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.button import Button
from chatdesk.desktop.widgets.field import Field
from chatdesk.desktop.widgets.label import Label
from chatdesk.desktop.widgets.recent import RecentRow
from chatdesk.desktop.widgets.shapes import paint_panel

_SIDE = 25
_SHOWN = 6


class JoinCard(QWidget):
    """``join`` carries an address as it was typed, and one that can be understood."""

    join = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._address = Field(theme, "Address of the room", placeholder="Address, like 192.168.4.20:8080")
        self._button = Button(theme, "Join", size="large")
        self._button.clicked.connect(self.submit)
        self._address.edit.returnPressed.connect(self.submit)
        self._hint = Label(
            theme, "The host's window shows the address, and so does the projector.", role="text-muted", wrap=True
        )
        self._heading = Label(theme, "Recent", font="small", weight=600, role="text-muted")
        self._recents: list[RecentRow] = []
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_SIDE - 10, 23, _SIDE - 10, 21)
        layout.setSpacing(0)
        for widget, gap in ((Label(theme, "Join a room", font="figure"), 4), (self._hint, 8), (self._heading, 4)):
            layout.addLayout(_inset(widget))
            layout.addSpacing(gap)
        layout.addLayout(self._rows)
        layout.addStretch(1)
        layout.addSpacing(16)
        layout.addLayout(self._entry())
        self.set_recents([], date.min)

    def set_recents(self, recents: list[Recent], today: date) -> None:
        """Offer these chats, the newest first."""
        for row in self._recents:
            self._rows.removeWidget(row)
            row.deleteLater()
        self._recents = [RecentRow(self._theme, recent, today) for recent in recents[:_SHOWN]]
        for row in self._recents:
            row.chosen.connect(self._join)
            self._rows.addWidget(row)
        self._order_tabs()
        self._heading.setVisible(bool(recents))
        self._hint.setVisible(not recents)

    def set_address(self, address: str) -> None:
        """Let this stand in the field."""
        self._address.edit.setText(address)

    def set_error(self, sentence: str) -> None:
        """Say under the address why it did not work."""
        self._address.set_error(sentence)

    def set_focus(self) -> None:
        """Put the keys into the address."""
        self._address.edit.setFocus()

    def lock(self, locked: bool, verb: str) -> None:
        """Whether something is being opened or joined; ``verb`` stands on the button."""
        for part in (self._address, self._button, *self._recents):
            part.setEnabled(not locked)
        self._button.setText(verb)
        self._button.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_panel(painter, QRectF(self.rect()), 16, self._theme.color("surface-raised"), self._theme.color("border"))
        painter.end()

    def _entry(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(10, 0, 10, 0)
        row.setSpacing(8)
        row.addWidget(self._address, 1)
        row.addWidget(self._button, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _order_tabs(self) -> None:
        """Rows are made later than the field below them, and yet come before it."""
        for before, after in pairwise([*self._recents, self._address.edit, self._button]):
            QWidget.setTabOrder(before, after)

    def _join(self, address: str) -> None:
        self.set_address(address)
        self.submit()

    def submit(self) -> None:
        """Join what stands in the field, if it can be an address."""
        try:
            parse_address(self._address.text)
        except ValueError as error:
            self._address.set_error(str(error))
            self._address.edit.setFocus()
        else:
            self._address.set_error("")
            self.join.emit(self._address.text)


def _inset(widget: QWidget) -> QHBoxLayout:
    """Text begins where the rows' own text area does: rows light up ten pixels further out."""
    row = QHBoxLayout()
    row.setContentsMargins(10, 0, 10, 0)
    row.addWidget(widget)
    return row
