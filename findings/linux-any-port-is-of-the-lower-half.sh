#!/bin/bash
# Linux gives a socket with SO_REUSEADDR, bound to port 0, only ports from the lower half of its range. Without the option
# it gives ports of both halves. asyncio and uvloop set the option on every server, so all of them draw from that half.
#
# One would have guessed that the option says how a port may be shared, and not which one comes: man 7 ip speaks of "a
# randomly selected free port" in the range of ip_local_port_range.
# What follows from it: who needs a port that is free twice, such as for IPv4 and for IPv6, and asks again and again
# until one is, may never see the free ones: where the lower half is taken in the other family, every answer is wrong.
# The way out: take one answer, and count up from it.
# The source: inet_csk_find_open_port() in net/ipv4/inet_connection_sock.c sets attempt_half where a socket can be
# reused, and tries the other half only once the first is full. Seen with Linux 6.18, Python 3.13 and uvloop 0.22.1.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
uname -sr
python3 --version
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check uvloop==0.22.1
venv/bin/pip freeze
cat > ports.py <<'PYTHON'
import asyncio
import socket
from pathlib import Path

import uvloop

RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
LOW, HIGH = map(int, RANGE.read_text().split())
MIDDLE = (LOW + HIGH) // 2


def ports(reuse):
    found = []
    for _ in range(500):
        with socket.socket() as asked:
            asked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, reuse)
            asked.bind(("127.0.0.1", 0))
            found.append(asked.getsockname()[1])
    return found


async def served():
    found = []
    for _ in range(100):
        async with await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0) as server:
            found.append(server.sockets[0].getsockname()[1])
    return found


def upper(found):
    return sum(port > MIDDLE + 1 for port in found)


def never_the_free_one():
    """Of four ports, three are taken for IPv4; IPv6 is asked for any, as often as it takes to find the fourth."""
    RANGE.write_text("40000 40003")
    taken = [socket.create_server(("127.0.0.1", port)) for port in (40000, 40001, 40002)]
    found = set()
    for _ in range(500):
        with socket.socket(socket.AF_INET6) as asked:
            asked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            asked.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            asked.bind(("::1", 0))
            found.add(asked.getsockname()[1])
    for each in taken:
        each.close()
    return found


without, with_it, asyncios, uvloops = ports(0), ports(1), asyncio.run(served()), uvloop.run(served())
asked = never_the_free_one()
print(f"the range is {LOW} to {HIGH}, its middle {MIDDLE}")
print(f"of 500 without SO_REUSEADDR, {upper(without)} are in the upper half; of 500 with it, {upper(with_it)}")
print(f"of 100 asyncio servers, {upper(asyncios)}; of 100 of uvloop, {upper(uvloops)}")
print(f"of four ports, IPv6 was offered {sorted(asked)}")
assert 150 < upper(without) < 350
assert upper(with_it) == upper(asyncios) == upper(uvloops) == 0
assert 40003 not in asked
PYTHON
unshare --net --user --map-root-user bash -c 'ip link set lo up && venv/bin/python ports.py'
