"""Courses of events for property tests."""

from collections.abc import Sequence

from hypothesis import strategies as st

Step = tuple[str, int]
"""What happens, and a number that says with what or to whom."""


def courses(kinds: Sequence[str], *, numbers: int, least: int, most: int) -> st.SearchStrategy[list[Step]]:
    """From `least` to `most` steps of these kinds, each with a number below `numbers`.

    They are drawn as bytes, two for a step: to draw every step by itself takes three times as long as the whole test.
    """

    def steps(drawn: bytes) -> list[Step]:
        return [
            (kinds[kind % len(kinds)], number % numbers) for kind, number in zip(drawn[::2], drawn[1::2], strict=False)
        ]

    return st.binary(min_size=2 * least, max_size=2 * most).map(steps)
