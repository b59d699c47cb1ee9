"""Messages by others, received while somebody reads."""

from chatdesk.desktop.widgets.timeline.view import TimelineView
from tests.desktop.simulated_chat import SimulatedChat


def receive(chat: SimulatedChat, view: TimelineView, count: int = 1, content: str = "") -> None:
    for _ in range(count):
        chat.following = view.following
        chat.receive(chat.new_message("Kit", content or f"Message {len(chat.log)}"))
