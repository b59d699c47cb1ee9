"""Histories to take out, and the program that does it."""

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

from chatdesk.log.database import connect, open_database
from chatdesk.log.disk_store import open_store
from chatdesk.log.room_log import Draft, Refusal
from chatdesk.log.schema import entry_place
from tests.waiting import until

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-W", "error", "-X", "dev", "-m", "chatdesk"]


def write_history(folder: Path, texts: Iterable[str], room: str = "lobby") -> Path:
    """Have them kept by the log itself, as a host would; the result is the folder."""

    async def say() -> None:
        async with open_store(folder) as store:
            log = store.room(room)
            said = list(texts)
            refused_drafts: list[Refusal] = []
            for number, text in enumerate(said):
                log.append(Draft(room, "Kit", text, "kit", f"{room}-{number}"), refused_drafts.append)
            await until(lambda: log.last_seq == len(said) or refused_drafts)
            assert refused_drafts == []

    asyncio.run(say())
    return folder


def write_many(folder: Path, count: int) -> Path:
    """So many that it takes a while to read them; they stand in the file, but in no index."""
    folder.mkdir(exist_ok=True)
    db, _ = open_database(folder)
    with closing(db):
        db.execute("BEGIN")
        db.execute("INSERT INTO room VALUES (1, 'lobby', 'first', 1, ?)", (count,))
        entries = (
            (entry_place(1, seq), "kit", f"id-{seq}", "Kit", f"{seq} " * 8, seq * 1000) for seq in range(1, count + 1)
        )
        columns = "place, identity, id, nickname, content, time"
        db.executemany(f"INSERT INTO entry ({columns}) VALUES (?, ?, ?, ?, ?, ?)", entries)
        db.execute("COMMIT")
    return folder


def outdate_index(folder: Path) -> None:
    """As an older version has left it: with no index, or with one of other rules."""
    execute(folder, "UPDATE about SET value = 'older' WHERE name = 'index'")


def execute(folder: Path, *statements: str) -> None:
    """Do this to a history from outside."""
    with closing(connect(folder)) as db:
        for statement in statements:
            db.execute(statement)


def corrupt(folder: Path) -> None:
    """Overwrite the pages in the middle of the file."""
    with (folder / "chat.db").open("rb+") as file:
        file.seek(0, os.SEEK_END)
        size = file.tell()
        file.seek(size // 4 // 4096 * 4096)
        file.write(b"\xa5" * (size // 2))


def run(*arguments: str | Path, limit: Callable[[], None] | None = None) -> subprocess.CompletedProcess[str]:
    """The real program, to its end, in development mode, where every warning is an error."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
        preexec_fn=limit,
    )  # fmt: skip


def refusal_of(process: subprocess.CompletedProcess[str]) -> str:
    """The one sentence that the program gave instead."""
    assert (process.returncode, process.stdout) == (2, "")
    assert re.fullmatch(r"[A-Z/].*\.\n", process.stderr), process.stderr
    return process.stderr
