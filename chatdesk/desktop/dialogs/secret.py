"""The sheet that asks for what lets the person in: a token, a password, or the code of an invitation."""

import asyncio
import math
from collections.abc import Callable
from time import monotonic
from typing import NamedTuple

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from chatdesk.client.changes import Ended
from chatdesk.desktop.dialogs.sheet import SIDE_MARGIN, Sheet, sheet_header
from chatdesk.desktop.entry_question import Given
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import PRIMARY, Button, IconButton, LinkButton
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.secret_field import SecretField
from chatdesk.protocol.invitation_code import looks_like_code
from chatdesk.protocol.limits import PASSWORD_CHARS, TOKEN_CHARS
from chatdesk.protocol.text import isolated

# Pixels as in the design, at 100 percent text.
_WIDTH, _BOTTOM = 424, 24
_CODE_CHARS = 64
"""A code, with whatever somebody puts between its letters."""
_DOTS = 2
_ASK_THE_HOST = "The host tells it to the people who may come in."
_HAVE_INVITATION = "I have an invitation"
_COME_BY = "Come by an invitation"
_TOLD = "Whoever has invited you has told you its code. You keep your place until it lets you in."


class Secret(NamedTuple):
    """A kind of what is asked for, in words; ``is_possible`` tells whether a text may be one.

    ``hidden`` names it where others are not to read it from the screen.
    """

    label: str
    go_on: str
    missing: str
    most_chars: int
    is_possible: Callable[[str], bool] = bool
    hidden: str = ""


TOKEN = Secret(
    "Token",
    "Go on",
    "This is no token: copy all of it, from its beginning to its end.",
    TOKEN_CHARS,
    lambda text: text.count(".") == _DOTS and " " not in text,
    "token",
)
PASSWORD = Secret("Password of the chat", "Join", "Write the password first.", PASSWORD_CHARS, hidden="password")
INVITATION = Secret(
    "Code of the invitation",
    "Join",
    "This is no code: it has nine letters and digits, as in k7f-m2x-4rw.",
    _CODE_CHARS,
    looks_like_code,
)
TOKEN_OR_INVITATION = Secret(
    "Token, or code of the invitation",
    "Use it",
    "This is neither: copy all of a token, or write the nine letters and digits of a code.",
    TOKEN_CHARS,
    lambda text: TOKEN.is_possible(text) or looks_like_code(text),
    "token",
)
ROOM_PASSWORD = PASSWORD._replace(label="Password of the room", go_on="Enter")


async def ask_for_entry(theme: Theme, window: QWidget, ended: Ended) -> Given:
    """Ask for what a chat wants that has refused the person, and return it; nothing if they do not give it.

    If the caller is cancelled, the sheet closes; if the window is destroyed, nothing is given.
    """
    sheet = entry_sheet(theme, window, ended)
    answer = Given()
    done = asyncio.Event()

    def take(text: str) -> None:
        nonlocal answer
        field = {TOKEN: "token", PASSWORD: "password", INVITATION: "invitation"}[sheet.secret]
        answer = Given(**{field: text})

    sheet.given.connect(take)
    for closed in (sheet.given, sheet.dismissed, sheet.destroyed):
        closed.connect(done.set)
    sheet.show_sheet()
    try:
        await done.wait()
        return answer
    finally:
        if isValid(sheet):
            sheet.dismiss()
            sheet.deleteLater()


def entry_sheet(theme: Theme, window: QWidget, ended: Ended) -> "SecretSheet":
    """The sheet that asks for what a chat wants that has refused the person."""
    text = _ASK_THE_HOST if ended.wrong else ended.sentence
    if ended.token_needed:
        return SecretSheet(theme, window, "A token", ended.sentence, TOKEN)
    if ended.password_needed:
        sheet = SecretSheet(theme, window, "The chat has a password", text, PASSWORD, may_be_invited=True)
    else:
        sheet = SecretSheet(theme, window, _COME_BY, text, INVITATION)
    if ended.wrong:
        sheet.show_error(ended.sentence, ended.retry_after)
    return sheet


