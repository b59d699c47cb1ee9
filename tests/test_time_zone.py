"""The program uses the time zone in which the computer is."""

from datetime import UTC, datetime

from chatdesk.export.metadata import ExportMetadata
from chatdesk.protocol.times import local_time
from chatdesk.time_zone import update_time_zone
from tests.time_zones import WEST, LocalTimeZone

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def noon_text() -> str:
    moment = local_time(NOON.isoformat())
    return f"{moment:%d %H:%M}" if moment else ""


def test_times_are_those_of_the_zone_that_the_computer_has_come_to(local_zone: LocalTimeZone) -> None:
    assert noon_text() == "25 02:00"
    local_zone.set_unnoticed(WEST)
    assert noon_text() == "25 02:00"  # the C library looks only when it is told to
    update_time_zone()
    assert noon_text() == "24 01:00"


def test_an_export_is_written_by_the_clock_of_where_one_is(local_zone: LocalTimeZone) -> None:
    assert f"{ExportMetadata('', 'lobby').exported_at:%:z}" == "+14:00"
    local_zone.set_unnoticed(WEST)
    assert f"{ExportMetadata('', 'lobby').exported_at:%:z}" == "-11:00"
    assert noon_text() == "24 01:00"
