"""What the person does with messages that are there: edit, delete, react, pin; and what a view asks about them."""

import time
from collections.abc import Callable

from chatdesk.client.changes import Change
from chatdesk.client.outbox import Mentions
from chatdesk.client.pending_acts import Act
from chatdesk.client.reactors import ShownReactors
from chatdesk.client.state import ChatState
from chatdesk.protocol import commands, events, times


class MessageActions:
    """Acts in the shown room. What is done is shown at once, and goes back if the server refuses it.

    Then ``NoticeReceived`` says why, and ``EditRefused`` gives back what was written.
    """

    def __init__(
        self, state: ChatState, publish: Callable[[list[Change]], None], send_requests: Callable[[], None]
    ) -> None:
        self._state = state
        self._publish = publish
        self._send_requests = send_requests

    def edit(self, seq: int, content: str, mentions: Mentions = ()) -> None:
        """Replace the text of an own message; ``mentions`` are whom the names in it mean.

        Nothing visible is no edit: offer to delete the message instead.
        """
        self._do(commands.Edit(seq, content, mentions))

    def delete(self, seq: int) -> None:
        """Delete a message for everybody, for good."""
        self._do(commands.Delete(seq))

    def react(self, seq: int, emoji: str, *, active: bool = True) -> None:
        """React to a message with one emoji, in the form that Unicode recommends, or take that back."""
        self._do(commands.React(seq, emoji, active))

    def pin(self, seq: int, *, active: bool = True) -> None:
        """Pin a message for everybody, or unpin it."""
        self._do(commands.Pin(seq, active))

    def may_edit(self, message: events.Message) -> bool:
        """Whether the server still accepts an edit of this message; it decides when it receives one."""
        state = self._state
        if message.deleted or not state.is_mine(message):
            return False
        said, now = times.milliseconds(message.timestamp), state.clock.time(time.monotonic())
        seconds = state.limits.edit_seconds if state.limits else 0
        if not seconds or state.is_host(state.own) or said is None or now is None:
            return True
        return now - said < seconds * 1000

    def may_delete(self, message: events.Message) -> bool:
        """Whether the person may delete this message: their own, and as host everybody's."""
        return not message.deleted and (self._state.is_mine(message) or self._state.is_host(self._state.own))

    def show_pins(self) -> None:
        """A view shows what is pinned in the room from now on: it is asked for, and ``PinsChanged`` follows."""
        self._state.shown.acts.show_pins()
        self._send_requests()

    @property
    def pinned(self) -> list[events.Message]:
        """The pinned messages of the room as far as they are known, the newest first."""
        return self._state.shown.acts.pinned

    def quote(self, seq: int) -> events.Message | None:
        """The message of this number as it is now, for a reply that refers to it.

        None if there is none (``is_missing``), or if it is asked for now: ``QuotesChanged`` follows.
        """
        message = self._state.shown.acts.quote(seq)
        if message is None and not self.is_missing(seq):
            self._send_requests()
        return message

    def is_missing(self, seq: int) -> bool:
        """Whether there is no message of this number, or not any more."""
        return self._state.shown.acts.quotes.is_missing(seq)

    def own_reactions(self, message: events.Message) -> frozenset[str]:
        """With which emoji the person has reacted to a message; ``MessageUpdated`` follows if that is asked for now."""
        own = self._state.shown.acts.own_reactions(message)
        if any(reaction.count > len(reaction.people) for reaction in message.reactions):
            self._send_requests()
        return own

    @property
    def reactors(self) -> ShownReactors | None:
        """Who has reacted, as far as that is known of the reaction that is looked at; None while nobody looks."""
        return self._state.shown.acts.reactors.shown

    def show_reactors(self, seq: int, emoji: str) -> None:
        """A view shows who has reacted to a loaded message with this emoji; ``ReactorsChanged`` may follow."""
        if message := self._state.shown.transcript.find(seq):
            self._state.shown.acts.reactors.show(message, emoji)
            self._send_requests()

    def more_reactors(self) -> None:
        """The view has reached the end of the list."""
        self._state.shown.acts.reactors.load_more()
        self._send_requests()

    def hide_reactors(self) -> None:
        """The view shows no reaction any more."""
        self._state.shown.acts.reactors.hide()

    def _do(self, act: Act) -> None:
        self._publish(self._state.shown.acts.do(act))
        self._send_requests()
