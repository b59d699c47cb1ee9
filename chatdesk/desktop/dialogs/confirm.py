"""Confirmation: says what happened and what follows, with buttons that name what they do."""

import asyncio
from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from chatdesk.desktop.accessibility.announce import announce
from chatdesk.desktop.dialogs.sheet import Sheet
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import DANGER, PRIMARY, QUIET, Button, ButtonLook
from chatdesk.desktop.widgets.common.icon import Icon
from chatdesk.desktop.widgets.common.label import Label

# Pixels as in the design, at 100 percent text.
_WIDTH = 384
_WIDTH_OF_THREE = 416
"""Pixels of width at which three buttons fit in a row."""

_BODY = (22, 22, 20, 16)
_GLYPH_GAP, _BUTTON_GAP = 12, 8


async def confirm(
    theme: Theme,
    window: QWidget,
    title: str,
    text: str,
    accept: str,
    *,
    look: ButtonLook = PRIMARY,
    alternative: str = "",
    no_cancel: bool = False,
) -> str:
    """Ask, and return the text of the button pressed: ``accept``, ``alternative``, or empty for Cancel and Escape.

    ``no_cancel`` leaves the Cancel button out. There is no nested event loop: the rest of the program goes on. If the
    caller is cancelled, the sheet closes; if the window is destroyed, the answer is empty.
    """
    sheet = ConfirmSheet(theme, window, title, text, accept, look=look, alternative=alternative, no_cancel=no_cancel)
    answered = asyncio.Event()
    for closed in (sheet.dismissed, sheet.destroyed):
        closed.connect(answered.set)
    sheet.show_sheet()
    try:
        await answered.wait()
        return sheet.answer
    finally:
        if isValid(sheet):
            sheet.dismiss()
            sheet.deleteLater()


async def show_notices(theme: Theme, window: QWidget, notices: Iterable[str]) -> None:
    """Show sentences about the history that the host must read, until they are confirmed."""
    title = "The history was damaged"
    text = "\n".join(notice.removeprefix(f"{title}. ") for notice in notices)
    await confirm(theme, window, title, text, "OK", no_cancel=True)


class ConfirmSheet(Sheet):
    """The sheet; ``answer`` is the text of the button pressed. A button that destroys something never has the focus."""

    def __init__(
        self,
        theme: Theme,
        window: QWidget,
        title: str,
        text: str,
        accept: str,
        *,
        look: ButtonLook = PRIMARY,
        alternative: str = "",
        no_cancel: bool = False,
    ) -> None:
        super().__init__(theme, window, QSize(_WIDTH_OF_THREE if alternative else _WIDTH, 0))
        self.answer = ""
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self._accept = self._button(accept, look)
        self._alternative = self._button(alternative, QUIET) if alternative else None
        self._cancel = Button(theme, "Cancel")
        if no_cancel:
            self._cancel.hide()
        self._cancel.clicked.connect(self.dismiss)
        self._first = self._cancel if look is DANGER else self._accept
        self._glyph = Icon(theme, "warning", "warning")
        self._buttons = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        content = QWidget()
        body = QHBoxLayout(content)
        body.setContentsMargins(*_BODY)
        body.setSpacing(_GLYPH_GAP)
        body.addWidget(self._glyph, 0, Qt.AlignmentFlag.AlignTop)
        body.addLayout(self._text_column(title, text), 1)
        self.set_content(content)
        theme.changed.connect(self._arrange)

    def show_sheet(self) -> None:
        """Open over the window."""
        self.open(self._first)
        announce(self, f"{self.accessibleName()} {self.accessibleDescription()}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Put the buttons in a row if they fit, else one below the other."""
        left, _, right, _ = _BODY
        width = self._card.width() - left - self._glyph.sizeHint().width() - _GLYPH_GAP - right
        buttons = [
            button for button in (self._alternative, self._cancel, self._accept) if button and not button.isHidden()
        ]
        needed = sum(button.sizeHint().width() + _BUTTON_GAP for button in buttons) - _BUTTON_GAP
        direction = QBoxLayout.Direction
        self._buttons.setDirection(direction.LeftToRight if needed <= width else direction.TopToBottom)
        self._position_card()

    def _button(self, text: str, look: ButtonLook) -> Button:
        button = Button(self._theme, text, look)
        button.clicked.connect(lambda: self._close_with(text))
        return button

    def _close_with(self, answer: str) -> None:
        self.answer = answer
        self.dismiss()

    def _text_column(self, title: str, text: str) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(Label(self._theme, title, font="title", wrap=True))
        column.addSpacing(3)
        column.addWidget(Label(self._theme, text, role="text-muted", wrap=True))
        column.addSpacing(16)
        column.addStretch(1)
        end = Qt.AlignmentFlag.AlignRight
        self._buttons.setSpacing(_BUTTON_GAP)
        if self._alternative:
            self._buttons.addWidget(self._alternative, 0, end)
        self._buttons.addStretch(1)
        self._buttons.addWidget(self._cancel, 0, end)
        self._buttons.addWidget(self._accept, 0, end)
        column.addLayout(self._buttons)
        return column
