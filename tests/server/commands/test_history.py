"""Queries of the history and their answers, and what only the host may do."""

import json
from typing import Any

import pytest

from tests.server.budget_clock import stop_clock
from tests.server.chat import Chat, LargeStore, Peer, chat, error_reply
from tests.server.wire import text

PROBLEMS = [
    {"before": 5, "after": 1},
    {"before": 0, "around": 0},
    {"after": 3, "at": "2024-01-01"},
    {"before": 1, "after": 1, "around": 1, "at": "2024-01-01"},
    {"at": "yesterday"},
    {"at": ""},
]


async def kit_with_messages(c: Chat, count: int = 120) -> Peer:
    """Kit, who has sent so many messages."""
    kit = await c.join("Kit")
    for number in range(1, count + 1):
        kit.send("message", content=f"number {number}")
    await kit.ping()
    return kit


async def answer(peer: Peer, name: str, **fields: Any) -> dict[str, Any]:
    """The answer to a query: the next event of its type, or an error."""
    peer.send(name, **fields)
    while (event := await peer.event())["type"] not in (name, "error"):
        pass
    return event


async def page(peer: Peer, **fields: Any) -> tuple[list[int], bool]:
    """The numbers on a page of history, and whether there is more."""
    event = await answer(peer, "history", **fields)
    return [message["seq"] for message in event["messages"]], event["more"]


async def test_a_page_may_stand_around_a_message_or_a_moment() -> None:
    async with chat(message_rate=0) as c:
        kit = await kit_with_messages(c)
        assert await page(kit, around=60, limit=5) == ([58, 59, 60, 61, 62], True)
        assert await page(kit, around=1, limit=6) == ([1, 2, 3], False)
        assert await page(kit, at="1999-01-01T00:00:00.000Z", limit=6) == ([1, 2, 3], False)
        assert (await page(kit, at="2999-01-01", limit=6))[0][-1] == 120


async def test_a_page_says_what_the_log_holds_and_whose_question_it_answers() -> None:
    async with chat(message_rate=0) as c:
        kit = await kit_with_messages(c)
        event = await answer(kit, "history", before=60, limit=2, id="q1")
        assert (event["ref"], event["last_seq"]) == ("q1", 120)
        assert "first_seq" not in event, "1 goes without saying"
        assert "ref" not in await answer(kit, "history", limit=2)


@pytest.mark.parametrize("fields", PROBLEMS)
async def test_a_question_that_cannot_be_meant_is_refused_by_its_ref(fields: dict[str, Any]) -> None:
    async with chat() as c:
        kit = await c.join("Kit")
        error = await answer(kit, "history", id="q1", **fields)
        assert (error["code"], error["ref"]) == ("bad_message", "q1")
        assert error["content"].endswith(".")
        assert (await answer(kit, "history", **fields))["ref"] == "history"


async def test_a_search_finds_the_newest_first_and_goes_on_before_them() -> None:
    async with chat(message_rate=0) as c:
        kit = await kit_with_messages(c, 30)
        found = await answer(kit, "search", query="Number", room="lobby", limit=4)
        assert [hit["message"]["seq"] for hit in found["hits"]] == [30, 29, 28, 27]
        assert found["hits"][0]["parts"] == ["", "number", " 30"]
        assert (found["query"], found["room"], found["more"]) == ("Number", "lobby", True)
        rest = await answer(kit, "search", query="Number", room="lobby", before=27)
        assert [hit["message"]["seq"] for hit in rest["hits"]] == [*range(26, 0, -1)]
        assert not rest["more"]


@pytest.mark.parametrize(
    "query", ["", "   ", '"', '" OR *', "a AND", "NEAR(", "\\", "number\0x", "')--", "\u202e", "💥"]
)
async def test_whatever_is_searched_for_is_text(query: str) -> None:
    async with chat() as c:
        kit = await kit_with_messages(c, 3)
        found = await answer(kit, "search", query=query)
        assert (found["type"], found["hits"], found["query"]) == ("search", [], query)


