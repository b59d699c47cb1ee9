"""Times of the wire as people here read them."""

from datetime import date, datetime, time

from PySide6.QtCore import QDate, QLocale

from chatdesk.protocol.events import timestamp


def format_time(moment: datetime | None) -> str:
    """``10:24``; empty when it is not known."""
    return f"{moment:%H:%M}" if moment else ""


def format_day(day: date, today: date) -> str:
    """``Today, Monday 23 November``; the year is named where it is another."""
    pattern = "dddd d MMMM" if day.year == today.year else "dddd d MMMM yyyy"
    written = QLocale.c().toString(QDate(day.year, day.month, day.day), pattern)
    word = {0: "Today, ", 1: "Yesterday, "}.get((today - day).days, "")
    return word + written


def format_short_day(day: date, today: date) -> str:
    """``Mon 23 Nov``, beside a time; the year is named where it is another. Empty for today."""
    if (today - day).days in (0, 1):
        return "Yesterday" if day < today else ""
    pattern = "ddd d MMM" if day.year == today.year else "d MMM yyyy"
    return QLocale.c().toString(QDate(day.year, day.month, day.day), pattern)


def day_start(day: date) -> str:
    """The first moment of a day here, as the wire writes it."""
    return timestamp(round(datetime.combine(day, time.min).timestamp() * 1000))
