"""A card that floats over the window above a widget, without taking the focus from where people write."""

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.painting import paint_panel, paint_shadow

_GAP = 8
"""Pixels between the card and what it stands above, and at least to the window's edges."""
_SHADOW = 26
"""Pixels around the card for its shadow."""


class FloatingCard(QWidget):
    """Its content stands in a card, ``_GAP`` above the anchor, at its start or, if ``at_end``, at its end.

    ``width`` is in pixels at 100 percent text; None makes it as wide as the anchor. A subclass may open below.
    """

    opens_below = False

    def __init__(self, theme: Theme, anchor: QWidget, width: int | None = None, *, at_end: bool = False) -> None:
        super().__init__(anchor.window())
        self._theme, self._anchor, self._card_width, self._at_end = theme, anchor, width, at_end
        self._part: QRect | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(_SHADOW, _SHADOW, _SHADOW, _SHADOW)
        self._layout.setSpacing(0)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        theme.changed.connect(self._theme_changed)

    def set_content(self, content: QWidget) -> None:
        """Show this in the card."""
        self._layout.addWidget(content)

    def open_above(self, anchor: QWidget | None = None, part: QRect | None = None) -> None:
        """Show the card above its anchor, or from now on above another one or a part of that."""
        if anchor is not None:
            self._anchor, self._part = anchor, part
        window = self._anchor.window()
        if self.parent() is not window:
            self.setParent(window)
        for watched in (self._anchor, window):
            watched.removeEventFilter(self)
            watched.installEventFilter(self)
        self.show()
        self.place()
        self.raise_()

    def close_card(self) -> None:
        """Hide the card."""
        self.hide()

    @property
    def card(self) -> QRect:
        """The card without its shadow, within this widget."""
        return self.rect().adjusted(_SHADOW, _SHADOW, -_SHADOW, -_SHADOW)

    @property
    def room_above(self) -> int:
        """The greatest height of a card above its anchor that covers nothing of it."""
        return self._place_of_anchor().top() - 2 * _GAP

    def place(self) -> None:
        """Move the card to its anchor, with the height that its content wants, as far as the window has room."""
        window, above = self._anchor.window(), self._place_of_anchor()
        wanted = above.width() if self._card_width is None else self._theme.px(self._card_width)
        width = min(wanted, window.width() - 2 * _GAP)
        height = min(self._content_height(width), window.height() - 2 * _GAP)
        at_right = self._at_end != (self.layoutDirection() == Qt.LayoutDirection.RightToLeft)
        left = above.right() + 1 - width if at_right else above.left()
        left = max(_GAP, min(left, window.width() - _GAP - width))
        if self.opens_below:
            top = above.bottom() + 1 + _GAP
            height = min(height, window.height() - _GAP - top)
        else:
            top = above.top() - _GAP - height
        card = QRect(left, max(_GAP, top), width, height)
        self.setGeometry(card.adjusted(-_SHADOW, -_SHADOW, _SHADOW, _SHADOW))

    def _place_of_anchor(self) -> QRect:
        part = self._part or self._anchor.rect()
        return QRect(self._anchor.mapTo(self._anchor.window(), part.topLeft()), part.size())

    def _content_height(self, width: int) -> int:
        """The card's height at this width; a subclass may know it better than its layout."""
        return self._layout.totalSizeHint().height() - 2 * _SHADOW

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self.isVisible() and event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self.place()
        elif event.type() == QEvent.Type.Hide and watched is self._anchor:
            self.close_card()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        card, radius = QRectF(self.card), self._radius
        paint_shadow(painter, card, radius, self._theme, "float")
        paint_panel(painter, card, radius, self._theme.color("surface-raised"), self._theme.color("border"))
        painter.end()

    @property
    def _radius(self) -> float:
        return float(self._theme.tokens["radius"]["card"])

    def _theme_changed(self) -> None:
        if self.isVisible():
            self.place()
        self.update()
