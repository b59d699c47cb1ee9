"""Keeping order over the wire: roles, removals, bans, mutes, renames; who may, who is told, and what stays."""

import json
from pathlib import Path
from typing import Any

from chatdesk.log.disk_store import open_store
from chatdesk.log.hook_file import HookFile
from chatdesk.log.memory import MemoryStore
from chatdesk.log.order import StandingKind
from chatdesk.protocol.errors import CloseCode, may_reconnect
from tests.server.chat import Chat, Peer, author, chat, error_reply
from tests.server.test_rooms import ANA, KIT
from tests.waiting import until

BO = "new." + "b" * 32
ORDER = ["presence", "rooms", "order"]


async def host(c: Chat, **fields: Any) -> Peer:
    return await c.join("Mara", token=c.server.host_token, **{"capabilities": ORDER, "client": "window"} | fields)


def identity_of(c: Chat, nickname: str) -> str:
    return next(person.identity for person in c.server.hub.people.values() if person.nickname == nickname)


async def done(peer: Peer, name: str, **fields: Any) -> dict[str, Any]:
    """What a command of keeping order has done."""
    peer.send(name, **fields, id="done")
    while True:
        event = await peer.event()
        assert event["type"] != "error", event
        if event["type"] == "done" and event["ref"] == "done":
            return event


async def refused(peer: Peer, name: str, **fields: Any) -> str:
    """Code of the error that answers a command; its sentence may end with a reason."""
    peer.send(name, **fields)
    code: str = (await peer.next("error"))["code"]
    return code


async def moderator(c: Chat, mara: Peer, nickname: str = "Bo", **fields: Any) -> Peer:
    bo = await c.join(nickname, **{"token": BO, "capabilities": ORDER} | fields)
    await done(mara, "role", whom=nickname, role="moderator")
    while (await bo.next("standing"))["role"] != "moderator":
        pass
    return bo


