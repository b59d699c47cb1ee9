"""Who comes in: asks for the password of a room, and lets host and moderators say what newcomers are asked for."""

from __future__ import annotations

from PySide6.QtCore import QObject

from chatdesk.client.changes import PasswordAsked
from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.dialogs.secret import SecretSheet, room_password_sheet
from chatdesk.desktop.theme import Theme


class EntryController(QObject):
    """Of one conversation."""

    def __init__(self, theme: Theme, conversation: Conversation) -> None:
        super().__init__(conversation)
        self._theme, self._conversation, self._client = theme, conversation, conversation.client
        self._room = ""
        self._question: SecretSheet | None = None
        conversation.password_asked.connect(self._ask_password)
        conversation.rooms_changed.connect(self._close_once_inside)

    def _ask_password(self, asked: PasswordAsked) -> None:
        """Ask for the password of a room; who has given a wrong one reads so where they wrote it."""
        if self._question is None or self._room != asked.room:
            self._open_question(asked.room)
        if self._question and asked.wrong:
            self._question.show_error(asked.sentence, asked.retry_after)

    def _open_question(self, room: str) -> None:
        if self._question:
            self._question.dismiss()
        title = self._client.state.list.title_of(room)
        sheet = room_password_sheet(self._theme, self._conversation.screen.window(), title)
        self._room, self._question = room, sheet
        sheet.given.connect(lambda password: self._client.rooms.show_with_password(room, password))
        sheet.dismissed.connect(self._forget_question)
        sheet.dismissed.connect(sheet.deleteLater)
        sheet.show_sheet()

    def _close_once_inside(self) -> None:
        room = self._client.state.rooms.get(self._room)
        if self._question and room and room.stage == "inside":
            self._question.dismiss()

    def _forget_question(self) -> None:
        self._question, self._room = None, ""
