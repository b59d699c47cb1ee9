"""The test with a phone: only another device can tell which addresses of this computer it reaches."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from chatdesk.desktop.text import display_address
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.qr_code import MIN_SIDE, QrCode

_MIN_TEXT_WIDTH = 200
"""Pixels at 100 percent text that the text needs beside the code."""
# Pixels of the design, at 100 percent text.
_GAP = 20


class PhoneTest(QWidget):
    """The address of the test page, as QR code and as text."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._qr = QrCode(theme, MIN_SIDE)
        self._address = Label(theme, font="code", size=15, wrap=True)
        text_column = QVBoxLayout()
        text_column.setSpacing(2)
        text_column.addWidget(Label(theme, "With a phone", weight=600, wrap=True))
        text_column.addWidget(self._address)
        explanation = (
            "This page tests from there which addresses of this computer lead to the room, and what is in the way."
        )
        text_column.addWidget(Label(theme, explanation, font="label", weight=400, role="text-muted", wrap=True))
        text_column.addStretch(1)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(_GAP)
        self._row.addLayout(text_column, 1)
        self._row.addWidget(self._qr, 0, Qt.AlignmentFlag.AlignTop)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_url(self, url: str) -> None:
        """Set the address of the test page."""
        self._qr.set_url(url)
        self._address.set_text(display_address(url))

    def fit_to_width(self, width: int) -> None:
        """Fit into this many pixels: code beside the text or below it."""
        beside = width - _GAP - MIN_SIDE >= self._theme.px(_MIN_TEXT_WIDTH)
        self._row.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)
