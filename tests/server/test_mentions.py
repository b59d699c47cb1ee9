"""Mentions: whom a text means, who is told, and what a rename leaves."""

from pathlib import Path
from typing import Any

import pytest

from chatdesk.log.disk_store import open_store
from chatdesk.protocol.commands import Mentioned
from chatdesk.protocol.limits import MENTIONS
from chatdesk.server.mentions import find_mentions
from tests.server.chat import Chat, Peer, author, chat
from tests.server.test_rooms import ANA, KIT, listing

BO = "new." + 32 * "b"
NAMES = {
    name.casefold(): Mentioned(name, f"id of {name}")
    for name in ("Al", "Alex", "Alex and Sam", "Bench 7, Alex and Sam", "Mara L.", "太郎", "نور الهدى", "José")
} | {"room": Mentioned("room")}


def names(content: str, own: str = "") -> list[str]:
    return [mention.name for mention in find_mentions(content, lambda name: NAMES.get(name.casefold()), own)]


@pytest.mark.parametrize(
    ("content", "mentioned"),
    [
        ("@alex and sam, look", ["Alex and Sam"]),
        ("@Alex and Samantha", ["Alex"]),
        ("@Alexander", []),
        ("@Bench 7, Alex and Sam: done?", ["Bench 7, Alex and Sam"]),
        ("＠Mara L. und @José!", ["Mara L.", "José"]),
        ("你好@太郎さん", ["太郎"]),
        ("@نور الهدى شكراً", ["نور الهدى"]),
        ('ask @"Alex" and sam', ["Alex"]),
        ('@"Alex and Sam" and me', ["Alex and Sam"]),
        ("al@alex.org", []),
        ("**@Alex** and *@Al*", ["Alex", "Al"]),
        ("- @Alex\n- @Alex", ["Alex"]),
        ("`@Alex` and ```\n@Al\n```", []),
        ("> @Alex said\nright", []),
        ("@room look", ["room"]),
        ("@nobody", []),
        ("nobody at all", []),
    ],
)
def test_the_longest_name_counts_at_the_borders_of_words(content: str, mentioned: list[str]) -> None:
    """Behaviour 9 and 10: names with spaces, full-width signs, quoted names; none in code and quotes."""
    assert names(content) == mentioned


def test_oneself_is_never_mentioned_and_a_flood_of_signs_is_bounded() -> None:
    """Behaviour 10."""
    assert names("@Alex @Al", own="id of Alex") == ["Al"]
    looked_up: list[str] = []
    find_mentions("@a b c d e f g h " * 400, looked_up.append)
    assert len(looked_up) < MENTIONS * 32


async def joined(c: Chat) -> tuple[Peer, Peer]:
    kit, ana = await c.join("Kit", token=KIT), await c.join("Ana Belle", token=ANA)
    await kit.ping()
    return kit, ana


async def say(peer: Peer, content: str, **fields: Any) -> dict[str, Any]:
    peer.send("message", content=content, **fields)
    return await peer.next("message")


async def test_a_mention_keeps_its_author_through_renames_restarts_and_absence(tmp_path: Path) -> None:
    """Behaviour 12: a freed name that somebody else takes inherits nothing."""
    async with open_store(tmp_path) as store, chat(store=store) as c:
        kit, (ana, _) = await c.join("Kit", token=KIT), await listing(c, "Ana Belle", ANA)
        said = await say(kit, "@ana belle and @Kit and @nobody")
        first = author(c, "Ana Belle")
        assert said["mentions"] == [{"name": "Ana Belle", "author": first}]
        ana.send("leave")
        await kit.next("user_left")
        assert (await say(kit, "still there, @Ana Belle?"))["mentions"] == said["mentions"]
        await c.join("Ana Belle", token=BO)
        assert (await say(kit, "hello @Ana Belle"))["mentions"][0]["author"] == author(c, "Ana Belle")
        meant = await say(kit, "I mean the first @Ana Belle", mentions=said["mentions"])
        assert meant["mentions"] == said["mentions"]
        stranger = [{"name": "Ana Belle", "author": "f" * 16}]
        assert (await say(kit, "@Ana Belle", mentions=stranger))["mentions"][0]["author"] == author(c, "Ana Belle")
    async with open_store(tmp_path) as store, chat(store=store) as c:
        kit = await c.join("Kit", token=KIT)
        history = (await kit.ping("history"))["messages"]
        assert [len(message.get("mentions", ())) for message in history] == [1] * 5
        assert history[0]["mentions"] == said["mentions"]


async def test_an_edit_and_a_deletion_change_whom_a_message_mentions() -> None:
    """Behaviour 10: everybody gets the present mentions, and so can tell who is new among them."""
    async with chat() as c:
        kit, ana = await joined(c)
        seq = (await say(kit, "hello"))["seq"]
        kit.send("edit", seq=seq, content="hello @Ana Belle")
        edited = (await ana.next("updated"))["message"]
        assert edited["mentions"] == [{"name": "Ana Belle", "author": author(c, "Ana Belle")}]
        kit.send("delete", seq=seq)
        assert "mentions" not in (await ana.next("updated"))["message"]
        assert (await say(kit, "waves", action=True))["action"] is True


async def test_everybody_is_for_the_host_in_rooms_of_more_than_fifteen() -> None:
    """Behaviour 11: the sentence says the number, nothing is said, and the text can be sent without it."""
    async with chat() as c:
        kit, _ = await joined(c)
        assert (await say(kit, "@room lunch"))["mentions"] == [{"name": "room", "author": ""}]
        for number in range(14):
            await c.join(f"Guest {number}")
        kit.send("message", content="@room lunch", id="m")
        error = await kit.next("error")
        assert (error["code"], error["ref"]) == ("forbidden", "m")
        assert "16 people" in error["content"]
        assert "mentions" not in await say(kit, "`@room` is for the host")
        mara = await c.join("Mara", token=c.server.host_token)
        assert (await say(mara, "@room lunch"))["mentions"] == [{"name": "room", "author": ""}]


async def test_unread_counts_tell_how_many_messages_mention_somebody(tmp_path: Path) -> None:
    """Behaviour 18, in a file and in memory."""
    async with open_store(tmp_path) as store, chat(store=store) as on_disk, chat() as in_memory:
        for c in (on_disk, in_memory):
            kit, (ana, _) = await c.join("Kit", token=KIT), await listing(c, "Ana Belle", ANA)
            ana.send("leave")
            await kit.next("user_left")
            for content in ("hello", "@Ana Belle come back", "@room lunch", "bye @Ana Belle"):
                await say(kit, content)
            _, rooms = await listing(c, "Ana Belle", ANA)
            assert (rooms["lobby"]["unread"], rooms["lobby"]["mentions"]) == (4, 3)
