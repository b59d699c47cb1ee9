"""Chats that were joined before, the newest first: one row each, one click."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QDate, QLocale, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from chatdesk.desktop.models.hosts import people_present_text
from chatdesk.desktop.settings import RECENTS_SHOWN, RecentChat
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import Button, ButtonLook
from chatdesk.desktop.widgets.common.icon import Icon
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.lamp import Lamp
from chatdesk.desktop.widgets.common.tooltip import set_tooltip
from chatdesk.discovery.found_host import FoundHost
from chatdesk.protocol.text import isolated

_ROW = ButtonLook(None, "raised-hover", "text")
# Pixels of the design, at 100 percent text.
_HEIGHT = 32
_ICON_CELL = 36
_HEADING_SIDE = 10
"""Pixels from a row's edge to its text."""


class RecentChatRow(Button):
    """Name, address and day of a chat that was joined before; ``chosen`` carries its ``address``."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, recent: RecentChat, today: date) -> None:
        super().__init__(theme, "", _ROW)
        self.address = recent.address
        self._recent, self._today = recent, today
        self._host: FoundHost | None = None
        self.clicked.connect(self._choose)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._clock, self._lamp = Icon(theme, "clock", size=16), Lamp(theme)
        self._icon_cell = self._make_icon_cell()
        self._name = Label(theme, font="label", elide=True)
        self._day = Label(theme, font="small", role="text-muted")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 0, 10, 0)
        layout.setSpacing(10)
        layout.addWidget(self._icon_cell)
        layout.addSpacing(2)
        layout.addWidget(self._name)
        layout.addWidget(Label(theme, recent.address, font="code", size=12, role="text-muted", elide=True))
        layout.addStretch(1)
        layout.addWidget(self._day)
        for label in self.findChildren(Label):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.show_open_chat(None)
        theme.changed.connect(self._align)
        self._align()

    def show_open_chat(self, host: FoundHost | None) -> None:
        """Show which chat is open at the address now, with the number of its people; None if that is not known."""
        self._host = host
        name, status_text = (host.name, people_present_text(host)) if host else (self._recent.name, "")
        self._clock.setVisible(not host)
        self._lamp.setVisible(bool(host))
        self._name.set_text(name)
        self._day.set_text(status_text or format_day(self._recent.local_day, self._today))
        self._update_accessible_name(name, status_text)

    def set_today(self, today: date) -> None:
        """Show the day as seen from ``today``."""
        self._today = today
        self.show_open_chat(self._host)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(120), self._theme.px(_HEIGHT))

    def _choose(self) -> None:
        self.chosen.emit(self.address)

    def _make_icon_cell(self) -> QWidget:
        """Return a cell for the clock, or for the lamp in its place; it is below the tiles of found chats."""
        cell = QWidget()
        cell.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        layout = QHBoxLayout(cell)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in (self._clock, self._lamp):
            layout.addWidget(part, 0, Qt.AlignmentFlag.AlignCenter)
        return cell

    def _align(self) -> None:
        self._icon_cell.setFixedWidth(self._theme.px(_ICON_CELL))

    def _update_accessible_name(self, name: str, status_text: str) -> None:
        detail = f", {status_text}" if status_text else ""
        self.setAccessibleName(f"Join {isolated(name)} at {self.address}{detail}")
        set_tooltip(self, f"Join {isolated(name)}{detail}")


def format_day(day: date, today: date) -> str:
    """Return "Today", "Yesterday" or the date, with the year if that is not this one."""
    if (today - day).days in (0, 1):
        return "Today" if day == today else "Yesterday"
    date_ = QDate(day.year, day.month, day.day)
    return QLocale.c().toString(date_, "d MMM" if day.year == today.year else "d MMM yyyy")


class RecentChatList(QWidget):
    """A heading and the rows; hidden without any. ``chosen`` carries an address."""

    chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.rows: list[RecentChatRow] = []
        heading = Label(theme, "Recent", font="small", weight=600, role="text-muted")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 8, 0, 0)
        self._layout.setSpacing(0)
        header = QHBoxLayout()
        header.setContentsMargins(_HEADING_SIDE, 0, _HEADING_SIDE, 2)
        header.addWidget(heading)
        self._layout.addLayout(header)
        self.hide()

    def set_chats(self, chats: Sequence[RecentChat], today: date) -> None:
        """Replace the rows."""
        for row in self.rows:
            self._layout.removeWidget(row)
            row.deleteLater()
        self.rows = [RecentChatRow(self._theme, recent, today) for recent in chats[:RECENTS_SHOWN]]
        for row in self.rows:
            row.chosen.connect(self.chosen)
            self._layout.addWidget(row)
        self.setVisible(bool(self.rows))

    def set_today(self, today: date) -> None:
        """Show the day as seen from ``today``."""
        for row in self.rows:
            row.set_today(today)

    def show_open_chat(self, address: str, host: FoundHost | None) -> None:
        """Show which chat is open at this address now; None if none is."""
        for row in self.rows:
            if row.address == address:
                row.show_open_chat(host)
