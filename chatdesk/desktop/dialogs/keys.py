"""The sheet of all keys, in three columns, with a field that finds one."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from chatdesk.desktop.dialogs.sheet import SIDE_MARGIN, Sheet
from chatdesk.desktop.shortcuts import Shortcut, shortcut_columns
from chatdesk.desktop.theme import SEMIBOLD, Theme
from chatdesk.desktop.widgets.common.button import IconButton
from chatdesk.desktop.widgets.common.hairline import Hairline
from chatdesk.desktop.widgets.common.input_method import CompositionGuard
from chatdesk.desktop.widgets.common.key_caps import KeyCaps
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.screen_reader import CaretAtEnd
from chatdesk.protocol.search_folding import fold

# Pixels as in the design, at 100 percent text.
_WIDTH, _HEIGHT = 960, 552
_ROW, _COLUMN, _COLUMN_GAP, _GROUP_GAP = 30, 290, 40, 24
_FIELD_WIDTH, _FIELD_HEIGHT = 216, 36
_ABOUT = "Everything in ChatDesk can be reached without a mouse."
_FOOT = "Arrow keys and letters work once a message has the focus: press Shift Tab in the composer until one has."


class KeysSheet(Sheet):
    """Shows the keys. What is typed into the field hides all others."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(theme, window, QSize(_WIDTH, _HEIGHT))
        self._field = QLineEdit()
        CompositionGuard(self._field)
        CaretAtEnd(self._field)
        self._field.setPlaceholderText("Find a key")
        self._field.setAccessibleName("Find a key")
        self._field.textChanged.connect(self._filter)
        self._close_button = IconButton(theme, "close", "Close", shortcut="Esc")
        self._close_button.clicked.connect(self.dismiss)
        self._groups: list[tuple[QWidget, list[tuple[str, QWidget]]]] = []
        self._columns = QGridLayout()
        self._parts_of_columns: list[QWidget] = []
        self.setAccessibleName("Keys")
        self.set_content(self._content(), self._header())
        theme.changed.connect(self._apply_theme)
        self._apply_theme()

    def show_keys(self) -> None:
        """Open it with all keys."""
        self._field.clear()
        self.open(self._field)

    def _position_card(self) -> None:
        """As many columns as there is room for."""
        side_by_side = max(1, min(len(self._parts_of_columns), self.width() // self._theme.px(_COLUMN)))
        for place, part in enumerate(self._parts_of_columns):
            self._columns.addWidget(part, place // side_by_side, place % side_by_side)
        for column in range(len(self._parts_of_columns)):
            self._columns.setColumnStretch(column, 1 if column < side_by_side else 0)
        super()._position_card()

    def _filter(self, typed: str) -> None:
        words = fold(typed.strip())
        for group, rows in self._groups:
            for text, row in rows:
                row.setVisible(words in text)
            group.setVisible(any(words in text for text, _ in rows))

    def _header(self) -> QWidget:
        theme, header = self._theme, QWidget()
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Label(theme, "Keys", font="heading"))
        words.addWidget(Label(theme, _ABOUT, font="label", weight=400, role="text-muted", wrap=True))
        row = QHBoxLayout(header)
        row.setContentsMargins(SIDE_MARGIN, 25, 21, 12)
        row.setSpacing(12)
        row.addLayout(words, 1)
        row.addWidget(self._field, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._close_button, 0, Qt.AlignmentFlag.AlignTop)
        return header

    def _content(self) -> QWidget:
        content = QWidget()
        self._columns.setHorizontalSpacing(_COLUMN_GAP)
        self._columns.setVerticalSpacing(_GROUP_GAP)
        for groups in shortcut_columns():
            part = QWidget()
            column = QVBoxLayout(part)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(_GROUP_GAP)
            for group in groups:
                column.addWidget(self._group(group.title, group.shortcuts))
            column.addStretch(1)
            self._parts_of_columns.append(part)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(SIDE_MARGIN, 8, SIDE_MARGIN, 24)
        layout.addLayout(self._columns, 1)
        layout.addWidget(Label(self._theme, _FOOT, font="small", role="text-muted", wrap=True))
        return content

    def _group(self, title: str, shortcuts: tuple[Shortcut, ...]) -> QWidget:
        theme, group = self._theme, QWidget()
        layout = QVBoxLayout(group)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(Label(theme, title, font="small", weight=SEMIBOLD, role="text-muted"))
        layout.addSpacing(4)
        rows = [(fold(f"{each.title} {' '.join(each.keys)}"), self._row(each)) for each in shortcuts]
        for _, row in rows:
            layout.addWidget(row)
        self._groups.append((group, rows))
        return group

    def _row(self, shortcut: Shortcut) -> QWidget:
        theme, row = self._theme, QWidget()
        line = QHBoxLayout()
        line.setContentsMargins(0, 4, 0, 4)
        line.addWidget(Label(theme, shortcut.title, font="label", weight=400, elide=True), 1)
        line.addWidget(KeyCaps(theme, shortcut.keys))
        layout = QVBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(line, 1)
        layout.addWidget(Hairline(theme))
        return row

    def _apply_theme(self) -> None:
        self._field.setFixedSize(self._theme.px(_FIELD_WIDTH), self._theme.px(_FIELD_HEIGHT))
        for _, rows in self._groups:
            for _, row in rows:
                row.setFixedHeight(self._theme.px(_ROW))
