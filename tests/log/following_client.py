"""A client that follows a log: it takes what the log tells, and asks for what is missing."""

from chatdesk.client import stream_position
from chatdesk.log.room_log import HistoryPage, LogError
from chatdesk.protocol import codec, commands, events
from chatdesk.server.catch_up import CatchUp, History
from chatdesk.server.stream_position import StreamPosition
from tests.client.requesting_transcript import RequestingTranscript
from tests.log.harness import RoomHarness
from tests.waiting import until


class FollowingClient:
    """The messages that a client holds, and how far it has received the stream of changes."""

    def __init__(self) -> None:
        self.transcript = RequestingTranscript()
        self.position = stream_position.StreamPosition()

    def hear(self, payload: bytes) -> None:
        """Take an event of the server."""
        event = codec.decode_event(payload)
        match event:
            case events.Message():
                self.hear_message(event)
            case events.Updated():
                self.hear_message(event.message)
            case events.History():
                self.give(event)

    def hear_message(self, message: events.Message) -> None:
        """Take a message, new or changed."""
        self.position.receive(message.change, gap=message.seq > self.transcript.received_seq + 1)
        self.transcript.receive(message)

    def give(self, page: events.History) -> None:
        """Take a page."""
        if page.epoch != self.transcript.epoch:
            self.position.reset()
        self.transcript.receive_page(page)
        self.position.reach(page.change)


async def read_since(history: History, position: StreamPosition | None) -> CatchUp:
    """Return what has changed since a position."""
    replies: list[CatchUp | LogError] = []
    history.since(position, replies.append)
    await until(lambda: replies)
    (reply,) = replies
    assert isinstance(reply, CatchUp)
    return reply


async def answer(room: RoomHarness, question: commands.History) -> HistoryPage:
    """Return the page that a client asks for."""
    if question.before is not None:
        return await room.before(question.before, question.limit)
    if question.after is not None:
        return await room.after(question.after, question.limit)
    return await room.latest(question.limit)
