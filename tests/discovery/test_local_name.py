"""A host uses a name while nobody else does, and only after probing for it."""

import http.client
import sys

from chatdesk.discovery.local_name import LocalName
from tests.discovery.chat_programs import ROOT, serve
from tests.netns import Machine, Networks, inside
from tests.waiting import until

CLAIM = """
import socket, sys, time
from zeroconf import DNSAddress, DNSOutgoing, const

own, *names = sys.argv[1:]
sending = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sending.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
sending.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(own))
sending.bind(("", 5353))
while True:
    said = DNSOutgoing(const._FLAGS_QR_RESPONSE | const._FLAGS_AA)
    for name in names:
        kind = const._CLASS_IN | const._CLASS_UNIQUE
        said.add_answer_at_time(DNSAddress(f"{name}.", const._TYPE_A, kind, 120, socket.inet_aton(own)), 0)
    for packet in said.packets():
        sending.sendto(packet, ("224.0.0.251", 5353))
    time.sleep(0.3)
"""
"""A program that claims every name, asked or not."""


def claim(machine: Machine, address: str, *names: str) -> None:
    machine.popen([sys.executable, "-c", CLAIM, address, *names], cwd=ROOT)


def accepted(machine: Machine, *names: str) -> list[str]:
    """The names under which the host accepts requests of a page of its own."""
    taken = []
    with inside(machine):
        for name in names:
            connection = http.client.HTTPConnection("10.77.1.2", 8080, timeout=15)
            connection.request("GET", "/", headers={"Host": f"{name}:8080", "Origin": f"http://{name}:8080"})
            taken += [name] if connection.getresponse().status == 200 else []
            connection.close()
    return taken


async def test_a_name_that_somebody_takes_from_the_host_is_not_its_own_any_more() -> None:
    names = ["robotics.local", *(f"robotics-{number}.local" for number in range(2, 8))]
    with Networks() as networks:
        lan, host, other, guest = networks.lan(), networks.machine(), networks.machine(), networks.machine()
        for machine, number in ((host, 2), (other, 200), (guest, 3)):
            machine.plug(lan, f"10.77.1.{number}/24")
            machine.route("add", "224.0.0.0/4", "dev", "eth0")
        serve(host, "Robotics")
        await until(lambda: accepted(guest, *names) == ["robotics.local"], 15)
        claim(other, "10.77.1.200", "robotics.local")
        await until(lambda: accepted(guest, *names) == ["robotics-2.local"], 15)
        claim(other, "10.77.1.200", *names[1:])
        await until(lambda: accepted(guest, *names) == [], 15)


def test_a_name_is_used_only_once_it_is_known_to_be_free() -> None:
    goes_by: list[str] = []
    name = LocalName("robotics", goes_by.append)
    assert (name.text, goes_by) == ("robotics.local", [])
    name.skip("robotics.local")
    assert (name.text, goes_by) == ("robotics-2.local", [""])
    assert not name.acquire("robotics.local"), "another network has passed it over"
    assert name.acquire("robotics-2.local")
    assert goes_by == ["", "robotics-2.local"]
    name.release("robotics-2.local")
    name.release("robotics-2.local")
    assert (name.text, goes_by[2:]) == ("robotics-3.local", [""])


def test_a_host_that_keeps_losing_names_goes_without() -> None:
    goes_by: list[str] = []
    name = LocalName("robotics", goes_by.append)
    for _ in range(4):
        assert name.acquire(name.text)
        name.release(name.text)
    assert (name.text, goes_by[-1]) == ("", "")


def test_a_host_goes_without_a_name_when_all_are_taken() -> None:
    name = LocalName("robotics", lambda _name: None)
    tried = []
    while name.text:
        tried.append(name.text)
        name.skip(name.text)
    assert (len(tried), tried[-1]) == (99, "robotics-99.local")
