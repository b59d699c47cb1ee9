"""Nodes without their servers: a store and a room each, and what is in their files."""

import asyncio
import contextlib
import sqlite3
from pathlib import Path
from typing import Any

from chatdesk.cluster.cluster_store import ClusterStore
from chatdesk.log.acts import Act
from chatdesk.log.database import FILE
from chatdesk.log.room_log import Draft, Record, RoomLog
from tests.waiting import until


class Node:
    """A node's store, and its room with what was announced there."""

    def __init__(self, store: ClusterStore, room: str = "lobby") -> None:
        self.store = store
        self.log: RoomLog = store.room(room)
        self.announced: list[Record] = []
        self.log.subscribe(self.announced.append, lambda _cleared: None)

    def say(self, content: str, message_id: str | None = None, identity: str = "kit") -> list[Any]:
        """Say something; returns the list in which a refusal will be."""
        refused: list[Any] = []
        self.log.append(Draft(identity.title(), content, identity, message_id), refused.append)
        return refused

    async def act(self, act: Act) -> Any:
        outcome: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.log.amend(act, outcome.set_result)
        return await asyncio.wait_for(outcome, 10)

    async def heard(self, count: int) -> list[str]:
        """What was announced, once it is so much."""
        await until(lambda: len(self.announced) >= count)
        return [f"{record.change} {record.seq} {record.content}" for record in self.announced]


def contents(folder: Path) -> dict[str, list[Any]]:
    """All that a file has of what was said, whatever numbers its rooms have there."""
    with contextlib.closing(sqlite3.connect(folder / FILE)) as db:
        return {
            "rooms": db.execute("SELECT name, epoch, last_seq, last_change FROM room ORDER BY name").fetchall(),
            "entries": db.execute(
                "SELECT name, place & ((1 << 40) - 1), identity, id, nickname, content, time, change,"
                " amended & ((1 << 40) - 1), edited, reply_to, removed, remover, pinned, reactions"
                " FROM entry JOIN room ON number = place >> 40 ORDER BY 1, 2"
            ).fetchall(),
            "reactions": db.execute(
                "SELECT identity, place & ((1 << 40) - 1), emoji, change, nickname FROM reaction ORDER BY 1, 2, 3"
            ).fetchall(),
        }
