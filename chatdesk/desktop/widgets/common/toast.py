"""A short notice at the bottom of the window that hides by itself."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from chatdesk.desktop.accessibility.announce import announce
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import Button, ButtonLook
from chatdesk.desktop.widgets.common.icon import Icon
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.painting import paint_panel, paint_shadow

# Pixels of the design, at 100 percent text.
_EDGE_GAP = 16
_UNDO = ButtonLook(None, "tooltip", "tooltip-accent")
_UNDO_STAYS = 10_000
"""Milliseconds: long enough to be reached by keys."""
_SHADOW_MARGIN = 32
"""Pixels around the panel for its shadow: the blur of the design's shadow "float" and some."""


class Toast(QWidget):
    """Shows one notice at a time at the bottom centre of ``parent``, for the time that the design tokens say."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._parent = theme, parent
        self._bottom_margin, self._anchor = 0, parent
        self._icon = Icon(theme, "check", "tooltip-accent", size=16)
        self._text = Label(theme, font="label", role="tooltip-text", wrap=True)
        self._layout = QHBoxLayout(self)
        self._layout.setSpacing(10)
        self._layout.addWidget(self._icon)
        self._undo = Button(theme, "Undo", _UNDO, size="small")
        self._undo.setAccessibleDescription("Takes back what was just done")
        self._undo.clicked.connect(self._take_back)
        self._undo.hide()
        self._take: Callable[[], object] | None = None
        self._next: tuple[str, bool] | None = None
        self._layout.addWidget(self._text, 1)
        self._layout.addWidget(self._undo)
        self._hide_timer = QTimer(self, singleShot=True, interval=theme.tokens["motion"]["toastStays"])
        self._hide_timer.timeout.connect(self._hide_unless_used)
        self._counter = QTimer(self, interval=1000)
        self._counter.timeout.connect(self._count)
        self._undo.setAccessibleName("Undo")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        parent.installEventFilter(self)
        theme.changed.connect(self._update_geometry)

    def set_anchor(self, anchor: QWidget, bottom_margin: int = 0) -> None:
        """Centre the notice on this part of the window, ``bottom_margin`` pixels above the window's bottom."""
        self._bottom_margin, self._anchor = bottom_margin, anchor

    @property
    def undoable(self) -> bool:
        """Whether what it shows can still be undone."""
        return self._take is not None and self.isVisible()

    def show_text(
        self, text: str, *, done: bool = False, undo: Callable[[], object] | None = None, counts: bool = False
    ) -> None:
        """Show this text in place of the current one, and announce it; ``done`` puts a tick before it.

        ``undo`` takes back what was done, by a button; until that has gone, other texts wait. ``counts``: the button
        says how many seconds are left.
        """
        announce(self, f"{text}. It can be undone for ten seconds" if undo else text)
        if self._take and undo is None and self.isVisible():
            self._next = text, done
        else:
            self._show(text, done=done, undo=undo)
            if counts:
                self._count()

    def _show(self, text: str, *, done: bool, undo: Callable[[], object] | None = None) -> None:
        self._text.set_text(text)
        self._icon.setVisible(done)
        self._take = undo
        self._undo.setVisible(undo is not None)
        self._undo.setText("Undo")
        self._counter.stop()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, undo is None)
        self._update_geometry()
        self.show()
        self.raise_()
        self._hide_timer.start(_UNDO_STAYS if undo else self._theme.tokens["motion"]["toastStays"])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._update_geometry()
        return False

    def _count(self) -> None:
        """Show the seconds that are left; screen readers are told of them once."""
        left = -(-self._hide_timer.remainingTime() // 1000)
        self._undo.setText(f"Undo {max(left, 0)}")
        self._update_geometry()
        self._counter.start()

    def _hide_unless_used(self) -> None:
        """Stay while somebody points at it, or has the keys on its button."""
        if self._take and (self.underMouse() or self._undo.hasFocus()):
            self._hide_timer.start()
        else:
            self._take = None
            self._counter.stop()
            self._show_next()

    def _show_next(self) -> None:
        """Show the text that has waited, or nothing any more."""
        waiting, self._next = self._next, None
        if waiting:
            self._show(waiting[0], done=waiting[1])
        else:
            self.hide()

    def _take_back(self) -> None:
        take, self._take = self._take, None
        if self._undo.hasFocus():
            self._parent.setFocus()
        self._show_next()
        if take:
            take()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        panel = QRectF(self.rect()).adjusted(_SHADOW_MARGIN, _SHADOW_MARGIN, -_SHADOW_MARGIN, -_SHADOW_MARGIN)
        radius = self._theme.tokens["radius"]["picture"]
        paint_shadow(painter, panel, radius, self._theme, "float")
        paint_panel(painter, panel, radius, self._theme.color("tooltip"))
        painter.end()

    def _update_geometry(self) -> None:
        """Be as wide as the text, and as high as it needs in the window's width."""
        horizontal, vertical = _SHADOW_MARGIN + self._theme.px(14), _SHADOW_MARGIN + self._theme.px(10)
        self._layout.setContentsMargins(horizontal, vertical, horizontal, vertical)
        self._layout.invalidate()
        width = min(self._layout.sizeHint().width(), self._parent.width() - 2 * _EDGE_GAP + 2 * _SHADOW_MARGIN)
        height = self._layout.totalHeightForWidth(width)
        bottom = self._parent.height() - self._bottom_margin - _EDGE_GAP
        middle = self._anchor.mapTo(self._parent, self._anchor.rect().center()).x()
        left = max(
            _EDGE_GAP - _SHADOW_MARGIN,
            min(middle - width // 2, self._parent.width() - width - _EDGE_GAP + _SHADOW_MARGIN),
        )
        self.setGeometry(left, bottom - height + _SHADOW_MARGIN, width, height)
