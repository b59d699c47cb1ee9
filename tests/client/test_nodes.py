"""Where a client goes on, of the servers that one has named; ``conformance/scenarios/nodes.json`` has the rest."""

from random import Random

import pytest

from chatdesk.client.nodes import Nodes
from chatdesk.protocol.connection_events import Nodes as Named
from chatdesk.protocol.limits import NODES

AT_HOME = "ws://192.168.4.20:8080/ws"


@pytest.mark.parametrize(
    ("given", "named", "goes"),
    [
        (AT_HOME, "http://192.168.4.21:8080", True),
        (AT_HOME, "http://10.0.0.1:8080/chat/", True),
        (AT_HOME, "http://b.example.org", True),
        (AT_HOME, "https://b.example.org", True),
        (AT_HOME, "http://127.0.0.1:8080", False),
        ("ws://chat.local:8080/ws", "http://192.168.4.21:8080", True),
        ("ws://chat:8080/ws", "http://[fd00::1]:8080", True),
        ("ws://127.0.0.1:8080/ws", "http://127.0.0.1:8081", True),
        ("ws://chat.example.org/ws", "http://192.168.4.1", False),
        ("ws://chat.example.org/ws", "http://router", False),
        ("ws://chat.example.org/ws", "http://printer.local", False),
        ("ws://chat.example.org/ws", "http://[fe80::1]", False),
        ("ws://chat.example.org/ws", "http://[fec0::1]", False),
        ("ws://chat.example.org/ws", "http://printer.local.", False),
        ("ws://chat.example.org/ws", "http://0x7f.1", False),
        ("ws://chat.example.org/ws", "http://8.8.8.8", True),
        (AT_HOME, "http://0.0.0.0:8080", False),
        (AT_HOME, "http://[::]:8080", False),
        (AT_HOME, "http://[::ffff:127.0.0.1]:8080", False),
        (AT_HOME, "http://localhost.:8080", False),
        (AT_HOME, "http://chat.localhost:8080", False),
        ("wss://chat.example.org/ws", "http://b.example.org", False),
        ("wss://chat.example.org/ws", "https://b.example.org", True),
    ],
)
def test_it_goes_nowhere_less_secret_and_nowhere_nearer_to_the_person(given: str, named: str, goes: bool) -> None:
    nodes = Nodes(given, Random(1))
    nodes.hear(Named([named]))
    nodes.go_on()
    assert (nodes.url != given) is goes
    assert nodes.unproven is goes


def test_each_of_the_others_is_tried_before_one_is_tried_again() -> None:
    nodes = Nodes(AT_HOME, Random(1))
    nodes.hear(Named([f"http://192.168.4.{number}:8080" for number in range(30, 30 + 2 * NODES)]))
    tried = []
    for _ in range(NODES + 1):
        nodes.go_on()
        tried.append(nodes.url)
    assert len(set(tried)) == nodes.count == NODES + 1
    assert tried[-1] == AT_HOME
