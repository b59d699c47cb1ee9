"""Editing, deleting, reacting, pinning and replying: who hears what, and who may not."""

import time
from types import SimpleNamespace
from typing import Any

import pytest

from chatdesk.server.auth import Role
from chatdesk.server.commands import acts
from tests.server.budget_clock import stop_clock
from tests.server.chat import Chat, Peer, author, chat, error_reply, pair
from tests.server.wire import Event


async def said(peer: Peer, content: str = "hi", **fields: Any) -> Event:
    """Say something, and return what everybody hears."""
    peer.send("message", **{"content": content, "id": content, **fields})
    while (event := await peer.next("message"))["content"] != content:
        pass
    return event


async def done(peer: Peer, act: str, **fields: Any) -> Event:
    """Act on a message; return what it is now, as the one who acts is answered."""
    peer.send(act, id="act", **fields)
    while (event := await peer.next("updated")).get("ref") != "act":
        pass
    message: Event = event["message"]
    return message


def identity(c: Chat, nickname: str) -> str:
    return next(person.identity for person in c.server.hub.people.values() if person.nickname == nickname)


async def host(c: Chat) -> Peer:
    return await c.join("Mara", token=c.server.host_token)


async def test_a_deleted_message_says_who_has_deleted_it_and_nothing_else() -> None:
    """Behaviour 1 and 7: for all who come later, too."""
    async with chat(message_rate=0) as c:
        kit, ana = await pair(c)
        mara = await host(c)
        first = await said(kit, "an apple", id="m1")
        await said(ana, "a pear")
        await done(ana, "react", seq=1, emoji="👍")
        gone = {**first, "content": "", "change": 4, "deleted": "author", "deleted_by": "Kit"}
        assert await done(kit, "delete", seq=1) == gone
        removed = await done(mara, "delete", seq=2)
        assert (removed["nickname"], removed["deleted"], removed["deleted_by"]) == ("Ana", "host", "Mara")
        resumed = await c.connect()
        resumed.send("join", nickname="Bo", resume={"epoch": (await kit.ping("history"))["epoch"], "change": 2})
        assert (await resumed.next("updated"))["message"] == gone
        newcomer = await c.connect()
        newcomer.send("join", nickname="Cy")
        assert (await newcomer.next("history"))["messages"] == [gone, removed]
        ana.send("search", query="apple")
        assert (await ana.next("search"))["hits"] == []


async def test_deleting_twice_succeeds_and_nothing_else_is_done_to_what_is_deleted() -> None:
    """Behaviour 3."""
    async with chat(message_rate=0) as c:
        kit, ana = await pair(c)
        await said(kit)
        gone = await done(kit, "delete", seq=1)
        assert await done(kit, "delete", seq=1) == gone
        assert await error_reply(kit, "edit", seq=1, content="late") == ("deleted", "edit")
        assert await error_reply(ana, "react", seq=1, emoji="👍") == ("deleted", "react")
        assert await error_reply(ana, "pin", seq=1) == ("deleted", "pin")
        assert await done(ana, "pin", seq=1, active=False) == gone