def own_invitation_sheet(theme: Theme, window: QWidget) -> "SecretSheet":
    """The sheet for somebody who waits and has an invitation."""
    return SecretSheet(theme, window, _COME_BY, _TOLD, INVITATION)


def room_password_sheet(theme: Theme, window: QWidget, room: str) -> "SecretSheet":
    """The sheet that asks for the password of a further room."""
    return SecretSheet(theme, window, f"{isolated(room)} has a password", _ASK_THE_HOST, ROOM_PASSWORD)


class SecretSheet(Sheet):
    """``given`` carries what may be the ``secret``. The sheet stays open until it is dismissed.

    ``may_be_invited``: the code of an invitation can be given instead.
    """

    given = Signal(str)

    def __init__(
        self, theme: Theme, window: QWidget, title: str, text: str, secret: Secret, *, may_be_invited: bool = False
    ) -> None:
        super().__init__(theme, window, QSize(_WIDTH, 0))
        self.secret = secret
        self._text = text
        self._label = Label(theme, font="label")
        self.field = SecretField(theme)
        self._invited = LinkButton(theme, _HAVE_INVITATION)
        if not may_be_invited:
            self._invited.hide()
        self._cancel = Button(theme, "Cancel")
        self._accept = Button(theme, secret.go_on, PRIMARY)
        self._close_button = IconButton(theme, "close", "Close", shortcut="Esc")
        self._wait_until = 0.0
        self._timer = QTimer(self, interval=1000)
        self._timer.timeout.connect(self._show_wait)
        self._invited.clicked.connect(lambda: self._ask_for(INVITATION))
        for button in (self._cancel, self._close_button):
            button.clicked.connect(self.dismiss)
        self._accept.clicked.connect(self._submit)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.set_content(self._content(), sheet_header(theme, title, self._close_button))
        self._ask_for(secret)

    def show_sheet(self) -> None:
        """Open over the window."""
        self.open(self.field.edit)

    def show_error(self, sentence: str, wait: float = 0.0) -> None:
        """Show why what was given is refused; for ``wait`` seconds nothing else is looked at."""
        self.field.set_error(sentence)
        self._position_card()
        self.field.edit.setFocus()
        self.field.edit.selectAll()
        self._wait_until = monotonic() + wait
        if wait:
            self._timer.start()
        self._show_wait()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go on with Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._submit()
        else:
            super().keyPressEvent(event)

    def _show_wait(self) -> None:
        """Show on the button for how long it waits."""
        left = math.ceil(self._wait_until - monotonic())
        if left <= 0:
            self._timer.stop()
        self._accept.setEnabled(left <= 0)
        time_left = f" in {left // 60}:{left % 60:02}" if left > 0 else ""
        self._accept.setText(f"{self.secret.go_on}{time_left}")
        self._accept.updateGeometry()

    def _ask_for(self, secret: Secret) -> None:
        self.secret = secret
        self._label.set_text(secret.label)
        edit = self.field.edit
        self.field.ask_for(secret.label, secret.hidden)
        edit.setMaxLength(secret.most_chars)
        if secret is INVITATION and not self._invited.isHidden():
            self._invited.hide()
            edit.clear()
            self.show_error("")

    def _submit(self) -> None:
        text = self.field.text
        if not self._accept.isEnabled():
            return
        if self.secret.is_possible(text):
            self.given.emit(text)
        else:
            self.show_error(self.secret.missing)

    def _content(self) -> QWidget:
        content, theme = QWidget(), self._theme
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._invited)
        buttons.addStretch(1)
        buttons.addWidget(self._cancel)
        buttons.addWidget(self._accept)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(SIDE_MARGIN, 10, SIDE_MARGIN, _BOTTOM)
        layout.setSpacing(0)
        layout.addWidget(Label(theme, self._text, role="text-muted", wrap=True))
        layout.addSpacing(16)
        layout.addWidget(self._label)
        layout.addSpacing(6)
        layout.addWidget(self.field)
        layout.addSpacing(20)
        layout.addLayout(buttons)
        return content
