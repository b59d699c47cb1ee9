"""The field of the search: it asks when one stops typing, and gives the keys that move in a list to the list."""

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
"""What leads into the field."""

_WIDTH, _HEIGHT = 216, 32
_WAITS = 200
"""Milliseconds without a key after which the words are taken for what is meant."""

_ICON, _ICON_LEFT, _TEXT_LEFT = 16, 11, 34
_CAP_HEIGHT, _CAP_EDGE, _CAP_PADDING = 20, 9, 6

_IN_THE_LIST = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown})


class SearchField(LeadingIconEdit):
    """``asked`` carries what to search for, empty when there is nothing in it any more.

    ``moved`` carries a key that is meant for what was found, ``chosen`` is Enter, ``left`` Escape.
    """

    query_changed = Signal(str)
    list_key_pressed = Signal(QKeyEvent)
    submitted = Signal()
    escaped = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._asked = ""
        self._rest = QTimer(self, singleShot=True, interval=_WAITS)
        self._rest.timeout.connect(self._ask)
        CompositionGuard(self)
        self.setPlaceholderText("Search")
        self.setAccessibleName("Search messages")
        CaretAtEnd(self)
        self.setMaxLength(QUERY_CHARS)
        self.textChanged.connect(self._rest.start)
        theme.changed.connect(self._restyle)
        self._restyle()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(_WIDTH), self._theme.px(_HEIGHT))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        elif event.key() in _IN_THE_LIST:
            self.list_key_pressed.emit(event)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not self._ask():
                self.submitted.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Whoever comes by keys may write over what stands there."""
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.MouseFocusReason:
            self.selectAll()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        theme, painter = self._theme, QPainter(self)
        side = theme.px(_ICON)
        glass = self._mirrored(QRectF(theme.px(_ICON_LEFT), (self.height() - side) // 2, side, side))
        paint_icon(painter, glass, "search", theme.color("text-muted"))
        if not self.text() and not self.hasFocus():
            self._paint_keys(painter)
        painter.end()

    def _paint_keys(self, painter: QPainter) -> None:
        """The keys, on a cap, as long as nobody writes where it is."""
        theme, height = self._theme, self._theme.px(_CAP_HEIGHT)
        font = theme.font("small")
        width = round(QFontMetricsF(font).horizontalAdvance(SHORTCUT)) + 2 * theme.px(_CAP_PADDING)
        left = self.width() - width - theme.px(_CAP_EDGE)
        cap = self._mirrored(QRectF(left, (self.height() - height) // 2, width, height))
        paint_panel(painter, cap, theme.tokens["radius"]["small"], None, theme.color("border"))
        painter.setFont(font)
        painter.setPen(theme.color("text-muted"))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, SHORTCUT)

    def _ask(self) -> bool:
        """Ask for what stands there; False where that has been asked for already."""
        self._rest.stop()
        query = clean_line(self.text())
        if query == self._asked:
            return False
        self._asked = query
        self.query_changed.emit(query)
        return True

    def _restyle(self) -> None:
        self.setFont(self._theme.font("ui"))
        self.setFixedHeight(self._theme.px(_HEIGHT))
        self._set_lead(self._theme.px(_TEXT_LEFT))

    def _make_room(self) -> None:
        super()._make_room()
        edge = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute  # the hint, too, stands at the glass
        self.setAlignment(Qt.AlignmentFlag.AlignVCenter | (edge if self._leftwards else Qt.AlignmentFlag.AlignLeft))