async def test_an_edit_has_a_time_limit_for_its_author_and_none_for_moderators(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Behaviour 4: decided by the server as it receives the edit; by default it is an hour."""
    async with chat(message_rate=0) as c:
        kit, ana = await pair(c)
        mara = await host(c)
        for peer in (kit, ana, mara):
            await said(peer)
        c.server.hub.set_role(identity(c, "Ana"), Role.MODERATOR, c.server.hub.rooms["lobby"])
        in_an_hour = SimpleNamespace(time_ns=lambda: time.time_ns() + 3_601 * 10**9)
        monkeypatch.setattr(acts, "time", in_an_hour)
        assert await error_reply(kit, "edit", seq=1, content="late") == ("too_late", "edit")
        assert (await done(ana, "edit", seq=2, content="late"))["content"] == "late"
        assert (await done(mara, "edit", seq=3, content="late"))["content"] == "late"
        assert (await done(kit, "delete", seq=1))["deleted"] == "author", "which has none"


async def test_an_edit_to_nothing_is_refused_and_offers_to_delete() -> None:
    """Behaviour 3."""
    async with chat() as c:
        kit = await c.join("Kit")
        await said(kit)
        kit.send("edit", seq=1, content="\u200b ")
        refused = await kit.next("error")
        assert (refused["code"], "delete" in refused["content"]) == ("empty_message", True)


async def test_a_reply_stays_when_the_message_is_deleted_and_refers_to_one_that_was_said() -> None:
    """Behaviour 1 and 2."""
    async with chat(message_rate=0) as c:
        kit, ana = await pair(c)
        await said(kit)
        assert (await said(ana, "yes", reply_to=1))["reply_to"] == 1
        await done(kit, "delete", seq=1)
        assert (await said(kit, "and late", reply_to=1))["reply_to"] == 1
        assert [message.get("reply_to") for message in (await ana.ping("history"))["messages"]] == [None, 1, 1]
        for missing in (0, 4):
            assert await error_reply(ana, "message", content="no", reply_to=missing, id="m") == ("not_found", "m")


async def test_a_reaction_is_one_emoji_in_one_form_and_a_state() -> None:
    """Behaviour 5: ❤ and ❤️ are one, skin tones are different."""
    async with chat(message_rate=0) as c:
        kit, ana = await pair(c)
        await said(kit)
        kits, anas = ({"nickname": name, "author": author(c, name)} for name in ("Kit", "Ana"))
        await done(kit, "react", seq=1, emoji="\u2764")
        both = await done(ana, "react", seq=1, emoji="\u2764\ufe0f")
        assert both["reactions"] == [{"emoji": "\u2764\ufe0f", "count": 2, "people": [kits, anas]}]
        assert await done(ana, "react", seq=1, emoji="\u2764") == both, "not toggled"
        toned = await done(kit, "react", seq=1, emoji="👍🏽")
        await done(kit, "react", seq=1, emoji="👍")
        assert toned["reactions"][1]["emoji"] == "👍🏽"
        for wrong in ("a", "👍👍", "\ufe0f", "🏽", " 👍", "1"):
            assert await error_reply(kit, "react", seq=1, emoji=wrong) == ("bad_emoji", "react")
        left = await done(kit, "react", seq=1, emoji="\u2764", active=False)
        assert [(each["emoji"], each["count"]) for each in left["reactions"]] == [("❤️", 1), ("👍🏽", 1), ("👍", 1)]


async def test_who_has_reacted_comes_in_pages_and_what_is_ones_own_by_a_question() -> None:
    """Behaviour 5."""
    async with chat(message_rate=0) as c:
        peers = [await c.join(f"Kit {number}") for number in range(7)]
        await said(peers[0])
        for peer in peers:
            shown = await done(peer, "react", seq=1, emoji="👍")
        assert [person["nickname"] for person in shown["reactions"][0]["people"]] == [
            f"Kit {each}" for each in range(5)
        ]
        page = await peers[6].ping("reactions", seq=1, emoji="👍", skip=3, limit=2)
        assert [person["nickname"] for person in page["people"]] == ["Kit 3", "Kit 4"]
        assert page["more"]
        own = await peers[6].ping("own_reactions", first=1, last=200)
        assert own["messages"] == [{"seq": 1, "emoji": ["👍"]}]
        assert await error_reply(peers[6], "own_reactions", first=1, last=201) == ("bad_message", "own_reactions")
        assert await error_reply(peers[6], "reactions", seq=1, emoji="x") == ("bad_emoji", "reactions")


async def test_pins_are_what_is_pinned_as_it_is_now() -> None:
    """Behaviour 6."""
    async with chat(message_rate=0) as c:
        kit, ana = await pair(c)
        for number in range(3):
            await said(kit, f"number {number}")
        for seq in (1, 2, 3, 3):
            assert (await done(ana, "pin", seq=seq))["pinned"]
        await done(kit, "edit", seq=2, content="edited")
        await done(kit, "delete", seq=3)
        await done(kit, "pin", seq=1, active=False)
        page = await ana.ping("pins")
        assert [(message["content"], message["pinned"]) for message in page["messages"]] == [("edited", True)]


async def test_who_sees_only_what_was_said_since_their_joining_acts_on_nothing_else() -> None:
    async with chat(message_rate=0) as c:
        kit = await c.join("Kit")
        mara = await host(c)
        await said(kit)
        await done(kit, "react", seq=1, emoji="👍")
        await done(kit, "pin", seq=1)
        mara.send("newcomers", see="joining", id="n")
        while (await mara.event()).get("ref") != "n":
            pass
        late = await c.join("Bo")
        for act in ("edit", "delete", "react", "pin"):
            assert await error_reply(late, act, **ACTS[act]) == ("not_found", act)
        assert (await late.ping("reactions", seq=1, emoji="👍"))["people"] == []
        assert (await late.ping("pins"))["messages"] == []
        assert (await late.ping("messages", seqs=[1]))["missing"] == [1]


async def test_messages_come_by_their_numbers_as_they_are_now() -> None:
    """Behaviour 2: what replies refer to."""
    async with chat(message_rate=0) as c:
        kit, ana = await pair(c)
        for number in range(3):
            await said(kit, f"number {number}")
        await done(kit, "edit", seq=2, content="edited")
        await done(kit, "delete", seq=3)
        answer = await ana.ping("messages", seqs=[3, 7, 2])
        assert [message["content"] for message in answer["messages"]] == ["", "edited"]
        assert answer["missing"] == [7]


ACTS: dict[str, dict[str, Any]] = {
    "edit": {"seq": 1, "content": "other"},
    "delete": {"seq": 1},
    "react": {"seq": 1, "emoji": "👍"},
    "pin": {"seq": 1},
    "reactions": {"seq": 1, "emoji": "👍"},
    "own_reactions": {"first": 1, "last": 1},
    "messages": {"seqs": [1]},
    "pins": {},
}


@pytest.mark.parametrize("act", ACTS)
async def test_an_outsider_does_nothing(act: str) -> None:
    async with chat(message_rate=0) as c:
        kit, ana = await pair(c)
        await said(kit)
        outside = await c.connect()
        assert await error_reply(outside, act, **ACTS[act]) == ("not_joined", act)
        elsewhere = await c.join("Bo", room="garden")
        assert await error_reply(elsewhere, act, room="lobby", **ACTS[act]) == ("bad_room", act)
        c.server.hub.set_role(identity(c, "Ana"), Role.GUEST, c.server.hub.rooms["lobby"])
        if act in ("edit", "delete", "react", "pin"):
            assert await error_reply(ana, act, **ACTS[act]) == ("forbidden", act), "who may only read"
        else:
            assert (await ana.ping(act, **ACTS[act]))["type"] == act
        if act in ("edit", "delete"):
            member = await c.join("Cy")
            assert await error_reply(member, act, **ACTS[act]) == ("forbidden", act), "of others"
        assert (await kit.ping("history"))["messages"][0]["change"] == 1


async def test_an_edit_is_told_to_everybody_and_is_what_history_search_and_newcomers_get() -> None:
    async with chat(message_rate=0) as c:
        kit, ana = await pair(c)
        for content in ("an apple", "a pear"):
            kit.send("message", content=content)
        first = await ana.next("message")
        await ana.next("message")
        kit.send("edit", seq=1, content="a banana")
        updated = await ana.next("updated")
        assert updated["message"].pop("edited").endswith("Z")
        assert updated == {
            "type": "updated",
            "room": "lobby",
            "seq": 1,
            "change": 3,
            "message": {**first, "content": "a banana", "change": 3},
        }
        page = await ana.ping("history")
        assert [message["content"] for message in page["messages"]] == ["a banana", "a pear"]
        ana.send("search", query="apple")
        assert (await ana.next("search"))["hits"] == []
        ana.send("search", query="banana")
        assert [hit["message"]["seq"] for hit in (await ana.next("search"))["hits"]] == [1]
        bo = await c.connect()
        bo.send("join", nickname="Bo")
        page = await bo.next("history")
        assert ([message["change"] for message in page["messages"]], page["change"]) == ([3, 2], 3)


async def test_whoever_edits_is_answered_by_the_id_of_the_command() -> None:
    async with chat(message_rate=0) as c:
        kit, ana = await pair(c)
        kit.send("message", content="hi")
        await kit.next("message")
        kit.send("edit", seq=1, content="hello", id="e1")
        told = [await kit.next("updated") for _ in range(2)]
        assert [event.pop("ref", None) for event in told] == [None, "e1"], "everybody's, and the answer"
        assert told[0] == told[1]
        assert "ref" not in await ana.next("updated")
        kit.send("edit", seq=1, content="hello", id="e2")
        assert (await kit.next("updated"))["ref"] == "e2", "it has this content already"
        kit.send("edit", seq=1, content="hello")
        assert "ref" not in await kit.next("updated")


async def test_an_edit_is_refused_to_others_to_nothing_and_of_what_is_not_there() -> None:
    async with chat(message_rate=0) as c:
        kit, ana = await pair(c)
        kit.send("message", content="hi")
        await kit.next("message")
        assert await error_reply(ana, "edit", seq=1, content="yours", id="e1") == ("forbidden", "e1")
        assert await error_reply(kit, "edit", seq=2, content="nothing", id="e2") == ("not_found", "e2")
        assert await error_reply(kit, "edit", seq=1, content=" ") == ("empty_message", "edit")
        assert await error_reply(kit, "edit", seq=1, content="a\a") == ("bad_message", "edit")
        assert await error_reply(kit, "edit", seq=-1, content="hello") == ("bad_message", "edit")
        assert await error_reply(kit, "edit", seq=1, content="hello", room="garden") == ("bad_room", "edit")
        assert [message["content"] for message in (await kit.ping("history"))["messages"]] == ["hi"]


async def test_a_client_that_slept_hears_what_became_of_older_messages() -> None:
    async with chat(message_rate=0) as c:
        kit = await c.join("Kit")
        for number in range(1, 61):
            kit.send("message", content=f"number {number}")
        epoch = (await kit.ping("history"))["epoch"]
        kit.send("edit", seq=3, content="edited")  # change 61
        kit.send("message", content="number 61")  # 62
        kit.send("edit", seq=61, content="edited, too")  # 63
        await kit.ping("history")
        back = await c.connect()
        back.send("join", nickname="Ana", resume={"epoch": epoch, "seq": 60, "change": 60})
        page = await back.next("history")
        assert (page["messages"], page["last_seq"], page["change"]) == ([], 60, 60)
        told = [await back.event() for _ in range(3)]
        assert [(event["type"], event["seq"], event["change"]) for event in told] == [
            ("updated", 3, 61),
            ("message", 61, 62),
            ("updated", 61, 63),
        ]
        assert told[1]["content"] == told[2]["message"]["content"] == "edited, too"
        other = await c.connect()
        other.send("join", nickname="Bo", resume={"epoch": epoch, "seq": 61, "change": 63})
        assert (await other.next("history"))["change"] == 63


async def test_an_unrelated_person_of_the_same_name_edits_nothing() -> None:
    async with chat() as c:
        kit = await c.join("Kit")
        kit.send("message", content="hi")
        await kit.next("message")
        kit.send("leave")
        await kit.farewell()
        impostor = await c.join("Kit")
        assert await error_reply(impostor, "edit", seq=1, content="ho") == ("forbidden", "edit")
        assert (await impostor.ping("history"))["messages"][0]["content"] == "hi"


async def test_acts_have_the_rate_of_messages_and_take_none_of_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_clock(monkeypatch)
    async with chat(message_rate=0.5) as c:
        kit = await c.join("Kit")
        kit.send("message", content="hi")
        await kit.next("message")
        kit.send("pin", seq=1)
        assert (await kit.next("updated"))["message"]["pinned"]
        assert await error_reply(kit, "edit", seq=1, content="ho", id="e1") == ("rate_limited", "e1")
