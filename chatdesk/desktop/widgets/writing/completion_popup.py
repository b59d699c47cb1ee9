"""The choices of a completion above the composer. The focus stays where people write."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QVBoxLayout, QWidget

from chatdesk.client.completion import Choice, Completion
from chatdesk.desktop.accessibility.announce import announce
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.floating_card import FloatingCard
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.screen_reader import report_current_row
from chatdesk.desktop.widgets.common.scroll_bar import ScrollBar
from chatdesk.desktop.widgets.writing.completion_rows import CHOICE, ROW_HEIGHT, ChoiceDelegate, ChoicesModel

_HEADING_PAD = (16, 12, 16, 6)
_BOTTOM = 4
_MOST_ROWS = 9.5  # at once
_MOVES = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_TAKES = (Qt.Key.Key_Tab, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class CompletionPopup(FloatingCard):
    """Emits ``chosen`` with a ``Choice``. Keys come from the field, by ``press``."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, anchor: QWidget) -> None:
        super().__init__(theme, anchor)
        self._heading = Label(theme, font="small", role="text-muted", weight=600, elide=True)
        heading = QVBoxLayout()
        heading.setContentsMargins(*_HEADING_PAD)
        heading.addWidget(self._heading)
        self._model = ChoicesModel()
        self._written = ""
        self.list = self._make_list(theme)
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(1, 1, 1, _BOTTOM)
        layout.setSpacing(0)
        layout.addLayout(heading)
        layout.addWidget(self.list, 1)
        self.set_content(content)

    def show_completion(self, completion: Completion) -> None:
        """Show these choices, the first one chosen."""
        self._written = completion.query.text
        self._heading.set_text(completion.heading)
        self.list.setAccessibleName(completion.heading)
        self._model.set_choices(completion.choices)
        opens = not self.isVisible()
        self.open_above()
        self._choose_row(0)
        if opens:
            announce(self, f"{completion.heading}: {len(completion.choices)}. Tab takes one.")

    def press(self, event: QKeyEvent) -> bool:
        """Act on a key of the field; returns False if it is none of these."""
        if not self.isVisible() or event.modifiers() not in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        ):
            return False
        key, rows = Qt.Key(event.key()), self._model.rowCount()
        if key in _MOVES:
            self._choose_row((self.list.currentIndex().row() + _MOVES[key]) % rows)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._choose_row(0 if key == Qt.Key.Key_Home else rows - 1)
        elif key in _TAKES and (key == Qt.Key.Key_Tab or not self._is_written()):
            self._take(self.list.currentIndex())
        elif key == Qt.Key.Key_Escape:
            self.close_card()
        else:
            return False
        return True

    def _is_written(self) -> bool:
        """Return whether the chosen one is written already: then Enter sends."""
        choice = self.list.currentIndex().data(CHOICE)
        return isinstance(choice, Choice) and choice.insert.strip()[1:] == self._written

    def _content_height(self, width: int) -> int:
        row, (_, above, _, below) = self._theme.px(ROW_HEIGHT), _HEADING_PAD
        around = self._heading.sizeHint().height() + above + below + _BOTTOM + 2
        # The card must not cover the field; half a row at its end says that there are more.
        rows = min(self._model.rowCount(), _MOST_ROWS) * row
        return around + max(row, min(round(rows), self.room_above - around))

    def _choose_row(self, row: int) -> None:
        self.list.setCurrentIndex(self._model.index(row))
        report_current_row(self.list)

    def _take(self, index: QModelIndex) -> None:
        choice = index.data(CHOICE)
        self.close_card()
        if isinstance(choice, Choice):
            self.chosen.emit(choice)

    def _make_list(self, theme: Theme) -> QListView:
        rows = QListView()
        rows.setModel(self._model)
        rows.setItemDelegate(ChoiceDelegate(theme, rows))
        rows.setFrameShape(QFrame.Shape.NoFrame)
        rows.setUniformItemSizes(True)
        rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rows.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        rows.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows.setMouseTracking(True)
        rows.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        rows.clicked.connect(self._take)
        ScrollBar(theme, rows, over=True)
        theme.changed.connect(rows.doItemsLayout)
        return rows
