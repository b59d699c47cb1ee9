"""A rate allows its burst at once, then its pace, and never more than the burst after a rest."""

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from chatdesk.server.rate_limits import Budget, Rate, Spending, TokenBucket, make_budgets
from tests.server.budget_clock import Clock, stop_clock


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


@given(st.floats(0.1, 20), st.floats(1, 40), st.integers(1, 60), st.floats(0, 3))
@example(1.5, 1.0000000000000002, 1, 0.0)
def test_whoever_is_refused_and_waits_as_told_is_not_refused_again(
    pace: float, burst: float, peers: int, later: float
) -> None:
    """However many are refused together, as long as they fit into a burst and into ten seconds.

    A full bucket gains nothing while somebody is late, so the burst has room for that too.
    """
    late = 1e-6
    assume(min(peers, burst) < 10 * pace)
    bucket, now = TokenBucket(Rate(pace, burst)), 1000.0
    while bucket.acquire(now):
        pass
    refused = [bucket.retry_after(now) for _ in range(min(peers, int(burst)))]
    refused += [bucket.retry_after(now + later / pace) + later / pace] if peers + 2 * late * pace < burst else []
    assert all(bucket.acquire(now + wait + late) for wait in sorted(refused))


def test_nobody_waits_longer_than_until_the_bucket_is_full() -> None:
    bucket = TokenBucket(Rate(per_second=5, burst=20))
    while bucket.acquire(1.0):
        pass
    assert max(bucket.retry_after(1.0) for _ in range(1000)) < 20 / 5 + 0.21


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = stop_clock(monkeypatch)
    clock.now = 1000.0  # of a machine that was up for long, a hair of a second is too little to be counted
    return clock


def test_each_key_has_a_budget_of_its_own(clock: Clock) -> None:
    budget = Budget(Rate(per_second=5, burst=2))
    waits = [budget.spend("kit") for _ in range(4)]
    assert waits == [0, 0, pytest.approx(0.2, abs=0.003), pytest.approx(0.4, abs=0.003)]
    assert budget.spend("ana") == 0
    clock.now += waits[2]
    assert budget.spend("kit") == 0


def test_only_those_who_have_spent_lately_take_memory(clock: Clock) -> None:
    budget = Budget(Rate(per_second=5, burst=20))
    for number in range(1000):
        budget.spend(f"kit {number}")
        clock.now += 0.01
    assert len(budget) <= 21
    clock.now += 4
    budget.spend("ana")
    assert len(budget) == 1


def test_a_flood_of_keys_is_bounded_and_takes_the_oldest(clock: Clock) -> None:
    budget = Budget(Rate(per_second=0.001, burst=1), capacity=100)
    for number in range(1000):
        assert budget.spend(f"kit {number}") == 0
    assert len(budget) == 100
    assert budget.spend("kit 999") > 0


def test_a_school_behind_one_address_is_let_in_at_once_and_then_as_many_again_in_ten_minutes(clock: Clock) -> None:
    newcomers = make_budgets(5, places=1000)[Spending.NEWCOMERS]
    assert not any(newcomers.spend("10.0.0.1") for _ in range(1000))
    assert 0 < newcomers.spend("10.0.0.1") < 0.61
    assert newcomers.spend("10.0.0.2") == 0
    clock.now += 601
    assert not any(newcomers.spend("10.0.0.1") for _ in range(1000))


def test_in_a_small_chat_people_without_tokens_come_and_go(clock: Clock) -> None:
    newcomers = make_budgets(5, places=2)[Spending.NEWCOMERS]
    assert not any(newcomers.spend("10.0.0.1") for _ in range(200))
    assert newcomers.spend("10.0.0.1") > 0


def test_a_host_that_sets_no_rate_counts_no_newcomers_and_no_messages() -> None:
    budgets = make_budgets(0, places=10)
    for spending in (Spending.NEWCOMERS, Spending.MESSAGES):
        assert not any(budgets[spending].spend("kit") for _ in range(1000))
    assert any(budgets[Spending.QUERIES].spend("kit") for _ in range(100))


def test_whoever_is_refused_by_a_hair_has_a_time_to_wait_all_the_same(clock: Clock) -> None:
    budget = Budget(Rate(per_second=1, burst=1.9999999999999))
    assert budget.spend("kit") == 0
    assert budget.spend("kit") == 0.002


def test_a_peer_that_heeds_no_refusal_sends_nobody_away_for_minutes(clock: Clock) -> None:
    newcomers = make_budgets(5, places=1000)[Spending.NEWCOMERS]
    assert max(newcomers.spend("10.0.0.1") for _ in range(5000)) < 11
