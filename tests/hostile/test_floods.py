"""Floods from several connections at once at the real program: others are answered all the same, and it goes on.

What they cost the others is measured by ``python -m tests.bench.neighbour``.
"""

import socket
import ssl
from collections.abc import Iterator
from contextlib import closing
from itertools import cycle

import pytest

from tests.bench.attacks import ATTACKS, run
from tests.e2e.serving import Serving
from tests.hostile.client import Client
from tests.server.wire import command

_HANDSHAKES = [name for name in ATTACKS if name.startswith("TLS handshakes")]
_CONNECTIONS = 8
_SECONDS = 0.1


@pytest.fixture(scope="module")
def serving() -> Iterator[Serving]:
    with Serving("--no-discovery") as serving:
        yield serving


@pytest.fixture(scope="module")
def encrypted() -> Iterator[Serving]:
    with Serving("--no-discovery", "--tls") as serving:
        yield serving


@pytest.fixture(scope="module")
def members(serving: Serving) -> Iterator[Iterator[Client]]:
    """Three who stay in the chat, one after the other: on a quick machine one alone would speak too fast."""
    with closing(Client(serving.port)) as ana, closing(Client(serving.port)) as bo, closing(Client(serving.port)) as cy:
        for member, name in ((ana, "Ana"), (bo, "Bo"), (cy, "Cy")):
            member.join(name)
        yield cycle((ana, bo, cy))


@pytest.mark.slow
@pytest.mark.parametrize("name", _HANDSHAKES)
def test_handshakes_that_come_to_nothing_leave_an_encrypted_chat_to_the_others(name: str, encrypted: Serving) -> None:
    with closing(Client(encrypted.port)) as ana:
        ana.join(f"Ana {_HANDSHAKES.index(name)}")
        run(ATTACKS[name], encrypted.port, _CONNECTIONS, _SECONDS)
        ana.send(command("message", content=name))
        assert ana.outcome() == "ignored"
    certificates = ssl.create_default_context()
    certificates.check_hostname, certificates.verify_mode = False, ssl.CERT_NONE
    plain = socket.create_connection(("127.0.0.1", encrypted.port), timeout=20)
    with certificates.wrap_socket(plain) as newcomer:
        assert newcomer.version() == "TLSv1.3"


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in ATTACKS if name not in _HANDSHAKES])
def test_a_flood_leaves_the_chat_to_the_others(name: str, serving: Serving, members: Iterator[Client]) -> None:
    run(ATTACKS[name], serving.port, _CONNECTIONS, _SECONDS)
    member = next(members)
    member.send(command("message", content=name))
    assert member.outcome() == "ignored"
    with closing(Client(serving.port)) as newcomer:
        newcomer.join(f"Kit {list(ATTACKS).index(name)}")
        assert newcomer.outcome() == "ignored"
