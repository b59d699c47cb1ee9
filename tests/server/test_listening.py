"""What a server listens on: every family of addresses that there is, on one port."""

import asyncio
import errno
import socket
from collections.abc import Iterator

import pytest

from chatdesk.config import ServerConfig
from chatdesk.log.memory import MemoryStore
from chatdesk.server import listening
from chatdesk.server.listening import PortTakenError, free_port_after, listen
from chatdesk.server.server import ChatServer
from tests.netns import Machine, Networks, inside
from tests.waiting import until

LOOPBACKS = ["127.0.0.1", "::1"]


@pytest.fixture
def machine() -> Iterator[Machine]:
    """A computer by itself, of both families."""
    with Networks() as networks:
        yield networks.machine()


def opened(bind: str, port: int = 0) -> list[str]:
    """At which loopback addresses a server takes connections that is bound so."""
    sockets = listen(bind, port)
    try:
        port = sockets[0].getsockname()[1]
        assert {it.getsockname()[1] for it in sockets} == {port}
        return [address for address in LOOPBACKS if _connects(address, port)]
    finally:
        for it in sockets:
            it.close()


def _connects(address: str, port: int) -> bool:
    try:
        socket.create_connection((address, port), 2).close()
    except OSError:
        return False
    return True


@pytest.mark.parametrize(
    ("bind", "reached"),
    [
        (ServerConfig().bind, LOOPBACKS),
        ("::", LOOPBACKS),
        ("0::0", LOOPBACKS),
        ("0.0.0.0", ["127.0.0.1"]),
        ("127.0.0.1", ["127.0.0.1"]),
        ("::ffff:127.0.0.1", ["127.0.0.1"]),
        ("::1", ["::1"]),
    ],
)
def test_all_addresses_are_those_of_both_families(machine: Machine, bind: str, reached: list[str]) -> None:
    with inside(machine):
        assert opened(bind) == opened(bind, 8080) == reached


@pytest.mark.parametrize("only", ["0", "1"])
def test_what_the_system_makes_of_a_socket_for_ipv6_does_not_matter(machine: Machine, only: str) -> None:
    machine.run(["sysctl", "-q", f"net.ipv6.bindv6only={only}"])
    with inside(machine):
        assert opened("::") == LOOPBACKS


def test_where_ipv6_is_switched_off_it_listens_all_the_same(machine: Machine) -> None:
    machine.run(["sysctl", "-q", "net.ipv6.conf.all.disable_ipv6=1"])
    with inside(machine):
        assert opened("::") == ["127.0.0.1"]


def test_where_no_interface_has_ipv4_it_listens_all_the_same(machine: Machine) -> None:
    machine.run(["ip", "address", "del", "127.0.0.1/8", "dev", "lo"])
    with inside(machine):
        assert opened("::") == ["::1"]


@pytest.mark.parametrize(("missing", "left"), [(socket.AF_INET6, "127.0.0.1"), (socket.AF_INET, "::1")])
def test_a_family_that_the_system_does_not_have_is_left_out(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, missing: int, left: str
) -> None:
    """As in a kernel without IPv6, or a service that systemd allows one family."""

    def make(family: int, kind: int, protocol: int) -> socket.socket:
        if family == missing:
            raise OSError(errno.EAFNOSUPPORT, "Address family not supported by protocol")
        return socket.socket(family, kind, protocol)

    with inside(machine), monkeypatch.context() as patched:
        patched.setattr(listening, "_new_socket", make)
        assert opened("::") == [left]
        with pytest.raises(OSError, match="not supported"):
            listen("127.0.0.1" if left == "::1" else "::1", 0)


@pytest.mark.parametrize(
    ("other", "family"), [(("127.0.0.1",), "IPv4"), (("0.0.0.0",), "IPv4"), (("::1",), "IPv6"), (LOOPBACKS, "")]
)
def test_a_port_that_one_family_has_taken_is_taken(machine: Machine, other: list[str], family: str) -> None:
    with inside(machine):
        taken = [part for address in other for part in listen(address, 8080)]
        with pytest.raises(PortTakenError) as refused:
            listen("::", 8080)
        assert (refused.value.family, refused.value.errno) == (family, errno.EADDRINUSE)
        assert free_port_after("::", 8079) == 8081
        for part in taken:
            part.close()
        assert opened("::", 8080) == LOOPBACKS, "what could be opened of it was closed"


def test_a_free_port_is_free_in_both_families(machine: Machine) -> None:
    """Of two ports that the system may give, one is taken for IPv4."""
    machine.run(["sysctl", "-q", "net.ipv4.ip_local_port_range=40000 40003"])
    with inside(machine):
        taken = [part for port in (40000, 40001, 40002) for part in listen("0.0.0.0", port)]
        sockets = listen("::", 0)
        assert {it.getsockname()[1] for it in sockets} == {40003}
        for part in (*taken, *sockets):
            part.close()


def test_an_address_of_another_machine_cannot_be_listened_on(machine: Machine) -> None:
    with inside(machine), pytest.raises(OSError, match="assign"):
        listen("203.0.113.7", 8080)


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_a_server_answers_in_both_families_and_knows_its_peers_by_their_own_addresses(
    machine: Machine, loop: str
) -> None:
    async def ends() -> list[tuple[str | None, str | None]]:
        writers: list[asyncio.StreamWriter] = []
        async with ChatServer(ServerConfig(port=0), MemoryStore(), {}) as server:
            for address in LOOPBACKS:
                reader, writer = await asyncio.open_connection(address, server.port)
                writers.append(writer)
                host = f"[{address}]" if ":" in address else address
                fields = f"Host: {host}:{server.port}\r\nConnection: upgrade\r\nUpgrade: websocket"
                key = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
                writer.write(f"GET /ws HTTP/1.1\r\n{fields}\r\n{key}\r\n\r\n".encode())
                assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 101 ")
            found = sorted((it.local_address or "", it.address or "") for it in server.connections)
            for writer in writers:
                writer.transport.abort()
            await until(lambda: not server.connections)
            return [*found]

    factory = asyncio.new_event_loop
    if loop == "uvloop":
        uvloop = pytest.importorskip("uvloop")
        factory = uvloop.new_event_loop
    with inside(machine), asyncio.Runner(loop_factory=factory) as runner:
        assert runner.run(ends()) == [("127.0.0.1", "127.0.0.1"), ("::1", "::1")]
