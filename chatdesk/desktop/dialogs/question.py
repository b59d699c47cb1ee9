"""A question that cannot wait: what happened, what follows, and a button that says what it does."""

import asyncio

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.button import PRIMARY, Button, Look
from chatdesk.desktop.widgets.focus_ring import FocusRing
from chatdesk.desktop.widgets.glyph import Glyph
from chatdesk.desktop.widgets.label import Label

_WIDTH = 384


async def ask(
    theme: Theme, parent: QWidget, title: str, text: str, verb: str, *, look: Look = PRIMARY, alone: bool = False
) -> bool:
    """Whether the person says ``verb``; Escape, Cancel and closing say no. ``alone``: there is nothing to cancel.

    The rest of the program goes on meanwhile. Cancelled, it takes the question back.
    """
    question = Question(theme, parent, title, text, verb, look, alone=alone)
    answered = asyncio.Event()
    question.finished.connect(answered.set)
    question.open()
    try:
        await answered.wait()
        return question.result() == QDialog.DialogCode.Accepted
    finally:
        question.close()
        question.deleteLater()


class Question(QDialog):
    """The dialog itself; accepted means the verb."""

    def __init__(
        self,
        theme: Theme,
        parent: QWidget,
        title: str,
        text: str,
        verb: str,
        look: Look = PRIMARY,
        *,
        alone: bool = False,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setWindowTitle("ChatDesk")
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self._verb = Button(theme, verb, look)
        self._verb.setDefault(True)
        self._verb.clicked.connect(self.accept)
        cancel = Button(theme, "Cancel")
        cancel.setVisible(not alone)
        cancel.clicked.connect(self.reject)
        self._body = QHBoxLayout(self)
        self._body.setContentsMargins(22, 22, 20, 16)
        self._body.setSpacing(12)
        self._body.addWidget(Glyph(theme, "warning", "warning"), 0, Qt.AlignmentFlag.AlignTop)
        self._body.addLayout(self._words(title, text, cancel), 1)
        FocusRing(theme, self)
        theme.changed.connect(self._fit)
        self._fit()
        self._verb.setFocus()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self._theme.color("border"))  # not every desktop frames a dialog
        painter.setBrush(self._theme.color("surface-raised"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _words(self, title: str, text: str, cancel: Button) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(Label(self._theme, title, font="title", wrap=True))
        column.addSpacing(3)
        column.addWidget(Label(self._theme, text, role="text-muted", wrap=True))
        column.addSpacing(16)
        column.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self._verb)
        column.addLayout(row)
        return column

    def _fit(self) -> None:
        """As wide as the tokens have it, as high as the words need then."""
        width = self._theme.px(_WIDTH)
        self._body.activate()  # it may still know the heights of another size of text
        self.setFixedSize(width, self._body.totalHeightForWidth(width))
