"""Another nickname and another status: who is told, and what stays."""

import asyncio
from pathlib import Path

from chatdesk.log.disk_store import open_store
from chatdesk.log.signed_in import SIGNED_IN
from chatdesk.server.auth import Principal
from tests.server.chat import Peer, author, chat, error_reply
from tests.server.test_rooms import ANA, KIT, listing
from tests.waiting import until

BATCHES = ["presence"]


async def status_of(peer: Peer, nickname: str) -> tuple[str, str]:
    [user] = [user for user in (await peer.ping())["users"] if user["nickname"] == nickname]
    return user["status"], user.get("status_text", "")


async def test_a_rename_tells_everybody_and_leaves_nothing_to_who_takes_the_name(tmp_path: Path) -> None:
    """Behaviour 12: messages, mentions, private rooms and rights hang on the author."""
    async with open_store(tmp_path) as store, chat(store=store) as c:
        kit, _ = await listing(c, "Kit", KIT)
        ana, bo = await c.join("Ana", token=ANA, capabilities=BATCHES), await c.join("Bo")
        me = author(c, "Kit")
        kit.send("message", content="mine")
        kit.send("message", to="Ana", content="psst")
        assert (await bo.next("message"))["content"] == "mine"
        kit.send("nick", nickname="Kit the 2nd")
        told = [await ana.next("renamed") for _ in range(2)]
        assert {(it["old"], it["nickname"], it["author"]) for it in told} == {("Kit", "Kit the 2nd", me)}
        assert sorted(it["room"] == "lobby" for it in told) == [False, True], "and in the private room, in any order"
        assert (await bo.next("user_left"))["nickname"] == "Kit"
        assert (await bo.next("user_joined"))["nickname"] == "Kit the 2nd"
        assert [user["nickname"] for user in (await bo.ping())["users"]] == ["Ana", "Bo", "Kit the 2nd"]
        thief = await c.join("Kit", capabilities=BATCHES)
        assert author(c, "Kit") != me
        assert await error_reply(thief, "edit", seq=1, content="stolen", id="e") == ("forbidden", "e")
        ana.send("message", content="@Kit the 2nd and @Kit")
        assert [it["author"] for it in (await bo.next("message"))["mentions"]] == [me, author(c, "Kit")]
        kit.send("edit", seq=1, content="still mine")
        updated = (await bo.next("updated"))["message"]
        assert (updated["nickname"], updated["author"]) == ("Kit", me), "the name of then"
        ana.send("message", to=f"@{me}", content="yes?")
        assert (await kit.next("message"))["author"] == me


async def test_a_name_that_is_taken_or_none_is_refused_with_a_sentence() -> None:
    async with chat() as c:
        kit, ana = await c.join("Kit"), await c.join("Ana")
        assert await error_reply(kit, "nick", nickname="ANA", id="n") == ("nickname_taken", "n")
        assert await error_reply(kit, "nick", nickname="room", id="n") == ("bad_nickname", "n")
        kit.send("nick", nickname="KIT")
        assert (await ana.next("user_joined"))["nickname"] == "KIT"
        stranger = await c.connect()
        assert await error_reply(stranger, "nick", nickname="Kit", id="n") == ("not_joined", "n")
        assert await error_reply(stranger, "status", status="away", id="s") == ("not_joined", "s")


async def test_two_names_of_one_person_stay_two_while_both_are_here() -> None:
    async with chat(grace=60) as c:
        laptop, phone = await c.join("Kit", token=KIT), await c.join("Kit 2", token=KIT)
        bo = await c.join("Bo")
        assert await error_reply(laptop, "nick", nickname="Kit 2", id="n") == ("nickname_taken", "n")
        assert [user["nickname"] for user in (await bo.ping())["users"]] == ["Bo", "Kit", "Kit 2"]
        phone.abort()
        await until(lambda: not c.server.hub.people["kit 2"].session_count)
        laptop.send("nick", nickname="Kit 2")
        assert (await bo.next("user_joined"))["nickname"] == "Kit 2"
        assert [user["nickname"] for user in (await bo.ping())["users"]] == ["Bo", "Kit 2"]


async def test_a_status_is_told_to_those_who_show_it_and_holds_on_all_devices() -> None:
    """Behaviour 21: base clients hear nothing of it; idle devices make somebody away who has chosen nothing."""
    async with chat() as c:
        window, phone = await c.join("Kit", token=KIT), await c.join("Kit", token=KIT)
        ana, bo = await c.join("Ana", capabilities=BATCHES), await c.join("Bo")
        window.send("status", status="busy", text="until  four", id="s")
        while not (people := (await ana.next("presence")).get("changed")):
            pass
        [changed] = people
        assert (changed["nickname"], changed["status"], changed["status_text"]) == ("Kit", "busy", "until four")
        assert await status_of(bo, "Kit") == ("busy", "until four")
        phone.send("status", status="online", text="")
        window.send("status", idle=True)
        assert await status_of(phone, "Kit") == ("online", "")
        phone.send("status", idle=True)
        assert await status_of(phone, "Kit") == ("away", "")
        window.send("status", idle=False)
        await window.ping()
        assert await status_of(phone, "Kit") == ("online", "")
        bo.send("ping")
        assert await asyncio.wait_for(bo.event(), 15) == {"type": "pong"}


async def test_right_to_left_names_turn_no_sentence_of_the_server_around() -> None:
    async with chat() as c:
        host = await c.join("מארה", token=c.server.host_token)
        host.send("create", room="שלום", id="made")
        host.send("create", room="שלום", id="again")
        host.send("delete_room", room="שלום", id="gone")
        host.send("enter", room="שלום", id="link")
        host.send("create", to="אין\u202eכזה", id="nobody")
        sentences = [(await host.next("error"))["content"] for _ in range(3)]
        host.send("topic", topic="ברוכים הבאים")
        sentences.append((await host.next("system"))["content"])
        assert sentences == [
            "There is a room \u2068שלום\u2069 already: enter it, or choose a name.",
            "The host has deleted the room \u2068שלום\u2069, with all that was said in it.",
            "Nobody here is called \u2068אין כזה\u2069: see who is there.",
            "\u2068מארה\u2069 has set the topic: \u2068ברוכים הבאים\u2069",
        ]


class Passports:
    """Recognises one token, as that of somebody who has signed in."""

    def principal(self, token: str) -> Principal | None:
        return Principal(f"{SIGNED_IN}ana") if token == "passport" else None  # noqa: S105


async def test_who_has_signed_in_has_a_mark_that_no_name_gives(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store, chat(store=store) as c:
        c.server.hub.authenticators.append(Passports())
        ana, bo = await c.join("Ana", token="passport"), await c.join("Ana Verified")  # noqa: S106
        assert [user.get("verified", False) for user in (await bo.ping())["users"]] == [True, False]
        for peer in (ana, bo):
            peer.send("message", content="Me")
        assert [(await bo.next("message")).get("verified", False) for _ in range(2)] == [True, False]
    async with open_store(tmp_path) as store, chat(store=store) as c:
        kit = await c.connect()
        kit.send("join", nickname="Kit")
        messages = (await kit.next("history"))["messages"]
        assert [message.get("verified", False) for message in messages] == [True, False]
