"""Ways around what keeps somebody out, or quiet: each was one."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from chatdesk.log.disk_store import open_store
from chatdesk.log.hook_file import Hook
from chatdesk.log.nameless import NICKNAME
from chatdesk.log.revoked_tokens import RevokedTokens
from chatdesk.protocol.errors import CloseCode, ProtocolError
from chatdesk.protocol.names import clean_nickname
from chatdesk.server import invited as invited_module
from chatdesk.server.auth import Role
from chatdesk.server.hooks import Hooks, Outcome
from tests.server.chat import chat, error_reply
from tests.server.commands.test_invitations import invited, joining
from tests.server.test_order import done, host, refused
from tests.server.test_private_rooms import BO
from tests.server.test_rooms import ANA, KIT
from tests.server.test_token_chat import shake_hands, token_chat
from tests.server.tokens import token
from tests.waiting import until

BOT: dict[str, Any] = {"token": KIT, "client": "bot"}


async def test_what_holds_for_a_person_holds_for_their_bots() -> None:
    """Behaviour 26 and 27: a bot has an identity of its own, but not another owner."""
    async with chat() as c:
        mara, robo = await host(c), await c.join("Robo", **BOT)
        await c.join("Kit", token=KIT)
        for peer in (mara, robo):
            peer.send("enter", room="build")
            await peer.next("history")
        await done(mara, "mute", whom="Kit", minutes=0)
        assert await refused(robo, "message", content="hi", room="lobby") == "muted"
        await done(mara, "unmute", whom="Kit")
        await done(mara, "mute", whom="Kit", minutes=0, room="build")
        assert await refused(robo, "message", content="hi", room="build") == "muted"
        await done(mara, "unmute", whom="Kit", room="build")
        await done(mara, "role", whom="Kit", role="guest")
        assert await refused(robo, "message", content="hi", room="lobby") == "forbidden"
        await done(mara, "role", whom="Kit", role="moderator")
        assert await refused(robo, "clear", room="lobby") == "forbidden", "a bot keeps no order"
        assert await refused(robo, "audit") == "forbidden"
        await done(mara, "remove", whom="Kit", minutes=5, room="build")
        assert (await robo.next("exited"))["room"] == "build"
        assert await refused(robo, "enter", room="build") == "removed"
        await done(mara, "ban", whom="Kit", minutes=0)
        assert (await robo.farewell())[0] == CloseCode.BANNED
        again = await c.connect()
        assert await error_reply(again, "join", nickname="Another", **BOT) == ("banned", "join")


async def test_a_guest_only_reads_in_private_too() -> None:
    async with chat() as c:
        mara, kit = await host(c), await c.join("Kit", token=KIT)
        await c.join("Ana", token=ANA)
        kit.send("message", content="hi", to="Ana")
        room = (await kit.next("message"))["room"]
        await done(mara, "role", whom="Kit", role="guest")
        assert await refused(kit, "message", content="hi", to="Ana") == "forbidden"
        assert await refused(kit, "message", content="hi", room=room) == "forbidden"


async def test_the_room_of_a_token_asks_for_its_password() -> None:
    async with token_chat() as c:
        mara = await c.join("Mara", token=c.server.host_token, capabilities=["rooms"])
        mara.send("create", room="build", id="made")
        await mara.next("room")
        mara.send("entry", room="build", password="copper", id="set")  # noqa: S106
        while (await mara.next("room")).get("ref") != "set":
            pass
        peer = await c.connect()
        assert await error_reply(peer, "join", nickname="Kit", token=token(rooms=["build"])) == (
            "password_required",
            "join",
        )


async def test_a_token_that_is_revoked_before_its_person_is_in_opens_nothing(tmp_path: Path) -> None:
    async with token_chat(revoked=RevokedTokens(tmp_path)) as c:
        peer = await shake_hands(c, f"Authorization: Bearer {token(jti='7')}")
        RevokedTokens(tmp_path).add("7")
        assert await error_reply(peer, "join", nickname="Kit") == ("unauthorized", "join")
        assert (await peer.farewell())[0] == CloseCode.UNAUTHORIZED


async def test_who_is_no_moderator_any_more_is_none_by_the_invitation_either() -> None:
    async with chat() as c:
        mara = await host(c)
        code = (await invited(mara, role="moderator", uses=5))["code"]
        kit, _ = await joining(c, nickname="Kit", token=KIT, invitation=code)
        await done(mara, "role", whom="Kit", role="member")
        mara.send("create", room="build", id="made")
        while (await mara.next("room")).get("ref") != "made":
            pass
        mara.send("entry", room="build", password="copper", id="set")  # noqa: S106
        while (await mara.next("room")).get("ref") != "set":
            pass
        kit.send("leave")
        await kit.farewell()
        _, answer = await joining(c, nickname="Kit", token=KIT, invitation=code, room="build")
        assert answer["code"] == "password_required"
        _, answer = await joining(c, nickname="Robo", **BOT, invitation=code)
        assert answer["type"] == "welcome"
        assert c.server.hub.people["robo"].role is Role.MEMBER, "a bot keeps no order, however it comes"


async def test_the_ban_of_an_address_never_holds_a_proxy() -> None:
    async with chat() as c:
        mara, kit, ana = await host(c), await c.join("Kit", token=KIT), await c.join("Ana", token=ANA)
        for session in c.server.hub.all_sessions():
            if session.person and session.person.nickname != "Mara":
                session.connection.network = ""
        await done(mara, "ban", whom="Kit", address=True)
        assert (await kit.farewell())[0] == CloseCode.BANNED
        await ana.ping()


async def test_who_is_muted_floods_nobody_with_refusals() -> None:
    async with chat() as c:
        mara, kit = await host(c), await c.join("Kit", token=KIT)
        await done(mara, "mute", whom="Kit", minutes=0)
        for _ in range(200):
            kit.send("message", content="hi")
        assert (await kit.farewell())[0] == CloseCode.RULES_BROKEN


async def test_a_password_is_not_set_by_somebody_who_has_lost_the_right_meanwhile() -> None:
    async with chat() as c:
        mara, bo = await host(c), await c.join("Bo", token=BO)
        await done(mara, "role", whom="Bo", role="moderator")
        bo.send("entry", password="copper", id="set")  # noqa: S106
        await until(lambda: any(s.awaiting_log for s in c.server.hub.all_sessions()))
        await done(mara, "role", whom="Bo", role="member")
        assert (await bo.next("error"))["code"] == "forbidden"
        assert not c.server.hub.directory.chat.password


async def test_a_token_that_never_ends_is_none() -> None:
    async with token_chat() as c:
        peer = await c.connect()
        assert (await error_reply(peer, "join", nickname="Kit", token=token(exp=10**400)))[0] == "unauthorized"
        assert (await c.ask(c.upgrade(f"Authorization: Bearer {token(exp=10**400)}"))).status == 401


async def test_the_name_of_a_hook_is_kept_quiet_in_its_room() -> None:
    async with chat() as c:
        mara, outcomes = await host(c), list[Outcome]()
        hooks, hook = Hooks(c.server.hub, c.server.dispatcher.say), Hook("CI", "lobby", "", 0)

        async def codes(**command: Any) -> list[str | None]:
            """What becomes of a post under the name, and of one of the hook itself, after the command."""
            await done(mara, **command)
            outcomes.clear()
            for name in ("Night", ""):
                hooks.post(hook, name, "built", outcomes.append)
            await until(lambda: len(outcomes) == 2)
            return [getattr(outcome, "code", None) for outcome in outcomes]

        hooks.post(hook, "Night", "built", outcomes.append)
        who = {"whom": "Night", "room": "lobby"}
        assert await codes(name="mute", **who) == ["muted", None]
        await done(mara, "unmute", **who)
        assert await codes(name="role", role="guest", **who) == ["forbidden", None]
        assert await codes(name="role", role="member", **who) == [None, None]
        assert await codes(name="remove", minutes=5, **who) == ["removed", None]


async def test_a_bot_does_not_write_in_the_pauses_of_its_owner() -> None:
    async with chat() as c:
        mara = await host(c)
        kit, robo = await c.join("Kit", token=KIT), await c.join("Robo", **BOT)
        mara.send("pace", slow=60, id="p")
        await until(lambda: c.server.hub.rooms["lobby"].settings.slow == 60)
        kit.send("message", content="one")
        await kit.next("message")
        assert await refused(robo, "message", content="two") == "slow_mode"


async def test_an_invitation_does_not_keep_the_host_from_banning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invited_module, "_MOST_STANDINGS", 2)
    async with chat() as c:
        mara = await host(c)
        code = (await invited(mara, role="guest", uses=0))["code"]
        for number in range(2):
            assert (await joining(c, nickname=f"Kit {number}", invitation=code))[1]["type"] == "welcome"
        _, answer = await joining(c, nickname="Kit 2", invitation=code)
        assert answer["code"] == "too_many_invitations"
        assert len(c.server.hub.people) == 3
        await done(mara, "ban", whom="Kit 0")


@pytest.mark.parametrize("name", [NICKNAME, "without  a Name", "Without\u00a0a name"])
def test_nobody_passes_for_a_question_without_a_name(name: str) -> None:
    with pytest.raises(ProtocolError):
        clean_nickname(name)


@pytest.mark.parametrize("room", ["lobby", None])
async def test_two_changes_at_once_take_nothing_from_each_other(room: str | None, tmp_path: Path) -> None:
    """Such as a password, by somebody who changes something else while it is being stored."""
    async with open_store(tmp_path) as store, chat(store=store) as c:
        await host(c)
        directory, answers = c.server.hub.directory, list[object]()
        change = directory.change_chat if room is None else partial(directory.change, room)
        before = directory.chat if room is None else directory.settings(room)
        change(before._replace(password="hash"), answers.append)  # noqa: S106
        change(before._replace(locked=True), answers.append)
        await until(lambda: len(answers) == 2)
        after = directory.chat if room is None else directory.settings(room)
        assert (answers, after.password, after.locked) == ([None, None], "hash", True)
        change(after._replace(password=""), answers.append)
        await until(lambda: len(answers) == 3)
        assert not (directory.chat if room is None else directory.settings(room)).password
