"""What is kept of keeping order: over a restart, a damage, and no longer than it should."""

import time
from contextlib import closing
from pathlib import Path

from chatdesk.log import order
from chatdesk.log.database import connect, replace_damaged
from chatdesk.log.disk_store import open_store
from chatdesk.log.memory import MemoryStore
from chatdesk.log.order import AuditEntry, Standing, StandingKind
from chatdesk.log.retention import Retention
from chatdesk.log.stored_order import forget_old_entries
from tests.waiting import until

BAN = Standing("kit", StandingKind.BANNED, "", "Kit", "192.0.2.7", "Selling parts", 5, "Mara", 4)
MUTE = Standing("ana", StandingKind.MUTED, "plans", "Ana", "", "", 0, "Mara", 4)
DONE = AuditEntry(4, "ban", "Mara", "Kit", "kit", "", "Selling parts", 5)


async def _kept(folder: Path) -> None:
    async with open_store(folder) as store:
        done: list[str] = []
        store.order.store([BAN, MUTE], [], DONE, done.append)
        await until(lambda: done == [""])


async def test_standings_and_trail_are_there_after_a_restart_and_end(tmp_path: Path) -> None:
    await _kept(tmp_path)
    async with open_store(tmp_path) as store:
        assert set(store.order.standings()) == {BAN, MUTE}
        [entry] = await store.order.audit(None, 10)
        assert entry == DONE._replace(number=1)
        done: list[str] = []
        store.order.store([], [BAN], DONE._replace(act="unban"), done.append)
        await until(lambda: done == [""])
        assert [it.act for it in await store.order.audit(None, 10)] == ["unban", "ban"]
        assert [it.act for it in await store.order.audit(2, 10)] == ["ban"]
        store.delete_room("plans", lambda _error: done.append("deleted"))
        await until(lambda: "deleted" in done)
    async with open_store(tmp_path) as store:
        assert store.order.standings() == []


async def test_they_are_saved_of_a_damaged_history(tmp_path: Path) -> None:
    await _kept(tmp_path)
    replace_damaged(tmp_path)
    async with open_store(tmp_path) as store:
        assert set(store.order.standings()) == {BAN, MUTE}
        assert [it.act for it in await store.order.audit(None, 10)] == ["ban"]


async def test_the_trail_is_bounded_in_number_and_by_retention(tmp_path: Path) -> None:
    await _kept(tmp_path)
    with closing(connect(tmp_path)) as db:
        assert not forget_old_entries(db, Retention(), now=0)
        assert forget_old_entries(db, Retention(days=1), now=time.time_ns() // 1_000_000)
    memory = MemoryStore().order
    for number in range(order.AUDIT_ENTRIES + 5):
        memory.store([], [], DONE._replace(until=number), lambda _problem: None)
    newest = await memory.audit(None, order.AUDIT_ENTRIES + 5)
    assert len(newest) == order.AUDIT_ENTRIES
    assert newest[0].until == order.AUDIT_ENTRIES + 4
