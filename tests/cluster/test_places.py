"""Two real nodes on a real Redis: each names the other to clients, and lets its pages in."""

from typing import Any

import pytest

from chatdesk.origin import parse_authority, parse_origin
from chatdesk.protocol.limits import NODES
from chatdesk.server import node_places
from chatdesk.server.node_places import NOWHERE, NodePlaces, Place
from tests.server.chat import Chat, Peer
from tests.waiting import until

PAGE = "https://a.example.org"


async def welcome(chat: Chat, nickname: str) -> tuple[Peer, list[str]]:
    peer = await chat.connect()
    peer.send("join", nickname=nickname)
    return peer, (await peer.next("welcome")).get("nodes", [])


def url(chat: Chat) -> str:
    return f"http://127.0.0.1:{chat.server.port}"


async def test_each_node_names_the_other_until_it_ends(nodes: tuple[Chat, Chat]) -> None:
    first, second = nodes
    ana, named = await welcome(first, "Ana")
    assert named == [url(second)]
    page = await first.ask(first.head())
    assert f"ws://127.0.0.1:{second.server.port}" in page.headers["content-security-policy"]

    async def handshake(chat: Chat, origin: str, host: str | None = None) -> int:
        return (await chat.ask(chat.upgrade(f"Origin: {origin}", host=host))).status

    assert await handshake(first, url(second)) == 101
    assert await handshake(first, f"http://localhost:{second.server.port}") == 101
    assert await handshake(first, "http://127.0.0.1:9") == 403
    assert await handshake(first, url(second).replace("http", "https")) == 403

    ben = await second.join("Ben")
    second.server.drain(lambda: None)  # which has others to go to
    assert (await ana.next("nodes"))["nodes"] == []
    assert (await welcome(first, "Cy"))[1] == []
    assert (await ben.farewell())[0] == 1012
    assert await handshake(first, url(second)) == 101, "its pages still have to go somewhere"


async def test_who_is_closed_in_order_goes_on_where_the_chat_does(nodes: tuple[Chat, Chat]) -> None:
    first, second = nodes
    ana, ben = await first.join("Ana"), await second.join("Ben")
    codes = []
    for node, peer in ((first, ana), (second, ben)):
        await node.server.__aexit__(None, None, None)
        codes.append((await peer.farewell())[0])
        await until(lambda: not second.server.hub.nodes.goes_on())
    assert codes == [1012, 1001]


def places(own: Place = NOWHERE) -> NodePlaces:
    return NodePlaces(lambda: own)


def lets_in(nodes: NodePlaces, page: str, host: str) -> bool:
    origin, authority = parse_origin(page), parse_authority(host)
    assert origin
    assert authority
    return nodes.is_page(origin, authority)


def test_nodes_behind_one_address_name_nobody_and_go_on_all_the_same() -> None:
    nodes = places(Place(PAGE, (PAGE,), open=True))
    assert not nodes.hear("b", Place(PAGE, (PAGE,), open=True))
    assert nodes.urls == []
    assert nodes.goes_on()
    assert nodes.hear("c", Place("https://c.example.org", (), open=True))
    assert nodes.urls == ["https://c.example.org"]
    assert nodes.lost("c")
    nodes.hear("b", Place(PAGE, (PAGE,), open=False))
    assert not nodes.goes_on()


def test_of_very_many_nodes_each_client_is_told_a_few() -> None:
    nodes = places()
    for number in range(50):
        nodes.hear(f"{number}", Place(f"https://{number}.example.org", (), open=True))
    assert len(set(nodes.some())) == NODES
    assert any(nodes.some() != nodes.some() for _ in range(5))


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "[::1]"])
def test_a_page_of_this_very_computer_is_let_in_there_alone(name: str) -> None:
    """On each computer that is another page: that of whatever its owner runs there."""
    nodes = places()
    page = f"http://{name}:8080"
    nodes.hear("a", Place("", (page, "http://192.168.4.20:8080"), open=True))
    assert lets_in(nodes, page, "localhost:9000")
    assert lets_in(nodes, page, "[::1]:9000")
    assert not lets_in(nodes, page, "192.168.4.21:9000")
    assert lets_in(nodes, "http://192.168.4.20:8080", "192.168.4.21:9000")


def test_pages_of_a_node_that_ended_are_let_in_for_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    now: Any = 0.0
    monkeypatch.setattr(node_places.time, "monotonic", lambda: now)
    nodes = places()
    nodes.hear("a", Place(PAGE, (PAGE, "null", "no origin"), open=True))
    nodes.lost("a")
    now = 23 * 3600
    assert lets_in(nodes, PAGE, "b.example.org")
    assert nodes.sources() == ["wss://a.example.org"]
    now = 25 * 3600
    assert not lets_in(nodes, PAGE, "b.example.org")
    assert nodes.sources() == []
    for number in range(3000):
        nodes.hear("a", Place("", (f"http://{number}.example.org",), open=True))
    assert not lets_in(nodes, "http://0.example.org", "b.example.org")
    assert lets_in(nodes, "http://2999.example.org", "b.example.org")
    assert len(nodes._origins) <= 1000
