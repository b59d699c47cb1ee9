"""Delays are short at first, then longer, and random."""

from random import Random

from chatdesk.client.backoff import Backoff


def test_waits_grow_with_jitter_up_to_half_a_minute() -> None:
    backoff = Backoff(Random(7))
    waits = [backoff.next() for _ in range(40)]
    for wait, longest in zip(waits, [1, 2, 4, 8, 16] + [30] * 35, strict=True):
        assert longest / 2 <= wait <= longest
    assert len(set(waits)) == len(waits)
    assert backoff.attempt == 40


def test_a_busy_server_is_left_alone_for_longer() -> None:
    assert all(Backoff(Random(seed)).next(busy=True) >= 5.5 for seed in range(50))


def test_a_new_start_is_quick_again() -> None:
    backoff = Backoff(Random(1))
    for _ in range(9):
        backoff.next()
    backoff.reset()
    assert backoff.next() <= 1.0
