"""A host that is not trusted sends a tree: it neither freezes what draws it nor leads people astray."""

import json
from typing import Any

import msgspec
import pytest

from chatdesk.client.validation import InvalidEventError, validate
from chatdesk.protocol import codec, events
from chatdesk.protocol.markup import Block, CodeBlock, Emphasis, Inline, Link, List, Mention, Paragraph, Quote, Table
from tests.shared_cases import MARKUP


def nested(depth: int) -> Paragraph:
    piece: Inline = "a"
    for _ in range(depth - 2):
        piece = Emphasis((piece,))
    return Paragraph((piece,))


def said(*blocks: Block) -> events.Message:
    return events.Message("Kit", "a", "2024-01-01T12:00:00.000Z", "lobby", 1, body=blocks)


@pytest.mark.parametrize("case", MARKUP["trees"], ids=lambda case: case["text"][:30])
def test_the_trees_of_our_own_server_pass(case: dict[str, Any]) -> None:
    validate(said(*msgspec.convert(case["body"], tuple[Block, ...])))


@pytest.mark.parametrize(
    "block",
    [
        nested(20),
        Paragraph(("a",) * 9_000),
        Paragraph(("a" * 32_000,)),
        CodeBlock("abc", "py", ((3, "keyword"),)),
        Table(("", "left"), (("a",), ()), (((), ("b",)),)),
        Paragraph((Mention("room", ""),)),
    ],
    ids=lambda block: repr(block)[:40],
)
def test_what_is_as_large_as_it_may_be_passes(block: Block) -> None:
    validate(said(block))


@pytest.mark.parametrize(
    "block",
    [
        nested(21),
        Quote((nested(20),)),
        Paragraph(("a",) * 10_001),
        Paragraph(("a" * 33_000,)),
        List(((),) * 33_000),
        Table(("",) * 200, ((),) * 200, (((),) * 200,) * 200),
        Table(("",), (("a",),), ((("b",), ("c",)),)),
        Table((), (("a",),), ()),
        CodeBlock("abc", "py", ((4, "keyword"),)),
        CodeBlock("abc", "p" * 33_000),
        Paragraph((Mention("a" * 33_000, ""),)),
        *(Paragraph((Link(url, ("a",)),)) for url in MARKUP["no_links"][:6]),
    ],
    ids=lambda block: repr(block)[:40],
)
def test_what_would_freeze_or_lead_astray_is_refused(block: Block) -> None:
    with pytest.raises(InvalidEventError, match=r"a text that cannot be drawn"):
        validate(said(block))
    with pytest.raises(InvalidEventError):
        validate(events.Updated("lobby", 1, 2, said(block)))


def test_a_tree_that_is_deeper_than_any_stack_is_no_event() -> None:
    body = '[{"type":"quote","blocks":' * 50_000 + "[]" + "}]" * 50_000
    message = json.dumps({"type": "message", "nickname": "Kit", "content": "", "timestamp": "", "body": 0})
    with pytest.raises(ValueError, match=r"JSON|nested"):
        codec.decode_event(message.replace('"body": 0', f'"body": {body}'))
