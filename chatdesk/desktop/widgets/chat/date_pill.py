"""The day of the topmost message, floating over the timeline while it is scrolled."""

from datetime import date

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from chatdesk.desktop.date_format import format_day
from chatdesk.desktop.theme import SEMIBOLD, Theme
from chatdesk.desktop.widgets.common.button import Button, ButtonLook
from chatdesk.desktop.widgets.common.painting import paint_panel, paint_shadow
from chatdesk.desktop.widgets.timeline.view import TimelineView

_LOOK = ButtonLook("surface-raised", "raised-hover", "text-muted", "border")
# Pixels of the design, at 100 percent text.
_HEIGHT, _PADDING, _TOP = 24, 12, 8
_SHADOW_MARGIN = 3
"""Pixels around the pill for its shadow."""

_SHOWN_MS = 1200  # that it stays after the last scrolling: long enough to be read and to be clicked


class DatePill(Button):
    """Floats at the top of ``view``, as a child of ``ground``; a click opens the calendar."""

    def __init__(self, theme: Theme, view: TimelineView, parent: QWidget) -> None:
        super().__init__(theme, "Go to another day", _LOOK)
        self._view = view
        self._top = 0
        self._hide_timer = QTimer(self, singleShot=True, interval=_SHOWN_MS)
        self._hide_timer.timeout.connect(self._hide_unless_hovered)
        self.setParent(parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it hides by itself; by keys there is Ctrl+G
        self.hide()
        view.verticalScrollBar().valueChanged.connect(self._scrolled)
        view.installEventFilter(self)

    def set_top_offset(self, top: int) -> None:
        """Move it this many pixels lower, below another pill."""
        self._top = top
        self._update_geometry()

    def sizeHint(self) -> QSize:
        text = QFontMetrics(self.font()).horizontalAdvance(self.text())
        return QSize(text + 2 * self._theme.px(_PADDING), self._theme.px(_HEIGHT)) + QSize(2, 2) * _SHADOW_MARGIN

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._update_geometry()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        pill = QRectF(self.rect()).adjusted(_SHADOW_MARGIN, _SHADOW_MARGIN, -_SHADOW_MARGIN, -_SHADOW_MARGIN)
        paint_shadow(painter, pill, pill.height() / 2, self._theme, "rest")
        paint_panel(painter, pill, pill.height() / 2, self._fill_color(), self._border_color())
        self._paint_content(painter, self._text_color())
        painter.end()

    def update_day_name(self) -> None:
        """Update the text for another day or another time zone."""
        if self.isVisible():
            self._scrolled()

    def _scrolled(self) -> None:
        """Show the day, except at the newest message."""
        day = None if self._view.following else self._view.day_at_top
        if day is None:
            self.hide()
            return
        if (name := format_day(day, date.today())) != self.text():
            self.setText(name)
            self.setAccessibleName(f"{name}. Go to another day")
            self._update_geometry()
        self._hide_timer.start()
        self.show()

    def _hide_unless_hovered(self) -> None:
        if self.underMouse():
            self._hide_timer.start()
        else:
            self.hide()

    def _update_geometry(self) -> None:
        """Centre it on the text of the timeline, as the other pills."""
        self.adjustSize()
        self.move(self._view.text_center - self.width() // 2, self._top + self._theme.px(_TOP) - _SHADOW_MARGIN)
        self.raise_()

    def _apply_theme(self) -> None:
        self.setFont(self._theme.font("small", SEMIBOLD))
        self.updateGeometry()
        self.update()
