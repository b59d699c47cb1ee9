"""Times are local to the exporting computer, and show their offset."""

import time
from collections.abc import Iterator

import pytest

from chatdesk.export.dates import format_day, format_moment, format_offset
from chatdesk.protocol.times import local_time


@pytest.fixture(autouse=True)
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "Europe/Berlin")
        time.tzset()
        yield
    time.tzset()


def test_summer_and_winter_have_their_own_offset() -> None:
    summer, winter = local_time("2026-07-01T22:30:00.000Z"), local_time("2026-11-23T09:40:00.000Z")
    assert summer
    assert winter
    assert format_moment(summer) == "Thursday 2 July 2026, 00:30 (UTC+02:00)"
    assert format_moment(winter) == "Monday 23 November 2026, 10:40 (UTC+01:00)"
    assert (format_day(winter), format_offset(winter)) == ("Monday 23 November 2026", "UTC+01:00")
