"""A connection that records what is written to it: for tests of rooms without sockets."""

from chatdesk.server.stats import Hits
from tests.server.wire import Event, events


class RecordingConnection:
    """Records what was written and how it was closed."""

    address: str | None = None
    network = ""
    local_address: str | None = None
    local_port = 0
    cookie_tokens: tuple[str, ...] = ()

    def __init__(self) -> None:
        self.writable = True
        self.hits = Hits()
        self.written: list[bytes] = []
        self.closed: tuple[int, str] | None = None
        self.joined = False
        """Whether what is written within a turn shall be joined; here each write is recorded by itself."""
        self.reading_paused = False
        """Whether reading from it is paused."""

    @property
    def closing(self) -> bool:
        """Whether it was closed."""
        return self.closed is not None

    scheduled = False

    def charge(self, seconds: float) -> None:
        """It pays nothing."""

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def join_writes(self, joined: bool) -> None:
        self.joined = joined

    def close(self, code: int, reason: str) -> None:
        self.closed = (code, reason)

    def pause_reading(self) -> None:
        self.reading_paused = True

    def resume_reading(self) -> None:
        self.reading_paused = False

    @property
    def events(self) -> list[Event]:
        """All events so far."""
        return events(b"".join(self.written))

    @property
    def types(self) -> list[str]:
        """The types of all events so far."""
        return [event["type"] for event in self.events]

    @property
    def seqs(self) -> list[int]:
        """The sequence numbers of all messages so far, in history pages or alone."""
        numbers: list[int] = []
        for event in self.events:
            messages = event["messages"] if event["type"] == "history" else [event]
            numbers += [message["seq"] for message in messages if message["type"] == "message"]
        return numbers

    def clear(self) -> None:
        """Forget what was written."""
        self.written.clear()
