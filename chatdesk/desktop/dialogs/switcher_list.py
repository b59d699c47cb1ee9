"""The list of the switcher: rooms, people and actions in groups, with the letters that were found marked."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from chatdesk.client.switcher import SwitcherRow
from chatdesk.desktop.icons import paint_icon
from chatdesk.desktop.models.switcher import SwitcherModel
from chatdesk.desktop.theme import SEMIBOLD, Theme
from chatdesk.desktop.widgets.common.avatar import paint_avatar
from chatdesk.desktop.widgets.common.painting import count_pill_width, paint_count_pill, paint_panel
from chatdesk.desktop.widgets.common.scroll_bar import ScrollBar
from chatdesk.desktop.widgets.common.text_painting import elided, paint_line, text_width

# Pixels of the design, at 100 percent text.
ROW, HEADING = 40, 34
_INSET, _SIDE, _PICTURE, _TITLE_LEFT, _GAP = 8, 20, 24, 56, 12
_ICON = 18
_BADGE, _BADGE_PAD = 18, 6

_Index = QModelIndex | QPersistentModelIndex
_ICONS = {"room": "hash", "action": "sliders", "search": "search"}


class SwitcherList(QListView):
    """Shows a SwitcherModel; it never has the focus, which stays in the field."""

    def __init__(self, theme: Theme, model: SwitcherModel) -> None:
        super().__init__()
        self.setAccessibleName("Rooms, people and actions")
        self.setModel(model)
        self.setItemDelegate(_RowDelegate(theme, self, model))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        ScrollBar(theme, self, over=True)
        theme.changed.connect(self.doItemsLayout)


class _RowDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: QListView, model: SwitcherModel) -> None:
        super().__init__(parent)
        self._theme, self._model = theme, model

    def sizeHint(self, _option: QStyleOptionViewItem, index: _Index) -> QSize:
        row = self._model.row(index.row())
        return QSize(120, self._theme.px(ROW) + (self._theme.px(HEADING) if row.heading else 0))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row, theme, rect = self._model.row(index.row()), self._theme, QRectF(option.rect)
        painter.save()
        if row.heading:
            self._paint_heading(painter, row, QRectF(rect.left(), rect.top(), rect.width(), theme.px(HEADING)), option)
            rect.setTop(rect.top() + theme.px(HEADING))
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            border = theme.color("focus") if chosen and theme.high_contrast else None
            fill = theme.color("surface-selected" if chosen else "raised-hover")
            paint_panel(painter, rect.adjusted(_INSET, 0, -_INSET, 0), theme.tokens["radius"]["row"], fill, border)
        self._paint_picture(painter, row, self._part(rect, _SIDE, theme.px(_PICTURE), option))
        end = self._paint_end(painter, row, rect, option)
        left = theme.px(_TITLE_LEFT)
        self._paint_words(painter, row, self._part(rect, left, rect.width() - left - end, option), option, chosen)
        painter.restore()

    def _part(self, rect: QRectF, start: float, width: float, option: QStyleOptionViewItem) -> QRectF:
        """A part of the row, ``start`` pixels from where its text begins."""
        mirrored = option.direction == Qt.LayoutDirection.RightToLeft
        left = rect.right() - start - width if mirrored else rect.left() + start
        return QRectF(left, rect.top(), max(width, 0.0), rect.height())

    def _align(self, option: QStyleOptionViewItem) -> Qt.AlignmentFlag:
        return QStyle.visualAlignment(option.direction, Qt.AlignmentFlag.AlignLeft)

    def _paint_heading(self, painter: QPainter, row: SwitcherRow, rect: QRectF, option: QStyleOptionViewItem) -> None:
        font = self._theme.font("small", SEMIBOLD)
        painter.setFont(font)
        painter.setPen(self._theme.color("text-muted"))
        line = self._part(rect, _SIDE, rect.width() - 2 * _SIDE, option)
        line.setTop(line.bottom() - self._theme.line("small") - self._theme.px(6))
        paint_line(painter, line, row.heading, self._align(option))

    def _paint_picture(self, painter: QPainter, row: SwitcherRow, part: QRectF) -> None:
        theme, person = self._theme, row.person
        side = theme.px(_PICTURE if person else _ICON)
        rect = QRectF(part.center().x() - side / 2, round(part.center().y() - side / 2), side, side)
        if person:
            presence = person.status if person.status in ("away", "busy", "offline") else "online"
            paint_avatar(painter, rect, person.nickname, theme, presence, author=person.author)
        else:
            paint_icon(painter, rect, "archive" if row.archived else _ICONS[row.kind], theme.color("text-muted"))

    def _paint_words(
        self, painter: QPainter, row: SwitcherRow, rect: QRectF, option: QStyleOptionViewItem, chosen: bool
    ) -> None:
        """Paint the title, with what was typed marked, and what is said of it."""
        theme = self._theme
        font = theme.font("ui", SEMIBOLD) if row.unread or row.mentions else theme.font("ui")
        title = elided(row.title, font, rect.width())
        width = text_width(title, font)
        mirrored = option.direction == Qt.LayoutDirection.RightToLeft
        words = QRectF(rect.right() - width if mirrored else rect.left(), rect.top(), width + 1, rect.height())
        if title == row.title:
            self._paint_found(painter, row, words, font)
        painter.setFont(font)
        painter.setPen(theme.color("accent-soft-text" if chosen else "text"))
        paint_line(painter, words, title, self._align(option))
        self._paint_detail(painter, row, rect, width, option)

    def _paint_found(self, painter: QPainter, row: SwitcherRow, words: QRectF, font: QFont) -> None:
        start, end = row.found
        if end <= start or not row.title.isascii():
            return
        metrics, line = QFontMetricsF(font), self._theme.line("ui")
        left = words.left() + metrics.horizontalAdvance(row.title[:start])
        mark = QRectF(left, words.center().y() - line / 2, metrics.horizontalAdvance(row.title[start:end]), line)
        paint_panel(painter, mark, 3, self._theme.color("search-hit"))

    def _paint_detail(
        self, painter: QPainter, row: SwitcherRow, rect: QRectF, used: float, option: QStyleOptionViewItem
    ) -> None:
        font, left = self._theme.font("label", 400), used + self._theme.px(_GAP)
        space = rect.width() - left
        if row.detail and space > text_width("…", font):
            painter.setFont(font)
            painter.setPen(self._theme.color("text-muted"))
            rest = self._part(rect, left, space, option)
            paint_line(painter, rest, elided(row.detail, font, space), self._align(option))

    def _paint_end(self, painter: QPainter, row: SwitcherRow, rect: QRectF, option: QStyleOptionViewItem) -> float:
        """Paint counts or keys at the end of the row; returns how much of it they take."""
        theme, end = self._theme, float(_SIDE)
        counts = [(row.unread, str(row.unread), "badge-mention" if row.person else "badge")]
        if not row.person:
            counts.append((row.mentions, f"@{row.mentions}", "badge-mention"))
        for count, words, role in counts:
            if count:
                width = count_pill_width(theme, words)
                paint_count_pill(
                    painter, self._part(rect, rect.width() - end - width, width, option), theme, words, role
                )
                end += width + theme.px(_BADGE_PAD)
        return end + (self._paint_keys(painter, row.keys, rect, end, option) if row.keys else 0.0)

    def _paint_keys(
        self, painter: QPainter, keys: str, rect: QRectF, end: float, option: QStyleOptionViewItem
    ) -> float:
        """Paint keys in a box that ends so many pixels before the row; returns how much it takes."""
        theme, font = self._theme, self._theme.font("small")
        height = theme.px(_BADGE)
        width = max(height, text_width(keys, font) + 2 * theme.px(_BADGE_PAD))
        part = self._part(rect, rect.width() - end - width, width, option)
        box = QRectF(part.left(), round(part.center().y() - height / 2), width, height)
        border = theme.color("border-strong" if theme.high_contrast else "border")
        paint_panel(painter, box, theme.tokens["radius"]["small"], None, border)
        painter.setFont(font)
        painter.setPen(theme.color("text-muted"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, keys)
        return width + theme.px(_BADGE_PAD)
