"""What a person does with a message: answer, react, pin, edit, delete, copy its link."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from chatdesk.client.message_links import link_to_message
from chatdesk.desktop.controllers.writing import WritingController
from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.dialogs.confirm import confirm
from chatdesk.desktop.tasks import Tasks
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.chat.composer import Editing
from chatdesk.desktop.widgets.common.button import DANGER
from chatdesk.desktop.widgets.people.reactors_card import ReactorsCard
from chatdesk.desktop.widgets.timeline.targets import (
    AddReaction,
    Delete,
    JumpTo,
    ListReactors,
    MessageAct,
    Pin,
    React,
    Reply,
    Rewrite,
)
from chatdesk.protocol.events import Message
from chatdesk.protocol.text import isolated

_GONE = "It will be gone for everybody, and for good. Answers to it stay."
_TOO_LATE = "It is too late to edit this message. Delete it, and write it again."
_NOT_YOURS = "Only its author and the host can delete this message."


class MessageActs(QObject):
    """Acts in one conversation; ``writing`` serves its composer, and has the picker of emoji.

    ``refused`` carries a sentence that says why something cannot be done.
    """

    refused = Signal(str)

    def __init__(self, theme: Theme, conversation: Conversation, tasks: Tasks, writing: WritingController) -> None:
        super().__init__(conversation.screen)  # which is deleted at the end; the conversation is freed after that
        self._theme, self._tasks, self._picker = theme, tasks, writing.picker
        self._client, self._screen, self._drafts = conversation.client, conversation.screen, conversation.drafts
        self._acts, self._page_url = conversation.client.acts, conversation.page_url
        self.reactors_card = ReactorsCard(theme, self._screen.timeline)
        self.reactors_card.more_requested.connect(self._acts.more_reactors)
        self.reactors_card.closed.connect(self._acts.hide_reactors)
        self._screen.timeline.verticalScrollBar().valueChanged.connect(self.reactors_card.close_card)
        conversation.timeline.modelReset.connect(self.reactors_card.close_card)
        conversation.reactors_changed.connect(self._show_reactors)
        self._screen.timeline.act_requested.connect(self.act)
        self._screen.composer.edited.connect(self._acts.edit)
        self._screen.composer.emptied.connect(lambda seq: self.act(Delete(seq)))
        writing.sent_texts.edit_last_requested.connect(self._edit_last)

    def act(self, act: MessageAct) -> None:
        """Do it, or let the person write or confirm first."""
        match act:
            case JumpTo(seq=seq):
                self._client.go_to(seq)
            case React(seq=seq, emoji=emoji, active=active):
                self._acts.react(seq, emoji, active=active)
            case ListReactors(seq=seq, emoji=emoji):
                self._list_reactors(seq, emoji)
            case AddReaction(seq=seq):
                self._pick_reaction(seq)
            case Pin(seq=seq, active=active):
                self._acts.pin(seq, active=active)
            case Reply() | Rewrite() | Delete():
                if message := self._client.state.shown.transcript.find(act.seq):
                    self._act_on(act, message)

    def copy_link(self, seq: int) -> None:
        """Copy an address that leads to a message, in window and browser."""
        link = link_to_message(self._page_url, self._client.state.shown.name, seq)
        QGuiApplication.clipboard().setText(link)

    def _list_reactors(self, seq: int, emoji: str) -> None:
        """Show everybody who has reacted; the names that the message does not tell come from the server."""
        timeline = self._screen.timeline
        self._acts.show_reactors(seq, emoji)
        if self._acts.reactors:
            self.reactors_card.open_list(
                timeline.viewport(), timeline.place_of_reaction(seq, emoji), self._acts.reactors
            )

    def _show_reactors(self) -> None:
        self.reactors_card.show_reactors(self._acts.reactors)

    def _pick_reaction(self, seq: int) -> None:
        timeline = self._screen.timeline
        self._picker.pick(timeline.viewport(), lambda emoji: self._acts.react(seq, emoji), timeline.place_of(seq))

    def _act_on(self, act: Reply | Rewrite | Delete, message: Message) -> None:
        match act:
            case Reply():
                self._drafts.answer(message.seq)
            case Rewrite() if self._acts.may_edit(message):
                self._drafts.edit(message.seq, message.content)
            case Delete() if self._acts.may_delete(message):
                self._tasks.start(self._delete(message), "delete message")
            case Rewrite():
                self.refused.emit(_TOO_LATE)
            case Delete():
                self.refused.emit(_NOT_YOURS)

    def _edit_last(self) -> None:
        """Edit one's own last message, unless the composer has another task, or that message is still on its way."""
        state = self._client.state
        if state.shown.outbox.waiting:
            return
        messages = reversed(state.shown.transcript.messages)
        last = next((message for message in messages if state.is_mine(message) and not message.deleted), None)
        if last and self._screen.composer.task is None:
            self._act_on(Rewrite(last.seq), last)

    async def _delete(self, message: Message) -> None:
        mine = self._client.state.is_mine(message)
        title = "Delete your message?" if mine else f"Delete the message by {isolated(message.nickname)}?"
        if await confirm(self._theme, self._screen.window(), title, _GONE, "Delete", look=DANGER):
            if self._screen.composer.task == Editing(message.seq, self._screen.composer.draft):
                self._screen.composer.leave_task()
            self._acts.delete(message.seq)
