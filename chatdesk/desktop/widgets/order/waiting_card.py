"""The card of those who wait to come in: rows that stay where they are, and whether newcomers wait at all."""

import time

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chatdesk.desktop.accessibility.announce import announce
from chatdesk.desktop.accessibility.roles import Role
from chatdesk.desktop.theme import SEMIBOLD, Theme
from chatdesk.desktop.widgets.common.button import Button
from chatdesk.desktop.widgets.common.hairline import Hairline
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.painting import paint_panel
from chatdesk.desktop.widgets.common.toggle import Toggle
from chatdesk.desktop.widgets.order.waiting_row import WaitingRow
from chatdesk.protocol.admission_events import Queue

# Pixels of the design, at 100 percent text.
_HEAD, _FOOT, _SIDE, _RADIUS = 54, 54, 16, 12
_GAP_MS = 1000
"""How long somebody who is gone leaves their place empty."""
_QUIET_SECONDS = 10.0
"""Between two announcements of how many wait."""


class WaitingCard(QWidget):
    """Emits ``accepted`` and ``refused`` with an author, ``all_accepted``, and ``approval_chosen``.

    ``may_guard``: the person may say whether newcomers wait.
    """

    accessible_role = Role.Grouping

    accepted = Signal(str)
    refused = Signal(str)
    all_accepted = Signal()
    approval_chosen = Signal(bool)

    def __init__(self, theme: Theme, *, may_guard: bool) -> None:
        super().__init__()
        self._theme = theme
        self._rows: dict[str, WaitingRow] = {}
        self._announced, self._announced_at = 0, 0.0
        self._count = 0
        self._heading = Label(theme, "Waiting to come in", weight=SEMIBOLD)
        self._number = Label(theme, role="text-muted", tabular=True)
        self.toggle = Toggle(theme, "Ask before letting in")
        self._none = Label(theme, role="text-muted", wrap=True)
        self._note = Label(theme, "People who leave the page leave the queue.", font="label", weight=400)
        self._note.set_role("text-muted")
        self.all_button = Button(theme, "Let all in")
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self._say = QTimer(self, singleShot=True)
        self._say.timeout.connect(self._announce)
        self.toggle.clicked.connect(self.approval_chosen)
        self.all_button.clicked.connect(self.all_accepted)
        self.setAccessibleName("Waiting to come in")
        self._lay_out(may_guard=may_guard)

    @property
    def rows(self) -> list[WaitingRow]:
        """The rows of those who wait."""
        return [row for row in self._rows.values() if not row.gone]

    def show_queue(self, queue: Queue) -> None:
        """Show who waits now. Whoever is gone leaves a gap for a moment; new ones come at the end."""
        waiting = {waiter.author: waiter for waiter in queue.people}
        for author, row in list(self._rows.items()):
            if author not in waiting and not row.gone:
                self._take_out(author, row)
        for author, waiter in waiting.items():
            known = self._rows.get(author)
            if known and not known.gone:
                known.show_waiter(waiter)
            else:
                self._add(WaitingRow(self._theme, waiter))
        self._count = queue.count
        self._number.set_text(str(queue.count) if queue.count else "")
        self.toggle.setChecked(queue.approval)
        self._none.setVisible(not self.rows)
        self._none.set_text(_nobody(approval=queue.approval))
        self.all_button.setVisible(queue.count > 1)
        self.all_button.setText(f"Let all {queue.count} in")
        self._note.setVisible(queue.count > 0)
        self._announce()

    def focus_first(self) -> QWidget:
        """The first row, or what there is in its place, for the focus."""
        return self.rows[0] if self.rows else self.toggle

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._theme
        rect = QRectF(self.rect())
        paint_panel(painter, rect, _RADIUS, theme.color("surface"), theme.color("border"))
        painter.end()

    def _add(self, row: WaitingRow) -> None:
        old = self._rows.pop(row.author, None)
        if old:
            old.deleteLater()
        self._rows[row.author] = row
        row.accepted.connect(lambda: self.accepted.emit(row.author))
        row.refused.connect(lambda: self.refused.emit(row.author))
        self._list.addWidget(row)

    def _take_out(self, author: str, row: WaitingRow) -> None:
        if row.hasFocus() or row.isAncestorOf(self.focusWidget() or self):
            others = [other for other in self._rows.values() if not other.gone and other is not row]
            (others[0] if others else self.toggle).setFocus(Qt.FocusReason.OtherFocusReason)
        row.leave_gap()

        def remove() -> None:
            if self._rows.get(author) is row:
                del self._rows[author]
            self._list.removeWidget(row)
            row.deleteLater()

        QTimer.singleShot(_GAP_MS, row, remove)

    def _announce(self) -> None:
        """Say how many wait, politely: not for each one of a class that comes."""
        wait = self._announced_at + _QUIET_SECONDS - time.monotonic()
        if self._count == self._announced:
            return
        if wait > 0:
            self._say.start(int(wait * 1000) + 1)
            return
        self._announced, self._announced_at = self._count, time.monotonic()
        if self._count:
            who = "One person waits" if self._count == 1 else f"{self._count} people wait"
            announce(self, f"{who} to come in")

    def _lay_out(self, *, may_guard: bool) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(_SIDE, 0, _SIDE, 0)
        head.setSpacing(8)
        head.addWidget(self._heading)
        head.addWidget(self._number)
        head.addStretch(1)
        if may_guard:
            ask = Label(self._theme, "Ask before letting in", font="label", weight=400, role="text-muted")
            head.addWidget(ask)
            head.addWidget(self.toggle)
        foot = QHBoxLayout()
        foot.setContentsMargins(_SIDE, 9, _SIDE, 9)
        foot.addWidget(self._none, 1)
        foot.addWidget(self._note, 1)
        foot.addWidget(self.all_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 1, 0)
        column.setSpacing(0)
        self._head_height = QWidget()
        self._head_height.setLayout(head)
        column.addWidget(self._head_height)
        column.addWidget(Hairline(self._theme))
        column.addLayout(self._list)
        column.addLayout(foot)
        column.addStretch(1)
        self._theme.changed.connect(self._apply_theme)
        self._apply_theme()

    def _apply_theme(self) -> None:
        self._head_height.setFixedHeight(self._theme.px(_HEAD))


def _nobody(*, approval: bool) -> str:
    if approval:
        return "Nobody waits. Newcomers wait here until you let them in; who has been here before does not."
    return "Newcomers come in by themselves."
