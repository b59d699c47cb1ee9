"""Over two real nodes and a real Redis: a person on both has the pace of one."""

from collections.abc import Callable
from typing import Any

from tests.cluster.in_process import meet, names
from tests.server.chat import Chat, Peer
from tests.server.test_rooms import KIT
from tests.waiting import until


async def refused(peer: Peer, content: str) -> tuple[str, float]:
    """The code with which this is refused, and for how many seconds."""
    peer.send("message", content=content, id=content)
    error = await peer.next("error")
    return error["code"], error["retry_after"]


async def told(peer: Peer, *kinds: str) -> list[dict[str, Any]]:
    """The next events of these kinds, one for each, in the order of the kinds."""
    events: list[dict[str, Any]] = []
    while len(events) < len(kinds):
        event = await peer.event()
        if event["type"] in kinds:
            events.append(event)
    return sorted(events, key=lambda event: kinds.index(event["type"]))


async def test_what_was_changed_is_said_in_words_on_all_nodes(nodes: tuple[Chat, Chat]) -> None:
    first, second = nodes
    mara = await first.join("Mara", token=first.server.host_token, capabilities=["rooms"])
    own = await second.join("Mara", token=second.server.host_token, capabilities=["rooms"])
    kit = await second.join("Kit", token=KIT)
    await until(lambda: names(first) == names(second) == ["Mara", "Kit"])
    mara.send("pace", slow=30)
    mara.send("entry", room="lobby", locked=True)
    mara.send("pace", slow=0)
    said = [[event["content"] for event in await told(peer, *["system"] * 3)] for peer in (mara, own, kit)]
    assert said[0] == said[1] == said[2]
    assert ["30 seconds" in said[0][0], "is locked now" in said[0][1]] == [True, True]
    for locked in (True, False):  # the whole chat
        mara.send("entry", locked=locked)
        for peer in (mara, own):
            change, entry = await told(peer, "system", "entry")
            assert entry["asks"] == ["locked"] * locked
            assert change["content"].startswith("The chat is " + ("locked" if locked else "open"))


async def test_who_has_spoken_on_one_node_waits_on_the_other(
    nodes: tuple[Chat, Chat], node: Callable[..., Any]
) -> None:
    first, second = nodes
    mara = await first.join("Mara", token=first.server.host_token)
    here, there = await first.join("Kit", token=KIT), await second.join("Kit", token=KIT)
    await until(lambda: names(first) == names(second) == ["Mara", "Kit"])
    mara.send("pace", slow=300)
    await until(lambda: second.server.hub.rooms["lobby"].settings.slow == 300)
    here.send("message", content="one")
    await there.next("message")
    code, seconds = await refused(there, "two")
    assert (code, 250 < seconds <= 300) == ("slow_mode", True)
    assert (await refused(here, "two"))[0] == "slow_mode"
    async with node("c") as third:  # follows it a while later
        later = await third.join("Kit", token=KIT)
        code, seconds = await refused(later, "three")
        assert (code, 200 < seconds < 300) == ("slow_mode", True)


async def test_what_is_said_and_changed_on_one_node_is_spent_on_the_other(node: Callable[..., Any]) -> None:
    async with node("a", message_rate=0.01) as first, node("b", message_rate=0.01) as second:
        await meet(first, second)
        here, there = await first.join("Kit", token=KIT), await second.join("Kit", token=KIT)
        here.send("message", content="one")
        await there.next("message")
        code, seconds = await refused(there, "two")
        assert (code, seconds > 50) == ("rate_limited", True)
        here.send("react", seq=1, emoji="👍")
        await there.next("updated")
        there.send("react", seq=1, emoji="👎")
        assert (await there.next("error"))["code"] == "rate_limited"
        other = await second.join("Ben")
        other.send("message", content="hello")
        await other.next("message")
