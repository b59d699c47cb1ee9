"""Times as the wire writes them: RFC 3339 in UTC."""

from datetime import UTC, datetime, timedelta

_UNIX_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def timestamp(milliseconds: int | None = None) -> str:
    """Return a moment, in milliseconds since 1970 and by default now, as the wire writes it.

    For example ``2024-01-01T12:00:00.000Z``.
    """
    moment = datetime.now(UTC) if milliseconds is None else _UNIX_EPOCH + timedelta(milliseconds=milliseconds)
    return moment.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def milliseconds(timestamp: str) -> int | None:
    """Return the milliseconds since 1970 of an ISO 8601 date or time, UTC by default; None if it is not one."""
    try:
        moment = datetime.fromisoformat(timestamp)
    except ValueError:
        return None
    return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _UNIX_EPOCH) // timedelta(milliseconds=1)


def local_time(timestamp: str) -> datetime | None:
    """Return a timestamp as local time of this computer; None if it is not a time or has no local equivalent."""
    try:
        return datetime.fromisoformat(timestamp).astimezone()
    except (ValueError, OverflowError, OSError):
        return None
