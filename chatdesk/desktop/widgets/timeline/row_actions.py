"""Actions on rows by keyboard and pointer: what Enter does, what is copied, what the tooltip says."""

from collections.abc import Sequence

from chatdesk.desktop.models.rows import DaySeparator, MessageRow, PresenceRow, Row, UnsentRow
from chatdesk.desktop.widgets.timeline.row_layout import RowLayout
from chatdesk.desktop.widgets.timeline.targets import ClickTarget, CopyCode, Link, OpenCalendar, Resend, Toggle
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


def target_name(target: ClickTarget) -> str:
    """Return what a screen reader says of something that can be clicked."""
    match target:
        case Link(url=url):
            return f"Link, {url}"
        case CopyCode():
            return "Copy code"
        case Resend():
            return "Send again"
        case Toggle():
            return "Show all"
        case OpenCalendar():
            return "Go to another day"
        case _:
            return type(target).__name__


def tooltip_text(target: ClickTarget | None, row: Row | None) -> str:
    """Return the tooltip: a link's address, why a message was refused, or what clicking a day does."""
    if isinstance(target, Link):
        return target.url
    if isinstance(target, CopyCode):
        return "Copy code"
    if isinstance(target, OpenCalendar):
        return "Go to another day  Ctrl G"
    return (row.entry.error or "") if isinstance(row, UnsentRow) else ""
