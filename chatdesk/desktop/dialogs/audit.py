"""The sheet in which host and moderators read what was done, or who is banned, removed or muted now."""

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from chatdesk.desktop.date_format import format_short_day
from chatdesk.desktop.dialogs.sheet import SIDE_MARGIN, Sheet, sheet_header
from chatdesk.desktop.icons import icon
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import Button, IconButton
from chatdesk.protocol import times
from chatdesk.protocol.order_events import AuditEntry, InForce
from chatdesk.protocol.text import isolated

# Pixels as in the design, at 100 percent text.
_SIZE, _BOTTOM, _ICON = QSize(640, 520), 24, 18
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


class AuditSheet(Sheet):
    """``chosen`` carries a standing that the person wants to end, by Enter or a double click."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, window: QWidget, title: str, hint: str) -> None:
        super().__init__(theme, window, _SIZE)
        self._close_button = IconButton(theme, "close", "Close", shortcut="Esc")
        self._close_button.clicked.connect(self.dismiss)
        self._list = QListWidget()
        self._list.setAccessibleName(title)
        self._list.setAccessibleDescription(hint)
        self._list.setFont(theme.font("label"))
        self._list.setWordWrap(True)
        self._list.setSpacing(4)
        self._list.setFrameShape(QListWidget.Shape.NoFrame)
        self._list.itemActivated.connect(self._activated)
        self._more = Button(theme, "Earlier ones")
        self._more.hide()
        self._load: Callable[[], object] | None = None
        self._more.clicked.connect(self._load_more)
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(SIDE_MARGIN, 10, SIDE_MARGIN, _BOTTOM)
        layout.addWidget(self._list, 1)
        layout.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        self.setAccessibleName(title)
        self.set_content(content, sheet_header(theme, title, self._close_button))

    def show_sheet(self) -> None:
        """Open over the window."""
        self.open(self._list)

    def add_entries(self, entries: Sequence[AuditEntry], load_more: Callable[[], object] | None) -> None:
        """Show these below the others; ``load_more`` asks for earlier ones, if there are any."""
        for entry in entries:
            detail = f" to {isolated(entry.detail)}" if entry.act == "rename" else f": {entry.detail}"
            where = f" in {isolated(entry.room)}" if entry.room else ""
            done = _DONE.get(entry.act, entry.act)
            by = isolated(entry.by) if entry.by else "The host"
            words = f"{by} {done} {isolated(entry.nickname)}{detail if entry.detail else ''}{where}"
            self._add(entry.act, words, entry.at, entry.until, entry.reason)
        self._end(load_more, "Nothing was done yet.")

    def add_standings(self, standings: Sequence[InForce]) -> None:
        """Show what holds for whom."""
        for held in standings:
            what = _HELD.get(held.kind) or f"is {held.value or held.kind}"
            where = f" in {isolated(held.room)}" if held.room else ""
            words = f"{isolated(held.nickname)} {what}{where}, by {isolated(held.by) if held.by else 'the host'}"
            self._add(held.kind, words, held.at, held.until, held.reason).setData(Qt.ItemDataRole.UserRole, held)
        self._end(None, "Nobody is banned, removed or muted.")

    def show_problem(self, sentence: str) -> None:
        """Say why there is nothing to show."""
        self._list.addItem(sentence)

    def _add(self, kind: str, words: str, at: str, until: str, reason: str) -> QListWidgetItem:
        more = " · ".join(filter(None, (f"until {_moment(until)}" if until else "", reason)))
        first = f"{_moment(at)}  {words}"
        item = QListWidgetItem(f"{first}\n{more}" if more else first)
        picture = _ICONS.get(kind, "shield")
        item.setIcon(icon(self._theme, picture, "text-muted", self._theme.px(_ICON)))
        self._list.addItem(item)
        return item

    def _end(self, load_more: Callable[[], object] | None, nothing: str) -> None:
        if not self._list.count():
            self._list.addItem(nothing)
        elif self._list.currentRow() < 0:
            self._list.setCurrentRow(0)
        self._more.setVisible(load_more is not None)
        self._load = load_more

    def _load_more(self) -> None:
        if self._load:
            self._load()

    def _activated(self, item: QListWidgetItem) -> None:
        held = item.data(Qt.ItemDataRole.UserRole)
        if isinstance(held, InForce) and held.kind != "role":
            self.dismiss()
            self.chosen.emit(held)


def _moment(timestamp: str) -> str:
    """Such as ``10:24``, or ``Mon 23 Nov 10:24`` on another day."""
    moment = times.local_time(timestamp)
    if moment is None:
        return ""
    return f"{format_short_day(moment.date(), date.today())} {moment:%H:%M}".strip()
