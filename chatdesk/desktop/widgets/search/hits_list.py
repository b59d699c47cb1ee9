"""The results of a search, room by room: sender, time, and a snippet with the matches marked for each message."""

from PySide6.QtCore import QEvent, QModelIndex, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QStyle

from chatdesk.desktop.keys import is_text_key
from chatdesk.desktop.models.search_hits import HitRow, MoreRow, SearchHitsModel, format_hit_time, more_words
from chatdesk.desktop.theme import SEMIBOLD, Theme
from chatdesk.desktop.widgets.common.avatar import author_ink
from chatdesk.desktop.widgets.common.painting import paint_panel
from chatdesk.desktop.widgets.common.scroll_bar import ScrollBar
from chatdesk.desktop.widgets.common.text_painting import elided, paint_line
from chatdesk.desktop.widgets.search.snippet import Snippet, SnippetStyle
from chatdesk.desktop.widgets.timeline.anchored_list import AnchoredList, Index
from chatdesk.protocol.events import Hit

# Pixels of the design, at 100 percent text.
_SIDE, _PAD = 20, 8
_TIME_GAP = 9
_HEADING_GAP = 6  # below the name of a room
_LOAD_MORE_WITHIN = 400  # pixels from the end: about the height of the panel, so that scrolling rarely waits


