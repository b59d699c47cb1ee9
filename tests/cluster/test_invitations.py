"""Over two real nodes and a real Redis: an invitation is made at one, used at any, and each use counts once."""

from typing import Any

from tests.cluster.in_process import names
from tests.server.chat import Chat, Peer
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
