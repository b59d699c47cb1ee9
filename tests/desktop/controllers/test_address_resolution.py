"""Typed and chosen addresses resolve to the one at which a chat answers, on loopback."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from chatdesk.app import open_server
from chatdesk.config import ServerConfig
from chatdesk.desktop.controllers.address_resolution import candidates_for_code, first_answering, host_and_port
from chatdesk.discovery.networks import Network, NetworkKind
from chatdesk.discovery.query import query_chat
from chatdesk.server.fanout import HEADLESS
from chatdesk.server.server import ChatServer
from tests.desktop.found_hosts import host

NETWORK = Network("eth0", NetworkKind.ETHERNET, "", ("192.168.4.9",), (24,))
NOBODY = "127.0.0.1:9"


@pytest_asyncio.fixture
async def server() -> AsyncIterator[ChatServer]:
    async with open_server(ServerConfig(bind="127.0.0.1", port=0, in_memory=True), HEADLESS) as opened:
        yield opened


async def test_the_first_that_answers_is_taken(server: ChatServer) -> None:
    here = f"127.0.0.1:{server.port}"
    assert await first_answering([NOBODY, here]) == here
    assert await first_answering([here, NOBODY]) == here
    assert await first_answering([NOBODY]) is None
    assert await first_answering([]) is None


async def test_another_chat_at_a_known_address_is_not_the_one_meant(server: ChatServer) -> None:
    here = f"127.0.0.1:{server.port}"
    found = await query_chat(here, 5)
    assert found
    assert await first_answering([here], found.server_id) == here
    assert await first_answering([here], "somebody-else") is None


def test_a_code_means_one_address_in_each_own_network() -> None:
    other = Network("wg0", NetworkKind.VPN, "", ("10.8.0.2", "fd00::2"), (24, 64))
    assert candidates_for_code("almond-7", [NETWORK, other], []) == ["192.168.4.7:8080", "10.8.4.7:8080"]


def test_a_found_host_of_this_code_comes_first_wherever_it_is() -> None:
    far = host(7)  # 192.168.4.7, and an IPv6 address, which has no code
    code = "almond-7"
    assert (
        candidates_for_code(code, [Network("wg0", NetworkKind.VPN, "", ("10.8.0.2",), (24,))], [far])[0]
        == "192.168.4.7:8080"
    )


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("10.0.12.7:8080", "10.0.12.7:8080"),
        ("10.0.12.7", "10.0.12.7:8080"),
        ("http://name.local", "name.local:80"),
        ("[fd00::1]:8081", "[fd00::1]:8081"),
        ("https://10.0.12.7:8443", None),
        ("10.0.12.7:8080/sub", None),
        ("<img>", None),
    ],
)
def test_a_recent_address_is_asked_where_it_can_be(typed: str, asked: str | None) -> None:
    assert host_and_port(typed) == asked
