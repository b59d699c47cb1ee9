"""The sheet that asks for a token, for a chat that lets people in by one."""

import asyncio

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget
from shiboken6 import isValid

from chatdesk.desktop.dialogs.sheet import SIDE_MARGIN, Sheet, sheet_header
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import PRIMARY, Button, IconButton
from chatdesk.desktop.widgets.common.field import Field
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.protocol.limits import PASSWORD_CHARS, TOKEN_CHARS

# Pixels as in the design, at 100 percent text.
_WIDTH, _BOTTOM = 424, 24
_NO_TOKEN = "This is no token: copy all of it, from its beginning to its end."  # noqa: S105
_DOTS = 2


async def ask_for_token(theme: Theme, window: QWidget, text: str, password: bool = False) -> str:
    """Ask for a token, or for a password, saying why, and return it; empty if the person does not give one.

    If the caller is cancelled, the sheet closes; if the window is destroyed, the answer is empty.
    """
    sheet: TokenSheet = (PasswordSheet if password else TokenSheet)(theme, window, text)
    answer = [""]
    done = asyncio.Event()
    sheet.given.connect(answer.append)
    for closed in (sheet.given, sheet.dismissed, sheet.destroyed):
        closed.connect(done.set)
    sheet.show_sheet()
    try:
        await done.wait()
        return answer[-1]
    finally:
        if isValid(sheet):
            sheet.dismiss()
            sheet.deleteLater()


class TokenSheet(Sheet):
    """``given`` carries what may be a token. The sheet stays open until it is dismissed."""

    given = Signal(str)
    title, label, most_chars, go_on, missing = "A token", "Token", TOKEN_CHARS, "Go on", _NO_TOKEN

    def __init__(self, theme: Theme, window: QWidget, text: str) -> None:
        super().__init__(theme, window, QSize(_WIDTH, 0))
        self._text = text
        self._token = Field(theme, self.label, height=44, font="ui")
        self._token.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self._token.edit.setMaxLength(self.most_chars)
        self._cancel = Button(theme, "Cancel")
        self._accept = Button(theme, self.go_on, PRIMARY)
        self._close_button = IconButton(theme, "close", "Close", shortcut="Esc")
        for button in (self._cancel, self._close_button):
            button.clicked.connect(self.dismiss)
        self._accept.clicked.connect(self._submit)
        self.setAccessibleName(self.title)
        self.setAccessibleDescription(text)
        self.set_content(self._content(), sheet_header(theme, self.title, self._close_button))

    def show_sheet(self) -> None:
        """Open over the window."""
        self.open(self._token.edit)

    def show_error(self, sentence: str) -> None:
        """Show why the token is refused."""
        self._token.set_error(sentence)
        self._position_card()
        self._token.edit.setFocus()
        self._token.edit.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go on with Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._submit()
        else:
            super().keyPressEvent(event)

    def _submit(self) -> None:
        token = self._token.text
        if self.is_possible(token):
            self.given.emit(token)
        else:
            self.show_error(self.missing)

    @staticmethod
    def is_possible(text: str) -> bool:
        """Whether this may be one."""
        return text.count(".") == _DOTS and " " not in text

    def _content(self) -> QWidget:
        content, theme = QWidget(), self._theme
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self._cancel)
        buttons.addWidget(self._accept)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(SIDE_MARGIN, 10, SIDE_MARGIN, _BOTTOM)
        layout.setSpacing(0)
        layout.addWidget(Label(theme, self._text, role="text-muted", wrap=True))
        layout.addSpacing(16)
        layout.addWidget(Label(theme, self.label, font="label"))
        layout.addSpacing(6)
        layout.addWidget(self._token)
        layout.addSpacing(20)
        layout.addLayout(buttons)
        return content


class PasswordSheet(TokenSheet):
    """The same for the password of a chat."""

    title, label, go_on, missing = (
        "The chat has a password",
        "Password of the room",
        "Join",
        "Write the password first.",
    )
    most_chars = PASSWORD_CHARS

    @staticmethod
    def is_possible(text: str) -> bool:
        """Whether there is one."""
        return bool(text)