async def test_a_role_is_told_shown_to_others_and_kept_over_a_restart(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store, chat(store=store) as c:
        mara, kit, terminal = await host(c), await c.join("Kit", token=KIT, capabilities=ORDER), await c.join("Tom")
        answer = await done(mara, "role", whom="Kit", role="moderator", reason="helps")
        assert (answer["act"], answer["nickname"], answer["before"]) == ("role", "Kit", "member")
        assert "Kit" in answer["content"]
        assert "moderator" in answer["content"]
        told = await kit.next("standing")
        assert (told["room"], told["role"], told["everywhere"]) == ("lobby", "moderator", True)
        assert {"remove", "ban", "mute", "see_audit"} <= set(told["rights"])
        assert "give_roles" not in told["rights"]
        [shown] = [user for user in (await terminal.ping())["users"] if user["nickname"] == "Kit"]
        assert shown["role"] == "moderator"
        await done(mara, "role", whom="Tom", role="guest")
        assert "guest" in (await terminal.next("system"))["content"], "a terminal is told in a sentence"
        assert await refused(terminal, "message", content="hi") == "forbidden"
    async with open_store(tmp_path) as store, chat(store=store) as c:
        kit = await c.connect()
        kit.send("join", nickname="Kit", token=KIT, capabilities=ORDER)
        assert (await kit.next("standing"))["role"] == "moderator"
        ana = await c.join("Ana", token=ANA)
        await done(kit, "mute", whom="Ana")
        assert await refused(ana, "message", content="hi") == "muted"


async def test_a_role_may_be_given_for_one_room() -> None:
    async with chat() as c:
        mara, kit = await host(c), await c.join("Kit", token=KIT, capabilities=ORDER)
        for peer in (mara, kit):
            peer.send("enter", room="build")
            await peer.next("history")
        ana = await c.join("Ana", token=ANA)
        ana.send("enter", room="build")
        await ana.next("history")
        await done(mara, "role", whom="Kit", role="moderator", room="build")
        told = await kit.next("standing")
        assert (told["room"], told["role"], "everywhere" in told) == ("build", "moderator", False)
        assert "remove" in told["rights"]
        assert "ban" not in told["rights"]
        assert await refused(kit, "remove", whom="Ana") == "forbidden"
        await done(kit, "remove", whom="Ana", room="build", reason="elsewhere", minutes=5)
        told = await ana.next("error")
        assert (told["code"], told["by"], told["room"], told["reason"]) == ("removed", "Kit", "build", "elsewhere")
        assert (await ana.next("exited"))["room"] == "build"
        assert await refused(ana, "enter", room="build") == "removed"
        await done(kit, "unban", whom="Ana", room="build")
        ana.send("enter", room="build")
        await ana.next("history")


async def test_nobody_acts_on_equals_superiors_or_themselves() -> None:
    async with chat() as c:
        mara = await host(c)
        bo = await moderator(c, mara)
        cara = await moderator(c, mara, "Cara", token=ANA)
        kit = await c.join("Kit", token=KIT)
        for name in ("remove", "ban", "mute"):
            assert await refused(bo, name, whom="Mara") == "forbidden"
            assert await refused(bo, name, whom="Cara") == "forbidden"
            assert await refused(kit, name, whom="Bo") == "forbidden"
            bo.send(name, whom="Bo")
            assert "yourself" in (told := (await bo.next("error"))["content"]) or "themselves" in told
        assert await refused(mara, "role", whom="Mara", role="member") == "forbidden", "a host stays host"
        assert await refused(bo, "role", whom="Kit", role="moderator") == "forbidden"
        assert await refused(bo, "remove", whom="Nobody") == "not_found"
        assert await refused(mara, "remove", whom="Kit", room="nowhere") == "bad_room"
        assert len((await cara.ping())["users"]) == 4


async def test_who_is_removed_is_out_at_once_on_all_devices_and_hears_nothing_more() -> None:
    """Behaviour 27."""
    async with chat(grace=60) as c:
        mara = await host(c)
        window, phone = await c.join("Kit", token=KIT), await c.join("Kit", token=KIT)
        for peer in (mara, window):
            peer.send("enter", room="build")
            await peer.next("history")
        await done(mara, "remove", whom="Kit", reason="Too\x07 loud")
        mara.send("message", content="after", room="lobby")
        for peer in (window, phone):
            told = await peer.next("error")
            assert (told["code"], told["reason"]) == ("removed", "Too loud")
            code, _ = await peer.farewell()
            assert code == CloseCode.REMOVED
            assert not may_reconnect(code)
        assert "Kit" not in [user["nickname"] for user in (await mara.ping(room="lobby"))["users"]]
        kit = await c.join("Kit", token=KIT)  # without minutes they may come back
        await done(mara, "remove", whom="Kit", minutes=5)
        assert (await kit.farewell())[0] == CloseCode.REMOVED
        again = await c.connect()
        again.send("join", nickname="Kit", token=KIT)
        assert (await again.next("error"))["until"].endswith("Z")
        assert (await again.farewell())[0] == CloseCode.REMOVED
        await done(mara, "unban", whom="Kit")
        await c.join("Kit", token=KIT)


async def test_a_ban_holds_identity_and_name_until_this_evening_also_after_a_restart(tmp_path: Path) -> None:
    """Behaviour 26: three devices in two rooms; never an address alone; who can ban can unban."""
    async with open_store(tmp_path) as store, chat(store=store) as c:
        mara = await host(c)
        bo = await moderator(c, mara)
        devices = [await c.join("Kit", token=KIT) for _ in range(3)]
        mara.send("enter", room="build")
        for device in devices[:2]:
            device.send("enter", room="build")
            await device.next("history")
        answer = await done(bo, "ban", whom="Kit", reason="Selling parts")
        assert answer["until"]
        for device in devices:
            assert (await device.next("error"))["code"] == "banned"
            assert (await device.farewell())[0] == CloseCode.BANNED
        assert not may_reconnect(CloseCode.BANNED)
        stranger = await c.connect()
        assert await error_reply(stranger, "join", nickname="KIT") == ("nickname_taken", "join"), "its name is held"
        await c.join("Ana", token=ANA)  # from the same address
    async with open_store(tmp_path) as store, chat(store=store) as c:
        kit = await c.connect()
        kit.send("join", nickname="Another", token=KIT)
        told = await kit.next("error")
        assert (told["code"], told["by"], told["reason"]) == ("banned", "Bo", "Selling parts")
        assert (await kit.farewell())[0] == CloseCode.BANNED
        bo = await c.join("Bo", token=BO, capabilities=ORDER)
        bo.send("bans")
        held = (await bo.next("bans"))["standings"]
        assert [(it["kind"], it["nickname"]) for it in held if it["kind"] == "banned"] == [("banned", "Kit")]
        await done(bo, "unban", whom="Kit")
        await c.join("Kit", token=KIT)


async def test_somebody_who_is_away_can_be_banned(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store, chat(store=store) as c:
        mara, kit = await host(c), await c.join("Kit", token=KIT, capabilities=ORDER)
        me = author(c, "Kit")
        kit.send("leave")
        await until(lambda: "kit" not in c.server.hub.people)
        await done(mara, "ban", whom=f"@{me}", minutes=0)
        kit = await c.connect()
        kit.send("join", nickname="Kit", token=KIT)
        assert "until" not in await kit.next("error"), "for good"


async def test_an_address_is_banned_only_on_request_and_never_that_of_a_host() -> None:
    async with chat() as c:
        mara, kit, ana = await host(c), await c.join("Kit", token=KIT), await c.join("Ana", token=ANA)
        mara.send("neighbours", whom="Kit", id="n")
        told = await mara.next("neighbours")
        assert (told["names"], told["count"]) == (["Ana", "Mara"], 2)
        assert await refused(mara, "ban", whom="Kit", address=True) == "forbidden"
        for session in c.server.hub.all_sessions():
            if session.person and session.person.nickname != "Mara":
                session.connection.network = "192.0.2.7"
        await done(mara, "ban", whom="Kit", address=True)
        assert (await kit.farewell())[0] == (await ana.farewell())[0] == CloseCode.BANNED
        assert c.server.hub.standings.ban_of_network("192.0.2.7")
        assert not c.server.hub.standings.ban_of_network("192.0.2.8")


async def test_who_is_muted_reads_on_and_can_say_nothing_by_any_way() -> None:
    """Behaviour 24."""
    async with chat() as c:
        mara, kit = await host(c), await c.join("Kit", token=KIT, capabilities=ORDER)
        kit.send("message", content="one", id="m1")
        await kit.next("message")
        await done(mara, "mute", whom="Kit", reason="later", minutes=5)
        told = await kit.next("standing")
        assert (told["muted"], told["by"], told["reason"]) == (True, "Mara", "later")
        assert told["until"]
        ways: dict[str, dict[str, Any]] = {
            "message": {"content": "x"},
            "edit": {"seq": 1, "content": "x"},
            "react": {"seq": 1, "emoji": "👍"},
            "pin": {"seq": 1},
            "nick": {"nickname": "Shouting"},
            "create": {"room": "shouting"},
            "status": {"text": "shouting"},
            "typing": {},
        }
        for name, fields in ways.items():
            assert await refused(kit, name, **fields) == "muted", name
        assert await refused(kit, "message", content="x", to="Mara") == "muted"
        assert await refused(kit, "message", content="x", reply_to=1) == "muted"
        [shown] = [user for user in (await mara.ping(room="lobby"))["users"] if user["nickname"] == "Kit"]
        assert shown["muted"]
        mara.send("message", content="go on")
        assert (await kit.next("message"))["content"] == "go on"
        await done(mara, "unmute", whom="Kit")
        assert "muted" not in await kit.next("standing")
        kit.send("message", content="two")
        assert (await kit.next("message"))["content"] == "two"


async def test_a_mute_and_a_removal_end_by_themselves() -> None:
    async with chat() as c:
        mara, kit = await host(c), await c.join("Kit", token=KIT, capabilities=ORDER)
        await done(mara, "mute", whom="Kit", minutes=1)
        await kit.next("standing")
        held = c.server.hub.standings.get(identity_of(c, "Kit"), StandingKind.MUTED)
        assert held
        c.server.hub.standings.begin(held._replace(until=held.at + 1))
        assert "muted" not in await kit.next("standing")
        kit.send("message", content="again")
        assert (await kit.next("message"))["content"] == "again"


async def test_a_moderator_who_is_demoted_loses_the_rights_in_that_step() -> None:
    async with chat() as c:
        mara = await host(c)
        bo = await moderator(c, mara)
        await c.join("Kit", token=KIT)
        await done(mara, "role", whom="Bo", role="member")
        bo.send("ban", whom="Kit", id="late")
        assert (await bo.next("error"))["code"] == "forbidden"
        assert (await error_reply(bo, "audit"))[0] == "forbidden"
        assert len((await mara.ping(room="lobby"))["users"]) == 3


async def test_another_gets_another_name_from_a_moderator() -> None:
    async with chat() as c:
        mara, kit = await host(c), await c.join("Rude name", token=KIT)
        answer = await done(mara, "rename", whom="Rude name", nickname="Kit", reason="rude")
        assert (answer["nickname"], answer["before"]) == ("Kit", "Rude name")
        assert "Kit" in (await kit.next("system"))["content"]
        assert await refused(mara, "rename", whom="Kit", nickname="room") == "bad_nickname"


async def test_the_audit_trail_says_who_has_done_what_and_members_never_see_it(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store, chat(store=store) as c:
        mara = await host(c)
        bo = await moderator(c, mara)
        kit = await c.join("Kit", token=KIT)
        await done(bo, "mute", whom="Kit", reason="loud", minutes=5)
        await done(bo, "unmute", whom="Kit")
        await done(mara, "rename", whom="Kit", nickname="Kit 2")
        bo.send("audit", limit=2, id="a")
        page = await bo.next("audit")
        assert [(it["act"], it["by"], it["nickname"]) for it in page["entries"]] == [
            ("rename", "Mara", "Kit"),
            ("unmute", "Bo", "Kit"),
        ]
        assert page["entries"][0]["detail"] == "Kit 2"
        assert page["more"]
        bo.send("audit", before=page["entries"][-1]["number"], id="b")
        older = await bo.next("audit")
        assert [(it["act"], it.get("reason")) for it in older["entries"]] == [("mute", "loud"), ("role", None)]
        assert "more" not in older
        for name in ("audit", "bans"):
            assert await refused(kit, name) == "forbidden"
        assert await error_reply(kit, "neighbours", whom="Bo") == ("forbidden", "neighbours")


async def test_those_who_read_the_trail_hear_of_acts_by_others_on_people_who_are_away() -> None:
    async with chat() as c:
        mara, kit = await host(c), await c.join("Kit", token=KIT, capabilities=ORDER)
        bo = await moderator(c, mara)
        ana = await c.join("Ana", token=ANA, capabilities=ORDER)
        await mara.next("order_kept")
        ana.send("leave")
        await ana.hung_up()
        await done(mara, "ban", whom="Ana")
        await done(mara, "unban", whom="Ana")
        await bo.next("order_kept")
        bo.send("audit", limit=2, id="a")
        assert [entry["act"] for entry in (await bo.next("audit"))["entries"]] == ["unban", "ban"]
        kit.send("ping", id="end")
        heard = set[str]()
        while "pong" not in heard:
            heard.add((await kit.event())["type"])
        assert "order_kept" not in heard


async def test_a_hook_is_muted_as_anybody(tmp_path: Path) -> None:
    """Behaviour 24: by the name under which it posts."""
    async with open_store(tmp_path) as store, chat(store=store) as c:
        secret = HookFile(tmp_path).add("CI", "lobby")
        mara = await host(c)

        async def post(text: str) -> int:
            body = json.dumps({"text": text}).encode()
            peer = await c.open()
            head = c.head("POST", f"/hooks/{secret}", f"Content-Length: {len(body)}")
            peer.write(head + body)
            return (await peer.reply()).status

        assert await post("built") == 200
        said = await mara.next("message")
        await done(mara, "mute", whom=f"@{said['author']}", minutes=0)
        assert await post("again") == 403
        await done(mara, "unmute", whom="CI")
        assert await post("at last") == 200


async def test_an_act_that_cannot_be_stored_says_so() -> None:
    class Full(MemoryStore):
        def __init__(self) -> None:
            super().__init__()
            self.order.store = lambda _begun, _ended, _entry, reply: reply("The disk is full.")  # type: ignore[method-assign]

    async with chat(store=Full()) as c:
        mara, kit = await host(c), await c.join("Kit", token=KIT)
        answer = await done(mara, "mute", whom="Kit")
        assert "The disk is full." in answer["content"]
        assert await refused(kit, "message", content="x") == "muted"
