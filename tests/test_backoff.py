"""Delays are short at first, then longer, and random."""

from random import Random

from chatdesk.backoff import Backoff


def test_delays_grow_with_jitter_up_to_the_longest() -> None:
    backoff = Backoff(Random(7), 1.0, 30.0)
    delays = [backoff.next() for _ in range(2_000)]
    for delay, bound in zip(delays, [1, 2, 4, 8, 16] + [30] * 1_995, strict=True):
        assert bound / 2 <= delay <= bound
    assert len(set(delays)) == len(delays)
    assert backoff.attempt == 2_000
    backoff.reset()
    assert backoff.next() <= 1.0


def test_each_of_several_places_is_tried_after_the_same_delay() -> None:
    backoff = Backoff(Random(7), 1.0, 30.0)
    assert all(0.5 <= backoff.next(places=3) <= 1.0 for _ in range(3))
    assert 1.0 <= backoff.next(places=3) <= 2.0
