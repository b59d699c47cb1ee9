"""Actions on rows by keyboard and pointer: what Enter does, what is copied, what the tooltip says."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from chatdesk.desktop.models.rows import DaySeparator, MessageRow, PresenceRow, Row, UnsentRow
from chatdesk.desktop.text import pluralized
from chatdesk.desktop.widgets.timeline.row_layout import RowLayout
from chatdesk.desktop.widgets.timeline.targets import (
    AddReaction,
    ClickTarget,
    CopyCode,
    Delete,
    JumpTo,
    Link,
    MarkUnread,
    MessageAct,
    OpenCalendar,
    Pin,
    React,
    Reply,
    Resend,
    Rewrite,
    ShowInfo,
    ShowReaders,
    Toggle,
)
from chatdesk.protocol import emoji
from chatdesk.protocol.text import isolated, lines


def enter_action(layout: RowLayout, row: Row | None) -> ClickTarget | None:
    """Return what Enter does on a row; None for nothing."""
    match row:
        case UnsentRow(failed=True):
            return Resend(row.entry.id)
        case PresenceRow():
            return Toggle()
        case DaySeparator():
            return OpenCalendar()
        case MessageRow() | UnsentRow() if layout.message(row).cut:
            return Toggle()
    return None


def copied_text(chosen: Sequence[Row], own_name: str) -> str:
    """Return the words of one message, or of several as a transcript with names and times. Line breaks are ``\\n``."""
    messages = [
        row for row in chosen if isinstance(row, UnsentRow) or (isinstance(row, MessageRow) and not row.removal)
    ]
    texts = ["\n".join(lines(row.plain_text if isinstance(row, MessageRow) else row.text)) for row in messages]
    if len(messages) < 2:
        return "".join(texts)
    names = [row.message.nickname if isinstance(row, MessageRow) else own_name for row in messages]
    return "\n".join(f"{name}, {row.time}: {text}" for name, row, text in zip(names, messages, texts, strict=True))


def target_name(target: ClickTarget) -> str:
    """Return what a screen reader says of something that can be clicked."""
    match target:
        case Link(url=url):
            return f"Link, {url}"
        case CopyCode():
            return "Copy code"
        case JumpTo():
            return "Go to the message that is answered"
        case React():
            found = emoji.find(target.emoji)
            return reaction_text(target).replace(f"{target.emoji} ", f"{found.name}: " if found else "", 1)
        case AddReaction():
            return "Add a reaction"
        case ShowReaders():
            return "Who has read it"
        case Resend():
            return "Send again"
        case Toggle():
            return "Show all"
        case OpenCalendar():
            return "Go to another day"
        case _:
            return type(target).__name__


_ALL_NAMES = "Right-click or the menu key shows all names"


def reaction_text(reaction: React) -> str:
    """Return who has reacted: ``👍 Kit, Mara and 4 others``, or with how many where no name is known."""
    others = reaction.count - len(reaction.names)
    names = [isolated(name) for name in reaction.names] + ([pluralized(others, "other", "others")] if others else [])
    who = " and ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else str(reaction.count)
    return f"{reaction.emoji} {who}" if reaction.active else f"{reaction.emoji} {who}. Yours too"


def act_by_key(event: QKeyEvent, row: Row | None) -> MessageAct | None:
    """Return what a key does with a message that the keys are on."""
    if not isinstance(row, MessageRow) or row.removal:
        return None
    seq, key = row.message.seq, event.key()
    if event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier):
        return None
    match key:
        case Qt.Key.Key_Plus:
            return AddReaction(seq)
        case Qt.Key.Key_R:
            return Reply(seq)
        case Qt.Key.Key_E | Qt.Key.Key_F2 if row.own:
            return Rewrite(seq)
        case Qt.Key.Key_P:
            return Pin(seq, not row.message.pinned)
        case Qt.Key.Key_U:
            return MarkUnread(seq)
        case Qt.Key.Key_I:
            return ShowInfo(seq)
        case Qt.Key.Key_Delete:
            return Delete(seq)
    return None


def tooltip_text(target: ClickTarget | None, row: Row | None) -> str:
    """Return the tooltip: a link's address, who has reacted, why a message was refused, what clicking does."""
    match target:
        case Link(url=url):
            return url
        case React() if target.count > len(target.names):
            return f"{reaction_text(target)}. {_ALL_NAMES}."
        case React():
            return reaction_text(target)
        case CopyCode() | AddReaction():
            return target_name(target)
        case ShowReaders() if isinstance(row, MessageRow):
            return f"Read by {row.readers}"
        case OpenCalendar():
            return "Go to another day  Ctrl G"
    return (row.entry.error or "") if isinstance(row, UnsentRow) else ""
