"""Receipts: the author of a message learns who has read it, and nobody else does."""

import time
from pathlib import Path
from typing import Any

import pytest

from chatdesk.log.disk_store import open_store
from chatdesk.log.memory import MemoryStore
from chatdesk.protocol import times
from chatdesk.server.auth import Role
from chatdesk.server.receipts import LIVE
from tests.server.chat import Chat, Peer, author, chat, error_reply
from tests.server.test_rooms import ANA, KIT, answer

BO = "new." + 32 * "b"
CAPABILITIES = ["presence", "rooms", "receipts"]


async def joined(c: Chat, nickname: str, token: str, room: str = "lobby") -> Peer:
    """Somebody whose client shows receipts."""
    return await c.join(nickname, token=token, room=room, capabilities=CAPABILITIES)


async def said(peer: Peer, content: str = "hello", **fields: Any) -> int:
    """Say something; return its number."""
    peer.send("message", content=content, id=f"said {content}", **fields)
    while (message := await peer.next("message")).get("id") != f"said {content}":
        pass
    return int(message["seq"])


async def read(peer: Peer, seq: int, room: str = "lobby") -> None:
    """Have read up to a message."""
    assert (await answer(peer, "read", "read", seq=seq, room=room))["ref"]


async def counts(peer: Peer, *seqs: int, room: str = "lobby") -> dict[int, int]:
    """What the server answers to a question for these messages."""
    told = await answer(peer, "receipts", "receipts", seqs=seqs, room=room)
    return {each["seq"]: each["readers"] for each in told["messages"]}


async def names(peer: Peer, seq: int, **fields: Any) -> list[str]:
    """Who has read a message, as the server says when asked."""
    return [reader["nickname"] for reader in (await answer(peer, "readers", "readers", seq=seq, **fields))["readers"]]


async def told(peer: Peer, **counts: int) -> None:
    """Wait until the counts of these messages (``m1=2``) were told without a question."""
    wanted = {int(seq.removeprefix("m")): count for seq, count in counts.items()}
    while wanted:
        event = await peer.next("receipts")
        assert "ref" not in event
        for each in event["messages"]:
            if wanted.get(each["seq"]) == each["readers"]:
                del wanted[each["seq"]]


async def test_whoever_wrote_a_message_is_told_how_many_have_read_it_and_who_on_request() -> None:
    async with chat() as c:
        kit, ana, bo = await joined(c, "Kit", KIT), await joined(c, "Ana", ANA), await joined(c, "Bo", BO)
        assert await said(kit) == 1
        assert await counts(kit, 1) == {1: 0}
        before = int(time.time()) // 60
        await read(ana, 1)
        await told(kit, m1=1)
        await read(bo, 1)
        await read(kit, 1)
        await told(kit, m1=2)
        answered = await answer(kit, "readers", "readers", seq=1)
        assert (answered["count"], answered["people"], "more" in answered) == (2, 2, False)
        assert [(each["nickname"], each["author"]) for each in answered["readers"]] == [
            ("Ana", author(c, "Ana")),
            ("Bo", author(c, "Bo")),
        ]
        for each in answered["readers"]:
            assert before <= times.milliseconds(each["read_at"]) / 60_000 <= int(time.time()) // 60
        assert await names(kit, 1, skip=1) == ["Bo"]
        assert (await answer(kit, "readers", "readers", seq=1, limit=1))["more"]


async def test_nobody_learns_who_has_read_what_others_wrote() -> None:
    async with chat() as c:
        kit, ana, bo = await joined(c, "Kit", KIT), await joined(c, "Ana", ANA), await joined(c, "Bo", BO)
        await said(kit)
        await read(ana, 1)
        await told(kit, m1=1)
        assert await counts(bo, 1) == {}
        assert await error_reply(bo, "readers", seq=1, id="r") == ("not_found", "r")
        assert await error_reply(bo, "readers", seq=7, id="r") == ("not_found", "r")
        mara = await joined(c, "Mara", c.server.host_token)
        assert await counts(mara, 1) == {}
        kit.send("delete", seq=1)
        await kit.next("updated")
        assert await counts(kit, 1) == {}
        assert await error_reply(kit, "readers", seq=1, id="r") == ("not_found", "r")


