"""The cards of who is banned, removed or muted now, and of what was done."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chatdesk.desktop.date_format import format_short_day
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import QUIET, Button
from chatdesk.desktop.widgets.common.icon import Icon
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.order.board_card import Card
from chatdesk.desktop.widgets.order.board_row import FocusRow
from chatdesk.protocol import times
from chatdesk.protocol.order_events import AuditEntry, InForce
from chatdesk.protocol.text import isolated

# Pixels of the design, at 100 percent text.
_SIDE, _ABOVE, _GAP, _ICON = 16, 8, 10, 18
_DONE = {
    "role": "gave a role to",
    "mute": "muted",
    "unmute": "let speak again:",
    "remove": "removed",
    "ban": "banned",
    "ban_name": "banned the name",
    "unban": "let in again:",
    "allow_name": "allowed the name",
    "rename": "renamed",
}
_HELD = {"banned": "is banned", "removed": "is removed", "muted": "is muted", "name": "is a name that nobody may have"}
_ICONS = {
    **dict.fromkeys(("ban", "banned", "ban_name", "name"), "ban"),
    **dict.fromkeys(("mute", "muted"), "mute"),
    **dict.fromkeys(("remove", "removed"), "leave"),
}
_ENDS = {"muted": "Unmute", "name": "Allow"}


class RecordRow(FocusRow):
    """What somebody has done to somebody: ``words``, and below them until when and why; with a ``button``, if any."""

    def __init__(
        self, theme: Theme, kind: str, words: str, record: AuditEntry | InForce, button: Button | None
    ) -> None:
        super().__init__(theme)
        self.button = button
        until = f"until {moment_name(record.until)}" if record.until else ""
        more, at = " · ".join(filter(None, (until, record.reason))), moment_name(record.at)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(Label(theme, words, font="label", weight=400, wrap=True))
        if more:
            texts.addWidget(Label(theme, more, font="small", role="text-muted", wrap=True))
        row = QHBoxLayout(self)
        row.setContentsMargins(_SIDE, _ABOVE, _SIDE, _ABOVE + 1)
        row.setSpacing(_GAP)
        row.addWidget(Icon(theme, _ICONS.get(kind, "shield"), size=_ICON), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)
        row.addWidget(Label(theme, at, font="small", role="text-muted", tabular=True), 0, Qt.AlignmentFlag.AlignTop)
        if button:
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.setAccessibleName(", ".join(filter(None, (words, more, at))))


class RecordsCard(Card):
    """A card of records; ``none`` stands where there are none."""

    def __init__(self, theme: Theme, title: str, none: str) -> None:
        super().__init__(theme, title)
        self._nothing = none
        self._none = Label(theme, none, role="text-muted", wrap=True)
        self._foot.addWidget(self._none, 1)
        self.rows: list[RecordRow] = []

    def show_problem(self, sentence: str) -> None:
        """Say why there is nothing to show."""
        self._show([])
        self._none.set_text(sentence)

    def focus_first(self) -> QWidget:
        """The first row, for the focus."""
        return self.rows[0] if self.rows else self

    def _show(self, rows: list[RecordRow], *, behind: bool = False) -> None:
        """Show these rows, in place of the others or ``behind`` them; only the first one is a stop of the Tab key."""
        for row in () if behind else self.rows:
            self._list.removeWidget(row)
            row.deleteLater()
        for row in rows:
            row.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            self._list.addWidget(row)
        self.rows = [*(self.rows if behind else ()), *rows]
        if self.rows:
            self.rows[0].setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._none.set_text(self._nothing)
        self._none.setVisible(not self.rows)
        self._below.setVisible(not self.rows)


class InForceCard(RecordsCard):
    """What holds for whom. ``ended`` carries the one that the person ends."""

    ended = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Banned, removed and muted", "Nobody is banned, removed or muted.")

    def show_standings(self, standings: Sequence[InForce]) -> None:
        """Show these, newest first."""
        self._show([self._row(held) for held in standings])

    def _row(self, held: InForce) -> RecordRow:
        what = _HELD.get(held.kind) or f"is {held.value or held.kind}"
        where = f" in {isolated(held.room)}" if held.room else ""
        words = f"{isolated(held.nickname)} {what}{where}, by {isolated(held.by) if held.by else 'the host'}"
        if held.kind == "role":
            return RecordRow(self._theme, held.kind, words, held, None)
        button = Button(self._theme, _ENDS.get(held.kind, "Let in"), QUIET)
        button.setAccessibleName(f"{button.text()}: {isolated(held.nickname)}")
        button.clicked.connect(lambda: self.ended.emit(held))
        return RecordRow(self._theme, held.kind, words, held, button)


class AuditCard(RecordsCard):
    """What was done, newest first. ``more_requested`` carries the number of the oldest entry that is shown."""

    more_requested = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "What was done", "Nothing was done yet.")
        self.more_button = Button(theme, "Earlier ones")
        self._oldest = 0
        self._foot.addWidget(self.more_button)
        self.more_button.clicked.connect(lambda: self.more_requested.emit(self._oldest))
        self.more_button.hide()

    def show_entries(self, entries: Sequence[AuditEntry], *, behind: bool, more: bool) -> None:
        """Show these entries, in place of the others or ``behind`` them; ``more``: there are earlier ones."""
        self._show([self._row(entry) for entry in entries], behind=behind)
        self._oldest = entries[-1].number if entries else self._oldest
        self.more_button.setVisible(more)
        self._below.setVisible(more or not self.rows)

    def _row(self, entry: AuditEntry) -> RecordRow:
        detail = f" to {isolated(entry.detail)}" if entry.act == "rename" else f": {entry.detail}"
        where = f" in {isolated(entry.room)}" if entry.room else ""
        by, done = isolated(entry.by) if entry.by else "The host", _DONE.get(entry.act, entry.act)
        words = f"{by} {done} {isolated(entry.nickname)}{detail if entry.detail else ''}{where}"
        return RecordRow(self._theme, entry.act, words, entry, None)


def moment_name(timestamp: str) -> str:
    """Such as ``10:24``, or ``Mon 23 Nov 10:24`` on another day."""
    moment = times.local_time(timestamp)
    return f"{format_short_day(moment.date(), date.today())} {moment:%H:%M}".strip() if moment else ""
