"""A text with a button that copies it, and says for two seconds that it has."""

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from chatdesk.desktop.accessibility.announce import announce
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import DONE, SECONDARY, Button
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.tooltip import set_tooltip

_COPIED_MS = 2000  # long enough to be read after a glance at the pointer
# Pixels of the design, at 100 percent text.
_GAP = 16
_MIN_FONT_SIZE = 16
"""Pixels at 100 percent text to which a text shrinks before it takes a second line: smaller is tiring to read."""


class CopyButton(Button):
    """Copies a text. ``what`` names the text to screen readers, as in "Copy address"; ``verb`` is shown."""

    def __init__(self, theme: Theme, what: str, verb: str = "Copy") -> None:
        super().__init__(theme, verb, SECONDARY, icon="copy")
        self._what, self._verb, self._text = what, verb, ""
        self.setAccessibleName(f"Copy {what}")
        self._reset_timer = QTimer(self, singleShot=True, interval=_COPIED_MS)
        self._reset_timer.timeout.connect(self._reset)
        self.clicked.connect(self._copy)

    def set_text_to_copy(self, text: str) -> None:
        """Set the text that a click copies; the tooltip shows it."""
        self._text = text
        set_tooltip(self, text)
        self._reset()

    def sizeHint(self) -> QSize:
        """As wide as the wider of its two words, so that nothing moves."""
        metrics = QFontMetrics(self.font())
        wider = max(*(metrics.horizontalAdvance(word) for word in ("Copied", self._verb)))
        wider -= metrics.horizontalAdvance(self.text())
        return super().sizeHint() + QSize(wider, 0)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text)
        self.setText("Copied")
        self.set_look(DONE, "check")
        self._reset_timer.start()
        announce(self, f"Copied {self._what}")

    def _reset(self) -> None:
        self._reset_timer.stop()
        self.setText(self._verb)
        self.set_look(SECONDARY, "copy")


class CopyableText(QWidget):
    """A caption, a text, and the button that copies it, beside the text or below it.

    ``what`` names the text to screen readers, as in "Copy address"; ``font`` is a type of the design, ``size`` its size
    in pixels at 100 percent text.
    """

    def __init__(self, theme: Theme, caption: str, what: str, *, font: str = "address", size: int = 0) -> None:
        super().__init__()
        self._size = size or int(theme.tokens["type"][font]["size"])
        self._text = Label(theme, font=font, size=self._size, wrap=True)
        self.copy_button = CopyButton(theme, what)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(_GAP)
        self._row.addWidget(self._text)
        # Without an alignment, the button below the text would limit the width of the row.
        self._row.addWidget(self.copy_button, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        if caption:
            column.addWidget(Label(theme, caption, font="small", role="text-muted", wrap=True))
        column.addLayout(self._row)

    def set_text(self, text: str, copied: str = "") -> None:
        """Show this text, and copy it, or ``copied`` where that differs."""
        self._text.set_text(text)
        self.copy_button.set_text_to_copy(copied or text)

    def fit_to_width(self, width: int) -> None:
        """Fit into this many pixels, with a smaller font where the text would need a second line."""
        for size in range(self._size, min(self._size, _MIN_FONT_SIZE) - 1, -1):
            self._text.set_size(size)
            if self._text.sizeHint().width() <= width:
                break
        fits = self._text.sizeHint().width() + _GAP + self.copy_button.sizeHint().width() <= width
        self._row.setDirection(QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom)
        self._row.setStretch(0, int(fits))
