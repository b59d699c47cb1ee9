"""Maintenance concerns rooms that are open and rooms that are not."""

from pathlib import Path

from chatdesk.log.maintenance import MaintenanceStep
from chatdesk.log.retention import STEP, Retention
from chatdesk.log.room_log import IndexProgress
from tests.log.database_room import database, filled_room
from tests.log.harness import lobby, outside_connection
from tests.waiting import until


def test_maintenance_takes_one_step_of_each_room(tmp_path: Path) -> None:
    told: list[IndexProgress | None] = []
    with database(tmp_path) as db:
        filled_room(db, 2 * STEP)
        filled_room(db, STEP // 2, 2)
        chore = MaintenanceStep(Retention(messages=10), {}, told.append)
        chore.execute(db)
        assert (chore.more, chore.freed) == (True, True)
        assert db.execute("SELECT first_seq FROM room ORDER BY number").fetchall() == [(STEP + 1,), (STEP // 2 - 9,)]
        while chore.more:
            chore = MaintenanceStep(Retention(messages=10), {}, told.append)
            chore.execute(db)
        chore.notify_done()
        assert db.execute("SELECT count(*) FROM entry WHERE content IS NOT NULL").fetchone() == (20,)
        chore = MaintenanceStep(Retention(messages=10), {}, told.append)
        chore.execute(db)
        assert (chore.more, chore.freed) == (False, False)
    assert told == [None]


def test_without_limits_only_cleared_rooms_go(tmp_path: Path) -> None:
    told: list[IndexProgress | None] = []
    with database(tmp_path) as db:
        filled_room(db, 5)
        filled_room(db, 5, 2)
        db.execute("UPDATE room SET name = NULL WHERE number = 2")
        chore = MaintenanceStep(Retention(), {}, told.append)
        chore.execute(db)
        assert chore.more
        while chore.more:
            chore = MaintenanceStep(Retention(), {}, told.append)
            chore.execute(db)
        assert db.execute("SELECT place >> 40, count(*) FROM entry GROUP BY 1").fetchall() == [(1, 5)]


async def test_what_an_earlier_run_has_not_deleted_is_deleted_at_the_start(tmp_path: Path) -> None:
    with database(tmp_path) as db:
        filled_room(db, 5)
        filled_room(db, 3 * STEP, 2)
        db.execute("UPDATE room SET name = NULL WHERE number = 2")
    async with lobby(tmp_path, Retention(messages=2)) as room:
        await until(lambda: room.log.seqs == range(4, 6))
        await until(lambda: rooms_in(tmp_path) == [(1, 5)])


def rooms_in(folder: Path) -> list[tuple[int, int]]:
    """Return the number of records of each room."""
    with outside_connection(folder) as db:
        return db.execute("SELECT place >> 40, count(*) FROM entry GROUP BY 1").fetchall()
