#!/bin/bash
# A task that is cancelled while it awaits async_wait_for_start() of python-zeroconf cannot close the AsyncZeroconf any
# more: its async_close(), in a finally block, raises another CancelledError and leaves the sockets open.
#
# async_wait_for_start() awaits the instance's one running_future without a shield, so the cancellation goes through to
# the future that everybody shares. async_close() begins by waiting for the start, too: it finds the cancelled future, and
# ends before it has closed the transports, though nobody has cancelled the task a second time.
# One would have guessed that a cancelled wait ends only that wait, as with asyncio.Event.wait(), and that a close in a
# finally block closes. The docstrings name no such limit.
# The way out: await the start through asyncio.shield().
# Seen with zeroconf 0.154.0, CPython 3.11 and 3.13 on Linux. All of it happens on loopback in a network namespace.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check zeroconf==0.154.0
cat > leaving.py <<'PYTHON'
import asyncio
import os
import sys

from zeroconf import __version__
from zeroconf.asyncio import AsyncZeroconf


def sockets():
    links = [f"/proc/self/fd/{number}" for number in os.listdir("/proc/self/fd")]
    return sum(os.path.exists(link) and os.readlink(link).startswith("socket:") for link in links)


async def wait_and_close(zeroconf, shielded, raised):
    start = asyncio.ensure_future(zeroconf.zeroconf.async_wait_for_start())
    try:
        await asyncio.shield(start) if shielded else await start
    finally:
        try:
            await zeroconf.async_close()
        except asyncio.CancelledError:
            raised.append("CancelledError")
            raise
        finally:
            await asyncio.gather(start, return_exceptions=True)


async def leave(shielded):
    """Returns how many sockets more are open in the end, and what the close has raised."""
    before, raised = sockets(), []
    zeroconf = AsyncZeroconf(interfaces=["127.0.0.1"])
    task = asyncio.create_task(wait_and_close(zeroconf, shielded, raised))
    while not zeroconf.zeroconf.engine.running_future._callbacks:  # until it waits for the start
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    await asyncio.sleep(0.1)
    return sockets() - before, raised


print("Python", sys.version.split()[0], "zeroconf", __version__)
plain, shielded = asyncio.run(leave(False)), asyncio.run(leave(True))
print("cancelled in the wait: sockets left open, and what close() raised:", plain)
print("the same behind asyncio.shield():", shielded)
assert plain[0] > 0 and plain[1] == ["CancelledError"], plain
assert shielded == (0, []), shielded
PYTHON
PYTHON="$PWD/venv/bin/python"
unshare --net --user --map-root-user bash -c "ip link set lo up && exec '$PYTHON' leaving.py"
