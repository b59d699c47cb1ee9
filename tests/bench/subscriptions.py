"""``python -m tests.bench.subscriptions``: what it costs to keep who belongs to which room, in memory and on disk."""

import argparse
import asyncio
import gc
import sqlite3
import tempfile
import tracemalloc
from contextlib import closing
from pathlib import Path

from chatdesk.log.database import FILE
from chatdesk.log.disk_store import open_store
from chatdesk.log.kept_rooms import STORE_SUBSCRIPTION, subscription_row
from chatdesk.log.rooms import StoredSubscription, Subscription
from chatdesk.server.subscriptions import Subscriptions
from tests.bench.process import BenchError

_SEQ = 100_000
"""Numbers of messages as in a chat of some weeks: small ones take no memory of their own."""


async def measure(rooms: int, members: int, people: int) -> tuple[float, float]:
    """Return the bytes of a subscription in memory and on the disk, of ``members`` of the ``people`` in each room."""
    with tempfile.TemporaryDirectory() as folder:
        async with open_store(Path(folder)):
            empty = (Path(folder) / FILE).stat().st_size
        rows = [
            StoredSubscription(
                f"{(room * members + member) % people:032x}",
                f"room-{room:04}",
                Subscription(read=_SEQ + room * members + member),
            )
            for room in range(rooms)
            for member in range(members)
        ]
        with closing(sqlite3.connect(Path(folder) / FILE, isolation_level=None)) as db:
            db.execute("BEGIN")
            db.executemany(STORE_SUBSCRIPTION, map(subscription_row, rows))
            db.execute("COMMIT")
        del rows
        gc.collect()
        tracemalloc.start()
        async with open_store(Path(folder)) as store:
            kept = Subscriptions(store)
            gc.collect()
            memory = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        size = (Path(folder) / FILE).stat().st_size - empty
        found = len(kept.of(f"{0:032x}"))
    count = rooms * members
    if found * people != count:
        raise BenchError(f"{found * people} of {count} subscriptions were stored")
    return memory / count, size / count


def main() -> None:
    """Measure as many as the arguments say, and print one line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.subscriptions", description=__doc__)
    for name, default in (("rooms", 1000), ("members", 100), ("people", 1000)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()
    memory, size = asyncio.run(measure(options.rooms, options.members, options.people))
    print(f"{options.rooms} rooms of {options.members}, {options.people} people: ", end="")
    print(f"{memory:.0f} bytes of memory and {size:.0f} on the disk for each subscription")


if __name__ == "__main__":
    main()