async def test_a_client_of_the_base_messages_hears_nothing_of_it_and_may_ask() -> None:
    async with chat() as c:
        terminal = await c.join("Kit")
        ana = await joined(c, "Ana", ANA)
        await terminal.next("user_joined")
        await said(terminal)
        await ana.next("message")
        await read(ana, 1)
        await said(ana, "answer")
        assert (await terminal.event())["type"] == "message"
        terminal.send("receipts", seqs=[1])
        assert (await terminal.event())["messages"] == [{"seq": 1, "readers": 1}]
        assert await names(terminal, 1) == ["Ana"]
        await read(ana, 2)
        await terminal.ping()  # nothing but the answer


async def test_what_was_said_before_somebody_came_nobody_says_that_they_have_read() -> None:
    async with chat() as c:
        kit = await joined(c, "Kit", KIT)
        for number in range(3):
            await said(kit, f"number {number}")
        ana = await joined(c, "Ana", ANA)
        await said(kit, "and now?")
        assert await counts(kit, 1, 2, 3, 4) == {1: 0, 2: 0, 3: 0, 4: 0}
        await read(ana, 4)
        await told(kit, m4=1)
        assert await counts(kit, 1, 2, 3, 4) == {1: 0, 2: 0, 3: 0, 4: 1}
        answered = await answer(kit, "readers", "readers", seq=3)
        assert (answered["count"], answered["people"]) == (0, 0)


async def test_a_message_is_unread_again_for_the_person_alone_on_all_devices() -> None:
    async with chat() as c:
        kit, ana = await joined(c, "Kit", KIT), await joined(c, "Ana", ANA)
        other = await joined(c, "Ana", ANA)
        for number in range(3):
            await said(kit, f"number {number}")
        await read(ana, 3)
        await told(kit, m3=1)
        while (await other.next("read"))["seq"] != 3:
            pass
        back = await answer(ana, "read", "read", seq=1, back=True)
        assert (back["seq"], back["unread"]) == (1, 2)
        heard = await other.next("read")
        assert (heard["seq"], heard["unread"], heard["back"], "ref" in heard) == (1, 2, True, False)
        assert (await answer(ana, "read", "read", seq=1))["seq"] == 1
        assert (await answer(ana, "read", "read", seq=3, back=True))["seq"] == 1, "it never goes forward by this"
        assert await counts(kit, 1, 2, 3) == {1: 1, 2: 1, 3: 1}, "to others it stays read"
        assert (await answer(ana, "read", "read", seq=2))["seq"] == 2
        rooms = await answer(other, "rooms", "rooms")
        assert [(info["read"], info["unread"]) for info in rooms["rooms"]] == [(2, 1)]


async def test_who_gives_no_receipts_gets_none_and_is_not_counted() -> None:
    """Behaviour 21."""
    async with chat() as c:
        kit, ana, bo = await joined(c, "Kit", KIT), await joined(c, "Ana", ANA), await joined(c, "Bo", BO)
        other = await joined(c, "Ana", ANA)
        await said(kit)
        assert await said(ana, "from Ana") == 2
        for peer in (kit, ana, bo):
            await read(peer, 2)
        await told(kit, m1=2)
        settings = await answer(ana, "give_receipts", "receipt_settings", active=False)
        assert (settings["allowed"], settings["given"]) == (True, False)
        while (await other.next("receipt_settings"))["given"]:
            pass
        await told(kit, m1=1)
        assert await names(kit, 1) == ["Bo"]
        for name, fields in (("receipts", {"seqs": [2]}), ("readers", {"seq": 2})):
            assert await error_reply(ana, name, **fields, id="r") == ("forbidden", "r")
        assert not (await (await joined_again(c, "Ana", ANA)).next("receipt_settings"))["given"]
        await answer(ana, "give_receipts", "receipt_settings", active=True)
        await told(kit, m1=2)
        assert await counts(ana, 2) == {2: 2}


async def joined_again(c: Chat, nickname: str, token: str) -> Peer:
    peer = await c.connect()
    peer.send("join", nickname=nickname, token=token, capabilities=CAPABILITIES)
    return peer


async def test_nothing_is_told_to_somebody_who_has_turned_receipts_off() -> None:
    async with chat() as c:
        kit, ana = await joined(c, "Kit", KIT), await joined(c, "Ana", ANA)
        await answer(kit, "give_receipts", "receipt_settings", active=False)
        await said(kit)
        await said(ana, "from Ana")
        await read(ana, 2)
        await read(kit, 2)
        bo = await joined(c, "Bo", BO)
        await said(ana, "for Bo, too")
        await read(bo, 3)
        await told(ana, m3=1)  # the round is over: Kit's message had a reader in it, too
        kit.send("ping")
        while (event := await kit.event())["type"] != "pong":
            assert event["type"] != "receipts"


