"""A rate allows its burst at once, then its pace, and never more than the burst after a rest."""

from hypothesis import given
from hypothesis import strategies as st

from chatdesk.server.rate_limits import Rate, TokenBucket


def test_the_burst_goes_at_once_then_one_by_one() -> None:
    bucket = TokenBucket(Rate(per_second=5, burst=10))
    assert [bucket.acquire(100.0) for _ in range(11)] == [True] * 10 + [False]
    assert not bucket.acquire(100.1)
    assert bucket.acquire(100.2)
    assert not bucket.acquire(100.2)


def test_a_refusal_does_not_put_off_the_next_one() -> None:
    bucket = TokenBucket(Rate(per_second=1, burst=1))
    assert bucket.acquire(50.0)
    assert not any(bucket.acquire(50.0 + part / 10) for part in range(10))
    assert bucket.acquire(51.0)


def test_a_rest_saves_up_no_more_than_a_burst() -> None:
    bucket = TokenBucket(Rate(per_second=5, burst=10))
    assert bucket.acquire(1.0)
    assert sum(bucket.acquire(10_000.0) for _ in range(50)) == 10


def test_something_large_takes_up_several_and_does_not_pass_when_they_are_not_there() -> None:
    bucket = TokenBucket(Rate(per_second=1, burst=10))
    assert bucket.acquire(1.0, 8)
    assert not bucket.acquire(1.0, 3)
    assert bucket.acquire(1.0, 2)
    assert bucket.acquire(4.0, 3)


def test_zero_is_any_number() -> None:
    bucket = TokenBucket(Rate(per_second=0, burst=1))
    assert all(bucket.acquire(1.0) for _ in range(1000))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=200), st.floats(0.5, 20), st.floats(1, 40))
def test_whatever_the_times_no_more_pass_than_burst_and_pace(gaps: list[float], pace: float, burst: float) -> None:
    bucket, now, passed = TokenBucket(Rate(pace, burst)), 1000.0, 0
    for gap in gaps:
        now += gap
        passed += bucket.acquire(now)
    assert passed <= burst + (now - 1000.0) * pace + 0.001
