"""The people in the room, one row each: who, and from where."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, QSortFilterProxyModel, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
)

from chatdesk.desktop.icons import paint_icon
from chatdesk.desktop.models.people import PERSON, PRESENCE, PeopleModel
from chatdesk.desktop.text import plain
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.avatar import paint_avatar
from chatdesk.desktop.widgets.scroll_bar import ScrollBar
from chatdesk.desktop.widgets.shapes import paint_panel
from chatdesk.protocol.events import User

_INSET = 8
_AVATAR_LEFT = 18
_NAME_GAP = 9
_RIGHT = 19
_ICON = 16
_TAG_PADDING = 5
_ICONS = {"window": "window", "browser": "globe", "phone": "phone", "terminal": "terminal"}

_Index = QModelIndex | QPersistentModelIndex


class PeopleList(QListView):
    """Shows a PeopleModel, or those of it whose name contains what was asked for."""

    def __init__(self, theme: Theme, model: PeopleModel) -> None:
        super().__init__()
        self._text = ""
        self._found = QSortFilterProxyModel(self)
        self._found.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._found.setSourceModel(model)
        self.setModel(self._found)
        self.setItemDelegate(_PersonDelegate(theme, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setMouseTracking(True)
        self.setAccessibleName("People")
        ScrollBar(theme, self)
        theme.changed.connect(self.doItemsLayout)

    def show_found(self, text: str) -> int:
        """Show only who is called something like this; returns how many are."""
        if text != self._text:  # it would ask each of a thousand people again
            self._text = text
            self._found.setFilterFixedString(text.strip())
        return self._found.rowCount()


class _PersonDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: QListView) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        return QSize(120, self._theme.px(self._theme.tokens["size"]["personRow"]))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        person: User = index.data(PERSON)
        theme, rect = self._theme, QRect(option.rect)
        painter.save()
        if option.state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_HasFocus):
            ground = QRectF(rect.adjusted(_INSET, 0, -_INSET, 0))
            edge = theme.color("focus") if option.state & QStyle.StateFlag.State_HasFocus else None
            paint_panel(painter, ground, theme.tokens["radius"]["row"], theme.color("surface-hover"), edge)
        side = theme.px(theme.tokens["size"]["avatar"]["person"])
        avatar = QRectF(rect.left() + _AVATAR_LEFT, rect.top() + (rect.height() - side) // 2, side, side)
        paint_avatar(painter, avatar, person.nickname, theme, index.data(PRESENCE))
        end = self._paint_kind(painter, rect, person)
        left = round(avatar.right()) + _NAME_GAP
        painter.setFont(theme.font("ui"))
        painter.setPen(theme.color("text"))
        room = end - left - _NAME_GAP
        name = QFontMetrics(painter.font()).elidedText(person.nickname, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(left, rect.top(), room, rect.height()), _LEFT, name)
        painter.restore()

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, _option: QStyleOptionViewItem, index: _Index
    ) -> bool:
        """The whole name, for it may be cut."""
        QToolTip.showText(event.globalPos(), plain(index.data() or ""), view)
        return True

    def _paint_kind(self, painter: QPainter, rect: QRect, person: User) -> int:
        """The host's tag, or an icon of where somebody writes from; returns where it begins."""
        theme, right = self._theme, rect.right() + 1 - _RIGHT
        if not person.host:
            side = theme.px(_ICON)
            icon = QRectF(right - side, rect.top() + (rect.height() - side) // 2, side, side)
            paint_icon(painter, icon, _ICONS[person.client], theme.color("text-muted"))
            return round(icon.left())
        painter.setFont(theme.font("micro"))
        width = QFontMetrics(painter.font()).horizontalAdvance("host") + 2 * _TAG_PADDING
        height = theme.line("micro")
        tag = QRectF(right - width, rect.top() + (rect.height() - height) // 2, width, height)
        paint_panel(painter, tag, theme.tokens["radius"]["small"], theme.color("mention"))
        painter.setPen(theme.color("mention-text"))
        painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, "host")
        return round(tag.left())


_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute
