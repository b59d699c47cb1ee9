"""Limits on the connections of one network, by the connections' own small substitutes, and a class at a real server."""

import asyncio
from http import HTTPStatus
from typing import Any

import pytest

from chatdesk.config import ServerConfig
from chatdesk.server import places
from chatdesk.server.places import Places
from chatdesk.server.rate_limits import Spending
from chatdesk.server.stats import Hits
from tests.server.budget_clock import stop_clock
from tests.server.chat import Chat, Peer, chat
from tests.waiting import until


class Socket:
    """A connection as far as ``Places`` asks."""

    closing = False

    def __init__(self, network: str = "10.0.0.1", *, joined: bool = False, opened_at: float = 0.0) -> None:
        self.network = network
        self.joined = joined
        self.opened_at = opened_at
        self.aborted = False

    def abort(self) -> None:
        self.aborted = True


class Door:
    """Opens sockets as the server does."""

    def __init__(self, **settings: Any) -> None:
        self.sockets: set[Socket] = set()
        self.http: list[Socket] = []
        self.hits = Hits()
        self.places: Places[Socket, Socket] = Places(ServerConfig(**settings), self.sockets, self.http, self.hits)

    def open(
        self, network: str = "10.0.0.1", *, joined: bool = True, at: float = 0.0, of_host: bool = False
    ) -> Socket | None:
        """A new socket; None if it is refused."""
        self.refusal = self.places.refusal(network, at, of_host=of_host)
        if self.refusal:
            return None
        socket = Socket(network, joined=joined, opened_at=at)
        self.sockets.add(socket)
        self.places.opened(socket)
        return socket

    def close(self, socket: Socket | None) -> None:
        assert socket
        self.sockets.remove(socket)
        self.places.closed(socket)


def test_half_of_the_places_are_for_others() -> None:
    door = Door(max_connections=500)
    assert all(door.open() for _ in range(250))
    assert door.open() is None
    assert door.refusal
    assert (door.refusal.status, door.refusal.retry_after) == (HTTPStatus.SERVICE_UNAVAILABLE, 10)
    assert door.open("10.0.0.2")
    assert door.hits == {"network_places": 1}


def test_a_small_chat_may_be_full_of_people_from_one_address() -> None:
    door = Door(max_connections=60)
    assert all(door.open() for _ in range(60))
    assert door.open() is None
    assert door.hits == {"places": 1}


def test_commands_of_the_host_have_a_few_places_of_their_own_in_a_full_chat() -> None:
    door = Door(max_connections=2)
    people = [door.open(), door.open("10.0.0.2")]
    commands = [door.open("127.0.0.1", joined=False, of_host=True) for _ in range(4)]
    assert all(commands)
    assert not door.open("127.0.0.1", of_host=True)
    assert not door.open("10.0.0.3", at=9.0)  # none of the host's gives way
    door.close(people[0])
    assert door.open("10.0.0.3")
    assert not door.open("10.0.0.4")
    door.close(commands[0])
    assert not door.open("10.0.0.4")
    assert door.open("127.0.0.1", of_host=True)
    for socket in [*commands[1:], people[1]]:
        door.close(socket)
    assert door.open("127.0.0.1", of_host=True)  # among the others
    assert not door.open("10.0.0.4")


@pytest.mark.parametrize("settings", [{"public_url": "https://chat.example"}, {"message_rate": 0}])
def test_behind_a_proxy_and_without_rates_a_network_is_not_counted(settings: dict[str, Any]) -> None:
    door = Door(max_connections=2000, **settings)
    assert all(door.open() for _ in range(2000))
    for budget in door.places.budgets.values():
        assert not any(budget.spend("10.0.0.1") for _ in range(20_000))


def test_silent_strangers_give_way_after_some_seconds_even_to_their_own_network() -> None:
    door = Door(max_connections=20)
    strangers = [door.open(joined=False) for _ in range(20)]
    assert door.open(at=4.0) is None
    assert door.open(at=6.0)
    assert sum(stranger is not None and stranger.aborted for stranger in strangers) == 1
    assert door.hits == {"places": 1, "unjoined": 1}


