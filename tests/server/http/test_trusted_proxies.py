"""A client behind a trusted proxy has an address of its own; nobody else can claim one."""

import asyncio
import logging
import ssl
import struct

import pytest

from chatdesk.certificates.own import OwnCertificates
from chatdesk.config import ConfigError, ServerConfig
from chatdesk.server.http.request import Request
from chatdesk.server.http.trusted_proxies import TrustedProxies, UnclearOriginError
from chatdesk.server.proxy_header import BadHeaderError, HeaderReader
from chatdesk.server.rate_limits import Rate
from tests.server.chat import Chat, Peer, chat
from tests.waiting import until

on_every_loop = pytest.mark.asyncio(loop_factories=["uvloop", "qt"])
PROXIES = ("10.0.0.0/8", "2001:db8:ffff::/48")
SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"


def v2(source: bytes, command: int = 0x21, family: int = 0x11, extra: bytes = b"") -> bytes:
    """A header of version 2 for a connection from ``source`` to the chat."""
    addresses = source + bytes(len(source)) + struct.pack("!HH", 4711, 80) + extra if source else extra
    return SIGNATURE + bytes((command, family)) + struct.pack("!H", len(addresses)) + addresses


V1 = b"PROXY TCP4 203.0.113.7 10.0.0.1 4711 80\r\n"
V2 = v2(bytes((203, 0, 113, 7)))
V6 = v2(bytes.fromhex("20010db8000000000000000000000017"), family=0x21, extra=b"\x04\x00\x03abc")


def address(peer: str, **fields: str | list[str]) -> str:
    """The address that a request with these fields comes from."""
    values = {name.replace("_", "-"): [value] if isinstance(value, str) else value for name, value in fields.items()}
    return TrustedProxies(PROXIES).address(Request("GET", "/", values), peer)