async def test_the_host_turns_receipts_off_for_the_chat() -> None:
    async with chat() as c:
        mara = await joined(c, "Mara", c.server.host_token)
        kit, ana = await joined(c, "Kit", KIT), await joined(c, "Ana", ANA)
        assert await error_reply(kit, "allow_receipts", active=False, id="a") == ("forbidden", "a")
        await said(kit)
        settings = await answer(mara, "allow_receipts", "receipt_settings", active=False)
        assert (settings["allowed"], settings["given"]) == (False, True)
        while (await kit.next("receipt_settings"))["allowed"]:
            pass
        await read(ana, 1)
        assert await error_reply(kit, "receipts", seqs=[1], id="r") == ("forbidden", "r")
        assert await error_reply(kit, "readers", seq=1, id="r") == ("forbidden", "r")
        await answer(mara, "allow_receipts", "receipt_settings", active=True)
        assert (await kit.next("receipt_settings"))["allowed"]
        assert await counts(kit, 1) == {1: 0}, "what was read meanwhile is told nobody"
        await said(kit, "again")
        await read(ana, 2)
        await told(kit, m2=1)


async def test_a_chat_may_begin_without_receipts() -> None:
    async with chat(receipts=False) as c:
        kit = await joined_again(c, "Kit", KIT)
        settings = await kit.next("receipt_settings")
        assert (settings["allowed"], settings["given"]) == (False, True)
        await said(kit)
        assert await error_reply(kit, "receipts", seqs=[1], id="r") == ("forbidden", "r")


async def test_who_has_left_a_room_is_not_counted_there_any_more() -> None:
    async with chat() as c:
        kit, ana = await joined(c, "Kit", KIT, "build"), await joined(c, "Ana", ANA, "build")
        bo = await joined(c, "Bo", BO, "build")
        await said(kit, room="build")
        await read(ana, 1, "build")
        await read(bo, 1, "build")
        await told(kit, m1=2)
        ana.send("exit", room="build")
        await told(kit, m1=1)
        assert await names(kit, 1, room="build") == ["Bo"]
        bo.abort()
        assert await names(kit, 1, room="build") == ["Bo"], "who is away still belongs to it"
        kit.send("exit", room="build")
        await kit.next("exited")
        assert await error_reply(kit, "receipts", seqs=[1], room="build", id="r") == ("bad_room", "r")


async def test_who_has_lost_a_room_is_not_counted_and_hears_nothing() -> None:
    async with chat() as c:
        kit, ana, bo = await joined(c, "Kit", KIT), await joined(c, "Ana", ANA), await joined(c, "Bo", BO)
        await said(kit)
        assert await said(ana, "from Ana") == 2
        await read(ana, 2)
        await told(kit, m1=1)
        hub = c.server.hub
        identity = {person.nickname: person.identity for person in hub.people.values()}
        hub.set_role(identity["Ana"], None, hub.rooms["lobby"])
        await told(kit, m1=0)
        assert (await answer(kit, "readers", "readers", seq=1))["people"] == 1
        await read(bo, 2)
        await told(kit, m1=1)
        ana.send("ping")
        while (event := await ana.event())["type"] != "pong":
            assert event["type"] != "receipts"
        bo.abort()
        hub.set_role(identity["Bo"], None, hub.rooms["lobby"])
        await told(kit, m1=0)
        hub.set_role(identity["Ana"], Role.MEMBER, hub.rooms["lobby"])


async def test_outsiders_and_those_who_have_not_joined_ask_in_vain() -> None:
    async with chat() as c:
        kit = await joined(c, "Kit", KIT, "build")
        await said(kit, room="build")
        ana = await joined(c, "Ana", ANA)
        for name, fields in (("receipts", {"seqs": [1]}), ("readers", {"seq": 1})):
            assert await error_reply(ana, name, **fields, room="build", id="r") == ("bad_room", "r")
        stranger = await c.connect()
        commands: dict[str, dict[str, Any]] = {
            **{"receipts": {"seqs": [1]}, "readers": {"seq": 1}, "give_receipts": {}, "allow_receipts": {}},
            "read": {"seq": 1, "back": True},
        }
        for name, fields in commands.items():
            assert await error_reply(stranger, name, **fields, id="r") == ("not_joined", "r")


