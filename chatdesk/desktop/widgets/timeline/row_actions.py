"""Actions on rows by keyboard and pointer: what Enter does, what is copied, what the tooltip says."""

from collections.abc import Sequence

from chatdesk.desktop.models.rows import DaySeparator, MessageRow, PresenceRow, Row, UnsentRow
from chatdesk.desktop.widgets.timeline.row_layout import ClickTarget, Link, OpenCalendar, Resend, RowLayout, Toggle
from chatdesk.protocol.text import lines


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
    """Return the text of one message, or of several as a transcript with names and times. Line breaks are ``\\n``."""
    messages = [row for row in chosen if isinstance(row, MessageRow | UnsentRow)]
    texts = ["\n".join(lines(row.text)) for row in messages]
    if len(messages) < 2:
        return "".join(texts)
    names = [row.message.nickname if isinstance(row, MessageRow) else own_name for row in messages]
    return "\n".join(f"{name}, {row.time}: {text}" for name, row, text in zip(names, messages, texts, strict=True))


def tooltip_text(target: ClickTarget | None, row: Row | None) -> str:
    """Return the tooltip: a link's address, why a message was refused, or what clicking a day does."""
    if isinstance(target, Link):
        return target.url
    if isinstance(target, OpenCalendar):
        return "Go to another day  Ctrl G"
    return (row.entry.error or "") if isinstance(row, UnsentRow) else ""
