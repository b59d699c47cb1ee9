"""A change of the networks is noticed, and nothing else."""

import asyncio

import pytest

from chatdesk.discovery import network_watch
from chatdesk.discovery.network_watch import NetworkWatch
from chatdesk.discovery.networks import Network, NetworkKind
from tests.netns import Networks, inside
from tests.waiting import until


async def test_the_networks_are_reported_at_first_and_when_they_change() -> None:
    seen: list[list[Network]] = []

    def interfaces() -> list[list[str]]:
        return [[network.interface for network in networks] for networks in seen]

    with Networks() as made:
        machine, lan, wifi = made.machine(), made.lan(), made.lan()
        with inside(machine):
            watching = asyncio.create_task(NetworkWatch(seen.append).run())
            await until(lambda: interfaces() == [[]])
            machine.plug(wifi, "10.77.1.2/24", name="wlan0")
            await until(lambda: interfaces()[1:] == [["wlan0"]])
            machine.plug(lan, "10.77.2.2/24", name="eth0")
            await until(lambda: interfaces()[2:] == [["eth0", "wlan0"]])
            machine.route("add", "default", "via", "10.77.1.1")
            await until(lambda: interfaces()[3:] == [["wlan0", "eth0"]])
            machine.unplug(wifi)
            await until(lambda: interfaces()[4:] == [["eth0"]])
            machine.add_address("eth0", "fd77::2/64")
            await until(lambda: len(seen) == 6 and seen[5][0].addresses == ("10.77.2.2", "fd77::2"))
            watching.cancel()
        await asyncio.wait([watching])
    assert len(seen) == 6


async def test_networks_that_cannot_be_read_are_not_taken_to_be_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there, then = (
        [Network("eth0", NetworkKind.ETHERNET, "", (address,), (24,))] for address in ("10.77.2.2", "10.77.2.3")
    )
    answers = iter([there, None, None, there])
    seen: list[list[Network]] = []

    def own_networks() -> list[Network]:
        if (answer := next(answers, then)) is None:
            raise OSError("Too many open files")
        return answer

    monkeypatch.setattr(network_watch, "own_networks", own_networks)
    monkeypatch.setattr(network_watch, "_LOOK_SECONDS", 0.01)
    watching = asyncio.create_task(NetworkWatch(seen.append).run())
    await until(lambda: seen[-1:] == [then])
    watching.cancel()
    assert seen == [there, then]
    await asyncio.wait([watching])
