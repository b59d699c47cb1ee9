"""The line inside the composer that says which message is being answered or edited."""

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from chatdesk.desktop.theme import SEMIBOLD, Theme
from chatdesk.desktop.widgets.common.avatar import Author, author_ink
from chatdesk.desktop.widgets.common.button import IconButton
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.margins import set_margins
from chatdesk.desktop.widgets.common.painting import paint_panel

# Pixels of the design, at 100 percent text.
_HEIGHT, _LEFT, _CLOSE = 36, 16, 28
_BAR_INSET = 6


class ComposerContext(QWidget):
    """A bar, a name, one line of the message, and a button that leaves it; at the top of ``composer`` while shown."""

    closed = Signal()

    def __init__(self, theme: Theme, composer: QWidget) -> None:
        super().__init__(composer)
        self._theme = theme
        self._author: Author | None = None
        self._name = Label(theme, font="label", weight=SEMIBOLD, elide=True)
        self._words = Label(theme, font="label", weight=400, role="text-muted", elide=True)
        self._close = IconButton(theme, "close", "Cancel", shortcut="Esc", side=_CLOSE)
        layout = QHBoxLayout(self)
        layout.setSpacing(8)
        set_margins(layout, _LEFT + 12, 0, 8, 0)
        layout.addWidget(self._name)
        layout.addWidget(self._words, 1)
        layout.addWidget(self._close)
        self._close.clicked.connect(self.closed)
        theme.changed.connect(self._apply_theme)
        self._apply_theme()
        self.hide()

    def show_message(self, name: str, words: str, author: Author | None = None) -> None:
        """Say which message it is; the bar has the colour of its author, if given, or else the composer's own."""
        self._author = author
        self._name.set_text(name)
        self._words.set_text(" ".join(words.split()))
        self.setAccessibleName(f"{name}: {words}")
        self.show()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        bar = self._theme.tokens["border"]["quoteBar"]
        rect = QRectF(_LEFT, _BAR_INSET, bar, self.height() - 2 * _BAR_INSET)
        ink = author_ink(self._theme, self._author) if self._author else self._theme.color("accent")
        paint_panel(painter, rect, bar / 2, ink)
        painter.end()

    def _apply_theme(self) -> None:
        self.setFixedHeight(self._theme.px(_HEIGHT))
        self.update()
