#!/bin/bash
# uvloop rounds the delay of call_later() to whole milliseconds, and to the nearest: 1.4 ms become 1, and less than half
# a millisecond becomes none at all, a call in the next turn. And it counts from the moment at which the present turn of
# the loop has begun, so that the work of this turn is taken off. So a timer falls due before its time, which asyncio's
# never does. A limiter that asks for the rest, "not yet, so again in 0.3 ms", sleeps once under asyncio; under uvloop it turns
# in circles until the rest is over, and takes the whole processor meanwhile, hundreds of turns for one wait.
#
# One would have guessed that a timer may be late but never early, as with asyncio, whose select() rounds its wait up.
# The documentation of uvloop does not speak of it; in its source, Loop.call_later() in loop.pyx has "round(delay * 1000)",
# and libuv's timers count milliseconds from uv_now(), which it reads once in a turn.
# The way out: ask for a millisecond at least where a timer is armed once more for the rest, and add half of one where
# "not before" matters.
# Seen with uvloop 0.23.0 and CPython 3.11.7 on Linux.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check uvloop==0.23.0
venv/bin/python - <<'PYTHON'
import asyncio
import sys
import time

import uvloop

print(f"Python {sys.version.split()[0]}, uvloop {uvloop.__version__}")


async def shortest(delay, tries=50):
    """After how many milliseconds a timer of so many was called, in the quickest of some tries."""
    loop = asyncio.get_running_loop()
    best = float("inf")
    for _ in range(tries):
        called = loop.create_future()
        await asyncio.sleep(0.0011)
        start = time.perf_counter()
        loop.call_later(delay / 1000, lambda: called.set_result(time.perf_counter()))
        best = min(best, (await called - start) * 1000)
    return best


async def turns(milliseconds=20, rest=0.3):
    """How often a timer is armed that always asks for a rest of 0.3 ms, until the time is over."""
    loop = asyncio.get_running_loop()
    over = loop.create_future()
    end = time.perf_counter() + milliseconds / 1000
    armed = 0

    def look():
        nonlocal armed
        armed += 1
        if time.perf_counter() < end:
            loop.call_later(rest / 1000, look)
        else:
            over.set_result(None)

    look()
    await over
    return armed


async def seen():
    return await shortest(1.4), await shortest(0.4), await turns()


results = {}
for name, factory in (("asyncio", asyncio.new_event_loop), ("uvloop", uvloop.new_event_loop)):
    with asyncio.Runner(loop_factory=factory) as runner:
        long, short, armed = results[name] = runner.run(seen())
    print(f"{name}: 1.4 ms take {long:.2f} ms, 0.4 ms take {short:.3f} ms, armed for 0.3 ms in 20 ms: {armed} times")
assert results["asyncio"][0] >= 1.4 and results["asyncio"][1] >= 0.4 and results["asyncio"][2] <= 68
assert results["uvloop"][0] < 1.4 and results["uvloop"][1] < 0.4 and results["uvloop"][2] > 200
PYTHON
