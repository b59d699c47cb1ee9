"""Times of the wire on the clock of who exports them, in words that do not depend on the system's language."""

from datetime import datetime

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def format_day(moment: datetime) -> str:
    """``Monday 23 November 2026``."""
    return f"{_DAYS[moment.weekday()]} {moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def format_offset(moment: datetime) -> str:
    """``UTC+01:00``: how far this clock is ahead."""
    return f"UTC{moment:%:z}"


def format_moment(moment: datetime) -> str:
    """``Monday 23 November 2026, 10:40 (UTC+01:00)``."""
    return f"{format_day(moment)}, {moment:%H:%M} ({format_offset(moment)})"
