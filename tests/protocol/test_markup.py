"""What all who draw the tree of a message share: its words, its links, and which hosts they show."""

from typing import Any

import msgspec
import pytest

from chatdesk.protocol.markup import Block, Link, foreign_host, is_link, plain_text
from tests.shared_cases import MARKUP


@pytest.mark.parametrize("case", MARKUP["trees"], ids=lambda case: case["text"][:30])
def test_the_words_of_a_tree_have_single_line_breaks_and_no_marks(case: dict[str, Any]) -> None:
    assert plain_text(msgspec.convert(case["body"], tuple[Block, ...])) == case["words"]


@pytest.mark.parametrize(("url", "words", "shown"), MARKUP["foreign_hosts"])
def test_a_link_whose_words_name_another_host_shows_its_own(url: str, words: str, shown: str) -> None:
    """Behaviour 36."""
    assert foreign_host(Link(url, (words,))) == shown


def test_links_lead_to_addresses_mail_and_places_in_a_chat_only() -> None:
    assert [url for url in MARKUP["links"] if not is_link(url)] == []
    assert [url for url in MARKUP["no_links"] if is_link(url)] == []
