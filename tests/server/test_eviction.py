"""When the set is full, the key with the shortest stay is evicted."""

from hypothesis import given
from hypothesis import strategies as st

from chatdesk.server.eviction import EvictingSet

CAPACITY = 3


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 5), st.booleans()), max_size=60))
def test_the_shortest_stay_is_evicted_and_the_earliest_of_equal_ones(steps: list[tuple[str, int, bool]]) -> None:
    evicting, model = EvictingSet(CAPACITY), dict[str, tuple[int, int]]()
    for number, (key, stayed_seconds, comes) in enumerate(steps):
        if comes and key not in model:
            model[key] = (stayed_seconds, number)
            evicted = min(model, key=lambda key: model[key]) if len(model) > CAPACITY else None
            assert evicting.add(key, stayed_seconds) == evicted
            model.pop(evicted or "", None)
        elif not comes:
            evicting.discard(key)
            model.pop(key, None)


def test_it_does_not_grow_with_keys_that_come_and_go() -> None:
    evicting = EvictingSet(CAPACITY)
    for number in range(1000):
        evicting.add(str(number), number)
        evicting.discard(str(number))
    assert len(evicting._by_stay) <= 2 * CAPACITY + 1


def test_after_a_crowd_has_gone_it_is_as_small_as_before() -> None:
    evicting = EvictingSet(10_000)
    for number in range(5000):
        evicting.add(str(number), number)
    for number in range(4990):
        evicting.discard(str(number))
    assert len(evicting._by_stay) <= 2 * 10
