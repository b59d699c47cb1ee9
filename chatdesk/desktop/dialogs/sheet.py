"""Base class of dialogs inside the window: a scrim, a card in the middle, and the focus stays inside."""

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget
from shiboken6 import isValid

from chatdesk.desktop.accessibility.roles import Role
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import IconButton
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.painting import paint_panel, paint_shadow
from chatdesk.desktop.widgets.common.scroll_bar import ScrollBar

SIDE_MARGIN = 29
"""Pixels between the card's edges and its content."""

# Pixels as in the design, at 100 percent text.
_MARGIN = 16
_CLOSE_BUTTON_MARGIN, _TOP = 21, 25
_RISE_PX = 12
"""Pixels that the card moves up while it appears."""


class Sheet(QWidget):
    """Covers ``window`` while it is open. Escape and a click on the scrim close it; the focus returns to where it was.

    ``size`` is the card's size at 100 percent text; with a height of 0 it is as high as its content. In a smaller
    window the content scrolls below the header. ``dismissed`` is emitted when it has been closed.
    """

    accessible_role = Role.Dialog

    dismissed = Signal()

    def __init__(self, theme: Theme, window: QWidget, size: QSize) -> None:
        super().__init__(window)
        self._theme, self._size = theme, size
        self._focus_before: QWidget | None = None
        self.border_role = ""
        """The colour of an edge around the card, for what must not be overlooked; empty for none."""
        self._parts: list[QWidget] = []
        self._card = QWidget(self)
        self._rows = QVBoxLayout(self._card)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        self._scroll = QScrollArea()
        self._rows.addWidget(self._scroll, 1)
        ScrollBar(theme, self._scroll, hint=True)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._animation = QVariantAnimation(self, startValue=0.0, endValue=1.0)
        self._animation.setEasingCurve(theme.easing)
        self._animation.valueChanged.connect(self._position_card)
        self.hide()
        window.installEventFilter(self)
        theme.changed.connect(self._position_card)

    def set_content(self, content: QWidget, sheet_header: QWidget | None = None) -> None:
        """Set the card's content; ``sheet_header`` stays visible above it."""
        self._parts = [sheet_header, content] if sheet_header else [content]
        if sheet_header:
            self._rows.insertWidget(0, sheet_header)
        self._scroll.setWidget(content)
        content.setAutoFillBackground(False)
        self._theme.changed.connect(self._position_card)  # again, after the content has adopted the size of text

    def open(self, focus: QWidget) -> None:
        """Show it over the window, and give ``focus`` the keyboard focus."""
        if self.isHidden():
            self._focus_before = QApplication.focusWidget()
        self.setGeometry(self.window().rect())
        self._animation.setDuration(self._theme.motion("sheet"))
        self._animation.start()
        self.show()
        self.raise_()
        for part in self._card.findChildren(QWidget):
            part.updateGeometry()  # parts that changed while hidden may have another size
        self._position_card()
        focus.setFocus(Qt.FocusReason.PopupFocusReason)

    def dismiss(self) -> None:
        """Close it."""
        was_open = not self.isHidden()
        self.hide()
        if self._focus_before is not None and isValid(self._focus_before) and self._focus_before.isVisible():
            self._focus_before.setFocus(Qt.FocusReason.PopupFocusReason)
        self._focus_before = None
        if was_open:
            self.dismissed.emit()

    def move_over(self, screen: QWidget) -> None:
        """Stay on top of another screen that the window has switched to; it gets the focus afterwards."""
        self.raise_()
        self._focus_before = screen

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._position_card()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._animation.stop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._card.geometry().contains(event.position().toPoint()):
            self.dismiss()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Cycle through the widgets of the sheet only."""
        start = self.focusWidget() or self
        for stop in _tab_chain(start, forward):
            takes_tab = stop.focusPolicy().value & Qt.FocusPolicy.TabFocus.value
            if takes_tab and stop.isEnabled() and stop.isVisible() and self.isAncestorOf(stop):
                stop.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
                break
        return True

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        scrim = self._theme.color("scrim")
        scrim.setAlphaF(scrim.alphaF() * float(self._animation.currentValue() or 0.0))
        painter.fillRect(self.rect(), scrim)
        card, radius = QRectF(self._card.geometry()), self._theme.tokens["radius"]["sheet"]
        paint_shadow(painter, card, radius, self._theme, "sheet")
        border = None if self._theme.name == "light" else self._theme.color("border")
        if self.border_role:
            border = self._theme.color(self.border_role)
        paint_panel(painter, card, radius, self._theme.color("surface-raised"), border)
        painter.end()

    def _position_card(self) -> None:
        available = self.size() - QSize(2, 2) * _MARGIN
        card = QRect(0, 0, *self._card_size(available.width()).boundedTo(available).toTuple())
        card.moveCenter(self.rect().center())
        below = 1.0 - float(self._animation.currentValue() or 0.0)
        self._card.setGeometry(card.translated(0, round(below * _RISE_PX)))
        self.update()

    def _card_size(self, max_width: int) -> QSize:
        """Return the card's size for this maximum width."""
        width, height = min(max_width, self._theme.px(self._size.width())), self._theme.px(self._size.height())
        return QSize(width, height or sum(_height_for(part, width) for part in self._parts))


def _height_for(part: QWidget, width: int) -> int:
    """Return the height that a part needs, with its layout updated for the current size of text."""
    if layout := part.layout():
        layout.activate()
    return part.heightForWidth(width) if part.hasHeightForWidth() else part.sizeHint().height()


def _tab_chain(start: QWidget, forward: bool) -> Iterator[QWidget]:
    """Yield all other widgets of the window in tab order."""
    widget = _next_in_chain(start, forward)
    while widget is not None and widget is not start:
        yield widget
        widget = _next_in_chain(widget, forward)


def _next_in_chain(widget: QWidget, forward: bool) -> QWidget | None:
    return widget.nextInFocusChain() if forward else widget.previousInFocusChain()


def sheet_header(theme: Theme, title: str, close_button: IconButton) -> QWidget:
    """Return the header of a sheet: its title and the button that closes it."""
    header = QWidget()
    text_column = QVBoxLayout()
    text_column.addSpacing(6)
    text_column.addWidget(Label(theme, title, font="heading", wrap=True))
    row = QHBoxLayout(header)
    row.setContentsMargins(SIDE_MARGIN, _TOP, _CLOSE_BUTTON_MARGIN, 0)
    row.addLayout(text_column, 1)
    row.addWidget(close_button, 0, Qt.AlignmentFlag.AlignTop)
    return header
