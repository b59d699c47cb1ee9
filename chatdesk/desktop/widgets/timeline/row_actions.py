"""What can be done with rows by keys and pointer: what Enter does, what is copied, what pointing explains."""

from collections.abc import Sequence

from chatdesk.desktop.models.rows import Comings, Day, Row, Said, Unsent
from chatdesk.desktop.widgets.timeline.row_layout import AnotherDay, Hit, Link, Page, SendAgain, Toggle
from chatdesk.protocol.text import lines


def deed(page: Page, row: Row | None) -> Hit | None:
    """What Enter does on a row."""
    match row:
        case Unsent(failed=True):
            return SendAgain(row.entry.id)
        case Comings():
            return Toggle()
        case Day():
            return AnotherDay()
        case Said() | Unsent() if page.message(row).cut:
            return Toggle()
    return None


def copied(chosen: Sequence[Row], own_name: str) -> str:
    """One message as its words; several as a transcript. Its lines break as other programs break theirs."""
    said = [row for row in chosen if isinstance(row, Said | Unsent)]
    words = ["\n".join(lines(row.text)) for row in said]
    if len(said) < 2:
        return "".join(words)
    names = [row.message.nickname if isinstance(row, Said) else own_name for row in said]
    return "\n".join(f"{name}, {row.time}: {text}" for name, row, text in zip(names, said, words, strict=True))


def explained(hit: Hit | None, row: Row | None) -> str:
    """Where a link goes; why a message was refused; what a day is good for."""
    if isinstance(hit, Link):
        return hit.url
    if isinstance(hit, AnotherDay):
        return "Go to another day  Ctrl G"
    return (row.entry.error or "") if isinstance(row, Unsent) else ""
