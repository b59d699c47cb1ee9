"""All pinned messages of a room, in a card below their bar: one that is chosen is gone to, or unpinned."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from chatdesk.desktop.accessibility.announce import announce
from chatdesk.desktop.icons import paint_icon
from chatdesk.desktop.models.quotes import words_of
from chatdesk.desktop.text import pluralized, tooltip_markup
from chatdesk.desktop.theme import SEMIBOLD, Theme
from chatdesk.desktop.widgets.common.avatar import author_ink
from chatdesk.desktop.widgets.common.painting import paint_panel
from chatdesk.desktop.widgets.common.popover import Popover
from chatdesk.desktop.widgets.common.screen_reader import CurrentRowFocus
from chatdesk.desktop.widgets.common.scroll_bar import ScrollBar
from chatdesk.desktop.widgets.common.text_painting import elided, paint_line, text_width
from chatdesk.protocol.events import Message
from chatdesk.protocol.text import isolated, one_line

# Pixels of the design, at 100 percent text.
_WIDTH, _ROW, _PAD = 480, 40, 6
_SIDE, _GAP, _ICON, _BUTTON = 16, 8, 16, 36
_ROWS_SHOWN = 8.5
"""Half a row shows that there is more."""
_MAX_NAME = 0.4
"""The part of a row that a long name may take."""
_CHARS = 300
"""Far more than a row shows."""
_UNPIN = (Qt.Key.Key_P, Qt.Key.Key_Delete)

_Index = QModelIndex | QPersistentModelIndex


class PinsCard(Popover):
    """``chosen`` and ``unpin_requested`` carry the number of a message. Keys: Enter goes there, P or Del unpins."""

    chosen = Signal(object)
    unpin_requested = Signal(object)
    opens_below = True

    def __init__(self, theme: Theme, anchor: QWidget) -> None:
        super().__init__(theme, anchor, _WIDTH, at_end=True)
        self._pins = _PinsModel()
        self.list = _PinsList(theme, self._pins)
        self.list.chosen.connect(self._choose)
        self.list.unpin_requested.connect(self.unpin_requested)
        self._layout.addWidget(self.list)
        self.setAccessibleName("Pinned messages")

    def open_list(self, anchor: QWidget, pinned: Sequence[Message]) -> None:
        """Open below ``anchor``; if it is open, close."""
        if self.isVisible():
            self.close_card()
            return
        self._pins.set_messages(pinned)
        self.list.setCurrentIndex(self._pins.index(0))
        self.open_with_focus(anchor, None, self.list)
        announce(self, pluralized(len(pinned), "pinned message", "pinned messages"))

    def show_pins(self, pinned: Sequence[Message]) -> None:
        """Show what is pinned now; without any, close."""
        if not self.isVisible():
            return
        place = self.list.currentIndex().row()
        self._pins.set_messages(pinned)
        self.list.setCurrentIndex(self._pins.index(min(place, len(pinned) - 1)))
        if pinned:
            self.place()
        else:
            self.close_card()

    def _choose(self, seq: int) -> None:
        self.close_card()
        self.chosen.emit(seq)

    def _content_height(self, _width: int) -> int:
        return round(self._theme.px(_ROW) * min(self._pins.rowCount(), _ROWS_SHOWN)) + 2 * _PAD


class _PinsModel(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self._messages: Sequence[Message] = ()

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._messages)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        message = self._messages[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return message
        words = one_line(words_of(message), _CHARS)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip_markup(f"{isolated(message.nickname)}: {words}")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{isolated(message.nickname)}: {words}. Enter goes there, P unpins"
        return words if role == Qt.ItemDataRole.DisplayRole else None

    def set_messages(self, messages: Sequence[Message]) -> None:
        self.beginResetModel()
        self._messages = list(messages)
        self.endResetModel()


class _PinsList(QListView):
    chosen = Signal(object)
    unpin_requested = Signal(object)

    def __init__(self, theme: Theme, model: _PinsModel) -> None:
        super().__init__()
        self._theme = theme
        self.setModel(model)
        self.setItemDelegate(_PinDelegate(theme, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.viewport().setAutoFillBackground(False)
        self.setViewportMargins(1, _PAD, 1, 1)
        self.setAccessibleName("Pinned messages")
        CurrentRowFocus(self)
        ScrollBar(theme, self, over=True)
        theme.changed.connect(self.doItemsLayout)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        message: Message | None = self.currentIndex().data(Qt.ItemDataRole.UserRole)
        if message and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(message.seq)
        elif message and event.key() in _UNPIN:
            self.unpin_requested.emit(message.seq)
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        point = event.position().toPoint()
        message: Message | None = self.indexAt(point).data(Qt.ItemDataRole.UserRole)
        if message and event.button() == Qt.MouseButton.LeftButton:
            unpins = self.button_rect(self.visualRect(self.indexAt(point))).contains(point)
            (self.unpin_requested if unpins else self.chosen).emit(message.seq)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self.viewport().update()

    def button_rect(self, row: QRect) -> QRect:
        """Where the button that unpins is in a row."""
        side = self._theme.px(_BUTTON)
        button = QRect(row.right() + 1 - side - _PAD, row.top(), side, row.height())
        return QStyle.visualRect(self.layoutDirection(), row, button)

    def points_at(self, rect: QRect) -> bool:
        """Whether the pointer is over a part of the list."""
        point: QPoint = self.viewport().mapFromGlobal(self.cursor().pos())
        return self.viewport().underMouse() and rect.contains(point)


class _PinDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: _PinsList) -> None:
        super().__init__(parent)
        self._theme, self._list = theme, parent

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        return QSize(120, self._theme.px(_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        message: Message = index.data(Qt.ItemDataRole.UserRole)
        theme, rect, direction = self._theme, QRect(option.rect), option.direction
        button, radius = self._list.button_rect(rect), theme.tokens["radius"]["row"]
        painter.save()
        if option.state & QStyle.StateFlag.State_HasFocus or self._list.points_at(rect):
            focused = option.state & QStyle.StateFlag.State_HasFocus
            fill = theme.color("surface-selected" if focused else "row-hover")
            edge = theme.color("focus") if focused and theme.high_contrast else None
            paint_panel(painter, QRectF(rect.adjusted(_PAD, 0, -_PAD, 0)), radius, fill, edge)
        side = theme.px(_ICON)
        icon = QRectF(button.center().x() - side // 2, button.center().y() - side // 2 + 1, side, side)
        paint_icon(painter, icon, "close", theme.color("text" if self._list.points_at(button) else "text-muted"))
        room = QRect(rect.left() + _SIDE, rect.top(), rect.width() - 2 * _SIDE - button.width(), rect.height())
        align = QStyle.visualAlignment(direction, Qt.AlignmentFlag.AlignLeft)
        name_font = theme.font("label", SEMIBOLD)
        name = elided(message.nickname, name_font, room.width() * _MAX_NAME)
        width = round(text_width(name, name_font)) + 1
        painter.setFont(name_font)
        painter.setPen(author_ink(theme, message))
        place = QRect(room.left(), room.top(), width, room.height())
        paint_line(painter, QRectF(QStyle.visualRect(direction, rect, place)), name, align)
        painter.setFont(theme.font("label", 400))
        painter.setPen(theme.color("text"))
        place = QRect(place.right() + 1 + _GAP, room.top(), room.width() - width - _GAP, room.height())
        words = elided(index.data(), painter.font(), place.width())
        paint_line(painter, QRectF(QStyle.visualRect(direction, rect, place)), words, align)
        painter.restore()
