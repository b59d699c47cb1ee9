"""Multicast runs in every network, and leaves nothing open when it stops."""

import asyncio
import gc
import warnings
from collections.abc import Iterator

import pytest
from zeroconf.asyncio import AsyncZeroconf

from chatdesk.discovery.multicast import InterfaceBinding, Multicast
from tests.netns import Networks, inside


@pytest.fixture
def networks() -> Iterator[Networks]:
    with Networks() as made:
        yield made


async def forever(_binding: InterfaceBinding, _zeroconf: AsyncZeroconf) -> None:
    await asyncio.Event().wait()


async def test_a_stop_during_the_start_leaves_no_socket_open(networks: Networks) -> None:
    """Zeroconf takes about a millisecond to start; the stop comes at several moments before and after."""
    machine = networks.machine()
    machine.plug(networks.lan(), "10.77.1.2/24")
    with inside(machine), warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always", ResourceWarning)
        for halves in range(5):
            running = asyncio.create_task(Multicast(forever, lambda *_: None).run())
            await asyncio.sleep(halves / 2000)
            running.cancel()
            await asyncio.wait([running])
        gc.collect()
    assert not [str(warning.message) for warning in seen]
