"""Lists and durations as people say them."""

import pytest

from chatdesk.doctor.phrases import duration, join_words


@pytest.mark.parametrize(("items", "words"), [(["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")])
def test_a_list(items: list[str], words: str) -> None:
    assert join_words(items) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (150, "2 minutes"),
        (3600, "1 hour"),
        (10_700, "3 hours"),
        (86_400, "1 day"),
        (200_000, "2 days"),
    ],
)
def test_a_time(seconds: float, words: str) -> None:
    assert duration(seconds) == words
