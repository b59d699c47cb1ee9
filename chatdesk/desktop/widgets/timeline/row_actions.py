"""What can be done with rows by keys and pointer: what Enter does, what is copied, what pointing explains."""

from collections.abc import Sequence

from chatdesk.desktop.models.rows import DaySeparator, MessageRow, PresenceRow, Row, UnsentRow
from chatdesk.desktop.widgets.timeline.row_layout import ClickTarget, Link, OpenCalendar, RowLayout, SendAgain, Toggle
from chatdesk.protocol.text import lines


def enter_action(layout: RowLayout, row: Row | None) -> ClickTarget | None:
    """What Enter does on a row."""
    match row:
        case UnsentRow(failed=True):
            return SendAgain(row.entry.id)
        case PresenceRow():
            return Toggle()
        case DaySeparator():
            return OpenCalendar()
        case MessageRow() | UnsentRow() if layout.message(row).cut:
            return Toggle()
    return None


def copied_text(chosen: Sequence[Row], own_name: str) -> str:
    """One message as its words; several as a transcript. Its lines break as other programs break theirs."""
    said = [row for row in chosen if isinstance(row, MessageRow | UnsentRow)]
    words = ["\n".join(lines(row.text)) for row in said]
    if len(said) < 2:
        return "".join(words)
    names = [row.message.nickname if isinstance(row, MessageRow) else own_name for row in said]
    return "\n".join(f"{name}, {row.time}: {text}" for name, row, text in zip(names, said, words, strict=True))


def tooltip_text(target: ClickTarget | None, row: Row | None) -> str:
    """Where a link goes; why a message was refused; what a day is good for."""
    if isinstance(target, Link):
        return target.url
    if isinstance(target, OpenCalendar):
        return "Go to another day  Ctrl G"
    return (row.entry.error or "") if isinstance(row, UnsentRow) else ""
