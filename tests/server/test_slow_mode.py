"""Slow mode over a virtual clock: what is legal, whatever people do in between."""

from hypothesis import given
from hypothesis import strategies as st

from chatdesk.server.slow_mode import SlowMode

PEOPLE, ROOMS = ("kit", "ana"), ("lobby", "build")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(PEOPLE),
        st.sampled_from(ROOMS),
        st.sampled_from((0.0, 0.25, 1.0, 4.0, 5.0, 29.0, 30.0)),
        st.sampled_from((1, 5, 30)),
        st.booleans(),
    ),
    max_size=40,
)


@given(STEPS)
def test_a_post_is_legal_at_exactly_last_plus_n_for_whatever_n_holds_then(
    steps: list[tuple[str, str, float, int, bool]],
) -> None:
    """A post that is not stored takes the place of none; reconnects change nothing, since nothing hangs on sessions."""
    now = 0.0
    slow = SlowMode(lambda: now)
    last: dict[tuple[str, str], float] = {}
    for person, room, passes, pace, is_stored in steps:
        now += passes
        before = last.get((person, room))
        wait = slow.wait(person, room, pace)
        assert wait == (0 if before is None else max(0, before + pace - now))
        if not wait:
            post = slow.posted(person, room)
            if is_stored:
                last[person, room] = now
            else:
                slow.take_back(post)


def test_what_no_pace_asks_for_any_more_is_forgotten() -> None:
    now = 0.0
    slow = SlowMode(lambda: now)
    for number in range(100):
        now += 100
        slow.posted(f"person {number}", "lobby")
    assert len(slow) == 37
