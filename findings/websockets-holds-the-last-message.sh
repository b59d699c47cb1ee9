#!/bin/bash
# websockets keeps the last message that came on a connection in memory until the next frame comes, however long the program has
# been done with it.
#
# One would have guessed that a message is free once `recv` has returned it and the program has let it go. But the parser of a
# connection is a generator that waits for the next frame with the last one still in a local variable. So a thousand people, of
# whom each has sent one text of the default 1 MB and only reads from then on, hold a gigabyte. Pings and pongs are frames,
# too: with the keepalive of the asyncio server it lasts 20 s at most; without one (ping_interval=None), or in a server
# built on the Sans-I/O layer that has its own idea of keepalive, as long as the silence.
# Source: websockets/protocol.py, Protocol.parse: `frame = yield from Frame.parse(...)` in a loop. Documentation:
# https://websockets.readthedocs.io/en/stable/topics/memory.html counts buffers, and does not speak of it.
# The way out for users of the Sans-I/O layer: take the frame's data and set `frame.data = b""`, as the parser holds the same
# object.
# Installs websockets into a temporary folder. Seen with websockets 17.4 and 15.0.1 on Python 3.13.0.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/see.py" <<'PYTHON'
import asyncio
import contextlib
import gc
import sys
import tracemalloc
from importlib.metadata import version

from websockets.asyncio.client import connect
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed

COUNT, SIZE = 50, 200_000
print("websockets", version("websockets"), "Python", sys.version.split()[0])


def megabytes():
    return tracemalloc.get_traced_memory()[0] / 1e6


async def main():
    heard = 0

    async def hear(connection):
        nonlocal heard
        with contextlib.suppress(ConnectionClosed):
            async for message in connection:
                heard += len(message) == SIZE
                del message

    async def reached(condition):
        while not condition():
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.2)

    async with serve(hear, "127.0.0.1", 0, ping_interval=None, compression=None) as server:
        port = server.sockets[0].getsockname()[1]
        options = {"ping_interval": None, "compression": None}
        clients = [await connect(f"ws://127.0.0.1:{port}", **options) for _ in range(COUNT)]
        gc.collect()
        gc.freeze()
        tracemalloc.start()
        before = megabytes()
        for client in clients:
            await client.send(b"x" * SIZE)
        await reached(lambda: heard == COUNT)
        held = megabytes() - before
        print(f"{COUNT} messages of {SIZE / 1e6} MB were received and let go: {held:.1f} MB more than before")
        for client in clients:
            await client.ping()
        await asyncio.sleep(0.5)
        after_ping = megabytes() - before
        print(f"a ping on each of these connections later: {after_ping:.1f} MB")
        for client in clients:
            client.transport.abort()
    whole = COUNT * SIZE / 1e6
    assert held > 0.9 * whole and after_ping < 0.2 * whole


asyncio.run(main())
PYTHON
python3.13 -m venv "$folder/venv" 2>/dev/null || python3 -m venv "$folder/venv"
for release in 15.0.1 17.4; do
    "$folder/venv/bin/pip" install -q --disable-pip-version-check "websockets==$release"
    "$folder/venv/bin/python" "$folder/see.py"
done
