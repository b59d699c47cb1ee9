"""Invitations over the wire: who makes them, what they fix, and how somebody with wscat comes by one."""

from chatdesk.protocol.errors import CloseCode
from tests.server.chat import Chat, Peer, chat, error_reply
from tests.server.wire import Event


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
