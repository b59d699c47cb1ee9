"""Links are the same everywhere, and end where the sentence around them continues."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdesk.protocol.limits import CONTENT_CHARS
from chatdesk.protocol.links import links
from tests.shared_cases import LINKS, REPEATED
from tests.work import cpu_seconds


@pytest.mark.parametrize(("text", "addresses"), LINKS)
def test_an_address_is_a_link_from_its_scheme_to_its_end(text: str, addresses: list[str]) -> None:
    found = list(links(text))
    assert [address for _, address in found] == addresses
    assert all(text.startswith(address, start) for start, address in found)


_PIECES = st.sampled_from(
    ["https://", "http://", "a", "é", "字", ".", "/", "(", ")", "[", "]", "@", ":", "，", "😀", "1", " "]
)


@given(st.lists(_PIECES).map("".join) | st.text())
def test_links_stand_apart_and_in_order_in_any_text(text: str) -> None:
    found = list(links(text))
    assert all(text.startswith(address, start) for start, address in found)
    assert all(start + len(address) <= following for (start, address), (following, _) in pairwise(found))


@pytest.mark.parametrize("unit", REPEATED)
@pytest.mark.parametrize("before", ["", "https://a", "https://a/"])
def test_the_longest_message_takes_a_moment_however_it_repeats(unit: str, before: str) -> None:
    assert _finding(before + unit * CONTENT_CHARS) < 6 * _finding("see https://a.example/b " * CONTENT_CHARS)


def _finding(text: str) -> float:
    return cpu_seconds(lambda: list(links(text[:CONTENT_CHARS])))
