"""A transcript whose requests are really sent, refused and answered."""

import time

from chatdesk.client.changes import Change
from chatdesk.client.requests import Request, Requests
from chatdesk.client.transcript import Transcript
from chatdesk.protocol import commands
from chatdesk.protocol.events import Error, History

ROOM = "lobby"


class RequestingTranscript(Transcript):
    """A transcript with the requests of its connection, and a clock of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.requests = Requests()
        self.now = time.monotonic()
        self._joining = True

    @property
    def resume(self) -> commands.Resume | None:
        """The position to resume from."""
        return commands.Resume(self.epoch, self.received_seq) if self.epoch else None

    def pop_requests(self) -> list[commands.History]:
        """Return the requests to send now; none is returned twice."""
        opened = [self.requests.open(ROOM, kind, wanted, self.now) for kind, wanted in self.wanted()]
        return [command for command in opened if isinstance(command, commands.History)]

    def receive_page(self, page: History, asked: Request | None = None, *, joining: bool = False) -> list[Change]:
        """Add a page; its ``ref`` says what it answers."""
        asked = self.requests.close(page.ref)
        if page.ref and asked is None:
            return []
        joining, self._joining = joining or (self._joining and asked is None), self._joining and asked is not None
        return super().receive_page(page, asked, joining=joining)

    def disconnected(self) -> None:
        """The connection is lost; the next page is that of a join."""
        self.requests.disconnected()
        self._joining = True
        super().disconnected()

    def request_refused(self, ref: str, *, retryable: bool) -> bool:
        """The server refuses this request, for good unless ``retryable``; return False if there is none."""
        request = self.requests.find(ref)
        error = Error("rate_limited" if retryable else "bad_message", "No.", ref)
        if request and not self.requests.delay(error, self.now):
            self.requests.close(ref)
            self.refuse(request)
        return request is not None

    def retry(self) -> None:
        """Some time has passed: refused requests may be sent again."""
        self.now += 10
