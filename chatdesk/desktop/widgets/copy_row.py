"""A text to be copied: what it is, the text itself, and the button beside it, or below where there is no room."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.copy_button import CopyButton
from chatdesk.desktop.widgets.label import Label

_GAP = 16
_LEAST = 16
"""Pixels to which a text shrinks before it takes a second line."""


class CopyRow(QWidget):
    """``what`` names it to who cannot see the caption, as in "Copy address"; ``font`` is one of the tokens' types."""

    def __init__(self, theme: Theme, caption: str, what: str, *, font: str = "address", size: int = 0) -> None:
        super().__init__()
        self._size = size or int(theme.tokens["type"][font]["size"])
        self._text = Label(theme, font=font, size=self._size, wrap=True)
        self.copy = CopyButton(theme, what)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(_GAP)
        self._row.addWidget(self._text)
        # Aligned, or below the text it would be the widest that the row may be.
        self._row.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        if caption:
            column.addWidget(Label(theme, caption, font="small", role="text-muted", wrap=True))
        column.addLayout(self._row)

    def set_text(self, text: str, copied: str = "") -> None:
        """Show this, and copy it, or what is meant by it."""
        self._text.set_text(text)
        self.copy.set_copied(copied or text)

    def fit(self, width: int) -> None:
        """Stand within this width, smaller where the text would need a second line."""
        for size in range(self._size, min(self._size, _LEAST) - 1, -1):
            self._text.set_size(size)
            if self._text.sizeHint().width() <= width:
                break
        fits = self._text.sizeHint().width() + _GAP + self.copy.sizeHint().width() <= width
        self._row.setDirection(QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom)
        self._row.setStretch(0, int(fits))
