"""Over two real nodes and a real Redis: what host and moderators do on one node holds on all."""

from collections.abc import Callable
from typing import Any

from tests.cluster.in_process import names, shown
from tests.cluster.redis_server import RedisServer
from tests.server.chat import Chat
from tests.server.test_rooms import KIT
from tests.server.tokens import sign_in, token
from tests.waiting import until

NEAR = "127.0.0.9"
"""Where nobody is who keeps order."""


async def test_somebody_is_muted_renamed_removed_and_banned_wherever_they_are(nodes: tuple[Chat, Chat]) -> None:
    first, second = nodes
    mara = await first.join("Mara", token=first.server.host_token, capabilities=["order"])
    kit = await second.join("Kit", token=KIT, capabilities=["order"])
    await until(lambda: names(first) == names(second) == ["Mara", "Kit"])

    mara.send("mute", whom="Kit", reason="too loud")
    told = await kit.next("standing")
    assert (told["muted"], told["reason"]) == (True, "too loud")
    kit.send("message", content="hello?")
    assert (await kit.next("error"))["code"] == "muted"
    await until(lambda: first.server.hub.people["kit"].muted)
    assert (await shown(mara))["Kit"]["muted"]
    mara.send("unmute", whom="Kit")
    assert not (await kit.next("standing")).get("muted")

    mara.send("rename", whom="Kit", nickname="Kim")
    await until(lambda: names(first) == names(second) == ["Mara", "Kim"])
    mara.send("remove", whom="Kim", reason="a break", minutes=0)
    assert "a break" in (await kit.next("error"))["content"]
    assert (await kit.farewell())[0] == 4503
    await until(lambda: names(first) == ["Mara"])
    kit, near = await second.join("Kim", token=KIT), await second.join("Near", address=NEAR)
    far = await first.join("Far", address=NEAR)
    await until(lambda: names(first) == ["Mara", "Far", "Kim", "Near"])

    mara.send("ban", whom="Kim", minutes=0, address=True)
    assert "ban the person alone" in (await mara.next("error"))["content"]
    mara.send("neighbours", whom="Near")
    told = await mara.next("neighbours")
    assert (told["address"], told["names"]) == (NEAR, ["Far"])
    mara.send("ban", whom="Near", minutes=0, address=True)
    for peer in (near, far):
        assert (await peer.next("error"))["code"] == "banned"
    other = await first.connect(address=NEAR)
    other.send("join", nickname="Other")
    assert (await other.next("error"))["code"] == "banned"
    mara.send("ban", whom="Kim", minutes=0)
    assert (await kit.next("error"))["code"] == "banned"
    for chat in nodes:
        kit = await chat.connect()
        kit.send("join", nickname="Kim", token=KIT)
        assert (await kit.next("error"))["code"] == "banned"
    other = await second.join("Mara", token=second.server.host_token, capabilities=["order"])
    other.send("audit")
    assert [entry["act"] for entry in (await other.next("audit"))["entries"]] == [
        *("ban", "ban", "remove", "rename", "unmute", "mute")
    ]
    other.send("unban", whom="Kim")
    await until(lambda: len(first.server.hub.standings) == 1)
    await first.join("Kim", token=KIT)


async def test_a_moderator_keeps_order_on_another_node(nodes: tuple[Chat, Chat]) -> None:
    first, second = nodes
    mara = await first.join("Mara", token=first.server.host_token)
    kit = await second.join("Kit", token=KIT, capabilities=["order"])
    bo = await first.join("Bo")
    await until(lambda: names(first) == names(second) == ["Mara", "Bo", "Kit"])
    mara.send("role", whom="Kit", role="moderator")
    await kit.next("standing")
    kit.send("mute", whom="Mara")
    assert (await kit.next("error"))["code"] == "forbidden"
    kit.send("remove", whom="Bo", room="lobby", minutes=5)
    assert (await bo.next("error"))["code"] == "removed"
    await until(lambda: names(second) == ["Mara", "Kit"])
    again = await second.connect()
    again.send("join", nickname="Bo 2")
    assert (await again.next("welcome"))["nickname"] == "Bo 2"


async def test_what_somebody_is_in_one_room_is_shown_at_once_on_all_nodes(nodes: tuple[Chat, Chat]) -> None:
    first, second = nodes
    mara = await first.join("Mara", token=first.server.host_token, capabilities=["presence"])
    await second.join("Kit", token=KIT)
    await until(lambda: names(first) == names(second) == ["Mara", "Kit"])
    for act, fields, told in (("role", {"role": "moderator"}, ("role", "moderator")), ("mute", {}, ("muted", True))):
        mara.send(act, whom="Kit", room="lobby", **fields)
        while not any(told in user.items() for user in (await mara.next("presence")).get("changed", [])):
            pass


async def test_a_host_of_another_node_is_one_here(node: Callable[..., Any]) -> None:
    """Who is host is told by their token, which only their own node has seen."""
    settings = {"tokens": sign_in(required=False), "private_messages": "moderators"}
    async with node("a", **settings) as first, node("b", **settings) as second:
        mara = await first.join("Mara", token=token(sub="mara", role="host"))
        moderator = await second.join("Ana", token=token(sub="ana", role="moderator"), capabilities=["order"])
        kit = await second.join("Kit", token=KIT)
        await until(lambda: names(first) == names(second) == ["Mara", "Ana", "Kit"])
        for act in ("mute", "remove", "ban"):
            moderator.send(act, whom="Mara")
            assert (await moderator.next("error"))["code"] == "forbidden"
        kit.send("message", to="Mara", content="May I?")
        assert (await mara.next("message"))["content"] == "May I?"


async def test_what_two_nodes_do_at_once_comes_to_the_same_on_both(
    nodes: tuple[Chat, Chat], redis: RedisServer
) -> None:
    """Each has done something that is not ordered yet when it follows what the other has done."""
    first, second = nodes
    here = await first.join("Mara", token=first.server.host_token, capabilities=["order", "queue"])
    there = await second.join("Mara", token=second.server.host_token, capabilities=["order"])
    await second.join("Kit", token=KIT)
    await until(lambda: names(first) == names(second) == ["Mara", "Kit"])
    here.send("invite", uses=5)
    invited = await here.next("invited")
    hubs = [chat.server.hub for chat in nodes]
    await until(lambda: len(hubs[1].invitations.listed()) == 1)
    place = first.server.store.place  # type: ignore[attr-defined]
    with redis.held():
        here.send("mute", whom="Kit", reason="here")
        there.send("mute", whom="Kit", reason="there")
        here.send("revoke_invitation", invitation=invited["invitation"]["id"])
        late = await second.connect()
        late.send("join", nickname="Late", invitation=invited["code"])
        await until(lambda: [len(hub.standings) for hub in hubs] == [1, 1])
    await until(lambda: [chat.server.store.place >= place + 4 for chat in nodes] == [True, True])  # type: ignore[attr-defined]
    reasons = [[standing.reason for standing in hub.standings] for hub in hubs]
    assert reasons[0] == reasons[1]
    assert [hub.invitations.listed() for hub in hubs] == [[], []]
