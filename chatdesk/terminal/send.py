"""Sends one message, and waits until the host has stored it."""

import asyncio

from chatdesk.client.changes import (
    Appended,
    Change,
    Ended,
    NoticeReceived,
    NotSent,
    RoomOpened,
    StatusChanged,
    TranscriptReset,
)
from chatdesk.client.saved_state import ClientStore
from chatdesk.protocol.events import Message
from chatdesk.protocol.text import clean_content
from chatdesk.terminal.participant import EXIT_NO_ANSWER, EXIT_REFUSED, Participant, Target, TerminalError

CONFIRMED_SECONDS = 15.0
"""Longer than a busy host and a full disk's first retry take; a script should not hang."""


async def send(target: Target, text: str, store: ClientStore, to: str = "") -> Message:
    """Send ``text`` to the room of the target, or to a person of it alone, and return the message as it is stored.

    Raises TerminalError.
    """
    content = clean_content(text)
    if not content:
        raise TerminalError("The message is empty: nothing of it can be seen.", EXIT_REFUSED)
    sending = _Sending(target, store, content, to)
    leaving = asyncio.create_task(sending.participant.run())
    try:
        async with asyncio.timeout(CONFIRMED_SECONDS):
            return await sending.outcome
    except TimeoutError:
        raise TerminalError(sending.explain_silence(), EXIT_NO_ANSWER) from None
    finally:
        sending.participant.remember()
        sending.participant.client.stop()
        await leaving


class _Sending:
    def __init__(self, target: Target, store: ClientStore, content: str, to: str) -> None:
        self.participant = Participant(target, store, self._show)
        self.outcome: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._content = content
        self._message_id = ""
        if to:
            self.participant.client.rooms.open_private(to)
        else:
            self._send()

    def explain_silence(self) -> str:
        """A sentence for a message that was neither stored nor refused in time."""
        if problem := self.participant.client.state.storage_problem:
            return f"The message is not sent: {problem}"
        return (
            f"The host has not confirmed the message within {CONFIRMED_SECONDS:g} seconds: look into the chat before "
            "you send it again."
        )

    def _show(self, changes: list[Change]) -> None:
        if self.outcome.done():
            return
        for change in changes:
            match change:
                case Appended() | TranscriptReset():
                    self._find_own()
                case NotSent(entry) if entry.id == self._message_id:
                    self._fail(TerminalError(entry.error or "", EXIT_REFUSED))
                case RoomOpened(room):
                    self.participant.client.rooms.show(room)
                    self._send()
                case NoticeReceived(sentence, "") if not self._message_id:
                    self._fail(TerminalError(sentence, EXIT_REFUSED))  # there is no such person to write to
                case StatusChanged(Ended() as ended) if not self.participant.tries_again(ended):
                    self._fail(self.participant.not_joined(ended))

    def _find_own(self) -> None:
        state = self.participant.client.state
        for message in reversed(state.shown.transcript.messages):
            if message.id == self._message_id and state.is_mine(message) and not self.outcome.done():
                self.outcome.set_result(message)

    def _send(self) -> None:
        self._message_id = self.participant.client.send(self._content)

    def _fail(self, error: TerminalError) -> None:
        if not self.outcome.done():
            self.outcome.set_exception(error)
