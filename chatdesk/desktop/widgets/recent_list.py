"""The chats joined before, the newest first."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chatdesk.desktop.settings import OFFERED, Recent
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.recent import RecentRow
from chatdesk.discovery.found import FoundHost

_HEADING_SIDE = 10
"""Pixels that a row lights up further out than its text."""


class RecentList(QWidget):
    """A heading and its rows; not there without any. ``chosen`` carries an address."""

    chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.rows: list[RecentRow] = []
        heading = Label(theme, "Recent", font="small", weight=600, role="text-muted")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 8, 0, 0)
        self._layout.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(_HEADING_SIDE, 0, _HEADING_SIDE, 2)
        head.addWidget(heading)
        self._layout.addLayout(head)
        self.hide()

    def show_recents(self, recents: Sequence[Recent], today: date) -> None:
        """Offer these chats."""
        for row in self.rows:
            self._layout.removeWidget(row)
            row.deleteLater()
        self.rows = [RecentRow(self._theme, recent, today) for recent in recents[:OFFERED]]
        for row in self.rows:
            row.chosen.connect(self.chosen)
            self._layout.addWidget(row)
        self.setVisible(bool(self.rows))

    def tell_today(self, today: date) -> None:
        """It is this day now."""
        for row in self.rows:
            row.tell_today(today)

    def show_answer(self, address: str, host: FoundHost | None) -> None:
        """Say which chat is open at this address now; None: none is any more."""
        for row in self.rows:
            if row.address == address:
                row.show_now(host)
