"""Over two real nodes and a real Redis: a person on both has the pace of one."""

from collections.abc import Callable
from typing import Any

from tests.cluster.in_process import names
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
    mara.send("pace", slow=30)
    await until(lambda: second.server.hub.rooms["lobby"].settings.slow == 30)
    here.send("message", content="one")
    await there.next("message")
    code, seconds = await refused(there, "two")
    assert (code, 25 < seconds <= 30) == ("slow_mode", True)
    assert (await refused(here, "two"))[0] == "slow_mode"
    async with node("c") as third:  # follows it a while later
        later = await third.join("Kit", token=KIT)
        code, seconds = await refused(later, "three")
        assert (code, 20 < seconds < 30) == ("slow_mode", True)


async def test_what_is_said_and_changed_on_one_node_is_spent_on_the_other(nodes: tuple[Chat, Chat]) -> None:
    first, second = nodes
    here, there = await first.join("Kit", token=KIT), await second.join("Kit", token=KIT)
    for number in range(10):
        here.send("message", content=f"{number}")
        await there.next("message")
    code, seconds = await refused(there, "more")
    assert (code, seconds < 0.5) == ("rate_limited", True)
    for number in range(10):
        here.send("react", seq=1, emoji="👍", active=number % 2 == 0)
        await there.next("updated")
    there.send("react", seq=2, emoji="👍")
    while (event := await there.event())["type"] not in ("error", "updated"):
        pass
    assert event.get("code") == "rate_limited"
    other = await second.join("Ben")
    other.send("message", content="hello")
    await other.next("message")
