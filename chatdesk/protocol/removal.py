"""What stands in the place of a deleted message, the same in window and exports."""

from chatdesk.protocol.events import Message
from chatdesk.protocol.text import isolated


def removal(message: Message, *, own: bool = False) -> str:
    """Return the sentence that stands for a deleted message: ``Kit took a message back``."""
    name = "You" if own else isolated(message.nickname)
    if message.deleted == "author":
        return f"{name} took a message back"
    remover = isolated(message.deleted_by) or f"The {message.deleted}"
    return f"{remover} removed a message by {'you' if own else name}"
