"""The switcher: a few letters lead to a room, a person or an action. The focus stays in the field."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from chatdesk.client.switcher import SwitcherRow
from chatdesk.desktop.accessibility.announce import DelayedAnnouncer
from chatdesk.desktop.accessibility.roles import Role
from chatdesk.desktop.dialogs.sheet import Sheet
from chatdesk.desktop.dialogs.switcher_list import HEADING, ROW, SwitcherList
from chatdesk.desktop.models.switcher import SwitcherModel
from chatdesk.desktop.text import pluralized
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.hairline import Hairline
from chatdesk.desktop.widgets.common.icon import Icon
from chatdesk.desktop.widgets.common.input_method import CompositionGuard
from chatdesk.desktop.widgets.common.key_caps import KeyCaps
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.screen_reader import CaretAtEnd, report_current_row
from chatdesk.protocol.limits import NAME_QUERY_CHARS

# Pixels as in the design, at 100 percent text.
_WIDTH, _TOP, _FIELD = 560, 88, 56
_BELOW_LIST = 8
_AROUND = 40
"""Pixels above and below the card, with its lines."""
_NOTHING = "Nothing of this name is here."
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_HINTS = (("↑ ↓", "choose"), ("Enter", "open"), ("Alt Shift ↓", "next unread, without this list"))


class Switcher(Sheet):
    """``rows_for`` returns the rows for what was typed; ``chosen`` carries one of them.

    ``typed`` carries what the field holds whenever that changes; it is empty once the switcher is closed.
    """

    chosen = Signal(object)
    typed = Signal(str)

    def __init__(self, theme: Theme, window: QWidget, rows_for: Callable[[str], Sequence[SwitcherRow]]) -> None:
        super().__init__(theme, window, QSize(_WIDTH, 0))
        self._rows_for = rows_for
        self._model = SwitcherModel()
        self._moved = False
        """Whether the person has chosen another row than the first, which then stays chosen."""
        self._field = _Field()
        CompositionGuard(self._field)
        self._field.setAccessibleName("Switch to a room, a person or an action")
        self._field.setPlaceholderText("Room, person or action")
        self._field.setMaxLength(NAME_QUERY_CHARS)
        CaretAtEnd(self._field)
        self.list = SwitcherList(theme, self._model)
        self._nothing = Label(theme, _NOTHING, font="label", weight=400, role="text-muted")
        self._foot = QWidget()
        self._announcer = DelayedAnnouncer(self)
        self._field.textChanged.connect(self._show_typed)
        self.dismissed.connect(lambda: self.typed.emit(""))
        self._field.pressed.connect(self._press)
        self.list.clicked.connect(self._choose)
        self.setAccessibleName("Switch")
        self.set_content(self._content())

    def show_switcher(self) -> None:
        """Open it, with an empty field."""
        self._field.clear()
        self._show_rows("")
        self.open(self._field)

    def refresh(self) -> None:
        """Something has changed that may concern the rows; the chosen one stays chosen."""
        if not self.isHidden() and self._rows_for(self._field.text()) != self._model.rows:
            chosen = self._model.row(self.list.currentIndex().row()) if self._model.rows else None
            self._show_rows(self._field.text())
            self._choose_row(self._model.position_of(chosen) if chosen and self._moved else 0)

    def _show_typed(self, typed: str) -> None:
        self._moved = False
        self.typed.emit(typed)
        self._show_rows(typed)

    def _show_rows(self, typed: str) -> None:
        rows = self._rows_for(typed)
        self._model.set_rows(rows)
        self._nothing.setVisible(not rows)
        self.list.setVisible(bool(rows))
        headings = sum(bool(row.heading) for row in rows)
        height = self._theme.px(ROW) * len(rows) + self._theme.px(HEADING) * headings
        rest = self._theme.px(_FIELD) + self._foot.sizeHint().height() + _BELOW_LIST + _AROUND
        self.list.setFixedHeight(max(self._theme.px(ROW), min(height, self.window().height() - rest)))
        self._choose_row(0)
        count = pluralized(len(rows), "result", "results") if rows else _NOTHING
        first = self._model.index(0).data(Qt.ItemDataRole.AccessibleTextRole) if rows and not typed else ""
        self._announcer.set_text(f"{count}: {first}" if first else count, typed)  # as it opens, no row is read
        self._position_card()

    def _press(self, event: QKeyEvent) -> None:
        key, rows, row = Qt.Key(event.key()), self._model.rowCount(), self.list.currentIndex().row()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.list.currentIndex())
        elif rows:
            self._moved = True
            places = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: rows - 1}
            self._choose_row(places[key] if key in places else (row + _STEPS[key]) % rows)

    def _choose_row(self, position: int) -> None:
        self.list.setCurrentIndex(self._model.index(position))
        report_current_row(self.list)

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            row = self._model.row(index.row())
            self.dismiss()
            self.chosen.emit(row)

    def _position_card(self) -> None:
        self._foot.setVisible(self.width() >= self._foot.sizeHint().width() + _AROUND)
        super()._position_card()
        top = min(self._theme.px(_TOP), max(0, self.height() - self._card.height()) // 2)
        self._card.move(self._card.x(), top)

    def _content(self) -> QWidget:
        theme, content = self._theme, QWidget()
        field = QHBoxLayout()
        field.setContentsMargins(20, 0, 16, 0)
        field.setSpacing(12)
        field.addWidget(Icon(theme, "search", "text-muted", size=18))
        field.addWidget(self._field, 1)
        field.addWidget(KeyCaps(theme, ("Esc",)))
        nothing = QHBoxLayout()
        nothing.setContentsMargins(20, 12, 20, 12)
        nothing.addWidget(self._nothing)
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(20, 8, 20, 8)
        foot.setSpacing(6)
        for keys, words in _HINTS:
            foot.addWidget(KeyCaps(theme, tuple(keys.split())))
            foot.addWidget(_Hint(theme, words, font="small", role="text-muted"))
            foot.addSpacing(14)
        foot.addStretch(1)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addLayout(field)
        layout.addWidget(Hairline(theme))
        layout.addWidget(self.list)
        layout.addLayout(nothing)
        layout.addSpacing(_BELOW_LIST)
        layout.addWidget(Hairline(theme))
        layout.addWidget(self._foot)
        theme.changed.connect(self._apply_theme)
        self._apply_theme()
        return content

    def _apply_theme(self) -> None:
        self._field.setFont(self._theme.font("title", 400))
        self._field.setFixedHeight(self._theme.px(_FIELD))


class _Hint(Label):
    """What a key does. Orca would read a label that names nothing as what the dialog is about."""

    accessible_role = Role.Grouping


class _Field(QLineEdit):
    """Passes on the keys that move in the list."""

    pressed = Signal(QKeyEvent)

    def __init__(self) -> None:
        super().__init__()
        self.setFrame(False)
        self.setProperty("ground", "bare")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = (*_STEPS, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() in moves or (event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End) and not event.modifiers()):
            self.pressed.emit(event)
        else:
            super().keyPressEvent(event)
