"""People, under a heading with their number, a field to find somebody, and the column of a wide window."""

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from chatdesk.client.found_people import FoundPeople
from chatdesk.desktop.accessibility.announce import DelayedAnnouncer
from chatdesk.desktop.models.people import PeopleModel
from chatdesk.desktop.text import pluralized
from chatdesk.desktop.theme import SEMIBOLD, Theme
from chatdesk.desktop.widgets.common.button import IconButton
from chatdesk.desktop.widgets.common.hairline import HAIRLINE
from chatdesk.desktop.widgets.common.input_method import CompositionGuard
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.margins import set_margins
from chatdesk.desktop.widgets.common.screen_reader import CaretAtEnd
from chatdesk.desktop.widgets.people.people_list import PeopleList

# Pixels of the design, at 100 percent text.
_SIDE, _ABOVE, _BELOW = 20, 10, 8
_MIN_HEIGHT_FOR_HEADING = 160
"""Pixels at 100 percent text: heading, field and two or three people fit into this height."""

_NO_MAX_HEIGHT = 16_777_215
"""QWIDGETSIZE_MAX, Qt's value for no limit."""


class PeoplePanel(QWidget):
    """Heading, search field and list; the list fills the height. ``more_requested`` is the list's.

    ``query_changed`` has the text that names should contain: where not all people are listed, the server searches, and
    ``show_found`` shows its answers. ``chosen`` and ``menu_requested`` are the list's.
    """

    more_requested = Signal()
    chosen = Signal(object)
    menu_requested = Signal(object, QPoint)
    query_changed = Signal(str)

    def __init__(self, theme: Theme, model: PeopleModel) -> None:
        super().__init__()
        self._theme = theme
        self._section_heading, self._column_heading = _Heading(theme, section=True), _Heading(theme, section=False)
        self._field = _SearchEdit()
        CompositionGuard(self._field)
        self._field.setPlaceholderText("Find someone")
        self._field.setAccessibleName("Find someone")
        CaretAtEnd(self._field)
        self._list = PeopleList(theme, model)
        self._list.more_requested.connect(self.more_requested)
        self._list.chosen.connect(self.chosen)
        self._list.menu_requested.connect(self.menu_requested)
        self._list.setMinimumHeight(1)  # the view's default minimum would cover the field
        self._search_row, self._note_row = QWidget(), QWidget()
        self._heading = self._section_heading
        self._alone = False
        self._listed_sentence = ""
        self._found: FoundPeople | None = None
        self._announcer = DelayedAnnouncer(self)
        self._note = Label(theme, font="small", role="text-muted", wrap=True)
        self._lay_out()
        for heading in (self._section_heading, self._column_heading):
            heading.open.clicked.connect(self.open_search)
        self._field.textChanged.connect(self._filter)
        self._field.textChanged.connect(self.query_changed)
        self._field.escaped.connect(self._close_search)
        self._search_row.hide()
        theme.changed.connect(self._apply_theme)
        self._apply_theme()

    def set_count(self, number: int, *, listed: int | None = None, hosting: bool) -> None:
        """Show how many people are here, and say so if only ``listed`` of them are in the list."""
        for heading in (self._section_heading, self._column_heading):
            heading.count.set_text(str(number))
        self._alone = number <= 1 and hosting
        is_partial = listed is not None and listed < number
        self._listed_sentence = (
            f"{listed} of {pluralized(number, 'person is', 'people are')} listed." if is_partial else ""
        )
        self._filter(self._field.text())

    def show_found(self, found: FoundPeople | None) -> None:
        """Show whom the server has found; None while it does not search. Until its answer, the list is searched."""
        self._found = found
        self._filter(self._field.text())

    def open_search(self) -> None:
        """Show the search field and focus it."""
        self._search_row.show()
        self._field.setFocus()
        self._update_heading()

    def set_in_column(self, in_column: bool) -> None:
        """Set whether this is a column, with a heading as high as the top bar, or a section of the sidebar."""
        self._heading = self._column_heading if in_column else self._section_heading
        self._update_heading()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._update_heading()

    def _update_heading(self) -> None:
        """Hide the heading while the field is shown in a low window; else no result would be visible."""
        shown = self._search_row.isHidden() or self.height() >= self._theme.px(_MIN_HEIGHT_FOR_HEADING)
        for heading in (self._section_heading, self._column_heading):
            heading.setVisible(shown and heading is self._heading)

    def _filter(self, text: str) -> None:
        found = self._found if self._found and self._found.query == text.strip() else None
        searching = found is not None and found.busy and not found.people
        count = self._list.show_matches(text, found.people if found and not searching else None)
        sentence = self._note_sentence(count, text, found)
        self._note.set_text(sentence)
        self._note_row.setVisible(bool(sentence))
        result = f"{pluralized(count, 'person', 'people')} found" if count else sentence
        self._announcer.set_text(result if text.strip() and not searching else "")
        self._list.setMaximumHeight(self._list.sizeHintForRow(0) * count if sentence else _NO_MAX_HEIGHT)

    def _note_sentence(self, count: int, text: str, found: FoundPeople | None) -> str:
        """Return what stands below the list: why it is empty, or that there are others."""
        if found and found.busy:
            return "Looking for others…" if count else "Looking…"
        if not count:
            return "Nobody of this name is here."
        if found:
            return "" if found.complete else "There are others. Type more of the name, or scroll."
        alone = "People show up here as they join." if self._alone and not text else ""
        return f"{alone} {self._listed_sentence}".strip()

    def _close_search(self) -> None:
        self._field.clear()
        self._search_row.hide()
        self._update_heading()
        self._heading.open.setFocus()

    def _lay_out(self) -> None:
        field = QHBoxLayout(self._search_row)
        field.setContentsMargins(12, 4, 12, 6)
        field.addWidget(self._field)
        note = QHBoxLayout(self._note_row)
        note.setContentsMargins(_SIDE, 8, _SIDE, 8)
        note.addWidget(self._note)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._section_heading)
        layout.addWidget(self._column_heading)
        layout.addWidget(self._search_row)
        layout.addWidget(self._list, 1)
        layout.addWidget(self._note_row)
        layout.addStretch(0)

    def _apply_theme(self) -> None:
        self._field.setFixedHeight(self._theme.px(32))
        self._update_heading()
        self._filter(self._field.text())


