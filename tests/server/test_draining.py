"""A server that ends sends its people to others: nobody new comes, and those who are there go one after the other."""

import asyncio
import json

import pytest

from chatdesk.server.draining import NOTICE_SHARE
from tests.server.chat import Chat, Peer, chat

pytestmark = [pytest.mark.asyncio(loop_factories=["uvloop"])]


async def test_everybody_is_sent_on_within_the_time_and_not_all_at_once() -> None:
    loop = asyncio.get_running_loop()

    async def end_of(peer: Peer) -> tuple[int, float]:
        return (await peer.farewell())[0], loop.time()

    done = asyncio.Event()
    async with chat(drain=1.0) as c:
        peers = [await c.join(f"Person {number}") for number in range(12)]
        began = loop.time()
        c.server.drain(done.set)
        await asyncio.sleep(0)
        assert await readiness(c) == (503, "closing")
        assert (await c.ask(c.head("GET", "/health"))).status == 200, "it is alive, and must not be killed"
        peers.append(await c.join("Late"))
        ends = await asyncio.gather(*map(end_of, peers))
        assert (await c.ask(c.upgrade())).status == 503
        await asyncio.wait_for(done.wait(), 15)
    assert {code for code, _ in ends} == {1012}
    moments = sorted(moment - began for _, moment in ends)
    assert moments[0] >= NOTICE_SHARE * 1.0
    assert moments[-1] - moments[0] > 0.3


async def test_who_wants_the_end_twice_gets_it_at_once() -> None:
    done = asyncio.Event()
    async with chat(drain=60.0) as c:
        kit = await c.join("Kit")
        c.server.drain(done.set)
        assert not done.is_set()
        c.server.drain(done.set)
        assert done.is_set()
        await c.server.__aexit__(None, None, None)
        assert (await kit.farewell())[0] == 1001


async def readiness(c: Chat) -> tuple[int, str]:
    reply = await c.ask(c.head("GET", "/ready"))
    return reply.status, json.loads(reply.body)["status"]
