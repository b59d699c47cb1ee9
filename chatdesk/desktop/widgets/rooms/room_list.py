"""A list of rooms: what kind of room it is, its name, and what waits there."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
)

from chatdesk.desktop.icons import paint_icon
from chatdesk.desktop.models.rooms import ROOM_ROW, ArchiveRow, MoreRow, RoomRow, RoomsModel, Row, key_of, words_of
from chatdesk.desktop.text import tooltip_markup
from chatdesk.desktop.theme import SEMIBOLD, Theme
from chatdesk.desktop.widgets.common.avatar import paint_avatar
from chatdesk.desktop.widgets.common.painting import count_pill_width, paint_count_pill, paint_panel
from chatdesk.desktop.widgets.common.screen_reader import CurrentRowFocus
from chatdesk.desktop.widgets.common.scroll_bar import ScrollBar
from chatdesk.desktop.widgets.common.text_painting import elided, paint_line, text_width

# Pixels of the design, at 100 percent text.
_INSET, _ICON_LEFT, _AVATAR_LEFT, _RIGHT = 8, 20, 18, 19
_ICON, _SMALL_ICON, _GAP, _PILL_GAP = 18, 16, 9, 8
_MOST_COUNTED = 9999

_Index = QModelIndex | QPersistentModelIndex


class RoomList(QListView):
    """Shows a RoomsModel, as high as its rows where there is room for them.

    ``chosen`` carries the name of a room that is to be shown, ``menu_requested`` one and where on the screen its menu
    opens; ``more_requested``: further rooms are to be loaded.
    """

    chosen = Signal(str)
    menu_requested = Signal(str, QPoint)
    more_requested = Signal()

    def __init__(self, theme: Theme, model: RoomsModel, name: str) -> None:
        super().__init__()
        self._theme, self._rooms = theme, model
        self._kept = ""
        self._kept_place: int | None = None
        """Of the row that loads more: the first of the rooms that come in its place is the next one to hear of."""
        self.setModel(model)
        self.setItemDelegate(_RowDelegate(theme, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setMouseTracking(True)
        self.setAccessibleName(name)
        CurrentRowFocus(self)
        ScrollBar(theme, self, over=True)
        self.clicked.connect(self._open)
        model.modelAboutToBeReset.connect(self._keep_current)
        model.modelReset.connect(self._restore_current)
        model.length_changed.connect(self.updateGeometry)
        theme.changed.connect(self._apply_theme)

    def sizeHint(self) -> QSize:
        return QSize(120, self._theme.px(self._row_height) * self._rooms.rowCount())

    def minimumSizeHint(self) -> QSize:
        return QSize(120, min(self._theme.px(self._row_height), self.sizeHint().height()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the current row; letters are for the composer."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._open(self.currentIndex())
        elif event.text().isprintable() and event.text():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        row: Row | None = index.data(ROOM_ROW) if index.isValid() else None
        if isinstance(row, RoomRow):
            point = self.visualRect(index).center() if by_key else event.pos()
            self.menu_requested.emit(row.room.name, self.viewport().mapToGlobal(point))

    @property
    def _row_height(self) -> int:
        return int(self._theme.tokens["size"]["roomRow"])

    def _open(self, index: QModelIndex) -> None:
        row: Row | None = index.data(ROOM_ROW) if index.isValid() else None
        if isinstance(row, RoomRow):
            self.chosen.emit(row.room.name)
        elif isinstance(row, ArchiveRow):
            self._rooms.toggle_archive()
        elif row:
            self.more_requested.emit()

    def _keep_current(self) -> None:
        index = self.currentIndex()
        row = self._rooms.row(index.row()) if index.isValid() else None
        self._kept = "\0" if row is None else key_of(row)
        self._kept_place = index.row() if isinstance(row, MoreRow) else None

    def _restore_current(self) -> None:
        position = self._rooms.position_of(self._kept) if self._kept_place is None else self._kept_place
        if position is not None and position < self._rooms.rowCount():
            self.setCurrentIndex(self._rooms.index(position))

    def _apply_theme(self) -> None:
        self.doItemsLayout()
        self.updateGeometry()


class _RowDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: QListView) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        return QSize(120, self._theme.px(self._theme.tokens["size"]["roomRow"]))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row: Row = index.data(ROOM_ROW)
        painter.save()
        painter.setLayoutDirection(option.direction)
        self._paint_ground(painter, option, row)
        start = self._paint_picture(painter, option, row)
        end = self._paint_end(painter, option, row)
        self._paint_name(painter, self._part(option, start, option.rect.width() - start - end), option, row)
        painter.restore()

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, _option: QStyleOptionViewItem, index: _Index
    ) -> bool:
        """Show the whole name as a tooltip, and the topic."""
        row: Row | None = index.data(ROOM_ROW) if index.isValid() else None
        words = filter(None, (row.room.title, row.room.topic)) if isinstance(row, RoomRow) else ()
        QToolTip.showText(event.globalPos(), tooltip_markup(": ".join(words)), view)
        return True

    def _part(self, option: QStyleOptionViewItem, start: float, width: float) -> QRectF:
        """A part of the row, ``start`` pixels from where its text begins."""
        rect = QRect(option.rect)
        part = QRect(rect.left() + round(start), rect.top(), max(0, round(width)), rect.height())
        return QRectF(QStyle.visualRect(option.direction, rect, part))

    def _square(self, option: QStyleOptionViewItem, start: float, side: int) -> QRectF:
        part = self._part(option, start, side)
        return QRectF(part.left(), part.top() + (round(part.height()) - side) // 2, side, side)

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, row: Row) -> None:
        theme, state = self._theme, option.state
        shown = isinstance(row, RoomRow) and row.shown
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        if not (shown or focused or state & QStyle.StateFlag.State_MouseOver):
            return
        edge = "focus" if focused else "accent" if shown and theme.high_contrast else ""
        ground = QRectF(option.rect.adjusted(_INSET, 0, -_INSET, 0))
        fill = theme.color("surface-selected" if shown else "surface-hover")
        radius = theme.tokens["radius"]["row"]
        paint_panel(painter, ground, radius, fill, theme.color(edge) if edge else None)
        if edge and theme.high_contrast:  # two pixels
            paint_panel(painter, ground.adjusted(1, 1, -1, -1), radius - 1, None, theme.color(edge))

    def _paint_picture(self, painter: QPainter, option: QStyleOptionViewItem, row: Row) -> float:
        """Paint the icon or avatar; returns where the name starts."""
        theme = self._theme
        if isinstance(row, RoomRow) and (partner := row.room.partner):
            side = theme.px(theme.tokens["size"]["avatar"]["person"])
            square = self._square(option, _AVATAR_LEFT, side)
            paint_avatar(painter, square, partner.nickname, theme, row.presence, author=partner.author)
            return _AVATAR_LEFT + side + _GAP
        side = theme.px(_ICON)
        paint_icon(painter, self._square(option, _ICON_LEFT, side), _icon_of(row, option), theme.color(_ink(row)))
        return _ICON_LEFT + side + _GAP

    def _paint_name(self, painter: QPainter, rect: QRectF, option: QStyleOptionViewItem, row: Row) -> None:
        bold = isinstance(row, RoomRow) and (row.shown or row.is_unread)
        font = self._theme.font("ui", SEMIBOLD) if bold else self._theme.font("ui")
        painter.setFont(font)
        painter.setPen(self._theme.color(_ink(row)))
        align = QStyle.visualAlignment(option.direction, Qt.AlignmentFlag.AlignLeft)
        name = words_of(row)
        paint_line(painter, rect, elided(name, font, rect.width()), align)

    def _paint_end(self, painter: QPainter, option: QStyleOptionViewItem, row: Row) -> float:
        """Paint what waits in the room; returns how much of the end of the row it takes."""
        theme = self._theme
        if isinstance(row, ArchiveRow):
            return self._paint_count(painter, option, str(row.count))
        if isinstance(row, MoreRow):
            return _RIGHT
        room, taken = row.room, float(_RIGHT)
        pills = [(_short(room.unread), "badge-mention" if room.partner else "badge")] if row.is_unread else []
        if row.is_unread and room.mentions and not room.partner:
            pills.append((f"@{_short(room.mentions)}", "badge-mention"))
        for words, role in pills:
            width = count_pill_width(theme, words)
            paint_count_pill(painter, self._from_end(option, taken, width), theme, words, role)
            taken += width + _PILL_GAP
        for icon in filter(None, ("bell-off" if room.level == "nothing" else "", "edit" if row.draft else "")):
            side = theme.px(_SMALL_ICON)
            square = self._square(option, option.rect.width() - taken - side, side)
            paint_icon(painter, square, icon, theme.color("accent-soft-text" if row.shown else "text-muted"))
            taken += side + _PILL_GAP
        return taken

    def _paint_count(self, painter: QPainter, option: QStyleOptionViewItem, words: str) -> float:
        font = self._theme.font("small")
        width = text_width(words, font)
        painter.setFont(font)
        painter.setPen(self._theme.color("text-muted"))
        paint_line(painter, self._from_end(option, _RIGHT, width + 1), words)
        return _RIGHT + width + _GAP

    def _from_end(self, option: QStyleOptionViewItem, taken: float, width: float) -> QRectF:
        return self._part(option, option.rect.width() - taken - width, width)


def _icon_of(row: Row, option: QStyleOptionViewItem) -> str:
    if isinstance(row, RoomRow):
        return "archive" if row.room.archived else "lock" if row.room.closed or row.room.entry else "hash"
    if isinstance(row, MoreRow):
        return "more"
    closed = "chevron-left" if option.direction == Qt.LayoutDirection.RightToLeft else "chevron-right"
    return "chevron-down" if row.open else closed


def _ink(row: Row) -> str:
    """The colour of a row's icon and name: only what is shown or unread stands out; a person's name always does."""
    if not isinstance(row, RoomRow):
        return "text-muted"
    if row.shown:
        return "accent-soft-text"
    return "text" if row.is_unread or (row.room.partner and row.room.joined) else "text-muted"


def _short(count: int) -> str:
    return f"{_MOST_COUNTED}+" if count > _MOST_COUNTED else str(count)