class HitsList(AnchoredList):
    """Shows a SearchHitsModel. ``chosen`` carries a message, ``more_requested`` that the end is near.

    ``more_in_requested`` carries a room of which older hits are wanted.
    """

    chosen = Signal(object)
    more_requested = Signal()
    more_in_requested = Signal(str)

    def __init__(self, theme: Theme, model: SearchHitsModel) -> None:
        super().__init__()
        self._theme, self._hits = theme, model
        self._snippets: dict[tuple[str, int], tuple[Hit, Snippet]] = {}
        self._hovered = -1
        self._end_timer = QTimer(self, singleShot=True, interval=0)
        self._end_timer.timeout.connect(self._request_more_near_end)
        self.setMouseTracking(True)
        self.setAccessibleName("Found messages")
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        ScrollBar(theme, self)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setModel(model)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        theme.changed.connect(self._apply_theme)

    @property
    def following(self) -> bool:
        """Whether the view stays at the newest row: never, as the newest is at the top."""
        return False

    def sizeHint(self) -> QSize:
        return QSize(0, 0)

    def row_height(self, position: int) -> int:
        row, height = self._hits.row(position), 2 * self._theme.px(_PAD) + self._theme.line("label")
        return (
            height if isinstance(row, MoreRow) else height + self._heading_height(row) + self._snippet(row.hit).height
        )

    def _heading_height(self, row: HitRow) -> int:
        theme = self._theme
        return theme.px(_PAD) + theme.line("small") + theme.px(_HEADING_GAP) if row.heading else 0

    def choose_current(self) -> None:
        """Choose the current row; the first one if there is none."""
        if not self.currentIndex().isValid():
            self.setCurrentIndex(self._hits.index(0))
        if not self.currentIndex().isValid():
            return
        row = self._hits.row(self.currentIndex().row())
        if isinstance(row, MoreRow):
            self.more_in_requested.emit(row.room)
        else:
            self.chosen.emit(row.hit.message)

    # Changes of the model

    def reset(self) -> None:
        self._snippets.clear()
        super().reset()
        self.verticalScrollBar().setValue(0)
        self._end_timer.start()

    def rowsInserted(self, parent: Index, start: int, end: int) -> None:
        super().rowsInserted(parent, start, end)
        self._end_timer.start()

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        for position in self.visible_positions:
            row, rect = self._hits.row(position), self.visualRect(self._hits.index(position))
            if isinstance(row, MoreRow):
                self._paint_background(painter, position, rect)
                self._paint_more(painter, row, self._inside(rect))
            else:
                hit_rect = rect.adjusted(0, self._heading_height(row), 0, 0)
                self._paint_heading(painter, row, rect)
                self._paint_background(painter, position, hit_rect)
                self._paint_hit(painter, row.hit, self._inside(hit_rect))
        painter.end()

    def _paint_hit(self, painter: QPainter, hit: Hit, inside: QRect) -> None:
        self._paint_header(painter, hit, inside)
        painter.setPen(self._theme.color("text"))
        self._snippet(hit).paint(painter, inside.left(), inside.top() + self._theme.line("label"))

    def _paint_heading(self, painter: QPainter, row: HitRow, rect: QRect) -> None:
        """Paint the name of a room above its first hit."""
        if row.heading:
            line = self._inside(rect)
            line.setHeight(self._theme.line("small"))
            self._paint_words(painter, row.heading, line, self._theme.font("small", SEMIBOLD), "text-muted")

    def _paint_more(self, painter: QPainter, row: MoreRow, inside: QRect) -> None:
        self._paint_words(painter, more_words(row), inside, self._theme.font("label"), "accent")

    def _paint_words(self, painter: QPainter, words: str, rect: QRect, font: QFont, role: str) -> None:
        painter.setFont(font)
        painter.setPen(self._theme.color(role))
        alignment = QStyle.visualAlignment(self.layoutDirection(), Qt.AlignmentFlag.AlignLeft)
        paint_line(painter, QRectF(rect), elided(words, font, rect.width()), alignment)

    def resizeEvent(self, event: QResizeEvent) -> None:
        if event.size().width() != event.oldSize().width():
            self._apply_theme()
        super().resizeEvent(event)

    def _paint_background(self, painter: QPainter, row: int, rect: QRect) -> None:
        """Paint the background of a row, as far from one edge of the panel as the scroll bar is wide at the other."""
        theme, current = self._theme, row == self.currentIndex().row()
        if not current and row != self._hovered:
            return
        background = QRectF(self._mirrored(rect.adjusted(self.verticalScrollBar().width(), 0, 0, 0), rect))
        fill = theme.color("surface-selected" if current else "surface-hover")
        has_border = current and (theme.high_contrast or self.hasFocus())
        paint_panel(
            painter, background, theme.tokens["radius"]["row"], fill, theme.color("focus") if has_border else None
        )

    def _paint_header(self, painter: QPainter, hit: Hit, inside: QRect) -> None:
        """Paint name and time in one line, the time at its end."""
        theme, line = self._theme, self._theme.line("label")
        name_font, time_font = theme.font("label", SEMIBOLD), theme.font("small", tabular=True)
        time = format_hit_time(hit)
        width = round(QFontMetricsF(time_font).horizontalAdvance(time)) + 1
        header_rect = QRect(inside.left(), inside.top(), inside.width(), line)
        time_rect = QRect(header_rect.right() + 1 - width, header_rect.top(), width, line)
        name_rect = header_rect.adjusted(0, 0, -width - _TIME_GAP, 0)
        painter.setFont(name_font)
        painter.setPen(author_ink(theme, hit.message))
        name = elided(hit.message.nickname, name_font, name_rect.width())
        alignment = QStyle.visualAlignment(self.layoutDirection(), Qt.AlignmentFlag.AlignLeft)
        paint_line(painter, QRectF(self._mirrored(name_rect, header_rect)), name, alignment)
        painter.setFont(time_font)
        painter.setPen(theme.color("text-muted"))
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # from right to left, the parts of a date would swap
        painter.drawText(self._mirrored(time_rect, header_rect), self._leading(), time)

    def _inside(self, rect: QRect) -> QRect:
        """Return where the text of a row is; the scroll bar is part of the margin behind it."""
        pad = self._theme.px(_PAD)
        return self._mirrored(rect.adjusted(_SIDE, pad, self.verticalScrollBar().width() - _SIDE, -pad), rect)

    def _snippet(self, hit: Hit) -> Snippet:
        key = hit.message.room, hit.message.seq
        kept = self._snippets.get(key)
        if kept is None or kept[0] is not hit:
            width = self._inside(QRect(0, 0, self.viewport().width(), 0)).width()
            kept = self._snippets[key] = hit, Snippet(hit.parts, self._style(), max(width, 1))
        return kept[1]

    def _style(self) -> SnippetStyle:
        theme = self._theme
        background, foreground = theme.color("search-hit"), theme.color("search-hit-text")
        return SnippetStyle(theme.font("label", 400), theme.line("label"), background, foreground)

    def _mirrored(self, rect: QRect, line: QRect) -> QRect:
        return QStyle.visualRect(self.layoutDirection(), line, rect)

    def _leading(self) -> Qt.AlignmentFlag:
        alignment = QStyle.visualAlignment(self.layoutDirection(), Qt.AlignmentFlag.AlignLeft)
        return alignment | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute

    def _apply_theme(self) -> None:
        self._snippets.clear()
        self.remeasure()

    # Scrolling, pointing and keys

    def _scrolled(self) -> None:
        self._set_hovered(-1)
        self._end_timer.start()

    def _request_more_near_end(self) -> None:
        bar = self.verticalScrollBar()
        if len(self.row_heights) and bar.value() > bar.maximum() - _LOAD_MORE_WITHIN:
            self.more_requested.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._set_hovered(self.indexAt(event.position().toPoint()).row())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid() and index == self.currentIndex():
            self.choose_current()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._set_hovered(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.choose_current()
        elif is_text_key(event) or event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Begin at the first row, the newest."""
        if not self.currentIndex().isValid():
            return self._hits.index(0)
        return super().moveCursor(action, modifiers)

    def _set_hovered(self, row: int) -> None:
        if row != self._hovered:
            self._hovered = row
            self.viewport().update()
