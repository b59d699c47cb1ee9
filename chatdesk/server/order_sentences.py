"""What people are told when somebody keeps order: sentences, with ends in the host's time zone."""

from __future__ import annotations

from datetime import datetime, timedelta

from chatdesk.log.order import Standing, StandingKind
from chatdesk.protocol import times
from chatdesk.protocol.errors import CloseCode, ErrorCode, OrderError
from chatdesk.protocol.text import isolated

_EVENING_HOUR = 18
_LEAST_EVENING = timedelta(hours=1)
_WHAT = {
    StandingKind.REMOVED: "removed you from",
    StandingKind.BANNED: "banned you from",
    StandingKind.MUTED: "muted you in",
}
_ERRORS = {
    StandingKind.REMOVED: (ErrorCode.REMOVED, CloseCode.REMOVED),
    StandingKind.BANNED: (ErrorCode.BANNED, CloseCode.BANNED),
    StandingKind.MUTED: (ErrorCode.MUTED, None),
}


def this_evening(now: int) -> int:
    """The end of a ban that says nothing else, in milliseconds since 1970 like ``now``: six o'clock, or midnight.

    What would be over within an hour is no end: it is the next one then.
    """
    here = datetime.fromtimestamp(now / 1000).astimezone()
    six = here.replace(hour=_EVENING_HOUR, minute=0, second=0, microsecond=0)
    midnight = six.replace(hour=0) + timedelta(days=1)
    ends = (six, midnight, six + timedelta(days=1))
    end = next(end for end in ends if end - here >= _LEAST_EVENING)
    return int(end.replace(tzinfo=None).timestamp() * 1000)


def until_words(until: int, now: int) -> str:
    """Such as " until 18:00", or " until 3 Dec 2026, 18:00" on another day; nothing without an end."""
    if not until:
        return ""
    end, today = datetime.fromtimestamp(until / 1000), datetime.fromtimestamp(now / 1000)
    clock = f"{end:%H:%M}"
    return f" until {clock}" if end.date() == today.date() else f" until {end.day} {end:%b %Y}, {clock}"


def reason_words(reason: str) -> str:
    """Such as " Reason: too loud"; nothing without one."""
    return f" Reason: {isolated(reason)}" if reason else ""


def told(standing: Standing, now: int) -> str:
    """The sentence for the one for whom it holds: by whom, where, until when, and why."""
    where = f"the room {isolated(standing.room)}" if standing.room else "this chat"
    by = isolated(standing.by) if standing.by else "The host"
    until = until_words(standing.until, now)
    return f"{by} has {_WHAT[standing.kind]} {where}{until}.{reason_words(standing.reason)}"


def order_error(standing: Standing, now: int) -> OrderError:
    """The refusal for somebody who is removed, banned or muted."""
    code, close_code = _ERRORS[standing.kind]
    return OrderError(
        code,
        told(standing, now),
        by=standing.by,
        room=standing.room,
        reason=standing.reason,
        until=times.timestamp(standing.until) if standing.until else "",
        close_code=None if standing.room else close_code,
    )
