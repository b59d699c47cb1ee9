"""A thin scroll bar that appears under the pointer and while scrolling, or stays as a hint that there is more."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractScrollArea, QScrollBar, QStyle, QStyleOptionSlider

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.painting import paint_panel

_SHOWN_MS = 1000  # that it stays after the last scrolling: long enough to reach for it
# Pixels of the design, at 100 percent text.
_MARGIN = 3
_REST_ALPHA = 0.55  # away from the pointer: visible, but behind the text beside it


class ScrollBar(QScrollBar):
    """Becomes the vertical scroll bar of ``area``; opaque under the pointer.

    ``hint`` keeps it visible, where nothing else shows that there is more. ``over`` lays it over the content, so that
    rows reach from edge to edge and keep their width when it appears.
    """

    def __init__(self, theme: Theme, area: QAbstractScrollArea, *, hint: bool = False, over: bool = False) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self._theme, self._hint, self._over = theme, hint, over
        self._hovered = False
        self._hide_timer = QTimer(self, singleShot=True, interval=_SHOWN_MS)
        self._hide_timer.timeout.connect(self.update)
        self.valueChanged.connect(self._show_for_a_moment)
        area.setVerticalScrollBar(self)
        area.installEventFilter(self)
        if over:
            area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._overlay(area)

    @property
    def shown(self) -> bool:
        """Whether it is painted; high contrast hides no control that can be used."""
        moving = self._hide_timer.isActive() or self.isSliderDown()
        is_needed = self._hint or self._hovered or moving or self._theme.high_contrast
        return self.maximum() > self.minimum() and is_needed

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Enter, QEvent.Type.Leave):
            self._hovered = event.type() == QEvent.Type.Enter
            self.update()
        elif event.type() == QEvent.Type.LayoutDirectionChange and isinstance(watched, QAbstractScrollArea):
            self._overlay(watched)
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self.shown:
            return
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        handle = self.style().subControlRect(
            QStyle.ComplexControl.CC_ScrollBar, option, QStyle.SubControl.SC_ScrollBarSlider, self
        )
        color = self._theme.color("border-strong")
        if not (self.underMouse() or self.isSliderDown() or self._theme.high_contrast):
            color.setAlphaF(_REST_ALPHA)
        painter = QPainter(self)
        rect = QRectF(handle).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        paint_panel(painter, rect, rect.width() / 2, color)
        painter.end()

    def _overlay(self, area: QAbstractScrollArea) -> None:
        width = self.sizeHint().width() if self._over else 0
        leftwards = area.layoutDirection() == Qt.LayoutDirection.RightToLeft
        area.setViewportMargins(-width if leftwards else 0, 0, 0 if leftwards else -width, 0)

    def _show_for_a_moment(self) -> None:
        self._hide_timer.start()
        self.update()
