"""Keeps what is written in each room, with the message that it answers or edits, and shows it with its room."""

from collections.abc import Collection

from PySide6.QtCore import QObject

from chatdesk.client.client import ChatClient
from chatdesk.desktop.models.quotes import quoted
from chatdesk.desktop.widgets.chat.composer import Answering, Composer, Editing
from chatdesk.desktop.widgets.common.avatar import Author


class Drafts(QObject):
    """Between the composer and the client of one conversation. Nothing is saved before ``show``."""

    def __init__(self, client: ChatClient, composer: Composer) -> None:
        super().__init__(composer)
        self._client, self._composer = client, composer
        self._shown, self._epoch = False, ""
        composer.edit.textChanged.connect(self._save)
        composer.task_changed.connect(self._save)
        composer.edit_ended.connect(client.rooms.forget_edit)

    def show(self) -> None:
        """Show what was written in the room that is on the screen now."""
        self._shown = False  # so that nothing of the room before is saved in this one
        rooms, composer = self._client.rooms, self._composer
        self._epoch = self._client.state.shown.transcript.epoch
        unfinished = rooms.unfinished
        composer.show_draft(rooms.draft)
        if unfinished.reply_to:
            self.answer(unfinished.reply_to)
        if unfinished.editing in unfinished.edits:
            composer.edit_message(unfinished.editing, unfinished.edits[unfinished.editing])
        self._shown = True

    def restore(self, text: str) -> None:
        """Put a stored draft above what is written."""
        if self._shown:
            self._composer.restore_draft(text)
            self._save()

    def log_changed(self) -> None:
        """The log of the room is known now, or is another, in which the numbers mean other messages."""
        before, self._epoch = self._epoch, self._client.state.shown.transcript.epoch
        if not self._shown or before == self._epoch:
            return
        if not before:
            self.show()
        elif self._composer.task:
            draft, words = self._composer.draft, self._composer.edit.text
            self._composer.show_draft(draft if draft == words else "\n".join(filter(None, (draft, words))))
            self._save()

    def answer(self, seq: int) -> None:
        """Let what is written answer a message, which may have to be asked for: see ``quotes_changed``."""
        self._client.acts.quote(seq)
        self._composer.answer(seq, *self._words_of(seq))

    def quotes_changed(self, seqs: Collection[int]) -> None:
        """These messages are known now, or have changed: the one that is answered is shown as it is."""
        task = self._composer.task
        if isinstance(task, Answering) and task.seq in seqs:
            self._composer.context.show_message(*self._words_of(task.seq))

    def edit(self, seq: int, content: str) -> None:
        """Edit a message, or go on with what was written in its place."""
        self._composer.edit_message(seq, self._client.rooms.unfinished.edits.get(seq, content))

    def edit_refused(self, seq: int) -> None:
        """Go on with an edit that the server has refused, unless another message is being edited."""
        if not isinstance(self._composer.task, Editing):
            self.edit(seq, "")

    def take_back(self, message_id: str) -> None:
        """Move a refused message back into the composer, with the message that it answers."""
        reply_to = next((it.reply_to for it in self._client.state.shown.outbox if it.id == message_id), None)
        if content := self._client.withdraw(message_id):
            self._composer.prepend_message(content)
            if reply_to and not self._composer.task:
                self.answer(reply_to)

    def _words_of(self, seq: int) -> tuple[str, str, Author | None]:
        """Return the name and the words of a message, and its author."""
        message = quoted(seq, self._client.state)
        if message is None or not message.nickname:
            return (message.words if message else ""), "", None
        return message.nickname, message.words, message

    def _save(self) -> None:
        if not self._shown:
            return
        composer, task = self._composer, self._composer.task
        self._client.set_draft(composer.draft)
        editing, content = (task.seq, composer.edit.text) if isinstance(task, Editing) else (0, "")
        self._client.rooms.set_task(reply_to=composer.answered or 0, editing=editing, content=content)
