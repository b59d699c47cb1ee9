"""Invitations over the wire: who makes them, what they fix, and how somebody with wscat comes by one."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import segno

from chatdesk.log.disk_store import open_store
from chatdesk.log.invitation import Invitation
from chatdesk.log.memory import MemoryStore
from chatdesk.log.room_log import LogError, StorageProblem
from chatdesk.log.stored_invitations import NoInvitations
from chatdesk.protocol.errors import CloseCode
from tests.server.chat import Chat, Peer, chat, error_reply
from tests.server.wire import Event
from tests.waiting import until


async def invited(peer: Peer, **fields: object) -> Event:
    """Make an invitation, and return the answer."""
    peer.send("invite", **fields, id="i")
    event = await peer.next("invited")
    assert event["ref"] == "i"
    return event


async def joining(c: Chat, **fields: object) -> tuple[Peer, Event]:
    """Somebody who joins, and the first answer."""
    peer = await c.connect()
    peer.send("join", **fields, id="j")
    return peer, await peer.event()


async def test_an_invitation_fixes_name_role_and_room_and_is_listed_with_its_uses() -> None:
    async with chat() as c:
        mara = await c.join("Mara", token=c.server.host_token)
        made = await invited(mara, nickname="Kit", role="guest", room="Build", uses=2, seconds=3600)
        assert made["invitation"] | {"id": "", "created": "", "expires": ""} == {
            **{"id": "", "created": "", "expires": "", "creator": "Mara", "nickname": "Kit"},
            **{"room": "build", "role": "guest", "uses": 2, "used": 0},
        }
        kit, welcome = await joining(c, nickname="Anybody", invitation=made["code"])
        assert (welcome["nickname"], welcome["room"]) == ("Kit", "build")
        assert await error_reply(kit, "message", content="hi", id="m") == ("forbidden", "m")
        mara.send("invitations")
        [listed] = (await mara.next("invitations"))["invitations"]
        assert (listed["id"], listed["used"]) == (made["invitation"]["id"], 1)
        assert "code" not in listed


async def test_with_its_address_a_page_gets_the_qr_code_of_the_link() -> None:
    async with chat() as c:
        mara = await c.join("Mara", token=c.server.host_token)
        assert "qr" not in await invited(mara)
        made = await invited(mara, address="http://192.168.4.20:8080/")
        code = segno.make(f"http://192.168.4.20:8080/#invite={made['code']}", micro=False)
        assert made["qr"] == ["".join("1" if dark else "0" for dark in row) for row in code.matrix]
        assert (await invited(mara, address="h" * 256))["qr"]
        assert await error_reply(mara, "invite", address="h" * 257, id="long") == ("bad_message", "long")


async def test_who_has_come_by_one_comes_back_without_it_and_a_token_may_be_one() -> None:
    async with chat() as c:
        mara = await c.join("Mara", token=c.server.host_token)
        code = (await invited(mara))["code"]
        kit, welcome = await joining(c, nickname="Kit", token=code.upper())
        assert welcome["type"] == "welcome"
        kit.send("leave")
        await kit.farewell()
        _, again = await joining(c, nickname="Kit", token=welcome["token"])
        assert again["me"] == welcome["me"]
        _, again = await joining(c, nickname="Kit", token=welcome["token"], invitation=code)
        assert again["me"] == welcome["me"], "the link that has led here leads here again"
        _, refused = await joining(c, nickname="Ana", invitation=code)
        assert (refused["code"], refused["ref"]) == ("bad_invitation", "j")


async def test_a_use_is_spent_only_by_who_is_in() -> None:
    async with chat() as c:
        mara = await c.join("Mara", token=c.server.host_token)
        code = (await invited(mara))["code"]
        ana, refused = await joining(c, nickname="Mara", invitation=code)
        assert refused["code"] == "nickname_taken"
        ana.send("join", nickname="Ana", invitation=code)
        assert (await ana.event())["type"] == "welcome"


async def test_members_neither_invite_nor_see_invitations_and_only_the_host_invites_moderators() -> None:
    async with chat() as c:
        mara = await c.join("Mara", token=c.server.host_token, capabilities=["queue"])
        kit = await c.join("Kit", capabilities=["queue"])
        for name, fields in (("invite", {}), ("invitations", {}), ("revoke_invitation", {"invitation": "x"})):
            assert await error_reply(kit, name, **fields, id=name) == ("forbidden", name)
        stranger = await c.connect()
        assert await error_reply(stranger, "invitations", id="s") == ("not_joined", "s")
        made = await invited(mara, role="moderator")
        ana, _ = await joining(c, nickname="Ana", invitation=made["code"], capabilities=["queue"])
        assert [it["used"] for it in (await mara.next("invitations"))["invitations"]] == [1]
        assert await error_reply(ana, "invite", role="moderator", id="m") == ("forbidden", "m")
        assert (await invited(ana))["invitation"]["creator"] == "Ana"
        assert len((await mara.next("invitations"))["invitations"]) == 2
        ana.send("revoke_invitation", invitation=made["invitation"]["id"], id="r")
        while (left := await ana.next("invitations")).get("ref") != "r":
            pass
        assert [it["creator"] for it in left["invitations"]] == ["Ana"]
        kit.send("users")
        heard = []
        while not heard or heard[-1] != "users":
            heard.append((await kit.event())["type"])
        assert "invitations" not in heard


async def test_who_tries_on_and_on_is_closed() -> None:
    async with chat() as c:
        peer = await c.connect()
        for number in range(40):
            peer.send("join", nickname="Eve", invitation=f"guess {number}")
        assert (await peer.farewell())[0] == CloseCode.RULES_BROKEN


async def test_the_role_outlives_the_visit_and_the_password_is_not_asked_for() -> None:
    async with chat() as c:
        mara = await c.join("Mara", token=c.server.host_token)
        mara.send("entry", **{"password": "open sesame"}, id="e")
        while (await mara.event()).get("ref") != "e":
            pass
        code = (await invited(mara, role="moderator"))["code"]
        _, refused = await joining(c, nickname="Ana")
        assert refused["code"] == "password_required"
        ana, welcome = await joining(c, nickname="Ana", invitation=code)
        assert welcome["type"] == "welcome"
        late, refused = await joining(c, nickname="Bo", token="new." + 32 * "b", invitation=code)
        assert refused["code"] == "bad_invitation"
        late.send("join", nickname="Bo", token="new." + 32 * "b", id="j")
        assert (await late.event())["code"] == "password_required"
        ana.send("leave")
        await ana.farewell()
        ana, again = await joining(c, nickname="Ana", token=welcome["token"])
        assert again["type"] == "welcome"
        assert (await invited(ana))["invitation"]["creator"] == "Ana"


class HeldTable(NoInvitations):
    """A table whose writes are answered when the test says so."""

    def __init__(self) -> None:
        self.replies: list[Callable[[LogError | None], None]] | None = None
        self.stored: list[Invitation] = []

    def store(self, invitation: Invitation, reply: Callable[[LogError | None], None]) -> None:
        self.stored.append(invitation)
        if self.replies is None:
            reply(None)
        else:
            self.replies.append(reply)


async def test_nobody_is_in_before_their_use_is_stored_and_none_is_spent_that_cannot_be() -> None:
    table, store = HeldTable(), MemoryStore()
    store.invitations = table
    async with chat(store=store) as c:
        mara = await c.join("Mara", token=c.server.host_token)
        code = (await invited(mara, uses=1))["code"]
        table.replies = []
        kit = await c.connect()
        kit.send("join", nickname="Kit", invitation=code, id="j")
        kit.send("message", content="hello")
        await until(lambda: bool(table.replies))
        assert [it.used for it in table.stored] == [0, 1]
        eve, refused = await joining(c, nickname="Eve", invitation=code)
        assert refused["code"] == "bad_invitation", "the last use counts from then on"
        assert "lobby" in c.server.hub.rooms
        assert "kit" not in c.server.hub.rooms["lobby"].presence.people
        table.replies.pop()(LogError(StorageProblem("full", "The disk is full.")))
        assert (await kit.event())["code"] == "storage"
        eve.send("join", nickname="Eve", invitation=code, id="j")
        await until(lambda: bool(table.replies))
        table.replies.pop()(None)
        assert (await eve.event())["type"] == "welcome"


async def test_who_goes_before_the_use_is_stored_leaves_nobody_behind_and_spends_nothing() -> None:
    table, store = HeldTable(), MemoryStore()
    store.invitations = table
    async with chat(store=store) as c:
        mara = await c.join("Mara", token=c.server.host_token)
        code = (await invited(mara, uses=1))["code"]
        table.replies = []
        kit = await c.connect()
        kit.send("join", nickname="Kit", invitation=code)
        await until(lambda: bool(table.replies))
        kit.abort()
        await until(lambda: len(c.server.connections) == 1)
        table.replies.pop()(None)
        assert "kit" not in c.server.hub.people
        table.replies = None
        assert table.stored[-1].used == 0
        assert (await joining(c, nickname="Kit", invitation=code))[1]["type"] == "welcome"
        assert table.stored[-1].used == 1


async def test_when_somebody_is_in_a_killed_server_has_their_use_their_role_and_their_pass(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store, chat(store=store) as c:
        mara = await c.join("Mara", token=c.server.host_token, client="window", capabilities=["rooms"])
        mara.send("entry", password="copper-walrus", id="set")  # noqa: S106
        await mara.next("entry")
        code = (await invited(mara, uses=3, role="guest"))["code"]
        for number, nickname in enumerate(("Ana", "Bo"), 1):
            assert (await joining(c, nickname=nickname, invitation=code))[1]["type"] == "welcome"
            with closing(sqlite3.connect(f"file:{tmp_path / 'chat.db'}?mode=ro", uri=True)) as file:
                assert file.execute("SELECT used FROM invitation").fetchall() == [(number,)]
                assert file.execute("SELECT count(*) FROM pass").fetchall() == [(number,)]
                assert file.execute("SELECT value FROM standing").fetchall() == [("guest",)] * number
