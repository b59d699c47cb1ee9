"""The search field: it searches when typing pauses, and passes keys that move in a list to the results."""

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent

from chatdesk.desktop.icons import paint_icon
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.field import LeadingIconEdit
from chatdesk.desktop.widgets.common.input_method import CompositionGuard
from chatdesk.desktop.widgets.common.painting import paint_panel
from chatdesk.desktop.widgets.common.screen_reader import CaretAtEnd
from chatdesk.protocol.limits import QUERY_CHARS
from chatdesk.protocol.text import clean_line

SHORTCUT = "Ctrl F"
"""The shortcut that focuses the field."""

# Pixels of the design, at 100 percent text.
_WIDTH, _HEIGHT = 216, 32
_PAUSE_MS = 200
"""Milliseconds without a key before a search: longer than between two keys, shorter than what feels like waiting."""

_ICON, _ICON_LEFT, _TEXT_LEFT = 16, 11, 34
_KEYCAP_HEIGHT, _KEYCAP_MARGIN, _KEYCAP_PADDING = 20, 9, 6

_LIST_KEYS = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown})


class SearchField(LeadingIconEdit):
    """Emits ``query_changed`` with what to search for, empty once the field is empty.

    ``list_key_pressed`` carries a key event for the results; ``submitted`` is Enter, ``escaped`` is Escape.
    """

    query_changed = Signal(str)
    list_key_pressed = Signal(QKeyEvent)
    submitted = Signal()
    escaped = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._last_query = ""
        self._pause_timer = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause_timer.timeout.connect(self._emit_query)
        CompositionGuard(self)
        self.setPlaceholderText("Search")
        self.setAccessibleName("Search messages")
        CaretAtEnd(self)
        self.setMaxLength(QUERY_CHARS)
        self.textChanged.connect(self._pause_timer.start)
        theme.changed.connect(self._apply_theme)
        self._apply_theme()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(_WIDTH), self._theme.px(_HEIGHT))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        elif event.key() in _LIST_KEYS:
            self.list_key_pressed.emit(event)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not self._emit_query():
                self.submitted.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Select the text when the focus comes by keys, so that typing replaces it."""
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.MouseFocusReason:
            self.selectAll()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        theme, painter = self._theme, QPainter(self)
        side = theme.px(_ICON)
        icon_rect = self._mirrored(QRectF(theme.px(_ICON_LEFT), (self.height() - side) // 2, side, side))
        paint_icon(painter, icon_rect, "search", theme.color("text-muted"))
        if not self.text() and not self.hasFocus():
            self._paint_shortcut(painter)
        painter.end()

    def _paint_shortcut(self, painter: QPainter) -> None:
        """Paint the shortcut as a key cap, while the field is empty and has no focus."""
        theme, height = self._theme, self._theme.px(_KEYCAP_HEIGHT)
        font = theme.font("small")
        width = round(QFontMetricsF(font).horizontalAdvance(SHORTCUT)) + 2 * theme.px(_KEYCAP_PADDING)
        left = self.width() - width - theme.px(_KEYCAP_MARGIN)
        keycap = self._mirrored(QRectF(left, (self.height() - height) // 2, width, height))
        paint_panel(painter, keycap, theme.tokens["radius"]["small"], None, theme.color("border"))
        painter.setFont(font)
        painter.setPen(theme.color("text-muted"))
        painter.drawText(keycap, Qt.AlignmentFlag.AlignCenter, SHORTCUT)

    def _emit_query(self) -> bool:
        """Emit the query; returns False if it is the same as before."""
        self._pause_timer.stop()
        query = clean_line(self.text())
        if query == self._last_query:
            return False
        self._last_query = query
        self.query_changed.emit(query)
        return True

    def _apply_theme(self) -> None:
        self.setFont(self._theme.font("ui"))
        self.setFixedHeight(self._theme.px(_HEIGHT))
        self._set_text_start(self._theme.px(_TEXT_LEFT))

    def _update_margins(self) -> None:
        super()._update_margins()
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute  # for the placeholder, too
        self.setAlignment(
            Qt.AlignmentFlag.AlignVCenter | (right if self._right_to_left else Qt.AlignmentFlag.AlignLeft)
        )
