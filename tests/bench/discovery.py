"""How soon a host is found, and its end noticed: ``python -m tests.bench.discovery [RUNS]``, as root.

Two computers, each a namespace, share a network of their own. Measured are the seconds between an event at the host
and the moment at which the start screen would show it: the median and the longest.
"""

import asyncio
import signal
import statistics
import subprocess
import sys
import time

from tests.discovery.chat_programs import ChatFinder, finding_chats, serve
from tests.netns import Lan, Machine, Networks

RUNS = 10  # enough for a median of waits that are random by up to a second
Times = dict[str, list[float]]


async def measure(lan: Lan, host: Machine, guest: Machine, times: Times) -> None:
    """Measure each event once."""
    async with finding_chats(guest) as finder:
        process = serve(host, "Robotics")
        await note(times, "it opens, and appears", finder, "Robotics")
        process.kill()
        await note(times, "it is killed, and vanishes", finder)
        process = serve(host, "Robotics")
        await finder.finds("Robotics")
        process.send_signal(signal.SIGTERM)
        await note(times, "it closes, and vanishes", finder)
        await asyncio.to_thread(process.wait)
        serve(host, "Robotics")
        await finder.finds("Robotics")
        carrier(lan, host, "down")
        await note(times, "its cable is pulled, and it vanishes", finder)
        carrier(lan, host, "up")
        await note(times, "its cable is back, and it appears", finder, "Robotics")
    started = time.monotonic()
    async with finding_chats(guest) as finder:
        await finder.finds("Robotics")
        times.setdefault("somebody looks, and it appears", []).append(finder.since - started)


def carrier(lan: Lan, host: Machine, state: str) -> None:
    """Unplug the cable at the switch, or plug it in again."""
    subprocess.run(["ip", "-n", lan.namespace, "link", "set", host.ports[lan], state], check=True)


async def note(times: Times, what: str, finder: ChatFinder, *names: str) -> None:
    """Note the seconds from now until exactly these chats are found."""
    started = time.monotonic()
    await finder.finds(*names)
    times.setdefault(what, []).append(max(0.0, finder.since - started))


async def main(runs: int) -> None:
    times: Times = {}
    for _ in range(runs):
        with Networks() as networks:
            lan, host, guest = networks.lan(), networks.machine(), networks.machine()
            host.plug(lan, "10.77.1.2/24")
            guest.plug(lan, "10.77.1.3/24")
            await measure(lan, host, guest, times)
    for what, each in times.items():
        print(f"{what:40} {statistics.median(each):6.2f} {max(each):6.2f}")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if sys.argv[1:] else RUNS))