def test_strangers_give_way_at_once_to_another_network_but_not_one_that_is_about_to_join() -> None:
    door = Door(max_connections=2)
    door.open("10.0.0.1", joined=False)
    assert door.open("10.0.0.2", joined=False)
    assert door.open("10.0.0.3") is None
    door = Door(max_connections=2)
    door.open("10.0.0.1", joined=False)
    door.open("10.0.0.1", joined=False)
    assert door.open("10.0.0.3")


def test_handshakes_of_a_network_are_bounded_and_told_when_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_clock(monkeypatch)  # one is refilled each 50 ms
    door = Door(max_connections=5000)
    for _ in range(1000):
        socket = door.open()
        door.close(socket)
    assert door.open() is None
    assert door.refusal
    assert door.refusal.status == HTTPStatus.TOO_MANY_REQUESTS
    assert 1 <= door.refusal.retry_after <= 10
    assert door.open("10.0.0.2")


def test_a_network_that_connects_without_end_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "_CONNECTIONS", places.Rate(per_second=1, burst=5))
    door = Door()
    opened = [Socket() for _ in range(8)] + [Socket("10.0.0.2")]
    for socket in opened:
        door.http.append(socket)
        door.places.http_opened(socket)
    assert [socket.aborted for socket in opened] == [*[False] * 5, *[True] * 3, False]


async def test_requests_beyond_the_rate_of_a_network_are_slowed_and_then_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(places, "_REQUESTS", places.Rate(per_second=2, burst=10))
    async with chat() as c:
        replies = [await c.ask(c.head("GET", "/health")) for _ in range(20)]
        refused = [reply for reply in replies if reply.status == 429]
        assert [reply.status for reply in replies[:10]] == [200] * 10
        assert len(refused) >= 2
        assert all(int(reply.headers["retry-after"]) >= 3 for reply in refused)
        limits = c.server.reports.stats()["limits"]
    assert limits["requests"] == 10


CLASS = 60
FILES_OF_A_PAGE = 15
"""What a browser asks for when it loads the page, on six connections."""


async def load_page(c: Chat) -> None:
    """What one browser asks for."""
    connections = [await c.open() for _ in range(6)]
    for number in range(FILES_OF_A_PAGE):
        peer = connections[number % 6]
        peer.write(c.head("GET", "/"))
        assert (await peer.reply()).status == 200
    for peer in connections:
        peer.abort()


async def enter(c: Chat, number: int, token: str | None = None) -> tuple[Peer, str]:
    """One of the class loads the page and joins; the token is for the next time."""
    await load_page(c)
    peer = await c.connect()
    peer.send("join", nickname=f"Pupil {number}", capabilities=["presence"], **({"token": token} if token else {}))
    welcome = await peer.next("welcome")
    return peer, welcome["token"]


async def talk(peer: Peer, number: int) -> None:
    """Say a few things, a long one among them, make a room and look around."""
    peer.send("message", content="word " * 1500)
    for text in ("hi", "who knows?", "me"):
        peer.send("message", content=text)
    peer.send("create", room=f"group-{number}")
    peer.send("typing")
    peer.send("history", limit=200)
    peer.send("ping")
    while (event := await peer.event())["type"] != "pong":
        assert event["type"] != "error", event


@pytest.mark.slow
async def test_a_class_of_sixty_behind_one_address_never_meets_a_limit() -> None:
    async with chat(grace=15) as c:
        pupils = await asyncio.gather(*(enter(c, number) for number in range(CLASS)))
        await asyncio.gather(*(talk(peer, number) for number, (peer, _) in enumerate(pupils)))
        for peer, _ in pupils:
            peer.abort()
        await until(lambda: not c.server.connections)
        again = await asyncio.gather(*(enter(c, number, token) for number, (_, token) in enumerate(pupils)))
        for peer, _ in again:
            peer.send("message", content="here again")
            peer.send("ping")
            while (event := await peer.event())["type"] != "pong":
                assert event["type"] != "error", event
        hits = c.server.reports.stats()["limits"]
        left = c.server.places.budgets[Spending.REQUESTS].spent("127.0.0.1")
    assert set(hits) <= {"queue"}
    assert left < 2000, "all of them could load the page again at once"