async def test_a_search_that_finds_very_long_messages_finds_as_many_as_clients_take_in_one_frame() -> None:
    async with chat(store=LargeStore(), message_rate=0) as c:
        kit = await c.join("Kit")
        long = json.dumps({"type": "message", "content": "long " + "\U0001f4a5" * 7900}, ensure_ascii=False)
        for _ in range(30):
            kit.write(text(long))
            await kit.next("message")
        found: list[int] = []
        more = True
        while more:
            event = await answer(kit, "search", query="long", before=found[-1] if found else 2**53 - 1)
            assert len(json.dumps(event, ensure_ascii=False).encode()) < 300_000
            found += [hit["message"]["seq"] for hit in event["hits"]]
            more = event["more"]
        assert found == [*range(30, 0, -1)]


async def test_a_question_about_another_room_is_refused() -> None:
    async with chat() as c:
        await c.join("Ana", room="elsewhere")
        kit = await c.join("Kit")
        for name, fields in (("search", {"query": "x"}), ("history", {"id": "q1"}), ("clear", {})):
            error = await answer(kit, name, room="elsewhere", **fields)
            assert (error["code"], error["ref"]) == ("bad_room", fields.get("id", name))


async def test_a_stranger_asks_in_vain() -> None:
    async with chat() as c:
        stranger = await c.connect()
        for name, fields in (("search", {"query": "x"}), ("clear", {})):
            assert (await answer(stranger, name, **fields))["code"] == "not_joined"


async def test_searches_count_as_questions_and_the_host_may_ask_without_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stop_clock(monkeypatch)
    async with chat() as c:
        kit = await kit_with_messages(c, 1)
        mara = await c.join("Mara", token=c.server.host_token)
        codes = [(await answer(kit, "search", query="x")).get("code") for _ in range(30)]
        assert "rate_limited" in codes
        answers = [await answer(mara, "history", before=2) for _ in range(60)]
        assert all(len(event.get("messages", [])) == 1 for event in answers)


async def test_the_host_deletes_what_was_said_for_everybody() -> None:
    async with chat() as c:
        kit = await kit_with_messages(c, 5)
        mara = await c.join("Mara", token=c.server.host_token)
        error = await answer(kit, "clear")
        assert (error["code"], error["ref"]) == ("forbidden", "clear")
        before = (await answer(kit, "history"))["epoch"]
        mara.send("clear")
        for peer in (kit, mara):
            history = await peer.next("history")
            assert history["messages"] == []
            assert history["epoch"] != before
            assert (await peer.next("system"))["content"] == "The host has deleted the history."
        kit.send("message", content="number 1")
        assert (await mara.next("message"))["seq"] == 1
        assert [hit["message"]["seq"] for hit in (await answer(mara, "search", query="number"))["hits"]] == [1]


async def test_the_latest_fifty_come_with_the_join_and_older_ones_on_demand() -> None:
    async with chat(message_rate=0) as c:
        kit = await c.join("Kit")
        for number in range(1, 121):
            kit.send("message", content=f"number {number}")
        await kit.ping()
        ana = await c.connect()
        ana.send("join", nickname="Ana")
        page = await ana.next("history")
        assert [message["seq"] for message in page["messages"]] == [*range(71, 121)]
        assert page["more"]
        assert page["messages"][-1]["content"] == "number 120"
        ana.send("history", before=71, limit=30)
        page = await ana.next("history")
        assert [message["seq"] for message in page["messages"]] == [*range(41, 71)]
        ana.send("history", after=100, limit=200)
        page = await ana.next("history")
        assert [message["seq"] for message in page["messages"]] == [*range(101, 121)]
        assert not page["more"]
        ana.send("history")
        assert len((await ana.next("history"))["messages"]) == 50
        assert await error_reply(ana, "history", before=5, after=1) == ("bad_message", "history")
