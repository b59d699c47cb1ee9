"""Clients that draw markup get the tree of each message, wherever a message is sent; others get nothing new."""

import asyncio
import threading
from collections.abc import Mapping

import pytest

from chatdesk.log.room_log import Record
from chatdesk.markup.parse import parse
from chatdesk.protocol.markup import Block
from chatdesk.server import bodies
from chatdesk.server.bodies import Bodies
from tests.server.chat import chat
from tests.waiting import until

BOLD = [{"type": "paragraph", "content": [{"type": "strong", "content": ["a"]}]}]
ITALIC = [{"type": "paragraph", "content": [{"type": "emphasis", "content": ["b"]}]}]


def record(content: str, seq: int = 1, change: int = 0) -> Record:
    return Record(seq, seq, change or seq, "kit", "Kit", content, 0)


def held(kept: Bodies) -> int:
    """Characters and bytes that are kept, and what holds them."""
    return sum(bodies._ENTRY_BYTES + len(content) + len(body) for _, content, body in kept._kept.values())


@pytest.mark.parametrize("capabilities", [["markup"], ["presence", "markup"]], ids=str)
async def test_a_client_that_draws_markup_gets_bodies_in_messages_updates_and_history(capabilities: list[str]) -> None:
    async with chat() as c:
        kit = await c.join("Kit", capabilities=capabilities)
        kit.send("message", content="**a**", id="1")
        said = await kit.next("message")
        assert (said["content"], said["body"]) == ("**a**", BOLD)
        kit.send("message", content="plain", id="2")
        assert "body" not in await kit.next("message")
        kit.send("edit", seq=1, content="*b*", id="3")
        assert (await kit.next("updated"))["message"]["body"] == ITALIC
        kit.send("message", content="**a**", id="1")
        assert (await kit.next("message"))["body"] == ITALIC, "the message is sent again as it is now"
        kit.send("history")
        assert [message.get("body") for message in (await kit.next("history"))["messages"]] == [ITALIC, None]
        ana = await c.connect()
        ana.send("join", nickname="Ana", capabilities=capabilities)
        assert [message.get("body") for message in (await ana.next("history"))["messages"]] == [ITALIC, None]


async def test_what_somebody_does_is_drawn_in_italics_behind_their_name_with_its_mentions() -> None:
    async with chat() as c:
        kit = await c.join("Kit", capabilities=["markup"])
        ana = await c.join("Ana")
        kit.send("message", content="waves to @Ana", action=True)
        told = await kit.next("message")
        [paragraph] = told["body"]
        [italics] = paragraph["content"]
        mention = {"type": "mention", **told["mentions"][0]}
        assert italics == {"type": "emphasis", "content": ["Kit ", "waves to ", mention]}
        assert (await ana.next("message"))["content"] == "waves to @Ana"


@pytest.mark.parametrize("capabilities", [[], ["presence"]], ids=str)
async def test_others_get_none(capabilities: list[str]) -> None:
    async with chat() as c:
        kit = await c.join("Kit", capabilities=["presence", "markup"])
        ana = await c.join("Ana", capabilities=capabilities)
        ana.send("message", content="**a**")
        assert "body" in await kit.next("message")
        said = await ana.next("message")
        assert said == {"type": "message", **said, "content": "**a**"}
        assert "body" not in said
        ana.send("history")
        assert "body" not in (await ana.next("history"))["messages"][0]


async def test_where_nobody_draws_markup_no_tree_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []

    def parse_and_tell(content: str, people: Mapping[str, str]) -> tuple[Block, ...] | None:
        parsed.append(content)
        return parse(content, people)

    monkeypatch.setattr(bodies, "parse", parse_and_tell)
    async with chat() as c:
        kit = await c.join("Kit", capabilities=["presence"])
        kit.send("message", content="**before**")
        await kit.next("message")
        assert parsed == []
        ana = await c.join("Ana", capabilities=["markup"])
        kit.send("message", content="**with Ana**")
        assert "body" in await ana.next("message")
        ana.abort()
        await until(lambda: len(c.server.connections) == 1)
        kit.send("message", content="**after**")
        while (await kit.next("message"))["content"] != "**after**":
            pass
    assert "**with Ana**" in parsed
    assert "**after**" not in parsed


async def test_many_long_texts_are_parsed_beside_the_loop_and_few_short_ones_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Behaviour 36: a page of history may hold much that takes long."""
    threads: list[int] = []

    def parse_and_note(content: str, mentions: dict[str, str]) -> tuple[Block, ...] | None:
        threads.append(threading.get_ident())
        return parse(content, mentions)

    monkeypatch.setattr(bodies, "parse", parse_and_note)
    kept = Bodies()
    await kept.prepare("lobby", [record("**a**", 1), record("plain " * 1_000, 2)])
    assert threads == []
    page = [record(f"**a** {'b' * 1_000}", seq) for seq in (1, 2, 3)]
    await kept.prepare("lobby", page)
    await kept.prepare("lobby", page)
    assert len(threads) == 3
    assert threading.get_ident() not in threads
    assert all(kept.of("lobby", each) for each in page)
    assert len(threads) == 3


def test_a_body_is_made_once_and_nothing_is_kept_of_a_text_that_has_gone() -> None:
    kept = Bodies()
    first = kept.of("lobby", record("**a**"))
    assert kept.of("lobby", record("**a**")) is first
    assert kept.of("attic", record("**b**")) != first
    assert kept.of("lobby", record("plain")) == b""
    assert held(kept) == kept._size == bodies._ENTRY_BYTES + len("**b**") + len(first)
    kept.of("lobby", record("2*3*4"))
    kept.of("lobby", record(""))
    assert list(kept._kept) == [("attic", 1)]
    kept.forget("attic")
    assert (held(kept), kept._size) == (0, 0)


async def test_a_page_that_was_read_before_a_deletion_brings_nothing_back() -> None:
    """The page is read or parsed in a thread while the message is deleted."""
    kept, before = Bodies(), record(f"**a** {'b' * 3_000}")
    parsing = asyncio.ensure_future(kept.prepare("lobby", [before]))
    await asyncio.sleep(0)
    assert kept.of("lobby", record("", change=2)) == b""
    await parsing
    assert kept.of("lobby", before), "who has asked for that page still gets it"
    assert [content for _, content, _ in kept._kept.values()] == [""]


def test_no_more_is_kept_than_there_is_room_for() -> None:
    entry = bodies._ENTRY_BYTES + len("**a**") + len(Bodies().of("lobby", record("**a**")))
    kept = Bodies(kept_bytes=10 * entry)
    for seq in range(1, 31):
        kept.of("lobby", record("**a**", seq))
        assert held(kept) == kept._size
    assert [seq for _, seq in kept._kept] == list(range(21, 31))
