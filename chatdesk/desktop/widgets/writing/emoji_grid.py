"""The grid of a picker: emoji in rows of eight under their headings."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from chatdesk.desktop.accessibility.announce import announce
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.painting import paint_panel
from chatdesk.desktop.widgets.common.scroll_bar import ScrollBar
from chatdesk.protocol.emoji import Emoji, with_tone

COLUMNS = 8
EMOJI = Qt.ItemDataRole.UserRole
"""The role for the ``Emoji`` of a cell."""
# Pixels of the design, at 100 percent text.
ROW_HEIGHT = 40
_HEADING_HEIGHT = 28
_GLYPH = 24
_CELL_INSET = 1

_Index = QModelIndex | QPersistentModelIndex


class Section(NamedTuple):
    """Emoji under a heading."""

    heading: str
    emoji: Sequence[Emoji]


class EmojiGridModel(QAbstractTableModel):
    """Rows of emoji, and rows that are a heading."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[str | Sequence[Emoji]] = []
        self._tone = 0

    def set_sections(self, sections: Sequence[Section]) -> None:
        """Show these sections."""
        self.beginResetModel()
        self._rows = []
        for heading, found in sections:
            self._rows.append(heading)
            self._rows += [found[start : start + COLUMNS] for start in range(0, len(found), COLUMNS)]
        self.endResetModel()

    def set_tone(self, tone: int) -> None:
        """Show all that has skin tones in this one."""
        self._tone = tone
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, COLUMNS - 1))

    @property
    def headings(self) -> list[int]:
        """The rows that are headings."""
        return [row for row, content in enumerate(self._rows) if isinstance(content, str)]

    def emoji(self, index: _Index) -> Emoji | None:
        """The emoji of a cell; None for a heading and behind the last one of a section."""
        content = self._rows[index.row()] if index.isValid() else ""
        return None if isinstance(content, str) or index.column() >= len(content) else content[index.column()]

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else COLUMNS

    def flags(self, index: _Index) -> Qt.ItemFlag:
        usable = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return usable if self.emoji(index) else Qt.ItemFlag.NoItemFlags

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        content, emoji = self._rows[index.row()], self.emoji(index)
        if isinstance(content, str):
            return content if role == Qt.ItemDataRole.DisplayRole and index.column() == 0 else None
        if emoji is None:
            return None
        if role == EMOJI:
            return emoji
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return emoji.name
        return with_tone(emoji.text, self._tone) if role == Qt.ItemDataRole.DisplayRole else None


class EmojiGrid(QTableView):
    """Emits ``chosen`` with the text of an emoji, and ``pointed`` with the ``Emoji`` that would be chosen."""

    chosen = Signal(str)
    pointed = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.cells = EmojiGridModel()
        self.setModel(self.cells)
        self.setItemDelegate(_CellDelegate(theme, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("Emoji")
        self.setMouseTracking(True)
        for corner in self.findChildren(QAbstractButton):
            corner.setAccessibleName("Emoji")  # Qt's own, which is never shown
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.hide()
            header.setMinimumSectionSize(1)
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        ScrollBar(theme, self, over=True)
        self.entered.connect(self._point_at)
        self.clicked.connect(self._choose)
        theme.changed.connect(self._fit_rows)

    def show_sections(self, sections: Sequence[Section]) -> None:
        """Show these sections, with the first emoji as the one that would be chosen."""
        self.clearSpans()
        self.cells.set_sections(sections)
        for row in self.cells.headings:
            self.setSpan(row, 0, 1, COLUMNS)
        self._fit_rows()
        self.scrollToTop()
        first = next((index for index in map(self._cell, range(2 * COLUMNS)) if self.cells.emoji(index)), QModelIndex())
        self._make_current(first)

    def scroll_to_section(self, number: int) -> None:
        """Show a section from its heading on, and choose its first emoji."""
        row = self.cells.headings[number]
        self._make_current(self.cells.index(row + 1, 0))
        self._tell_current()
        self.scrollTo(self.cells.index(row, 0), QAbstractItemView.ScrollHint.PositionAtTop)

    @property
    def first_section(self) -> int:
        """The number of the section at the upper edge."""
        top = self.rowAt(0)
        return sum(row <= top for row in self.cells.headings) - 1

    def move_choice(self, rows: int, columns: int) -> None:
        """Choose the emoji so many rows below and columns beside; headings are skipped."""
        current = self.currentIndex()
        if not current.isValid():
            return
        place = current.row() * COLUMNS + current.column()
        step = columns or rows * COLUMNS
        target = place + step
        last = self.cells.rowCount() * COLUMNS
        while 0 <= target < last and not self.cells.emoji(self._cell(target)):
            target = self._nearest(target, rows) if rows else target + columns
        if 0 <= target < last:
            self._make_current(self._cell(target))
            self._tell_current()

    def choose_current(self) -> None:
        """Choose the emoji that is marked."""
        self._choose(self.currentIndex())

    def _nearest(self, place: int, rows: int) -> int:
        """From a cell without an emoji to the last one of its row, or to the row beyond a heading."""
        row, column = divmod(place, COLUMNS)
        filled = [other for other in range(column) if self.cells.emoji(self._cell(row * COLUMNS + other))]
        return row * COLUMNS + filled[-1] if filled else place + rows * COLUMNS

    def _cell(self, place: int) -> QModelIndex:
        return self.cells.index(*divmod(place, COLUMNS))

    def _tell_current(self) -> None:
        """Say the name alone: of a focused cell in a table, Orca reads the whole row."""
        if current := self.cells.emoji(self.currentIndex()):
            announce(self, current.name)

    def _make_current(self, index: QModelIndex) -> None:
        self.setCurrentIndex(index)
        self.pointed.emit(self.cells.emoji(index))

    def _point_at(self, index: QModelIndex) -> None:
        if self.cells.emoji(index):
            self.pointed.emit(self.cells.emoji(index))

    def _choose(self, index: QModelIndex) -> None:
        if self.cells.emoji(index):
            self.chosen.emit(index.data())

    def _fit_rows(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self._theme.px(ROW_HEIGHT))
        for row in self.cells.headings:
            self.setRowHeight(row, self._theme.px(_HEADING_HEIGHT))


class _CellDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: EmojiGrid) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        theme, cell, text = self._theme, QRectF(option.rect), index.data()
        if not text:
            return
        painter.save()
        painter.setPen(theme.color("text"))
        if index.data(EMOJI) is None:
            painter.setFont(theme.font("small", 600))
            painter.setPen(theme.color("text-muted"))
            leading = QStyle.visualAlignment(option.direction, Qt.AlignmentFlag.AlignLeft)
            painter.drawText(cell.adjusted(4, 0, -4, 0), leading | Qt.AlignmentFlag.AlignVCenter, text)
        else:
            chosen = bool(option.state & QStyle.StateFlag.State_Selected)
            if chosen or option.state & QStyle.StateFlag.State_MouseOver:
                background = cell.adjusted(_CELL_INSET, _CELL_INSET, -_CELL_INSET, -_CELL_INSET)
                fill = theme.color("surface-selected" if chosen else "raised-hover")
                border = theme.color("focus") if chosen and theme.high_contrast else None
                paint_panel(painter, background, theme.tokens["radius"]["row"], fill, border)
            font = theme.font("ui")
            font.setPixelSize(theme.px(_GLYPH))
            painter.setFont(font)
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, text)
        painter.restore()
