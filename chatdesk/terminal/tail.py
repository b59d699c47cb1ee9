"""Follows a room: prints what was said last, and then what is said, across losses of the connection."""

import asyncio

from chatdesk.client.changes import Change, Ended, Lost, MessageUpdated, Online, StatusChanged
from chatdesk.client.saved_state import ClientStore
from chatdesk.console import print_line, print_stderr
from chatdesk.protocol import codec, events, times
from chatdesk.protocol.events import Message
from chatdesk.protocol.text import clean_text
from chatdesk.terminal.participant import Participant, Target

_FIRST_LINES = 10
"""Messages that are printed at the beginning: as many lines as ``tail`` prints of a file."""
_WORTH_TELLING = 3
"""Attempts to reconnect before anything is said of it: the first two are over within three seconds."""


async def tail(target: Target, store: ClientStore, *, as_json: bool) -> None:
    """Print the messages of the target's room until the reader goes away, or the task is cancelled.

    Raises TerminalError when the chat cannot be joined, or has ended for good.
    """
    following = _Following(target, store, as_json)
    running = asyncio.create_task(following.participant.run())
    try:
        await following.end
    finally:
        following.participant.client.stop()
        await running


class _Following:
    def __init__(self, target: Target, store: ClientStore, as_json: bool) -> None:
        self.participant = Participant(target, store, self._show)
        self.end: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._as_json = as_json
        self._epoch = ""
        self._printed = 0
        self._told_lost = False

    def _show(self, changes: list[Change]) -> None:
        if self.end.done():
            return
        for change in changes:
            self._show_change(change)
        self._print_new()

    def _show_change(self, change: Change) -> None:
        match change:
            case StatusChanged(Online()):
                self.participant.remember()
                self._tell_lost(lost=False)
            case StatusChanged(Lost(attempt=attempt)) if attempt >= _WORTH_TELLING:
                self._tell_lost(lost=True)
            case StatusChanged(Ended() as ended) if not self.participant.tries_again(ended):
                self.end.set_exception(self.participant.not_joined(ended))
            case MessageUpdated(message) if message.seq <= self._printed:
                self._print_update(message)

    def _tell_lost(self, *, lost: bool) -> None:
        if lost != self._told_lost:
            self._told_lost = lost
            print_stderr("The host does not answer. It goes on when it does." if lost else "The host answers again.")

    def _print_new(self) -> None:
        """Print what follows the last message that is printed."""
        transcript = self.participant.client.state.home.transcript
        if transcript.epoch != self._epoch:
            if self._epoch:
                print_stderr("The history was deleted, or is another one: this is what there is now.")
            self._epoch, self._printed = transcript.epoch, max(0, transcript.last_seq - _FIRST_LINES)
        elif transcript.start > self._printed + 1:
            missing = transcript.start - self._printed - 1
            print_stderr(f"{missing} messages are missing here: the host has deleted them meanwhile.")
        for message in transcript.messages[max(0, self._printed + 1 - transcript.start) :]:
            self._print(codec.encode(message).decode() if self._as_json else _line(message))
            self._printed = message.seq

    def _print_update(self, message: Message) -> None:
        room = self.participant.client.state.home.name
        updated = events.Updated(room, message.seq, message.change, message)
        self._print(codec.encode(updated).decode() if self._as_json else _line(message, " (edited)"))

    def _print(self, line: str) -> None:
        if not print_line(line) and not self.end.done():  # such as `| head`: it has all that it wants
            self.end.set_result(None)


def _line(message: Message, remark: str = "") -> str:
    """A message for people: further lines of it are indented, so that none can pass for another person's."""
    time = times.local_time(message.timestamp)
    words = clean_text(message.content).replace("\n", "\n      ")
    said = f"{message.nickname} (deleted)" if message.deleted else f"{message.nickname}{remark}: {words}"
    return f"{time:%H:%M} {said}" if time else said
