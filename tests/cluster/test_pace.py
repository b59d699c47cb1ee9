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
