"""A card of the board: what it is about, how many there are, and rows that stay where they are."""

import time
from collections.abc import Callable, Mapping

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chatdesk.desktop.accessibility.announce import announce
from chatdesk.desktop.accessibility.roles import Role
from chatdesk.desktop.theme import SEMIBOLD, Theme
from chatdesk.desktop.widgets.common.hairline import Hairline
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.painting import paint_panel
from chatdesk.desktop.widgets.order.board_row import BoardRow

# Pixels of the design, at 100 percent text.
_HEAD, _SIDE, _RADIUS = 54, 16, 12
_GAP_MS = 1000
"""How long what is gone leaves its place empty."""
_QUIET_SECONDS = 10.0
"""Between two announcements of how many there are."""


class Card(QWidget):
    """A framed part of the board: a head with ``title``, what stands ``beside`` it, rows, and a foot."""

    accessible_role = Role.Grouping

    def __init__(self, theme: Theme, title: str, *beside: QWidget) -> None:
        super().__init__()
        self._theme = theme
        self._number = Label(theme, role="text-muted", tabular=True)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self._below = QWidget()
        self._foot = QHBoxLayout(self._below)
        self._foot.setContentsMargins(_SIDE, 9, _SIDE, 9)
        self._head = QWidget()
        head = QHBoxLayout(self._head)
        head.setContentsMargins(_SIDE, 0, _SIDE, 0)
        head.setSpacing(8)
        head.addWidget(Label(theme, title, weight=SEMIBOLD))
        head.addWidget(self._number)
        head.addStretch(1)
        for part in beside:
            head.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 1, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(Hairline(theme))
        column.addLayout(self._list)
        column.addWidget(self._below)
        self.setAccessibleName(title)
        theme.changed.connect(self._apply_theme)
        self._apply_theme()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._theme
        paint_panel(painter, QRectF(self.rect()), _RADIUS, theme.color("surface"), theme.color("border"))
        painter.end()

    def _apply_theme(self) -> None:
        self._head.setFixedHeight(self._theme.px(_HEAD))


class BoardCard[Row: BoardRow](Card):
    """A card of things that wait for an answer; ``none`` stands where there are none."""

    def __init__(self, theme: Theme, title: str, none: str, *beside: QWidget) -> None:
        super().__init__(theme, title, *beside)
        self._rows: dict[str, Row] = {}
        self._count, self._announced, self._announced_at = 0, 0, 0.0
        self._none = Label(theme, none, role="text-muted", wrap=True)
        self._foot.addWidget(self._none, 1)
        self._say = QTimer(self, singleShot=True)
        self._say.timeout.connect(self._announce)

    @property
    def rows(self) -> list[Row]:
        """The rows that can be answered."""
        return [row for row in self._rows.values() if not row.gone]

    def focus_first(self) -> QWidget:
        """The first row, or what there is in its place, for the focus."""
        return self.rows[0] if self.rows else self._instead

    @property
    def _has_note(self) -> bool:
        """Whether something stands below the rows."""
        return False

    @property
    def _instead(self) -> QWidget:
        """What gets the focus where there is no row."""
        return self

    def _draw[Item](self, items: Mapping[str, Item], count: int, make: Callable[[Item], Row]) -> None:
        """Show these. What is gone leaves a gap for a moment; new ones come at the end."""
        for key, row in list(self._rows.items()):
            if key not in items and not row.gone:
                self._take_out(key, row)
        for key, item in items.items():
            known = self._rows.get(key)
            if not known or known.gone:
                self._add(key, make(item))
        self._count = count
        self._number.set_text(str(count) if count else "")
        self._none.setVisible(not self.rows)
        self._below.setVisible(not self.rows or self._has_note)
        self._announce()

    def _add(self, key: str, row: Row) -> None:
        if old := self._rows.pop(key, None):
            old.deleteLater()
        self._rows[key] = row
        self._list.addWidget(row)

    def _take_out(self, key: str, row: Row) -> None:
        if row.hasFocus() or row.isAncestorOf(self.focusWidget() or self):
            others = [other for other in self.rows if other is not row]
            (others[0] if others else self._instead).setFocus(Qt.FocusReason.OtherFocusReason)
        row.leave_gap()

        def remove() -> None:
            if self._rows.get(key) is row:
                del self._rows[key]
            self._list.removeWidget(row)
            row.deleteLater()

        QTimer.singleShot(_GAP_MS, row, remove)

    def _words(self, count: int) -> str:
        """What is announced of so many, at least one."""
        raise NotImplementedError

    def _announce(self) -> None:
        """Say how many there are, politely: not for each one of a class that comes."""
        wait = self._announced_at + _QUIET_SECONDS - time.monotonic()
        if self._count == self._announced:
            return
        if wait > 0:
            self._say.start(int(wait * 1000) + 1)
            return
        self._announced, self._announced_at = self._count, time.monotonic()
        if self._count:
            announce(self, self._words(self._count))
