"""Entry: asks for the password of a room, and lets host and moderators say what newcomers are asked for."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from chatdesk.client.changes import PasswordAsked
from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.dialogs.entry import EntrySheet, who_may_join
from chatdesk.desktop.dialogs.secret import SecretSheet, room_password_sheet
from chatdesk.desktop.theme import Theme


class EntryController(QObject):
    """Of one conversation. ``changed`` carries an icon and words about who may join; no words if one cannot set it.

    ``invitations_requested``: the person wants to see the invitations.
    """

    changed = Signal(str, str)
    invitations_requested = Signal()

    def __init__(self, theme: Theme, window: QWidget, conversation: Conversation, *, asks_token: bool) -> None:
        super().__init__(conversation)
        self._theme, self._window, self._client = theme, window, conversation.client
        self._asks_token, self._asked = asks_token, False
        self.sheet = EntrySheet(theme, window, may_approve=conversation.hosting)
        self.sheet.entry_chosen.connect(self._set_entry)
        self.sheet.approval_chosen.connect(self._set_approval)
        self.sheet.invitations_requested.connect(self.invitations_requested)
        conversation.destroyed.connect(self.sheet.deleteLater)
        conversation.order_changed.connect(self._ask)
        conversation.admission_changed.connect(self._show)
        self._room = ""
        self._question: SecretSheet | None = None
        conversation.password_asked.connect(self._ask_password)
        conversation.rooms_changed.connect(self._close_once_inside)

    def open(self) -> None:
        """Show who may join, to change it."""
        admission = self._client.admission
        if admission.entry is not None:
            approval = admission.queue.approval if admission.queue else False
            in_file = admission.password_in_file
            self.sheet.show_sheet(admission.entry, approval=approval, password_in_file=in_file)

    def _set_entry(self, password: str | None, locked: bool | None) -> None:
        self._client.rooms.set_entry(self._client.state.home.name, password=password, locked=locked)

    def _set_approval(self, active: bool) -> None:
        self._client.admission.set_approval(active)

    def _ask(self) -> None:
        """People with the right to change the entry are told what holds."""
        may_guard = self._client.order.may(self._client.state.home.name, "guard_entry")
        if may_guard and not self._asked:
            self._client.admission.ask_for_entry()
        self._asked = may_guard

    def _show(self) -> None:
        admission = self._client.admission
        if admission.entry is None:
            self._asked = False
            self.sheet.dismiss()
            self.changed.emit("", "")
            return
        approval = admission.queue.approval if admission.queue else False
        self.changed.emit(*who_may_join(admission.entry, approval=approval, token=self._asks_token))

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
        sheet = room_password_sheet(self._theme, self._window, title)
        self._room, self._question = room, sheet
        sheet.given.connect(self._enter)
        sheet.dismissed.connect(self._forget_question)
        sheet.dismissed.connect(sheet.deleteLater)
        sheet.show_sheet()

    def _enter(self, password: str) -> None:
        self._client.rooms.show_with_password(self._room, password)

    def _close_once_inside(self) -> None:
        room = self._client.state.rooms.get(self._room)
        if self._question and room and room.stage == "inside":
            self._question.dismiss()

    def _forget_question(self) -> None:
        self._question, self._room = None, ""
