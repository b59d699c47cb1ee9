"""What a conversation's timeline holds, and how it gets messages."""

from chatdesk.client.client import ChatClient
from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.models.rows import MessageRow
from tests.waiting import until


def said(conversation: Conversation) -> list[str]:
    rows = [conversation.timeline.row(place) for place in range(conversation.timeline.rowCount())]
    return [row.text for row in rows if isinstance(row, MessageRow)]


def kinds(conversation: Conversation) -> list[str]:
    return [type(conversation.timeline.row(place)).__name__ for place in range(conversation.timeline.rowCount())]


async def talk(priya: ChatClient, number: int) -> None:
    """Send messages until the log has that many."""
    for place in range(number):
        priya.send(f"Message {place}")
    await until(lambda: priya.state.shown.transcript.newest >= number and not priya.state.shown.outbox.waiting, 30)


def read(conversation: Conversation) -> str:
    """Return the text of the current row."""
    row = conversation.timeline.row(conversation.screen.timeline.currentIndex().row())
    return row.text if isinstance(row, MessageRow) else ""
