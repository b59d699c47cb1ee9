#!/bin/bash
# Each write to an asyncio transport takes the longer, the more writes wait before it: from Python 3.12 on the selector
# transport keeps them in a deque and, to find out whether it is above its high-water mark, adds up the lengths of all of
# them, after every single write. So many small writes to a peer that does not read are quadratic.
#
# With 20 000 writes of six bytes waiting, 120 kB and less than twice the default mark, one more takes hundreds of
# microseconds; with a few hundred waiting, a few. write() is documented not to block and to buffer what cannot be sent at
# once; pause_writing() comes once, at the mark, and stops nobody who answers a peer by himself, as websockets does pings.
# Python 3.11 kept one bytearray, whose length costs nothing; uvloop counts as it goes.
# One would have guessed a constant cost, as of list.append(): the sum is known from the write before.
# The way out: look at get_write_buffer_size() before one answers, and stop reading from who does not read; join what is
# small before it is written.
# Seen with CPython 3.12.1 and 3.13.0 and uvloop 0.22.1 on Linux.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
for python in python3 python3.14 python3.13 python3.12; do
  if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2> /dev/null; then break; fi
done
"$python" -m venv venv
venv/bin/pip install -q --disable-pip-version-check uvloop==0.22.1
cat > waiting.py <<'PYTHON'
import asyncio
import socket
import sys
import time

import uvloop

FEW, MANY = 200, 20_000
print("Python", sys.version.split()[0], "uvloop", uvloop.__version__)
assert sys.version_info >= (3, 12), "before 3.12 it is one bytearray"


async def costs() -> dict[int, float]:
    """Seconds that a write of six bytes takes while so many of them wait; the shortest of several, for others work too."""
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    transport, _ = await asyncio.get_running_loop().create_connection(asyncio.Protocol, sock=ours)
    transport.write(b"x" * 4_000_000)  # more than the system takes: from here on all writes wait
    found, written = {}, 0
    for waiting in (FEW, MANY):
        while written < waiting:
            transport.write(b"answer")
            written += 1
        shortest = 1.0
        for _ in range(20):
            begun = time.perf_counter()
            transport.write(b"answer")
            shortest = min(shortest, time.perf_counter() - begun)
            written += 1
        found[waiting] = shortest
    transport.abort()
    theirs.close()
    return found


for name, run in (("asyncio", asyncio.run), ("uvloop", uvloop.run)):
    found = run(costs())
    grown = found[MANY] / found[FEW]
    told = ", ".join(f"{seconds * 1e6:.1f} microseconds with {waiting} waiting" for waiting, seconds in found.items())
    print(f"{name}: a write takes {told}: {grown:.0f} times as long")
    assert grown > 20 if name == "asyncio" else grown < 20, (name, found)
PYTHON
venv/bin/python waiting.py
