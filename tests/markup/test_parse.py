"""The text of messages becomes a tree: behaviour 36 and the other rules of ``chatdesk/markup/README.md``."""

import json
from functools import cache
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdesk.markup.parse import parse
from chatdesk.protocol.limits import CONTENT_CHARS
from chatdesk.protocol.markup import MARKUP_DEPTH, Block, Break, CodeBlock, List, Mention, Paragraph, Quote, Strong
from tests.shared_cases import MARKUP, REPEATED
from tests.work import cpu_seconds


@pytest.mark.parametrize("case", MARKUP["trees"], ids=lambda case: case["text"][:30])
def test_marks_become_a_tree(case: dict[str, Any]) -> None:
    assert json.loads(msgspec.json.encode(parse(case["text"], case.get("mentions")))) == case["body"]


@pytest.mark.parametrize("text", MARKUP["as_typed"])
def test_what_only_looks_like_a_mark_stays_as_typed(text: str) -> None:
    assert parse(text) is None


PIECES = st.sampled_from(
    [
        *"*_~`|>-#[]()@\\:\n 1.a",
        "**",
        "```py\n",
        "\n> ",
        "\n- ",
        "\n1. ",
        "|-|-|\n",
        "https://example.com/a_b",
        "字",
        "😀",
    ]
)


@given(st.lists(PIECES, max_size=60).map("".join) | st.text())
def test_any_text_has_a_tree_that_the_wire_takes(text: str) -> None:
    blocks = parse(text, {"a": "1"})
    assert blocks is None or msgspec.json.decode(msgspec.json.encode(blocks), type=tuple[Block, ...]) == blocks


def letters(text: str) -> str:
    return "".join(filter(str.isalpha, text))


@given(st.lists(st.sampled_from([*"*_~`>-# \n", "word", "\n> ", "\n- "])).map("".join))
def test_no_word_is_lost(text: str) -> None:
    blocks = parse(text)
    assert blocks is None or letters(repr(msgspec.to_builtins(blocks))).count("word") == text.count("word")


MARKS = [
    "*",
    "**a",
    "_a",
    "~~",
    "`",
    "`a",
    "[",
    "[a](",
    "](",
    "|",
    "a|",
    "> ",
    ">",
    "- ",
    "1. a\n",
    "@",
    "\\",
    "*_",
    "a*b_",
    "&<",
]


@pytest.mark.parametrize("unit", [*REPEATED, *MARKS, *(f"{mark}\n" for mark in MARKS)])
def test_the_longest_message_takes_a_moment_however_it_repeats(unit: str) -> None:
    """Behaviour 36."""
    assert _parsing(unit) < 3 * _parsing_a_list()


def _parsing(unit: str) -> float:
    text = f"**a** {unit * CONTENT_CHARS}"[:CONTENT_CHARS]
    return cpu_seconds(lambda: parse(text, {"a": "1"}))


@cache
def _parsing_a_list() -> float:
    """About 30 ms, for as many items as there can be."""
    return _parsing("1. a\n")


@pytest.mark.parametrize("count", [MARKUP_DEPTH - 2, MARKUP_DEPTH + 1])
@pytest.mark.parametrize("mark", ["> ", ">", "1) "])
def test_what_is_nested_too_deeply_is_drawn_as_it_stands(mark: str, count: int) -> None:
    """Behaviour 36; within a block its text is nested too."""
    assert (parse(mark * count + " deep") is not None) == (count < MARKUP_DEPTH)


def test_lists_nest_by_their_indentation() -> None:
    """Behaviour 36."""
    lines = [f"{'  ' * level}- item" for level in range(MARKUP_DEPTH + 1)]
    assert parse("\n".join(lines[:-3])) is not None
    assert parse("\n".join(lines)) is None


def test_what_is_longer_than_a_message_may_be_is_drawn_as_it_stands() -> None:
    assert parse("**a** " + "b" * (CONTENT_CHARS - 6)) is not None
    assert parse("**a** " + "b" * (CONTENT_CHARS - 5)) is None


def test_more_marks_than_people_write_are_drawn_as_they_stand() -> None:
    assert parse("*a* " * 1_000) is not None
    assert parse("*a* " * 1_300) is None


def test_a_table_with_too_many_cells_is_drawn_as_it_stands() -> None:
    assert parse("|a|b|\n|-|-|\n" + "|1|2|\n" * 300) is not None
    assert parse("|a|b|\n|-|-|\n" + "|1\n" * 800) is None


def test_mentions_name_only_people_who_are_known_and_never_in_quotes_or_code() -> None:
    """Behaviour 9 and 10: the longest name first, at the borders of words."""
    names = {"Kit": "1", "Kit Carson": "2"}
    assert parse("@Kit Carson, @kit, @Kitty", names) == (
        Paragraph((Mention("Kit Carson", "2"), ", ", Mention("Kit", "1"), ", @Kitty")),
    )
    assert parse("@Kit", None) is None
    assert parse("> @Kit\n\n`@Kit`", names) != parse("> @Kit\n\n@Kit", names)
    assert isinstance(quote := (parse("> @Kit", names) or [None])[0], Quote)
    assert quote.blocks == (Paragraph(("@Kit",)),)


def test_unclosed_code_goes_on_to_the_end() -> None:
    assert parse("```\n**a**\n") == (CodeBlock("**a**"),)


def test_a_list_within_bold_text_is_a_list_after_it() -> None:
    assert parse("**To do**\n- a\nb") == (
        Paragraph((Strong(("To do",)),)),
        List(((Paragraph(("a",)),),)),
        Paragraph(("b",)),
    )
    assert parse("**a\nb**") == (Paragraph((Strong(("a", Break(), "b")),)),)
