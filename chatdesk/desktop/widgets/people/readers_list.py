"""A list of those who have read a message: avatar, name, and when."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from chatdesk.desktop.models.readers import READER, ReadersModel, time_of
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.avatar import paint_avatar
from chatdesk.desktop.widgets.common.painting import paint_panel
from chatdesk.desktop.widgets.common.screen_reader import CurrentRowFocus
from chatdesk.desktop.widgets.common.scroll_bar import ScrollBar
from chatdesk.desktop.widgets.common.text_painting import elided, paint_line
from chatdesk.protocol.room_events import Reader

# Pixels of the design, at 100 percent text.
SIDE = 14
NAME_GAP = 9
_INSET = 6

_Index = QModelIndex | QPersistentModelIndex


class ReadersList(QListView):
    """Shows a ReadersModel; nothing in it can be chosen."""

    def __init__(self, theme: Theme, model: ReadersModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(_ReaderDelegate(theme, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.viewport().setAutoFillBackground(False)
        self.setAccessibleName("Read by")
        CurrentRowFocus(self)
        ScrollBar(theme, self, over=True)
        theme.changed.connect(self.doItemsLayout)


class _ReaderDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: QListView) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        return QSize(120, self._theme.px(self._theme.tokens["size"]["personRow"]))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        reader: Reader = index.data(READER)
        theme, rect, direction = self._theme, QRect(option.rect), option.direction
        painter.save()
        if option.state & QStyle.StateFlag.State_HasFocus:
            ground = QRectF(rect.adjusted(_INSET, 0, -_INSET, 0))
            edge = theme.color("focus") if theme.high_contrast else None
            paint_panel(painter, ground, theme.tokens["radius"]["row"], theme.color("surface-selected"), edge)
        side = theme.px(theme.tokens["size"]["avatar"]["person"])
        avatar = QRect(rect.left() + SIDE, rect.top() + (rect.height() - side) // 2, side, side)
        place = QRectF(QStyle.visualRect(direction, rect, avatar))
        paint_avatar(painter, place, reader.nickname, theme, author=reader.author)
        time, font = time_of(reader), theme.font("small", tabular=True)
        width = QFontMetricsF(font).horizontalAdvance(time)
        right = rect.right() + 1 - SIDE
        shown = QRectF(
            QStyle.visualRect(direction, rect, QRect(round(right - width), rect.top(), round(width), rect.height()))
        )
        painter.setFont(font)
        painter.setPen(theme.color("text-muted"))
        painter.drawText(shown, Qt.AlignmentFlag.AlignCenter, time)
        left = avatar.right() + 1 + NAME_GAP
        name = QRect(left, rect.top(), round(right - width - NAME_GAP) - left, rect.height())
        painter.setFont(theme.font("label", 400))
        painter.setPen(theme.color("text"))
        align = QStyle.visualAlignment(direction, Qt.AlignmentFlag.AlignLeft)
        words = elided(reader.nickname, painter.font(), name.width())
        paint_line(painter, QRectF(QStyle.visualRect(direction, rect, name)), words, align)
        painter.restore()
