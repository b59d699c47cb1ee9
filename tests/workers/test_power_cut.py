"""What was told is there after a power cut, once and in order, with workers and with one process.

What a power cut can leave, as SQLite writes: of a file with ``synchronous = FULL``, such as that of the order, all
that a commit has returned, and some of what came after. Of one with ``NORMAL``, such as those of workers, what it had
when it was synced last, and of its WAL any part of what was written since, as SQLite takes the frames up to the first
that is not whole. No file has less, since none is moved or shortened before what takes its place is synced. So the
test keeps what the files of the workers have at each sync, and cuts their WALs after that anywhere.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random
from types import SimpleNamespace

import pytest

from chatdesk import server_parts
from chatdesk.app import open_server
from chatdesk.config import ServerConfig
from chatdesk.desktop.hosting import HostError
from chatdesk.log import writer
from chatdesk.server.fanout import HEADLESS
from chatdesk.workers import order_process
from chatdesk.workers.copies import is_behind, worker_folder
from tests.e2e import on_disk
from tests.log.harness import contents
from tests.waiting import until
from tests.workers.machine import machine

_WORKERS = (1, 2)


class Power:
    """The files of a chat, as far as they are safe from a power cut."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._safe: dict[Path, bytes] = {}
        self.syncs = 0

    def before_sync(self) -> None:
        """All that the files of the workers have now is safe once this sync is over."""
        self._safe = {path.relative_to(self._folder): path.read_bytes() for path in self._of_workers()}
        self.syncs += 1

    def cut(self, folder: Path, random: Random) -> None:
        """Leave in another folder what a power cut might leave of the files now."""
        for path in sorted(self._folder.glob("order.db*")):
            if not path.name.endswith("-shm"):
                shutil.copy(path, folder)
        for path, safe in self._safe.items():
            now = (self._folder / path).read_bytes()
            left = folder / path
            left.parent.mkdir(parents=True, exist_ok=True)
            grown = now.startswith(safe[:4096]) and path.name.endswith("-wal")
            left.write_bytes(now[: random.randint(len(safe), len(now))] if grown else safe)

    def _of_workers(self) -> Iterator[Path]:
        for number in _WORKERS:
            yield from (worker_folder(self._folder, number) / f"chat.db{ending}" for ending in ("-wal", ""))


async def test_a_power_cut_loses_and_doubles_nothing_that_was_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "_LATER_SECONDS", 0.01)
    monkeypatch.setattr(order_process, "_FORGET_SECONDS", 0.05)
    monkeypatch.setattr(order_process, "_WAIT_SECONDS", 0.05)
    chat, random = tmp_path / "chat", Random(7)
    power = Power(chat)
    cuts: list[tuple[Path, list[str]]] = []
    async with machine(chat, power.before_sync) as workers:
        said: list[str] = []
        for number in range(60):
            room = workers.rooms[number % 2]
            await room.append(f"said {number}", f"id{number}")
            said.append(f"said {number}")
            if number % 10 == 9:
                before = power.syncs
                await until(lambda: power.syncs > before)  # noqa: B023 - it is awaited here
            if power.syncs > 1 and number % 5 == 2:
                left = tmp_path / f"cut{number}"
                left.mkdir()
                power.cut(left, random)
                cuts.append((left, list(said)))
        assert len(workers.order.entries(0, 100)) < len(said)  # it has forgotten what both had
    assert len(cuts) > 5
    for left, told in cuts:
        alone = shutil.copytree(left, left.with_suffix(".alone"))
        async with machine(left) as workers:
            for room in workers.rooms:
                assert contents((await room.latest()).records)[: len(told)] == told
            await workers.rooms[0].try_append(
                told[-1], f"id{len(told) - 1}"
            )  # again, as its sender has not heard of it
        for number in _WORKERS:
            assert [entry.content for entry in on_disk.read(worker_folder(left, number)).entries] == told
        config = ServerConfig(port=0, bind="127.0.0.1", data_dir=alone, discovery=False)
        if is_behind(alone):
            with monkeypatch.context() as elsewhere:
                elsewhere.setattr(server_parts, "sys", SimpleNamespace(platform="win32"))
                with pytest.raises(HostError, match="start it there once"):
                    await open_server(config, HEADLESS).__aenter__()
        async with open_server(config, HEADLESS):
            pass
        assert [entry.content for entry in on_disk.read(alone).entries] == told
        assert not (alone / "order.db").exists()