@pytest.mark.parametrize(
    ("forwarded_for", "found"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("1.2.3.4, 203.0.113.7", "203.0.113.7"),  # the left one is what somebody claims
        ("1.2.3.4,203.0.113.7 , 10.1.2.3", "203.0.113.7"),
        ("2001:db8::7", "2001:db8::7"),
        ("[2001:db8::7]:80, 2001:db8:ffff::1", "2001:db8::7"),
        ("203.0.113.7:4711", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("", "10.0.0.2"),
        ("nonsense, 203.0.113.7", "203.0.113.7"),
        ("10.0.0.3, 10.0.0.4", "10.0.0.3"),  # only proxies: the farthest
        (["1.2.3.4", "203.0.113.7"], "203.0.113.7"),
    ],
)
def test_the_rightmost_address_that_is_no_proxy_s_counts(forwarded_for: str | list[str], found: str) -> None:
    assert address("10.0.0.2", x_forwarded_for=forwarded_for) == found
    assert address("192.0.2.1", x_forwarded_for=forwarded_for) == "192.0.2.1"


@pytest.mark.parametrize(
    ("forwarded", "found"),
    [
        ("for=203.0.113.7", "203.0.113.7"),
        ('for=1.2.3.4, For="[2001:db8::7]:4711";proto=https;by=10.0.0.2', "2001:db8::7"),
        ("for=1.2.3.4, for=203.0.113.7, for=10.0.0.9", "203.0.113.7"),
        ("for=unknown", "10.0.0.2"),  # the proxy hides it: then it is the proxy's own
        ("for=_hidden, for=10.0.0.9", "10.0.0.2"),
    ],
)
def test_the_standard_field_says_the_same(forwarded: str, found: str) -> None:
    assert address("10.0.0.2", forwarded=forwarded) == found
    assert address("192.0.2.1", forwarded=forwarded) == "192.0.2.1"


@pytest.mark.parametrize(
    "fields",
    [
        {"x_forwarded_for": "203.0.113.7, nonsense"},
        {"x_forwarded_for": "203.0.113.256"},
        {"x_forwarded_for": "10.0.0.3, " * 200 + "203.0.113.7"},
        {"forwarded": 'for="203.0.113.7'},
        {"forwarded": "for=203.0.113.7;for=1.2.3.4"},
        {"forwarded": "proto=https"},
        {"forwarded": "for=1.2.3.4", "x_forwarded_for": "203.0.113.7"},  # one of them came from outside
    ],
)
def test_what_a_proxy_says_unclearly_is_refused_and_told(
    fields: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(UnclearOriginError):
        address("10.0.0.2", **fields)
    assert "10.0.0.2" in caplog.text
    assert address("192.0.2.1", **fields) == "192.0.2.1"


def test_both_fields_may_say_the_same() -> None:
    assert address("10.0.0.2", forwarded="for=203.0.113.7", x_forwarded_for="203.0.113.7") == "203.0.113.7"


@pytest.mark.parametrize("header", [V1, V2, V6, b"PROXY UNKNOWN\r\n", v2(b"", command=0x20, family=0), b""])
@pytest.mark.parametrize("step", [1, 7, 1000])
def test_a_header_is_read_however_it_is_cut(header: bytes, step: int) -> None:
    data, reader = header + b"GET / HTTP/1.1\r\n", HeaderReader()
    ready = [reader.add(data[start : start + step]) for start in range(0, len(data), step)]
    first = ready.index(True)
    assert first <= len(header) // step + 1
    known = {V1: ("203.0.113.7", 4711), V2: ("203.0.113.7", 4711), V6: ("2001:db8::17", 4711)}
    assert reader.address == known.get(header)
    assert reader.received.startswith(b"GET"[: len(reader.received)])


@pytest.mark.parametrize(
    "header",
    [
        b"PROXY " + b"x" * 200,
        b"PROXY TCP4 203.0.113.7 10.0.0.1 4711\r\n",
        b"PROXY TCP4 2001:db8::1 10.0.0.1 4711 80\r\n",
        b"PROXY TCP4 203.0.113.7 10.0.0.1 4711 70000\r\n",
        b"PROXY TCP9 203.0.113.7 10.0.0.1 4711 80\r\n",
        SIGNATURE + b"\x21\x11\x00\x02ab",
        SIGNATURE + b"\x11\x11\x00\x0c" + bytes(12),
        SIGNATURE + b"\x21\x11\xff\xff",
    ],
)
def test_a_broken_header_says_why(header: bytes) -> None:
    with pytest.raises(BadHeaderError, match=r"\w"):
        HeaderReader().add(header)


@pytest.mark.parametrize("text", ["", "proxy.example", "10.0.0.1/8", "0.0.0.0/0", "::/0"])
def test_a_network_that_is_none_or_everybody_is_no_setting(text: str) -> None:
    with pytest.raises(ConfigError, match="--trusted-proxy"):
        ServerConfig(trusted_proxy=(text,))


async def join_through(c: Chat, before: bytes = b"", *fields: str) -> Peer:
    """Kit, whose connection begins with these bytes, and whose handshake has these fields."""
    peer = await c.open()
    peer.write(before + c.upgrade(*fields))
    assert (await peer.reply()).status == 101
    peer.send("join", nickname="Kit")
    await peer.next("history")
    return peer


@on_every_loop
@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(
    ("before", "fields"),
    [(b"", ["X-Forwarded-For: 1.2.3.4, 203.0.113.7"]), (b"", ["Forwarded: for=203.0.113.7"]), (V1, []), (V2, [])],
)
async def test_the_chat_knows_people_by_their_own_addresses(before: bytes, fields: list[str]) -> None:
    async with chat(trusted_proxy=("127.0.0.1",)) as c:
        await join_through(c, before, *fields)
        (connection,) = c.server.connections
        assert (connection.address, connection.network) == ("203.0.113.7", "203.0.113.7")
        assert c.server.scheduler.fair_share("203.0.113.7") > 0
        assert c.server.reached_addresses() == frozenset()
        assert (await c.ask(c.head("GET", "/stats"))).status == 200  # without a header: from the proxy itself
    with pytest.raises(KeyError):
        c.server.scheduler.fair_share("203.0.113.7")


async def test_nobody_else_can_claim_an_address() -> None:
    async with chat(trusted_proxy=("203.0.113.1",)) as c:
        await join_through(c, b"", "X-Forwarded-For: 203.0.113.7")
        (connection,) = c.server.connections
        assert connection.address == "127.0.0.1"
        assert (await c.ask(V1 + c.head())).status == 400
        stats = await c.ask(c.head("GET", "/stats"))
        assert b'"forwarded":{"ignored":1,"refused":0}' in stats.body.replace(b" ", b"")


async def test_a_proxy_that_is_not_clear_gets_400_and_the_host_reads_why(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    async with chat(trusted_proxy=("127.0.0.1",)) as c:
        assert (await c.ask(c.upgrade("X-Forwarded-For: nonsense"))).status == 400
        assert "X-Forwarded-For" in caplog.text.title()
        c.server.proxies._told_at -= 60  # the log is told once a minute
        peer = await c.open()
        peer.write(b"PROXY TCP4 nonsense\r\n")
        assert (await peer.reader.read()).startswith(b"HTTP/1.1 400 ")
        assert c.server.proxies.refused == 2
    assert "PROXY header" in caplog.text


async def test_requests_of_several_people_may_share_a_proxy_s_connection() -> None:
    async with chat(trusted_proxy=("127.0.0.1",)) as c:
        peer = await c.open()
        for number in (7, 8):
            peer.write(c.head("GET", "/health", f"X-Forwarded-For: 203.0.113.{number}"))
            assert (await peer.reply()).status == 200


async def test_limits_meet_people_and_not_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """One who floods gets no more places; another, through the same proxy and connections, does."""
    monkeypatch.setattr("chatdesk.server.places._HANDSHAKES", Rate(0.001, 3))
    monkeypatch.setattr("chatdesk.server.places._CONNECTIONS", Rate(0.001, 3))
    async with chat(trusted_proxy=("127.0.0.1",), public_url="http://chat.example.org") as c:
        for expected in (101, 101, 101, 429):
            assert (await c.ask(c.upgrade("X-Forwarded-For: 203.0.113.7"))).status == expected
        assert (await c.ask(c.upgrade("X-Forwarded-For: 203.0.113.8"))).status == 101
        for _ in range(5):
            assert (await c.ask(c.upgrade())).status == 101  # from the proxy itself, such as a health check


@pytest.mark.parametrize("header", [V1, V2, b""])
async def test_a_header_comes_before_tls(header: bytes) -> None:
    own = OwnCertificates(None, "Robotics", "3f6b1c05d2a94e78", lambda: ["127.0.0.1"])
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.load_verify_locations(cadata=own.authority)
    async with chat(trusted_proxy=("127.0.0.1",), certificates=own) as c:
        reader, writer = await asyncio.open_connection("127.0.0.1", c.server.port)
        writer.write(header)
        await writer.start_tls(trusting, server_hostname="127.0.0.1")
        writer.write(c.upgrade())
        assert (await reader.readline()).split()[1] == b"101"
        (connection,) = c.server.connections
        assert connection.address == ("203.0.113.7" if header else "127.0.0.1")
        writer.close()
        await until(lambda: not c.server.connections)
