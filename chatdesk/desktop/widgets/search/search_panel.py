"""The panel with the results of a search, beside the timeline or over it: their number, and a row for each."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from chatdesk.client.search import SearchResults
from chatdesk.desktop.accessibility.announce import DelayedAnnouncer, announce
from chatdesk.desktop.accessibility.roles import Role
from chatdesk.desktop.models.search_hits import SearchHitsModel
from chatdesk.desktop.text import pluralized
from chatdesk.desktop.theme import SEMIBOLD, Theme
from chatdesk.desktop.widgets.common.button import IconButton
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.search.hits_list import HitsList
from chatdesk.protocol.events import Hit

# Pixels of the design, at 100 percent text.
_SIDE = 20
_NO_MATCH = "No message holds all of these words."
_FURTHER = "There are more rooms with these words: search for more of them, or in: one room."


class SearchPanel(QWidget):
    """Emits ``chosen`` with a message, ``more_requested`` for older results of a room, and ``closed``.

    The room is empty for the last one.
    """

    accessible_role = Role.Grouping

    chosen = Signal(object)
    more_requested = Signal(str)
    closed = Signal()

    def __init__(self, theme: Theme, model: SearchHitsModel) -> None:
        super().__init__()
        self._theme, self._hits = theme, model
        self._stale = False
        self._announcer = DelayedAnnouncer(self)
        self._prepared = ""
        self._heading = Label(theme, font="small", weight=SEMIBOLD, role="text-muted", elide=True, tabular=True)
        self._note = Label(theme, font="label", weight=400, role="text-muted", wrap=True)
        self._close = IconButton(theme, "close", "Close search", shortcut="Esc", side=28)
        self.hits_list = HitsList(theme, model)
        self.hits_list.chosen.connect(self.chosen)
        self.hits_list.more_requested.connect(lambda: self.more_requested.emit(""))
        self.hits_list.more_in_requested.connect(self.more_requested)
        self._close.clicked.connect(self.closed)
        self.setAccessibleName("Search")
        self._lay_out()
        theme.changed.connect(self.update)

    def show_results(self, results: SearchResults) -> None:
        """Show how far the search is; the results are in the model."""
        hits = self._hits.hits
        self._stale = results.busy and not results.hits
        note = results.error or results.note or (_FURTHER if results.further else "")
        note = note or ("" if hits or results.busy else _NO_MATCH)
        self._heading.set_text("Searching" if results.busy and not hits else _heading_text(hits, results))
        self._note.set_text(note)
        self._note.setVisible(bool(note))
        self.hits_list.setVisible(bool(hits) or not note)
        if not (
            results.busy or (results.preparing and self._prepared == results.query)
        ):  # do not announce each percent
            heading = self._heading.text()
            self._announcer.set_text(f"{heading}. {note}" if results.preparing else note or heading, results.query)
        self._prepared = results.query if results.preparing else ""

    def choose_current(self) -> None:
        """Choose the current result, unless it is of the search before."""
        if not self._stale:
            self.hits_list.choose_current()

    def send_key(self, event: QKeyEvent) -> None:
        """Move in the results with a key event of the field, and announce the row."""
        before = self.hits_list.currentIndex()
        QApplication.sendEvent(self.hits_list, event)
        if (current := self.hits_list.currentIndex()).isValid() and current != before:
            announce(self.hits_list, str(current.data(Qt.ItemDataRole.AccessibleTextRole)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("background"))
        painter.fillRect(0, 0, 1, self.height(), self._theme.color("border"))
        painter.end()

    def _lay_out(self) -> None:
        header = QHBoxLayout()
        header.setContentsMargins(_SIDE, 0, 11, 0)
        header.addWidget(self._heading, 1)
        header.addWidget(self._close)
        note = QHBoxLayout()
        note.setContentsMargins(_SIDE, 2, _SIDE, 0)
        note.addWidget(self._note)
        self._note.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 10, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(header)
        layout.addLayout(note)
        layout.addWidget(self.hits_list, 1)
        layout.addStretch(0)


def _heading_text(hits: list[Hit], results: SearchResults) -> str:
    number, rooms = len(hits), len({hit.message.room for hit in hits})
    where = f" in {rooms} rooms" if rooms > 1 else ""
    if results.more_in or results.further:
        return f"{number} newest{where or ', scroll for more'}"
    no_result = "Nothing found yet" if results.preparing else "Nothing found"
    return f"{pluralized(number, 'message', 'messages')} found{where}" if number else no_result
