"""Who has read the person's messages, and turning that on and off: what a view asks and does in the shown room."""

from collections.abc import Callable

from chatdesk.client.changes import Change
from chatdesk.client.receipts import ShownReaders
from chatdesk.client.state import ChatState
from chatdesk.protocol import commands, events, reading_commands


class ReceiptActions:
    """Asks about receipts, and tells the server who gives them. What it refuses comes as ``NoticeReceived``."""

    def __init__(
        self,
        state: ChatState,
        publish: Callable[[list[Change]], None],
        send_requests: Callable[[], None],
        send: Callable[[commands.Command], None],
    ) -> None:
        self._state = state
        self._publish = publish
        self._send_requests = send_requests
        self._send = send

    def count(self, message: events.Message) -> int | None:
        """How many others have read a message of the person; None where that is not told.

        ``MessageUpdated`` follows if it is asked for now, and whenever it changes.
        """
        receipts = self._state.shown.receipts
        count = receipts.count(message)
        if receipts.asks:
            self._send_requests()
        return count

    @property
    def readers(self) -> ShownReaders | None:
        """Who has read the message that ``show_readers`` named; None if that is not told."""
        return self._state.shown.receipts.shown

    def show_readers(self, seq: int) -> None:
        """A view shows who has read a message: ``ReadersChanged`` follows, until ``hide_readers``."""
        self._publish(self._state.shown.receipts.show(seq))
        self._send_requests()

    def load_more_readers(self) -> None:
        """Ask for further names; they come as ``ReadersChanged``."""
        self._state.shown.receipts.load_more()
        self._send_requests()

    def hide_readers(self) -> None:
        """No view shows names any more."""
        self._state.shown.receipts.hide()

    def give(self, active: bool) -> None:
        """Let others see what the person has read, and the person what others have; or neither."""
        self._tell(reading_commands.GiveReceipts(active))

    def allow(self, active: bool) -> None:
        """Let there be receipts in the chat; only the host may."""
        self._tell(reading_commands.AllowReceipts(active))

    def _tell(self, command: commands.Command) -> None:
        if self._state.online:
            self._send(command)
