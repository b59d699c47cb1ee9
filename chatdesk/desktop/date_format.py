"""Dates and times as text for people in this time zone."""

from datetime import date, datetime, time

from PySide6.QtCore import QDate, QLocale

from chatdesk.protocol.times import timestamp


def format_time(moment: datetime | None) -> str:
    """``10:24``; empty if the moment is unknown."""
    return f"{moment:%H:%M}" if moment else ""


def format_day(day: date, today: date) -> str:
    """``Today, Monday 23 November``; with the year if it is not this one."""
    pattern = "dddd d MMMM" if day.year == today.year else "dddd d MMMM yyyy"
    written = QLocale.c().toString(QDate(day.year, day.month, day.day), pattern)
    word = {0: "Today, ", 1: "Yesterday, "}.get((today - day).days, "")
    return word + written


def format_short_day(day: date, today: date) -> str:
    """``Mon 23 Nov``, to stand beside a time; with the year if it is not this one. Empty for today."""
    if (today - day).days in (0, 1):
        return "Yesterday" if day < today else ""
    pattern = "ddd d MMM" if day.year == today.year else "d MMM yyyy"
    return QLocale.c().toString(QDate(day.year, day.month, day.day), pattern)


def day_start(day: date) -> str:
    """Return midnight of a day in the local time zone, as a timestamp of the protocol."""
    return timestamp(round(datetime.combine(day, time.min).timestamp() * 1000))