class _Heading(QWidget):
    """Heading, number and search button, for a section or for a column."""

    def __init__(self, theme: Theme, *, section: bool) -> None:
        super().__init__()
        self._theme, self._is_section = theme, section
        font, role = ("small", "text-muted") if section else ("ui", "text")
        self.count = Label(theme, font=font, role="text-muted", tabular=True)
        self.open = IconButton(theme, "search", "Find someone", side=28 if section else 36)
        layout = QHBoxLayout(self)
        set_margins(layout, _SIDE, _ABOVE if section else 0, 11 if section else 4, 0 if section else _BELOW)
        layout.setSpacing(4)
        layout.addWidget(Label(theme, "People", font=font, weight=SEMIBOLD, role=role))
        layout.addWidget(self.count)
        layout.addStretch(1)
        layout.addWidget(self.open)
        theme.changed.connect(self._apply_theme)
        self._apply_theme()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._is_section:
            painter = QPainter(self)
            line = QRect(0, self.height() - _BELOW - HAIRLINE, self.width(), HAIRLINE)
            painter.fillRect(line, self._theme.color("border"))
            painter.end()

    def _apply_theme(self) -> None:
        size = self._theme.tokens["size"]
        height, margin = (size["sectionHeading"], _ABOVE) if self._is_section else (size["bar"], _BELOW)
        self.setFixedHeight(self._theme.px(height) + margin)


class _SearchEdit(QLineEdit):
    escaped = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)


class PeopleColumn(QWidget):
    """Background and edge of the third column; a people panel moves in while the window is wide."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(HAIRLINE, 0, 0, 0)
        theme.changed.connect(self.update)

    def add_panel(self, people: QWidget) -> None:
        """Move the panel into this column."""
        self._layout.addWidget(people)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("background"))
        painter.fillRect(0, 0, HAIRLINE, self.height(), self._theme.color("border"))
        painter.end()
