"""A list of people: an avatar and a name in each row, and perhaps something at its end."""

from typing import Protocol

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.avatar import paint_avatar
from chatdesk.desktop.widgets.common.painting import paint_panel
from chatdesk.desktop.widgets.common.screen_reader import CurrentRowFocus
from chatdesk.desktop.widgets.common.scroll_bar import ScrollBar
from chatdesk.desktop.widgets.common.text_painting import elided, paint_line

SIDE, GAP = 14, 9
"""Pixels of the design beside a row and between its parts, at 100 percent text."""
_ANY_WIDTH = 120
"""A hint for the layout: rows are as wide as their list."""

Index = QModelIndex | QPersistentModelIndex


class PersonList(QListView):
    """Rows of one height that a ``PersonDelegate`` draws; ``name`` is what screen readers call the list."""

    def __init__(self, theme: Theme, model: QAbstractItemModel, name: str) -> None:
        super().__init__()
        self.setModel(model)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setAccessibleName(name)
        CurrentRowFocus(self)
        ScrollBar(theme, self, over=True)
        theme.changed.connect(self.doItemsLayout)


class Named(Protocol):
    """Somebody of whom a row is drawn."""

    @property
    def nickname(self) -> str: ...

    @property
    def author(self) -> str: ...


class PersonDelegate(QStyledItemDelegate):
    """Draws a row; the model has the person as the data of the user role."""

    _side, _inset = SIDE, 6
    """Pixels of the design, left of the avatar and of the ground of the current row, at 100 percent text."""

    def __init__(self, theme: Theme, parent: QListView) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(_ANY_WIDTH, self._theme.px(self._theme.tokens["size"]["personRow"]))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        person: Named = index.data(Qt.ItemDataRole.UserRole)
        theme, rect, direction = self._theme, QRect(option.rect), option.direction
        painter.save()
        painter.setLayoutDirection(direction)
        self._paint_ground(painter, option)
        side = theme.px(theme.tokens["size"]["avatar"]["person"])
        avatar = QRect(rect.left() + self._side, rect.top() + (rect.height() - side) // 2, side, side)
        placed = QRectF(QStyle.visualRect(direction, rect, avatar))
        paint_avatar(painter, placed, person.nickname, theme, self._presence(index), author=person.author)
        end = self._paint_end(painter, rect, index)
        left = avatar.right() + 1 + GAP
        name = QRect(left, rect.top(), end - left, rect.height())
        self._paint_name(painter, QRectF(QStyle.visualRect(direction, rect, name)), index)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        if option.state & QStyle.StateFlag.State_HasFocus:
            theme = self._theme
            ground = QRectF(QRect(option.rect).adjusted(self._inset, 0, -self._inset, 0))
            edge = theme.color("focus") if theme.high_contrast else None
            paint_panel(painter, ground, theme.tokens["radius"]["row"], theme.color("surface-selected"), edge)

    def _presence(self, _index: Index) -> str | None:
        """What the avatar shows of the person being there; None for nothing."""
        return None

    def _paint_end(self, _painter: QPainter, rect: QRect, _index: Index) -> int:
        """Paint what stands at the end of a row; returns where the name before it ends, if nothing is mirrored."""
        return rect.right() - self._side

    def _font(self) -> QFont:
        return self._theme.font("ui")

    def _paint_name(self, painter: QPainter, rect: QRectF, index: Index) -> None:
        person: Named = index.data(Qt.ItemDataRole.UserRole)
        painter.setFont(self._font())
        painter.setPen(self._theme.color("text"))
        align = QStyle.visualAlignment(painter.layoutDirection(), Qt.AlignmentFlag.AlignLeft)
        paint_line(painter, rect, elided(person.nickname, painter.font(), rect.width()), align)
