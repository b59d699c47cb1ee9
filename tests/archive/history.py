"""Histories to export or copy, and running the program."""

import asyncio
import contextlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

from chatdesk import cli
from chatdesk.log.database import connect, open_database
from chatdesk.log.disk_store import open_store
from chatdesk.log.room_log import Draft, Refusal
from chatdesk.log.schema import entry_place
from tests import warm_program
from tests.waiting import until

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-W", "error", "-X", "dev", "-m", "chatdesk"]


def write_history(folder: Path, texts: Iterable[str], room: str = "lobby") -> Path:
    """Write a history through the log, as a host does; return the folder."""

    async def say() -> None:
        async with open_store(folder) as store:
            log = store.room(room)
            said = list(texts)
            refused_drafts: list[Refusal] = []
            for number, text in enumerate(said):
                log.append(Draft("Kit", text, "kit", f"{room}-{number}"), refused_drafts.append)
            await until(lambda: log.last_seq == len(said) or refused_drafts)
            assert refused_drafts == []

    asyncio.run(say())
    return folder


def write_many(folder: Path, count: int) -> Path:
    """Write many messages directly into the file, without indexing them; return the folder."""
    folder.mkdir(exist_ok=True)
    db, _ = open_database(folder)
    with closing(db):
        db.execute("BEGIN")
        db.execute("INSERT INTO room VALUES (1, 'lobby', 'first', 1, ?1, 1, ?1)", (count,))
        entries = (
            (entry_place(1, seq), "kit", f"id-{seq}", "Kit", f"{seq} " * 8, seq * 1000) for seq in range(1, count + 1)
        )
        columns = "place, identity, id, nickname, content, time"
        db.executemany(f"INSERT INTO entry ({columns}) VALUES (?, ?, ?, ?, ?, ?)", entries)
        db.execute("COMMIT")
    return folder


def outdate_index(folder: Path) -> None:
    """Mark the index as one of other rules, as an older version leaves it."""
    execute(folder, "UPDATE about SET value = 'older' WHERE name = 'index'")


def execute(folder: Path, *statements: str) -> None:
    """Execute SQL on a history from outside."""
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
    """Run the real program to its end, with every warning as an error."""
    if limit is None:
        return warm_program.run(*arguments, cwd=ROOT)
    return subprocess.run(
        [*COMMAND, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
        preexec_fn=limit,
    )  # fmt: skip


def run_here(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Carry out the same command line in this process: to start the program takes longer than what most tests ask."""
    streams = [io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2)]
    command = [*map(str, arguments)]
    with contextlib.redirect_stdout(streams[0]), contextlib.redirect_stderr(streams[1]):
        try:
            code = cli.run(command)
        except SystemExit as end:  # as argparse ends the program
            code = int(end.code or 0)
    printed = [stream.buffer.getvalue().decode() for stream in streams if isinstance(stream.buffer, io.BytesIO)]
    return subprocess.CompletedProcess(command, code, *printed)


def refusal_of(process: subprocess.CompletedProcess[str]) -> str:
    """Return the one sentence with which the program refused."""
    assert (process.returncode, process.stdout) == (2, "")
    assert re.fullmatch(r"[A-Z/].*\.\n", process.stderr), process.stderr
    return process.stderr
