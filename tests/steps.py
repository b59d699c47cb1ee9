"""Sequences of events for property tests."""

from collections.abc import Sequence

from hypothesis import strategies as st

Step = tuple[str, int]
"""A kind of event, and a number that selects its object."""


def step_sequences(
    kinds: Sequence[str], *, numbers: int, min_size: int, max_size: int
) -> st.SearchStrategy[list[Step]]:
    """From `least` to `most` steps of these kinds, each with a number below `numbers`.

    They are drawn as bytes, two per step: drawing each step separately takes three times as long as the whole test.
    """

    def steps(drawn: bytes) -> list[Step]:
        return [
            (kinds[kind % len(kinds)], number % numbers) for kind, number in zip(drawn[::2], drawn[1::2], strict=False)
        ]

    return st.binary(min_size=2 * min_size, max_size=2 * max_size).map(steps)
