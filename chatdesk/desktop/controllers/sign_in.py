"""Goes on with another token, in a chat in which the person has signed in by one."""

from __future__ import annotations

from PySide6.QtCore import QObject

from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.dialogs.secret import TOKEN, SecretSheet
from chatdesk.desktop.theme import Theme

_ENDS_SOON = "Yours ends soon. With a new one you stay in the chat."


class SignInController(QObject):
    """Lives as long as its conversation."""

    def __init__(self, theme: Theme, conversation: Conversation) -> None:
        super().__init__(conversation)
        self._theme, self._conversation = theme, conversation
        self._sheet: SecretSheet | None = None

    def renew(self) -> None:
        """Ask for another token, and take it over on the open connection: what is half-written stays."""
        sheet = self._sheet = SecretSheet(self._theme, self._conversation.screen.window(), "A token", _ENDS_SOON, TOKEN)
        sign_in = self._conversation.client.state.sign_in
        sign_in.answered = self._answered
        sheet.given.connect(sign_in.renew)
        sheet.dismissed.connect(sheet.deleteLater)
        sheet.dismissed.connect(self._forget)
        sheet.show_sheet()

    def _forget(self) -> None:
        self._sheet = None

    def _answered(self, error: str) -> None:
        if self._sheet is None:
            return
        if error:
            self._sheet.show_error(error)
        else:
            self._sheet.dismiss()
