"""Formats local times in English, whatever the system's language is."""

from datetime import datetime

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def format_day(moment: datetime) -> str:
    """Return a date such as ``Monday 23 November 2026``."""
    return f"{_DAYS[moment.weekday()]} {moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def format_offset(moment: datetime) -> str:
    """Return the offset from UTC, such as ``UTC+01:00``."""
    return f"UTC{moment:%:z}"


def format_moment(moment: datetime) -> str:
    """Return a time such as ``Monday 23 November 2026, 10:40 (UTC+01:00)``."""
    return f"{format_day(moment)}, {moment:%H:%M} ({format_offset(moment)})"