async def test_of_two_who_talk_in_private_each_learns_whether_the_other_has_read() -> None:
    async with chat() as c:
        kit, ana, bo = await joined(c, "Kit", KIT), await joined(c, "Ana", ANA), await joined(c, "Bo", BO)
        kit.send("message", to="Ana", content="psst", id="m1")
        room = (await kit.next("message"))["room"]
        kit.send("enter", room=room)
        ana.send("enter", room=room)
        await ana.next("history")
        await read(ana, 1, room)
        await told(kit, m1=1)
        assert await names(kit, 1, room=room) == ["Ana"]
        for name, fields in (("receipts", {"seqs": [1]}), ("readers", {"seq": 1})):
            assert await error_reply(bo, name, **fields, room=room, id="r") == ("bad_room", "r")
        mara = await joined(c, "Mara", c.server.host_token)
        assert await error_reply(mara, "readers", seq=1, room=room, id="r") == ("bad_room", "r")


async def test_only_the_newest_messages_are_told_and_older_ones_when_asked_for() -> None:
    async with chat(message_rate=0) as c:
        kit, ana = await joined(c, "Kit", KIT), await joined(c, "Ana", ANA)
        for number in range(LIVE + 2):
            kit.send("message", content=f"number {number}")
        while (await kit.next("message"))["seq"] < LIVE + 2:
            pass
        await read(ana, LIVE + 2)
        event = await kit.next("receipts")
        assert [each["seq"] for each in event["messages"]] == list(range(3, LIVE + 3))
        assert await counts(kit, 1, 2, 3) == {1: 1, 2: 1, 3: 1}
        long = "x" * 8000
        for number in range(50):
            kit.send("message", content=f"{number} {long}"[:8000])
        while (await kit.next("message"))["seq"] < LIVE + 52:
            pass
        seqs = range(LIVE + 3, LIVE + 53)
        assert await counts(kit, *seqs) == dict.fromkeys(seqs, 0), "more than one page of the log holds"


async def test_a_device_that_asked_meanwhile_and_one_that_did_not_end_with_the_same_counts() -> None:
    async with chat() as c:
        kit, ana = await joined(c, "Kit", KIT), await joined(c, "Ana", ANA)
        await said(kit)
        await read(ana, 1)
        other = await joined(c, "Kit", KIT)
        assert await counts(other, 1) == {1: 1}
        await told(kit, m1=1)
        await answer(ana, "give_receipts", "receipt_settings", active=False)
        await told(kit, m1=0)
        await told(other, m1=0)


async def test_a_deleted_history_begins_without_receipts() -> None:
    async with chat() as c:
        mara, kit = await joined(c, "Mara", c.server.host_token), await joined(c, "Kit", KIT)
        for number in range(3):
            await said(mara, f"number {number}")
        await read(kit, 3)
        await told(mara, m3=1)
        mara.send("clear")
        await mara.next("system")
        assert await said(mara, "once more") == 1
        assert await counts(mara, 1) == {1: 0}
        await read(kit, 1)
        await told(mara, m1=1)
        assert len(await names(mara, 1)) == 1


@pytest.mark.parametrize("away", [False, True])
async def test_marks_times_and_who_gives_none_outlast_a_restart(tmp_path: Path, away: bool) -> None:
    async with open_store(tmp_path) as store, chat(store=store) as c:
        kit, ana, bo = await joined(c, "Kit", KIT), await joined(c, "Ana", ANA), await joined(c, "Bo", BO)
        await said(kit)
        await read(ana, 1)
        await read(bo, 1)
        await answer(bo, "give_receipts", "receipt_settings", active=False)
        if away:
            await answer(ana, "read", "read", seq=0, back=True)
        first = await answer(kit, "readers", "readers", seq=1)
    async with open_store(tmp_path) as store, chat(store=store) as c:
        kit = await joined(c, "Kit", KIT)
        assert await counts(kit, 1) == {1: 1}
        again = await answer(kit, "readers", "readers", seq=1)
        assert again["readers"] == first["readers"]
        assert again["readers"][0]["read_at"]
        bo = await joined_again(c, "Bo", BO)
        assert not (await bo.next("receipt_settings"))["given"]


async def test_when_somebody_came_to_a_message_is_known_for_each_message(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000_000 * 60.0]
    monkeypatch.setattr("chatdesk.server.subscriptions.time.time", lambda: now[0])
    async with chat(store=MemoryStore()) as c:
        kit, ana = await joined(c, "Kit", KIT), await joined(c, "Ana", ANA)
        for number in range(4):
            await said(kit, f"number {number}")
            await read(ana, number + 1)
            now[0] += 40
        minutes = []
        for seq in range(1, 5):
            [reader] = (await answer(kit, "readers", "readers", seq=seq))["readers"]
            minutes.append(times.milliseconds(reader["read_at"]) // 60_000 - 1_000_000)
        assert minutes == [0, 0, 1, 2]
