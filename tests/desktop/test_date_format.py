"""Dates and times as text."""

import os
import time
from collections.abc import Iterator
from datetime import date

import pytest

from chatdesk.desktop.date_format import day_start, format_day, format_short_day, format_time
from chatdesk.protocol.times import local_time

TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def kolkata(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A time zone five and a half hours ahead of UTC."""
    before = os.environ.get("TZ")
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    time.tzset()
    yield
    monkeypatch.undo()
    assert os.environ.get("TZ") == before
    time.tzset()


def test_the_wires_time_is_shown_as_this_computers_clock_has_it() -> None:
    moment = local_time("2026-11-23T20:54:59.999Z")
    assert format_time(moment) == "02:24"
    assert moment is not None
    assert moment.date() == TODAY


def test_an_invalid_time_is_an_empty_text() -> None:
    assert format_time(None) == ""


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (TODAY, "Today, Tuesday 24 November"),
        (date(2026, 11, 23), "Yesterday, Monday 23 November"),
        (date(2026, 11, 22), "Sunday 22 November"),
        (date(2025, 12, 31), "Wednesday 31 December 2025"),
        (date(2026, 11, 25), "Wednesday 25 November"),
    ],
)
def test_a_day_is_named_as_one_would_say_it(day: date, name: str) -> None:
    assert format_day(day, TODAY) == name


def test_yesterday_may_be_in_another_year() -> None:
    assert format_day(date(2026, 12, 31), date(2027, 1, 1)) == "Yesterday, Thursday 31 December 2026"


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (TODAY, ""),
        (date(2026, 11, 23), "Yesterday"),
        (date(2026, 11, 22), "Sun 22 Nov"),
        (date(2025, 1, 1), "1 Jan 2025"),
        (date(2026, 12, 6), "Sun 6 Dec"),
    ],
)
def test_beside_a_time_a_day_is_named_in_short(day: date, name: str) -> None:
    assert format_short_day(day, TODAY) == name


def test_a_day_begins_at_midnight_here() -> None:
    begins = local_time(day_start(TODAY))
    assert begins is not None
    assert (begins.date(), begins.hour, begins.minute, begins.microsecond) == (TODAY, 0, 0, 0)
    assert day_start(TODAY).endswith("Z")
