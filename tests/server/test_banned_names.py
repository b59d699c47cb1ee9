"""Names of the host's list, and those banned meanwhile, are refused at a join, at a rename and for hooks."""

from pathlib import Path

import pytest

from chatdesk.log.disk_store import open_store
from chatdesk.server.banned_names import BannedNames
from tests.server.chat import chat, error_reply
from tests.server.test_order import KIT, done, host, moderator, refused


@pytest.mark.parametrize(
    ("name", "banned"),
    [
        ("Voldemort", True),
        ("voldemort", True),
        ("Vo1demort", True),
        ("V\u043eldemort", True),
        ("VOLDEMORT", True),
        ("VoIdemort", True),
        ("Voldemorts cat", False),
        ("Big Spam Bot", True),
        ("sp.a.m", True),
        ("ЅРАМ 2", True),
        ("Ham", False),
    ],
)
def test_a_list_of_names_holds_all_that_look_like_them(name: str, banned: bool) -> None:
    assert (name in BannedNames(["Voldemort", "*spam*"])) is banned


def test_an_empty_list_holds_nothing() -> None:
    assert "Kit" not in BannedNames()


async def test_nobody_joins_or_is_renamed_to_a_banned_name() -> None:
    async with chat(banned_name=("Troll", "*spam*")) as c:
        peer = await c.connect()
        assert await error_reply(peer, "join", nickname="TroII") == ("bad_nickname", "join")
        peer.send("join", nickname="Kit")
        await peer.next("history")
        assert (await error_reply(peer, "nick", nickname="no.spam"))[0] == "bad_nickname"
        assert c.server.hub.is_taken("Spam 1", "hook-1")


def test_a_name_that_is_taken_from_the_list_may_be_had_again() -> None:
    names = BannedNames(["Vоldemort", "*Spam*"])
    assert "Voldemort" in names
    names.discard("*sPam*")
    names.discard("Vоldemort")
    names.discard("Never there")
    assert "Spam" not in names
    assert "Voldemort" not in names


async def test_a_name_is_banned_while_the_chat_is_open_and_after_a_restart_until_it_is_allowed(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store, chat(store=store) as c:
        bo = await moderator(c, await host(c))
        kit = await c.join("No Spam Kit", token=KIT)
        assert await refused(kit, "ban_name", nickname="Bo") == "forbidden"
        told = await done(bo, "ban_name", nickname="*SPAM*", reason="adverts")
        assert "Nobody new can be called" in told["content"]
        assert "No Spam Kit" in told["content"]
        assert "until" not in told
        kit.send("message", content="still here")
        await bo.next("message")
        stranger = await c.connect()
        assert await error_reply(stranger, "join", nickname="sp.am") == ("bad_nickname", "join")
        assert (await error_reply(kit, "nick", nickname="Spamalot"))[0] == "bad_nickname"
        assert await refused(bo, "mute", whom="*spam*") == "not_found", "it is nobody"
    async with open_store(tmp_path) as store, chat(store=store) as c:
        mara = await host(c)
        stranger = await c.connect()
        assert await error_reply(stranger, "join", nickname="Spam") == ("bad_nickname", "join")
        mara.send("bans")
        [held] = [it for it in (await mara.next("bans"))["standings"] if it["kind"] == "name"]
        assert (held["nickname"], held["by"], held["reason"]) == ("*SPAM*", "Bo", "adverts")
        await done(mara, "unban", whom=f"@{held['author']}")
        stranger.send("join", nickname="Spam")
        assert (await stranger.event())["type"] == "welcome"
        assert await refused(mara, "unban", whom="*spam*") == "not_found"
        mara.send("audit")
        trail = [(it["act"], it["by"], it["nickname"]) for it in (await mara.next("audit"))["entries"]]
        assert trail[:2] == [("allow_name", "Mara", "*SPAM*"), ("ban_name", "Bo", "*SPAM*")]


async def test_who_keeps_order_keeps_their_name_and_no_letter_is_a_part_of_names() -> None:
    async with chat() as c:
        mara = await host(c)
        bo = await moderator(c, mara)
        for name in ("Mara", "*mar*", "Bo", "В0"):
            assert await refused(bo, "ban_name", nickname=name) == "forbidden"
        for name in ("*", "*a*", "* *", "\x07", "*" * 64, "x" * 40):
            assert await refused(bo, "ban_name", nickname=name) == "bad_nickname"
        mara.send("leave")
        await mara.farewell()
        await done(bo, "ban_name", nickname="*ara*", minutes=5)
        assert await refused(await c.connect(), "join", nickname="Sara") == "bad_nickname"
        await host(c)


async def test_a_person_comes_before_a_name_that_is_spelt_alike() -> None:
    async with chat() as c:
        mara = await host(c)
        await c.join("Kit", token=KIT)
        await done(mara, "ban", whom="Kit")
        await done(mara, "ban_name", nickname="Kit")
        assert "come in" in (await done(mara, "unban", whom="Kit"))["content"]
        assert await refused(await c.connect(), "join", nickname="Kit", token=KIT) == "bad_nickname"
        assert "can be had" in (await done(mara, "unban", whom="Kit"))["content"]
        await c.join("Kit", token=KIT)
