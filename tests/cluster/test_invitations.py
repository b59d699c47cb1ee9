"""Over two real nodes and a real Redis: an invitation is made at one, used at any, and each use counts once."""

from collections.abc import Callable
from typing import Any

import pytest

from chatdesk.cluster import linked_order
from tests.cluster.in_process import meet, names
from tests.cluster.redis_server import RedisServer
from tests.server.chat import Chat, Peer
from tests.server.test_waiting_room import ANA, BO, KIT
from tests.server.wire import Event
from tests.waiting import until


async def invited(host: Peer, **fields: Any) -> tuple[str, str]:
    """The code and the id of a new invitation."""
    host.send("invite", **fields)
    event = await host.next("invited")
    return event["code"], event["invitation"]["id"]


async def come(chat: Chat, nickname: str, code: str) -> tuple[Peer, str]:
    """Somebody who comes by an invitation, and what they are told: ``welcome``, or why not."""
    peer = await chat.connect()
    peer.send("join", nickname=nickname, invitation=code)
    event = await peer.event()
    return peer, answer(event)


def answer(event: Event) -> str:
    """The code of an error, or the type of any other event."""
    return str(event.get("code", event["type"]))


async def test_an_invitation_is_used_at_any_node_counted_once_and_revoked_everywhere(nodes: tuple[Chat, Chat]) -> None:
    first, second = nodes
    mara = await first.join("Mara", token=first.server.host_token, capabilities=["queue"])
    code, id_ = await invited(mara, uses=3, role="moderator")
    await until(lambda: len(second.server.hub.invitations.listed()) == 1)
    assert (await come(second, "Ana", code))[1] == "welcome"
    await until(lambda: names(first) == ["Mara", "Ana"])
    assert first.server.hub.people["ana"].role.name == "MODERATOR"
    assert [it.used for it in first.server.hub.invitations.listed()] == [1]

    racing = [await chat.connect() for chat in (first, second, first, second)]
    for number, peer in enumerate(racing):
        peer.send("join", nickname=f"Racer {number}", invitation=code)
    answers = [answer(await peer.event()) for peer in racing]
    assert sorted(answers) == [*["bad_invitation"] * 2, *["welcome"] * 2]
    hubs = [chat.server.hub for chat in nodes]
    await until(lambda: [[it.used for it in hub.invitations.listed()] for hub in hubs] == [[3], [3]])
    await until(lambda: [len(hub.standings) for hub in hubs] == [3, 3])
    for chat in nodes:
        assert (await come(chat, "Late", code))[1] == "bad_invitation"

    code, id_ = await invited(mara, uses=0)
    await until(lambda: len(second.server.hub.invitations.listed()) == 2)
    mara.send("revoke_invitation", invitation=id_)
    await until(lambda: len(second.server.hub.invitations.listed()) == 1)
    assert (await come(second, "Eve", code))[1] == "bad_invitation"


async def test_who_did_not_come_by_an_invitation_has_neither_a_pass_nor_a_role_at_any_node(
    node: Callable[..., Any], redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Since others were quicker, since it could not be ordered, or since they had left before it was."""
    monkeypatch.setattr(linked_order, "_PATIENCE_SECONDS", 0.3)
    async with node("a") as first, node("b") as second:
        await meet(first, second)
        hubs = [chat.server.hub for chat in (first, second)]
        mara = await first.join("Mara", token=first.server.host_token, client="window", capabilities=["rooms", "queue"])
        mara.send("entry", password="copper-walrus")  # noqa: S106
        code, _id = await invited(mara, uses=1, role="moderator")
        await until(lambda: second.server.hub.directory.chat.password and second.server.hub.invitations.listed())

        async def passes_settle(count: int) -> None:
            await until(lambda: [len(hub.passes._identities[""]) for hub in hubs] == [count, count])
            await until(lambda: [len(hub.standings) for hub in hubs] == [count, count])

        gone = await first.connect()
        redis.command("CLIENT", "PAUSE", "400", "WRITE")
        gone.send("join", nickname="Kit", token=KIT, invitation=code)
        await until(lambda: hubs[0].people.get("kit"))
        gone.abort()
        await until(lambda: "kit" not in hubs[0].people)
        await until(lambda: [[it.used for it in hub.invitations.listed()] for hub in hubs] == [[0], [0]])
        await passes_settle(0)

        racing = [await first.connect(), await second.connect()]
        for peer, token in zip(racing, (ANA, BO), strict=True):
            peer.send("join", nickname=token[-4:], token=token, invitation=code)
        assert sorted([answer(await peer.event()) for peer in racing]) == ["bad_invitation", "welcome"]
        await passes_settle(1)

        code, _id = await invited(mara, uses=1, role="moderator")
        redis.command("ACL", "SETUSER", "default", "-xadd")
        try:
            late = await first.connect()
            late.send("join", nickname="Kit", token=KIT, invitation=code)
            assert answer(await late.next("error")) == "storage"
        finally:
            redis.command("ACL", "SETUSER", "default", "+xadd")
        await mara.next("storage")
        await until(lambda: not first.server.store.problem)
        mara.send("invite", uses=1)
        await until(lambda: len(second.server.hub.invitations.listed()) == 3)
        await passes_settle(1)
