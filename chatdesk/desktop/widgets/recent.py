"""A chat that was joined before: one row, one click."""

from datetime import date

from PySide6.QtCore import QDate, QLocale, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy

from chatdesk.desktop.settings import Recent
from chatdesk.desktop.text import plain
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.button import Button, Look
from chatdesk.desktop.widgets.glyph import Glyph
from chatdesk.desktop.widgets.label import Label

_ROW = Look(None, "raised-hover", "text")
_HEIGHT = 32


class RecentRow(Button):
    """Name, address and day of a chat; ``chosen`` carries the address."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, recent: Recent, today: date) -> None:
        super().__init__(theme, "", _ROW)
        self._address = recent.address
        self.clicked.connect(self._choose)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"Join {recent.name} at {recent.address}")
        self.setToolTip(plain(f"Join {recent.name}"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(20, 0, 10, 0)
        layout.setSpacing(10)
        layout.addWidget(Glyph(theme, "clock", size=16))
        layout.addSpacing(12)
        layout.addWidget(Label(theme, recent.name, font="label", elide=True))
        layout.addWidget(Label(theme, recent.address, font="code", size=12, role="text-muted", elide=True))
        layout.addStretch(1)
        layout.addWidget(Label(theme, day_name(recent.day, today), font="small", role="text-muted"))
        for label in self.findChildren(Label):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(120), self._theme.px(_HEIGHT))

    def _choose(self) -> None:
        self.chosen.emit(self._address)


def day_name(day: date, today: date) -> str:
    """Today, Yesterday, else the date as it is said here, with the year where it is another."""
    if (today - day).days in (0, 1):
        return "Today" if day == today else "Yesterday"
    date_ = QDate(day.year, day.month, day.day)
    return QLocale.c().toString(date_, "d MMM" if day.year == today.year else "d MMM yyyy")
