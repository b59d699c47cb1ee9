"""A day of a search is the searching person's own, in window and page."""

import pytest

from chatdesk.client.search_days import with_own_days
from chatdesk.log.search_operators import split_operators
from tests.time_zones import EAST, WEST, LocalTimeZone

BEFORE, AFTER = "before:2026-11-23", "after:2026-11-23"


@pytest.mark.parametrize(
    ("zone", "sent"),
    [
        (EAST, "motor before:2026-11-22T10:00:00Z AFTER:2026-11-23T10:00:00Z"),
        (WEST, "motor before:2026-11-23T11:00:00Z AFTER:2026-11-24T11:00:00Z"),
    ],
)
def test_a_day_is_sent_as_the_moment_at_which_it_begins_or_is_over(
    local_zone: LocalTimeZone, zone: str, sent: str
) -> None:
    local_zone.set(zone)
    assert with_own_days(f"motor {BEFORE} AFTER:2026-11-23") == sent


def test_where_the_host_is_in_the_same_zone_the_moments_are_its_days(local_zone: LocalTimeZone) -> None:
    for query in (BEFORE, AFTER, f"{AFTER} before:2026-12-01"):
        assert split_operators(with_own_days(query))[1][2:] == split_operators(query)[1][2:]


@pytest.mark.parametrize("query", ["before:2026-13-01", "before:tomorrow", f"x{BEFORE}", "", "after:9999-12-31"])
def test_what_is_no_day_stays_for_the_host_to_explain(query: str) -> None:
    assert with_own_days(query) == query


def test_a_query_that_would_become_too_long_stays() -> None:
    assert with_own_days(f"{'x' * 180} {BEFORE}") == f"{'x' * 180} {BEFORE}"
