"""Bots are marked, for good, and hear no other bots unless they ask for them."""

import asyncio
import sys
from pathlib import Path

from chatdesk.protocol.events import BOTS_CAPABILITY
from tests.server.chat import Peer, author, chat
from tests.server.room_harness import RoomHarness
from tests.waiting import until

BOT = Path(__file__).parents[2] / "packaging" / "examples" / "bot.py"


async def heard(peer: Peer) -> list[str]:
    """What a peer has been told of messages by now."""
    said = []
    peer.send("ping")
    while (event := await peer.event())["type"] != "pong":
        if event["type"] in ("message", "updated"):
            said.append(event.get("content") or event["message"]["content"])
    return said


async def test_a_bot_hears_people_and_itself_and_other_bots_if_it_asks() -> None:
    async with chat() as opened:
        kit = await opened.join("Kit")
        one = await opened.join("One", client="bot")
        two = await opened.join("Two", client="bot", capabilities=[BOTS_CAPABILITY])
        for peer, content in ((kit, "a"), (one, "b"), (two, "c")):
            peer.send("message", content=content, id=content)
            while (await kit.next("message"))["content"] != content:
                pass
        two.send("edit", seq=3, content="d")
        await kit.next("updated")
        assert await heard(one) == ["a", "b"]
        assert await heard(two) == ["a", "b", "c", "d"]
        one.send("history")
        assert [message["content"] for message in (await one.next("history"))["messages"]] == ["a", "b", "d"]


async def test_a_bot_that_was_slow_catches_up_without_other_bots() -> None:
    harness = RoomHarness()
    _, connection = harness.join(client="bot")
    harness.join()
    harness.join(client="bot")
    await asyncio.sleep(0)
    connection.writable = False
    for number in (1, 2, 0):
        harness.say(number)
        await asyncio.sleep(0)
    connection.clear()
    harness.drain(0, None)
    await until(lambda: "users" in connection.types)
    assert connection.seqs == [1, 3]


async def test_a_bot_is_marked_in_the_list_and_on_what_it_says() -> None:
    async with chat() as opened:
        kit = await opened.join("Kit")
        bot = await opened.join("Bolt", client="bot")
        assert (await kit.next("user_joined"))["client"] == "bot"
        for peer in (kit, bot):
            peer.send("message", content="Hello")
        marks = {message["nickname"]: message.get("bot") for message in [await kit.next("message") for _ in range(2)]}
        assert marks == {"Kit": None, "Bolt": True}


async def test_a_token_makes_no_person_of_a_bot_nor_a_bot_of_a_person() -> None:
    async with chat() as opened:
        peer = await opened.connect()
        peer.send("join", nickname="Kit")
        person = await peer.next("welcome")
        peer.send("leave")
        peer = await opened.connect()
        peer.send("join", nickname="Bolt", client="bot", token=person["token"])
        bot = await peer.next("welcome")
        assert bot["me"] != person["me"]
        again = await opened.join("Bolt", client="window", token=bot["token"])
        again.send("message", content="Still a bot")
        assert (await again.next("message"))["bot"]
        assert author(opened, "Bolt") == bot["me"]


async def test_the_example_answers(tmp_path: Path) -> None:
    async with chat() as opened:
        kit = await opened.join("Kit")
        url = f"ws://127.0.0.1:{opened.server.port}/ws"
        process = await asyncio.create_subprocess_exec(sys.executable, str(BOT), url)
        try:
            assert (await kit.next("user_joined"))["nickname"] == "Clock"
            kit.send("message", content="!time, please")
            await kit.next("message")
            answer = await kit.next("message")
            assert (answer["nickname"], answer["bot"], answer["content"][:6]) == ("Clock", True, "It is ")
        finally:
            process.kill()
            await process.wait()
