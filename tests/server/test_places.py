"""Where all places are taken, whoever stayed for the shortest time gives way."""

from hypothesis import given
from hypothesis import strategies as st

from chatdesk.server.places import Places

MOST = 3


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 5), st.booleans()), max_size=60))
def test_the_shortest_stay_gives_way_and_the_earliest_of_equal_ones(steps: list[tuple[str, int, bool]]) -> None:
    places, model = Places(MOST), dict[str, tuple[int, int]]()
    for number, (key, stayed, comes) in enumerate(steps):
        if comes and key not in model:
            model[key] = (stayed, number)
            gives_way = min(model, key=lambda key: model[key]) if len(model) > MOST else None
            assert places.take(key, stayed) == gives_way
            model.pop(gives_way or "", None)
        elif not comes:
            places.free(key)
            model.pop(key, None)


def test_it_does_not_grow_with_those_who_come_and_go() -> None:
    places = Places(MOST)
    for number in range(1000):
        places.take(str(number), number)
        places.free(str(number))
    assert len(places._shortest) <= 2 * MOST + 1
