"""``python -m tests.bench.attacks NAME PORT CONNECTIONS``: attack a server on loopback until this is terminated.

``python -m tests.bench.attacks nobody`` only uses as much of the processor.
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import math
import os
import selectors
import socket
import ssl
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

from tests.bench import frames
from tests.hostile.wire_attacks import by_part
from tests.server.wire import CONT, PING, PONG, TEXT, client_frame, command, text

_READ_BYTES = 64 * 1024  # what a socket usually has at once; nothing is done with it
_BLOB_BYTES = 48 * 1024  # of an attack in one call of send, so that this process is not what limits it
_ADDRESS = "127.0.0.2"  # another computer than that of the people in the chat, as far as addresses tell
_REST_SECONDS = 0.02  # so a connection that the server closes comes back up to 50 times a second


@dataclass(frozen=True)
class Attack:
    """What each connection does: it sends ``opening``, and then ``flood`` again and again, ``piece`` bytes at a time.

    With ``upgrades`` it is a WebSocket first, with ``joins`` a member of the room. With ``deaf`` it never reads, with
    ``halves`` it closes its sending side after the opening. With ``leaves`` it disconnects there and comes back;
    with ``rooms`` it joins a new room each time. With ``variants`` each connection floods with one of them.
    """

    opening: bytes = b""
    flood: bytes = b""
    piece: int = _BLOB_BYTES
    upgrades: bool = False
    joins: bool = False
    deaf: bool = False
    halves: bool = False
    leaves: bool = False
    rooms: bool = False
    variants: tuple[bytes, ...] = ()


def head(target: str = "/", *fields: str, method: str = "GET", end: str = "\r\n\r\n") -> bytes:
    """Return the head of a request whose Host every server accepts."""
    return ("\r\n".join((f"{method} {target} HTTP/1.1", "Host: localhost", *fields)) + end).encode()


def hello() -> bytes:
    """Return the first message of a TLS handshake, which costs the server the most."""
    outgoing, context = ssl.MemoryBIO(), ssl.create_default_context()
    with contextlib.suppress(ssl.SSLWantReadError):
        context.wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname="localhost").do_handshake()
    return outgoing.read()


NOBODY = "nobody"
_FIRST = client_frame(TEXT, b"", fin=False)
ATTACKS = {
    "body in chunks": Attack(head("/", "Transfer-Encoding: chunked"), b"1\r\nx\r\n"),
    "body in chunks, POST": Attack(head("/", "Transfer-Encoding: chunked", method="POST"), b"1\r\nx\r\n"),
    "long body": Attack(head("/", "Content-Length: 99999999999"), b"x"),
    "long body, byte by byte": Attack(head("/", "Content-Length: 99999999999"), b"x", piece=1),
    "head, byte by byte": Attack(head(end="\r\nX: "), b"x", piece=1),
    "header lines, byte by byte": Attack(head(end="\r\n"), b"X: y\r\n", piece=1),
    "heads": Attack(flood=head("/health")),
    "pages": Attack(flood=head("/")),
    "pages that nobody reads": Attack(flood=head("/"), deaf=True),
    "stats": Attack(flood=head("/stats")),
    "about": Attack(flood=head("/about")),
    "check": Attack(flood=head("/check")),
    "nothing there": Attack(flood=head("/nothing")),
    "refused heads": Attack(flood=head("/", "Host: evil.example")),
    "TLS": Attack(flood=b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"),
    "TLS handshakes that stall": Attack(hello()),
    "TLS handshakes that are broken off": Attack(hello(), leaves=True),
    "TLS handshakes, byte by byte": Attack(flood=hello(), piece=1),
    "comes and goes": Attack(leaves=True),
    "comes, asks and goes": Attack(head("/health"), leaves=True),
    "upgrades and goes": Attack(upgrades=True, leaves=True),
    "joins and goes": Attack(joins=True, leaves=True),
    "silent": Attack(),
    "half closed": Attack(head("/health"), halves=True),
    "stranger's empty fragments": Attack(_FIRST, client_frame(CONT, b"", fin=False), upgrades=True),
    "stranger's pings": Attack(flood=client_frame(PING), upgrades=True),
    "stranger's pings, byte by byte": Attack(flood=client_frame(PING), upgrades=True, piece=1),
    "stranger's nonsense": Attack(flood=text("x"), upgrades=True),
    "not masked": Attack(flood=client_frame(TEXT, b"{}", masked=False), upgrades=True),
    "fragments of a byte": Attack(_FIRST, client_frame(CONT, b"x", fin=False), joins=True),
    "empty fragments": Attack(_FIRST, client_frame(CONT, b"", fin=False), joins=True),
    "empty texts": Attack(flood=text(""), joins=True),
    "pings": Attack(flood=client_frame(PING), joins=True),
    "long pings that nobody reads": Attack(flood=client_frame(PING, b"x" * 125), joins=True, deaf=True),
    "pongs": Attack(flood=client_frame(PONG), joins=True),
    "typing": Attack(flood=command("typing"), joins=True),
    "users": Attack(flood=command("users"), joins=True),
    "history": Attack(flood=command("history", limit=200), joins=True),
    "search": Attack(flood=command("search", query="the fox"), joins=True),
    "long messages": Attack(flood=text('{"type":"message","content":"' + "🦊" * 8000 + '"}'), joins=True),
    "rooms left behind": Attack(joins=True, leaves=True, rooms=True),
    "never joins": Attack(upgrades=True),
    "joined, and silent": Attack(joins=True),  # what it costs that a room has so many people more
    "brackets": Attack(flood=text("[" * 60_000), joins=True),
    **{
        f"{part}: one after the other": Attack(variants=variants, upgrades=stage == "stranger", joins=stage == "member")
        for (part, stage), variants in by_part().items()
    },
}


class Peer:
    """One connection of the attack, opened again whenever the server ends it."""

    def __init__(self, attack: Attack, port: int, number: int, selector: selectors.BaseSelector) -> None:
        self._attack, self._port, self._selector = attack, port, selector
        self._numbers = itertools.count(number * 1_000_000)
        flood = attack.variants[number % len(attack.variants)] if attack.variants else attack.flood
        self._flood = flood * max(1, _BLOB_BYTES // max(1, len(flood)))
        self._sock: socket.socket | None = None
        self.rests_until = 0.0

    def open(self) -> None:
        """Connect."""
        self._sock = sock = socket.socket()
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._attack.deaf:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.setblocking(False)
        sock.bind((_ADDRESS, 0))
        sock.connect_ex(("127.0.0.1", self._port))
        self._opening = self._greeting()
        self._answered = not (self._attack.upgrades or self._attack.joins)
        self._at = 0
        self._selector.register(sock, selectors.EVENT_READ | selectors.EVENT_WRITE, self)

    def act(self, events: int) -> None:
        """Read and send what the socket has and accepts now."""
        try:
            if events & selectors.EVENT_READ and (not self._attack.deaf or not self._answered):
                self._read()
            if events & selectors.EVENT_WRITE:
                self._write()
        except BlockingIOError:
            return
        except OSError:
            self.close()

    def close(self) -> None:
        """Disconnect, and pause for a moment."""
        if self._sock:
            self._selector.unregister(self._sock)
            self._sock.close()
            self._sock = None
        self.rests_until = time.monotonic() + (0 if self._attack.leaves else _REST_SECONDS)

    def _greeting(self) -> bytes:
        attack = self._attack
        if attack.joins:
            number = next(self._numbers)
            room = {"room": f"R{number}"} if attack.rooms else {}
            name = command("join", nickname=f"N{number}", capabilities=["presence"], **room)
            return frames.upgrade(self._port) + name + attack.opening
        return (frames.upgrade(self._port) if attack.upgrades else b"") + attack.opening

    def _read(self) -> None:
        assert self._sock
        if not self._sock.recv(_READ_BYTES):
            raise ConnectionResetError(errno.ECONNRESET, "closed")
        if not self._answered:
            self._answered = True
            self._wait_for(selectors.EVENT_READ | selectors.EVENT_WRITE)

    def _write(self) -> None:
        assert self._sock
        if self._opening:
            self._opening = self._opening[self._sock.send(self._opening) :]
            return None
        if not self._answered:
            return self._wait_for(selectors.EVENT_READ)
        if self._attack.leaves:
            return self.close()
        if not self._flood:
            if self._attack.halves:
                self._sock.shutdown(socket.SHUT_WR)
            return self._wait_for(selectors.EVENT_READ)
        self._at += self._sock.send(self._flood[self._at : self._at + self._attack.piece])
        if self._at >= len(self._flood):
            self._at = 0
        return None

    def _wait_for(self, events: int) -> None:
        assert self._sock
        self._selector.modify(self._sock, events, self)


def run(attack: Attack, port: int, connections: int, seconds: float = math.inf) -> None:
    """Attack for so many seconds at most, and no longer than what started this process lives."""
    selector = selectors.EpollSelector()
    peers = [Peer(attack, port, number, selector) for number in range(connections)]
    resting = list(peers)
    end, parent = time.monotonic() + seconds, os.getppid()
    while (now := time.monotonic()) < end and os.getppid() == parent:
        for peer in _due(resting, now):
            peer.open()
        for key, events in selector.select(0.005 if resting else 0.1):
            peer = key.data
            peer.act(events)
            if peer.rests_until:
                resting.append(peer)
    for peer in peers:
        peer.close()
    selector.close()


def attack_nobody() -> None:
    """Use the processor as an attack does, as long as what started this process lives."""
    out, back = socket.socketpair()
    with out, back:
        parent = os.getppid()
        while os.getppid() == parent:
            out.sendall(b"x" * _BLOB_BYTES)
            left = _BLOB_BYTES
            while left:
                left -= len(back.recv(_READ_BYTES))


def _due(resting: list[Peer], now: float) -> Iterator[Peer]:
    for peer in resting[:]:
        if peer.rests_until <= now:
            resting.remove(peer)
            peer.rests_until = 0.0
            yield peer


if __name__ == "__main__":
    os.nice(40)  # the process that measures goes first
    if sys.argv[1:] == [NOBODY]:
        attack_nobody()
    else:
        run(ATTACKS[sys.argv[1]], int(sys.argv[2]), int(sys.argv[3]))
