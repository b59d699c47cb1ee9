"""Chats of others are found as they start, and are gone as they end, in the networks of a machine."""

import asyncio
import ipaddress
import signal
import socket
import struct
from collections.abc import Iterator

import pytest

from chatdesk.discovery.chat_browser import ChatBrowser
from chatdesk.discovery.multicast import InterfaceBinding
from chatdesk.discovery.networks import own_networks
from chatdesk.discovery.packets import Announcement
from chatdesk.discovery.relayed_adverts import RelayedAdvert
from tests.discovery.chat_programs import finding_chats, serve
from tests.netns import Networks, inside

LOOPS = pytest.mark.asyncio(loop_factories=["uvloop", "qt"])


@pytest.fixture
def networks() -> Iterator[Networks]:
    with Networks() as made:
        yield made


@LOOPS
async def test_a_host_appears_and_vanishes_with_its_goodbye_or_when_it_is_killed(
    networks: Networks, qapp: object
) -> None:
    lan, host, guest = networks.lan(), networks.machine(), networks.machine()
    host.plug(lan, "10.77.1.2/24")
    guest.plug(lan, "10.77.1.3/24")
    async with finding_chats(guest) as finder:
        first = serve(host, "Robotics 🤖 . ورشة")
        await finder.finds("Robotics 🤖 . ورشة")
        (found,) = finder.hosts
        assert (found.people, found.rooms, found.locked, found.addresses) == (0, 1, False, ("10.77.1.2:8080",))
        first.send_signal(signal.SIGTERM)
        await finder.finds()
        await asyncio.to_thread(first.wait)
        second = serve(host, "Robotics")
        await finder.finds("Robotics")
        second.kill()
        await finder.finds()
        serve(host, "Robotics")
        await finder.finds("Robotics")


async def test_on_each_network_a_machine_gives_the_address_that_is_good_there(networks: Networks) -> None:
    left, right, host = networks.lan(), networks.lan(), networks.machine()
    host.plug(left, "10.77.1.2/24")
    host.plug(right, "10.77.2.2/24")
    host.plug(networks.lan(), "172.17.0.1/16", name="docker0")
    serve(host, "Robotics", "--port", "9000")
    for lan, number in ((left, 1), (right, 2)):
        guest = networks.machine()
        guest.plug(lan, f"10.77.{number}.3/24")
        async with finding_chats(guest) as finder:
            await finder.finds("Robotics")
            assert finder.hosts[0].addresses == (f"10.77.{number}.2:9000",)


async def test_with_ipv6_alone_it_works_as_well(networks: Networks) -> None:
    lan, host, guest = networks.lan(), networks.machine(), networks.machine()
    host.plug(lan, "fd77::2/64")
    guest.plug(lan, "fd77::3/64")
    serve(host, "Robotics", "--bind", "::")
    async with finding_chats(guest) as finder:
        await finder.finds("Robotics")
        assert finder.hosts[0].addresses == ("[fd77::2]:8080",)


async def test_a_host_with_both_ip_versions_is_one_host(networks: Networks) -> None:
    """Also with more addresses than fit into one packet."""
    lan, host, guest = networks.lan(), networks.machine(), networks.machine()
    host.plug(lan, "10.77.1.2/24", "fd77:0:0:1::2/64", *(f"fd77::2:{number:x}/64" for number in range(30)))
    guest.plug(lan, "10.77.1.3/24", "fd77::3/64", "fd77:0:0:1::3/64")
    serve(host, "Robotics")
    async with finding_chats(guest) as finder:
        await finder.until(lambda: finder.hosts and len(finder.hosts[0].addresses) == 2)
        assert finder.names == ["Robotics"]
        assert "10.77.1.2:8080" in finder.hosts[0].addresses


async def test_a_host_bound_to_one_of_several_addresses_is_found_there(networks: Networks) -> None:
    lan, host, guest = networks.lan(), networks.machine(), networks.machine()
    host.plug(lan, "10.77.1.2/24", "10.77.1.4/24", "fd77::2/64")
    guest.plug(lan, "10.77.1.3/24", "fd77::3/64")
    serve(host, "Robotics", "--bind", "10.77.1.4")
    async with finding_chats(guest) as finder:
        await finder.finds("Robotics")
        assert finder.hosts[0].addresses == ("10.77.1.4:8080",)


async def test_an_interface_that_comes_and_goes_takes_what_is_found_there_with_it(networks: Networks) -> None:
    lan, host, guest = networks.lan(), networks.machine(), networks.machine()
    host.plug(lan, "10.77.1.2/24")
    serve(host, "Robotics")
    async with finding_chats(guest) as finder:
        guest.plug(lan, "10.77.1.3/24")
        await finder.finds("Robotics")
        guest.unplug(lan)
        await finder.finds()
        guest.plug(lan, "10.77.1.3/24")
        await finder.finds("Robotics")
        host.unplug(lan)
        await finder.finds()
        host.plug(lan, "10.77.1.9/24")
        await finder.finds("Robotics")
        await finder.until(lambda: finder.hosts[0].addresses == ("10.77.1.9:8080",))


