"""Writes one self-contained HTML file, which opens offline in any browser, runs nothing and loads nothing."""

from datetime import date, datetime, timedelta
from typing import BinaryIO

from chatdesk.export.dates import format_day, format_moment, format_offset
from chatdesk.export.markup import escape_name, escape_text, message_text
from chatdesk.export.metadata import ExportMetadata
from chatdesk.export.quotes import Quotes
from chatdesk.export.stylesheet import content_security_policy, stylesheet
from chatdesk.protocol.appearance import hue, initials
from chatdesk.protocol.events import Message
from chatdesk.protocol.removal import removal
from chatdesk.protocol.text import isolated, lines
from chatdesk.protocol.times import local_time

_GROUP = timedelta(minutes=5)
"""Messages of one sender within this time share one name, as in the window and the page."""
_ROW_CHARS = 90
"""Characters in a row of a wide screen, about."""
_SHEET_ROWS = 50
"""Rows in one ``sheet`` element, about a screen: browsers skip the layout of sheets that are out of sight."""
_QUOTED_CHARS = 120
"""Of a message that is answered: one line."""
_SHEET, _SHEET_END = '<div class="sheet">\n', "</div>\n"
_GROUP_END = "</div>\n"
_HEAD = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<header><div class="column">
<h1><bdi>{name}</bdi></h1>
<p class="room"># <bdi>{room}</bdi></p>
<p>{host}Exported on <time datetime="{iso}">{exported}</time>.</p>
</div></header>
<main>
"""


class HtmlWriter:
    """Writes the conversation as ChatDesk shows it, with days and groups of one sender.

    ``#m123`` is the anchor of message 123.
    """

    def __init__(self, file: BinaryIO, metadata: ExportMetadata) -> None:
        self._file = file
        self._host = metadata.host
        self._count = 0
        self._first: Message | None = None
        self._last: Message | None = None
        self._moment: datetime | None = None
        """Local time of the last message."""
        self._day: tuple[date, str] | None = None
        self._rows = 0
        self._said = Quotes()
        self._write(_head(metadata))
        self._write(_SHEET)

    def write(self, message: Message) -> None:
        """Write a message, if needed after a line for its day and a line for missing messages."""
        moment = local_time(message.timestamp)
        opening = self._new_sheet() + self._new_day(moment) + self._gap(message)
        first = bool(opening) or not self._continues(message, moment)
        if first:
            opening = f"{_GROUP_END if self._last else ''}{opening}{_opening(message)}"
        self._write(opening + self._article(message, moment, first=first))
        self._remember(message)
        self._rows += first + _rows(message.content)
        self._first = self._first or message
        self._last, self._moment = message, moment
        self._count += 1

    def close(self) -> None:
        """Write the number of messages and their period, which browsers show below the head."""
        end = _GROUP_END if self._last else '<p class="empty">Nothing has been said here.</p>\n'
        summary = f'<footer><div class="column">{self._summary()}</div></footer>'
        self._said.close()
        self._write(f"{end}{_SHEET_END}</main>\n{summary}\n</body>\n</html>\n")

    def _new_sheet(self) -> str:
        if self._rows < _SHEET_ROWS:
            return ""
        self._rows = 0
        return _SHEET_END + _SHEET

    def _new_day(self, moment: datetime | None) -> str:
        """Return a line if the date or the offset from UTC changes."""
        if moment is None or (moment.date(), format_offset(moment)) == self._day:
            return ""
        self._day = moment.date(), format_offset(moment)
        return f'<h2 class="day">{format_day(moment)} <span>{format_offset(moment)}</span></h2>\n'

    def _gap(self, message: Message) -> str:
        missing = message.seq - self._last.seq - 1 if self._last else 0
        return f'<p class="gap">{_messages(missing)} missing here</p>\n' if missing > 0 else ""

    def _continues(self, message: Message, moment: datetime | None) -> bool:
        """Return whether a message belongs to the current group."""
        if self._last is None or self._last.nickname != message.nickname:
            return False
        return self._moment is not None and moment is not None and moment - self._moment < _GROUP

    def _article(self, message: Message, moment: datetime | None, *, first: bool) -> str:
        byline = _byline(message, moment, first=first, host=message.nickname == self._host)
        if message.deleted:
            text = f'<span class="deleted">{escape_text(removal(message))}</span>'
        else:
            text = f"{self._quote(message)}{message_text(message)}{_reactions(message)}"
        return f'<article id="m{message.seq}">{byline}{text}</article>\n'

    def _quote(self, message: Message) -> str:
        """Return the message that this one answers, as it is now, in one line."""
        if message.reply_to is None:
            return ""
        words = self._said.get(message.reply_to) or "In reply to an earlier message"
        return f'<a class="quote" href="#m{message.reply_to}">{words}</a>'

    def _remember(self, message: Message) -> None:
        said = f"<bdi>{escape_name(message.nickname)}</bdi>: {escape_name(message.content[:_QUOTED_CHARS])}"
        self._said.add(message.seq, escape_text(removal(message)) if message.deleted else said)

    def _summary(self) -> str:
        if self._first is None or self._last is None:
            return "<p>No messages.</p>"
        times = local_time(self._first.timestamp), self._moment
        span = " to ".join(
            f'<time datetime="{time.isoformat()}">{format_moment(time)}</time>' for time in times if time
        )
        older = self._first.seq - 1
        cut = f" {_messages(older)} before them, no longer kept by the host." if older > 0 else ""
        return f"<p>{_messages(self._count)}{f', from {span}' if span else ''}.{cut}</p>"

    def _write(self, markup: str) -> None:
        self._file.write(markup.encode())


def _head(metadata: ExportMetadata) -> str:
    return _HEAD.format(
        policy=content_security_policy(),
        style=stylesheet(),
        title=escape_text(f"{isolated(metadata.room)} – {isolated(metadata.name)}"),
        name=escape_name(metadata.name),
        room=escape_name(metadata.room),
        host=f"Hosted by <bdi>{escape_name(metadata.host)}</bdi>. " if metadata.host else "",
        iso=metadata.exported_at.isoformat(timespec="seconds"),
        exported=format_moment(metadata.exported_at),
    )


def _opening(message: Message) -> str:
    disc = f'<span class="avatar" aria-hidden="true">{escape_text(initials(message.nickname))}</span>'
    return f'<div class="group hue-{hue(message.nickname)}">{disc}\n'


def _byline(message: Message, moment: datetime | None, *, first: bool, host: bool) -> str:
    name = f'<bdi class="{"name" if first else "unseen"}">{escape_name(message.nickname)}</bdi>'
    tag = '<span class="tag">host</span>' if first and host else ""
    time = f'<span class="unseen">, </span>{_time(moment)}' if moment else ""
    kind = "byline" if first else "gutter"
    return f'<span class="{kind}">{name}{tag}{time}<span class="unseen">: </span></span>'


def _reactions(message: Message) -> str:
    if not message.reactions:
        return ""
    counts = " ".join(f"{escape_text(reaction.emoji)}&nbsp;{reaction.count}" for reaction in message.reactions)
    return f'<span class="reactions">{counts}</span>'


def _rows(content: str) -> int:
    """Return how many rows a message takes, about."""
    return sum(len(line) // _ROW_CHARS + 1 for line in lines(content))


def _time(moment: datetime) -> str:
    return f'<time datetime="{moment.isoformat(timespec="milliseconds")}">{moment:%H:%M}</time>'


def _messages(number: int) -> str:
    return f"{number:,} message{'' if number == 1 else 's'}"
