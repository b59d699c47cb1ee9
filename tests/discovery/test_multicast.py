"""Multicast runs in every network, and leaves nothing open when it stops."""

import asyncio
import gc
import warnings
from collections.abc import Iterator

import pytest
from zeroconf.asyncio import AsyncZeroconf

from chatdesk.discovery.advert import SERVICE
from chatdesk.discovery.multicast import InterfaceBinding, Multicast
from chatdesk.discovery.name_registration import register
from chatdesk.discovery.record_ttl import service_info
from tests.netns import Networks, inside


@pytest.fixture
def networks() -> Iterator[Networks]:
    with Networks() as made:
        yield made


async def forever(_binding: InterfaceBinding, _zeroconf: AsyncZeroconf) -> None:
    await asyncio.Event().wait()


@pytest.fixture
def nothing_left_open(networks: Networks) -> Iterator[None]:
    """A computer in one network, where no socket may be left open at the end."""
    machine = networks.machine()
    machine.plug(networks.lan(), "10.77.1.2/24")
    with inside(machine), warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always", ResourceWarning)
        yield
        gc.collect()
    assert not [str(warning.message) for warning in seen]


async def test_a_stop_during_the_start_leaves_no_socket_open(nothing_left_open: None) -> None:
    """Zeroconf takes about a millisecond to start; the stop comes at several moments before and after."""
    for halves in range(5):
        running = asyncio.create_task(Multicast(forever, lambda *_: None).run())
        await asyncio.sleep(halves / 2000)
        running.cancel()
        await asyncio.wait([running])


async def test_a_second_stop_during_the_first_leaves_no_socket_open(nothing_left_open: None) -> None:
    for turns in range(6):
        running = asyncio.create_task(Multicast(forever, lambda *_: None).run())
        await asyncio.sleep(0)
        running.cancel()
        for _ in range(turns):
            await asyncio.sleep(0)
        running.cancel()
        await asyncio.wait([running])
        assert running.cancelled()


async def test_a_second_stop_during_the_goodbye_leaves_no_socket_open(nothing_left_open: None) -> None:
    announced = asyncio.Event()

    async def announce(binding: InterfaceBinding, zeroconf: AsyncZeroconf) -> None:
        await register(zeroconf, service_info(SERVICE, f"Deck.{SERVICE}", 8080, {}, "deck.local.", [binding.address]))
        announced.set()
        await asyncio.Event().wait()

    running = asyncio.create_task(Multicast(announce, lambda *_: None).run())
    await asyncio.wait_for(announced.wait(), 20)
    running.cancel()
    await asyncio.sleep(0.05)  # the goodbye is sent three times within a quarter of a second
    running.cancel()
    await asyncio.wait([running])
    assert running.cancelled()
