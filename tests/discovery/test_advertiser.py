"""A host is known in each of its networks, under its own name and with the addresses that are valid there."""

import asyncio
import http.client
import json
import socket
from collections.abc import Iterator

import pytest
from websockets.asyncio.client import connect

from chatdesk.app import host_beside_window
from chatdesk.config import ServerConfig
from chatdesk.discovery import advertiser
from tests.discovery.chat_programs import finding_chats, run, serve, start
from tests.discovery.mdns_query import AAAA, A, resolve
from tests.netns import Machine, Networks, inside
from tests.waiting import until


@pytest.fixture
def networks() -> Iterator[Networks]:
    with Networks() as made:
        yield made


async def leads(machine: Machine, name: str, address: str, kind: int = A) -> None:
    """Wait until a name leads to this address alone, on a machine."""
    seen: list[set[str]] = []

    def there() -> bool:
        seen.append(resolve(machine, name, kind))
        return seen[-1] == {address}

    try:
        await until(there, 15)
    except AssertionError:
        raise AssertionError(f"{name} leads to {seen}") from None


def page(machine: Machine, address: str, host: str) -> int:
    """The status that a browser on a machine gets at an address, under this name."""
    with inside(machine):
        connection = http.client.HTTPConnection(address, 8080, timeout=15)
        connection.request("GET", "/", headers={"Host": host})
        status = connection.getresponse().status
        connection.close()
        return status


async def test_its_name_leads_to_it_on_each_network_by_the_address_that_is_good_there(networks: Networks) -> None:
    left, right, host = networks.lan(), networks.lan(), networks.machine()
    host.plug(left, "10.77.1.2/24", "fd77::2/64")
    host.plug(right, "10.77.2.2/24")
    serve(host, "Robotics Workshop")
    for lan, number in ((left, 1), (right, 2)):
        guest = networks.machine()
        guest.plug(lan, f"10.77.{number}.3/24")
        await leads(guest, "robotics-workshop.local", f"10.77.{number}.2")
        assert page(guest, f"10.77.{number}.2", "robotics-workshop.local:8080") == 200
        assert page(guest, f"10.77.{number}.2", "robotics.local:8080") == 403


async def test_its_name_leads_to_the_addresses_of_both_families(networks: Networks) -> None:
    lan, host, guest = networks.lan(), networks.machine(), networks.machine()
    host.plug(lan, "fd77::2/64", "10.77.1.2/24")
    guest.plug(lan, "fd77::3/64", "10.77.1.3/24")
    serve(host, "Robotics")
    await leads(guest, "robotics.local", "fd77::2", AAAA)
    await leads(guest, "robotics.local", "10.77.1.2", A)
    assert page(guest, "fd77::2", "robotics.local:8080") == page(guest, "10.77.1.2", "robotics.local:8080") == 200


async def test_bound_to_one_address_its_name_leads_to_that_alone(networks: Networks) -> None:
    lan, host, guest = networks.lan(), networks.machine(), networks.machine()
    host.plug(lan, "fd77::2/64", "10.77.1.2/24")
    guest.plug(lan, "fd77::3/64", "10.77.1.3/24")
    serve(host, "Robotics", "--bind", "fd77::2")
    await leads(guest, "robotics.local", "fd77::2", AAAA)
    assert resolve(guest, "robotics.local", A) == set(), "it does not listen there"


def test_the_list_of_addresses_is_never_cut_within_one() -> None:
    """A part of one would be another machine's."""
    addresses = [f"10.77.1.{number}" for number in range(100, 130)]
    told = advertiser._join_fitting(addresses)
    assert 220 < len(told) <= 240
    assert told.split(",") == addresses[: told.count(",") + 1]
    assert advertiser._join_fitting(addresses[:3]) == ",".join(addresses[:3])


async def test_the_second_chat_takes_another_name(networks: Networks) -> None:
    lan, first, second, guest = networks.lan(), networks.machine(), networks.machine(), networks.machine()
    for machine, number in ((first, 4), (second, 9), (guest, 3)):
        machine.plug(lan, f"10.77.1.{number}/24")
    serve(first, "Robotics")
    await leads(guest, "robotics.local", "10.77.1.4")
    serve(second, "Robotics")
    await leads(guest, "robotics-2.local", "10.77.1.9")
    await leads(guest, "robotics.local", "10.77.1.4")
    assert page(guest, "10.77.1.9", "robotics-2.local:8080") == 200


async def test_of_two_hosts_that_start_together_each_has_a_name_in_the_end(networks: Networks) -> None:
    lan, guest = networks.lan(), networks.machine()
    guest.plug(lan, "10.77.1.3/24")
    for number in (4, 9):
        host = networks.machine()
        host.plug(lan, f"10.77.1.{number}/24")
        start(host, "Robotics")

    def names() -> list[set[str]]:
        return [resolve(guest, name) for name in ("robotics.local", "robotics-2.local")]

    await until(lambda: sorted(map(sorted, names())) == [["10.77.1.4"], ["10.77.1.9"]], 15)


@pytest.mark.asyncio(loop_factories=["uvloop", "qt"])
async def test_beside_a_window_it_is_found_with_what_it_is_now_and_goes_by_its_name(
    networks: Networks, qapp: object
) -> None:
    lan, host, guest = networks.lan(), networks.machine(), networks.machine()
    host.plug(lan, "10.77.1.2/24")
    guest.plug(lan, "10.77.1.3/24")
    with inside(host):
        async with host_beside_window(ServerConfig(name="Robotics", port=0, in_memory=True)) as hosted:
            assert hosted.local_name() == "robotics.local"
            async with connect(hosted.socket_url, proxy=None) as mara:
                await mara.send(json.dumps({"type": "join", "nickname": "Mara", "token": hosted.token}))
                told = await asyncio.to_thread(run, guest, "hosts", "--seconds", "1.5", "--json")
    (found,) = json.loads(told.stdout)
    assert (found["name"], found["host"], found["people"]) == ("Robotics", "Mara", 1)
    assert found["addresses"] == [f"10.77.1.2:{hosted.port}"]


async def test_a_program_that_holds_the_port_only_delays_the_announcement(networks: Networks) -> None:
    lan, host, guest = networks.lan(), networks.machine(), networks.machine()
    host.plug(lan, "10.77.1.2/24")
    guest.plug(lan, "10.77.1.3/24")
    with inside(host):
        greedy = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        greedy.bind(("", 5353))
    with greedy:
        serve(host, "Robotics")
        serve(guest, "Other")
        async with finding_chats(guest) as finder:
            await finder.finds("Other")
            greedy.close()
            await finder.finds("Other", "Robotics")
