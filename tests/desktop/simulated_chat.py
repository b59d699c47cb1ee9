"""A room without a network: events as a server sends them, and a timeline that shows them."""

from datetime import UTC, datetime

from PySide6.QtTest import QAbstractItemModelTester

from chatdesk.client.changes import (
    Appended,
    Change,
    Jumped,
    MessageUpdated,
    PeopleChanged,
    Prepended,
    TranscriptReset,
    UnreadChanged,
)
from chatdesk.client.state import ChatState
from chatdesk.client.wanted_commands import commands_to_send
from chatdesk.desktop.models.rows import MessageRow, Row
from chatdesk.desktop.models.timeline import TimelineModel
from chatdesk.protocol import commands, events
from chatdesk.protocol.events import Message

LIMITS = events.Limits(65536, 8000, 32, 50, 0)
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def timestamp(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


class SimulatedChat:
    """A room's log, a client's state of it, and the timeline's model."""

    def __init__(self, own_name: str = "Mara") -> None:
        self.log: list[Message] = []
        self.epochs = 0
        self.clock = NOON
        self.state = ChatState(own_name)
        self.model = TimelineModel(self.state)
        self.tester = QAbstractItemModelTester(
            self.model, QAbstractItemModelTester.FailureReportingMode.Fatal, self.model
        )
        self.following = True
        self.connect()

    def new_message(self, nickname: str, content: str, message_id: str | None = None) -> Message:
        message = Message(nickname, content, timestamp(self.clock), seq=len(self.log) + 1, id=message_id)
        self.log.append(message)
        return message

    def receive(self, *heard: events.Event) -> None:
        if any(isinstance(event, events.Error) for event in heard):
            self.answer()  # only what was sent is refused
        self.apply_changes([change for event in heard for change in self.state.apply(event, 0.0)])

    def apply_changes(self, changes: list[Change]) -> None:
        """Apply changes to the model, as a conversation does."""
        for change in changes:
            match change:
                case Appended():
                    self.model.append_newest(following=self.following)
                case Prepended():
                    self.model.load_older()
                case TranscriptReset():
                    self.model.reset_history()
                case Jumped(seq=None):
                    self.model.show_latest()
                case Jumped(seq=int(seq)):
                    self.model.show_around(seq)
                case UnreadChanged():
                    self.model.update_unread()
                case MessageUpdated(message=message):
                    self.model.update_message(message)
                case PeopleChanged(joined=joined, left=left):
                    self.model.change_presence(lambda row: row.add(joined, left))
        self.model.update_outbox()

    def receive_messages(self, count: int = 1, nickname: str = "Kit") -> None:
        self.receive(*[self.new_message(nickname, f"{nickname} {len(self.log)}") for _ in range(count)])

    def connect(self) -> None:
        """Join or reconnect; missed messages follow the welcome, as from a server."""
        resume = self.state.shown.resume
        self.state.disconnected()
        epoch = f"epoch {self.epochs}"
        known = resume.seq if resume and resume.epoch == epoch else None
        page = self.log[known:][:7] if known is not None else self.log[-6:]
        welcome = events.Welcome(1, epoch, self.state.nickname, "t", "lobby", 1, LIMITS, events.ServerInfo("C", "", ""))
        self.receive(welcome, events.Users("lobby", [], 1), self.page(page))
        self.answer()

    def page(self, messages: list[Message], ref: str | None = None) -> events.History:
        last = len(self.log)
        return events.History("lobby", f"epoch {self.epochs}", messages, False, 1, last, ref)

    def answer(self) -> None:
        """Answer the client's requests for history."""
        while requests := [it for it in commands_to_send(self.state, 0.0) if isinstance(it, commands.History)]:
            for request in requests:
                self.receive(self.page(self.asked(request), request.id))

    def asked(self, request: commands.History) -> list[Message]:
        if request.after is not None:
            return self.log[request.after :][:7]
        if request.before is not None:
            return self.log[max(0, request.before - 1 - request.limit) : request.before - 1]
        if request.around is not None:
            return self.log[max(0, request.around - 8) : request.around + 7]
        return self.log[-6:]

    def restart_server(self) -> None:
        """Restart the server with a new history."""
        self.log.clear()
        self.epochs += 1

    def load_older(self) -> None:
        """Scroll to the top."""
        if not self.model.load_older():
            self.state.shown.transcript.load_older()
            self.answer()

    def load_newer(self) -> None:
        """Scroll down to the end of the loaded rows."""
        if not self.model.load_newer():
            self.state.shown.transcript.load_newer()
            self.answer()

    def go_to(self, seq: int) -> None:
        """Jump to a message."""
        self.apply_changes(self.state.shown.transcript.go_to(seq))
        self.answer()

    def go_to_latest(self) -> None:
        """Jump to the end."""
        self.apply_changes(self.state.shown.transcript.go_to_latest())
        self.answer()

    def join(self, *names: str) -> None:
        self.receive(*[events.UserJoined(name, timestamp(self.clock), 1) for name in names])

    def leave(self, *names: str) -> None:
        self.receive(*[events.UserLeft(name, timestamp(self.clock), 1) for name in names])

    @property
    def rows(self) -> list[Row]:
        return [self.model.row(place) for place in range(self.model.rowCount())]

    @property
    def seqs(self) -> list[int]:
        return [row.message.seq for row in self.rows if isinstance(row, MessageRow)]