async def test_two_of_one_name_are_both_found_also_on_one_machine(networks: Networks) -> None:
    lan, guest = networks.lan(), networks.machine()
    guest.plug(lan, "10.77.1.3/24")
    for number in (4, 5):
        host = networks.machine()
        host.plug(lan, f"10.77.1.{number}/24")
        serve(host, "Robotics")
        serve(host, "Robotics", "--port", "8081")
    async with finding_chats(guest) as finder:
        await finder.finds(*["Robotics"] * 4)
        addresses = {host.addresses for host in finder.hosts}
    assert addresses == {(f"10.77.1.{number}:{port}",) for number in (4, 5) for port in (8080, 8081)}


async def test_two_cards_in_one_network_are_one_host_with_two_addresses(networks: Networks) -> None:
    """A docked laptop: the same network by cable and by Wi-Fi."""
    lan, host, guest = networks.lan(), networks.machine(), networks.machine()
    host.plug(lan, "10.77.1.2/24")
    host.ports[networks.lan()] = host.ports.pop(lan)  # it stays plugged in
    host.plug(lan, "10.77.1.4/24", name="wlan0")
    guest.plug(lan, "10.77.1.3/24")
    serve(host, "Robotics")
    async with finding_chats(guest) as finder:
        await finder.finds("Robotics")
        assert set(finder.hosts[0].addresses) <= {"10.77.1.2:8080", "10.77.1.4:8080"}


@pytest.mark.parametrize("options", [["--bind", "127.0.0.1"], ["--no-discovery"]])
async def test_a_local_or_hidden_chat_is_not_found(networks: Networks, options: list[str]) -> None:
    lan, host, guest = networks.lan(), networks.machine(), networks.machine()
    host.plug(lan, "10.77.1.2/24")
    guest.plug(lan, "10.77.1.3/24")
    serve(host, "Hidden", *options)
    open_ports = host.run(["ss", "-Hanu"], capture_output=True, text=True).stdout
    assert ":5353" not in open_ports
    serve(host, "Shown", "--port", "8081")
    async with finding_chats(guest) as finder:
        await finder.finds("Shown")


async def test_hostile_adverts_are_not_shown_and_hide_nobody(networks: Networks) -> None:
    lan, host, guest, stranger = networks.lan(), networks.machine(), networks.machine(), networks.machine()
    for machine, number in ((host, 2), (guest, 3), (stranger, 66)):
        machine.plug(lan, f"10.77.1.{number}/24")
    with inside(stranger):
        shouting = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        shouting.bind(("10.77.1.66", 5353))
    serve(host, "Robotics")
    with shouting:
        async with finding_chats(guest) as finder:
            await finder.finds("Robotics")
            for packet in hostile_packets():
                shouting.sendto(packet, ("224.0.0.251", 5353))
                await asyncio.sleep(0)
            serve(host, "Welding", "--port", "8081")
            await finder.finds("Robotics", "Welding")
            assert set(finder.browser._candidates) == {f"10.77.1.{place}" for place in ("66:8080", "2:8080", "2:8081")}


async def test_a_sender_of_many_relayed_adverts_can_be_a_host_itself(networks: Networks) -> None:
    router = networks.machine()
    router.plug(networks.lan(), "10.77.1.1/24")
    with inside(router):
        binding = InterfaceBinding(own_networks()[0], 4)
        browser = ChatBrowser(lambda _hosts: None)
        for number in range(8):
            endpoint = f"10.77.2.{number}:8080"
            browser._add_relayed(
                binding, "10.77.1.1", RelayedAdvert(Announcement(endpoint, b"", frozenset()), (endpoint,))
            )
        browser._add_direct(binding, "10.77.1.1", Announcement("10.77.1.1:8080", b"", frozenset()))
        assert len(browser._candidates) == 9
        for candidate in browser._candidates.values():
            candidate.task.cancel()
        await asyncio.gather(*(candidate.task for candidate in browser._candidates.values()), return_exceptions=True)


def hostile_packets() -> Iterator[bytes]:
    """Noise, adverts of other endpoints and of nobody, with odd names and contents, and far too many."""
    yield from (b"", b"\0" * 12, b"\xff" * 9000, b"\0\0\x84\0\0\0\xff\xff\0\0\0\0" + b"\xc0\x0c" * 40)
    places = ("127.0.0.1", "224.0.0.251", "8.8.8.8", "0.0.0.0", "10.77.1.66", "10.77.1.2", "::1", "fe80::1", "ff02::fb")
    names = ("\x1b[2J", "x" * 60, "\u202e", "..", "\0", "a\\b", "_chatdesk", "")
    texts = (b"\xff" * 255, b"", b"\x05id=\xff\xff", b"\x03id=" * 80)
    for number in range(600):
        server_id = b"\x13id=%016x" % number
        yield advert(
            f"{names[number % len(names)]}{number}",
            places[number % len(places)],
            server_id if number % 5 else texts[number % len(texts)],
        )


def advert(name: str, address: str, text: bytes) -> bytes:
    """An announcement as a host would send it."""
    label = name.encode()
    end = b"\x09_chatdesk\x04_tcp\x05local\0"
    instance, machine = bytes([len(label)]) + label + end, bytes([len(label)]) + label + b"\x05local\0"
    ip = ipaddress.ip_address(address)
    records = [
        (end, 12, instance),
        (instance, 33, struct.pack("!3H", 0, 0, 8080) + machine),
        (instance, 16, text),
        (machine, 1 if ip.version == 4 else 28, ip.packed),
    ]
    body = b"".join(owner + struct.pack("!2HIH", kind, 1, 120, len(data)) + data for owner, kind, data in records)
    return struct.pack("!6H", 0, 0x8400, 0, len(records), 0, 0) + body
