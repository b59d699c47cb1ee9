"""``python -m tests.workers.faults --rounds 100``: processes of a chat are killed and stopped, also two at once.

A fault is what happens to one process or to two of them, at the same time or within half a second; or the one that is
started in place of a killed one is killed, too.
"""

import asyncio
import contextlib
import itertools
import os
import signal
import tempfile
from collections.abc import AsyncIterator, Container, Iterator, Sequence
from functools import partial
from pathlib import Path
from random import Random
from typing import NamedTuple

from websockets.asyncio.client import ClientConnection, connect

from tests.cluster.faults.history import Entry
from tests.cluster.faults.rounds import Fault, main
from tests.cluster.faults.talk import Talk
from tests.e2e import on_disk
from tests.workers.processes import ORDER, SUPERVISOR, Workers

_WORKERS = ("worker 1", "worker 2")
_KILLED, _STOPPED, _HUNG = "killed", "stopped", "hung"
_HALF_SECOND = 0.5
_LONGEST_STOP = 4.0
_HUNG_SECONDS = 12.0
"""After less than that, the supervisor ends a process that does nothing."""
_LOOK_SECONDS = 0.01
_LAST_LINES = 12


class Harm(NamedTuple):
    """What is done to a process of this name: killed, or stopped for a moment, or until it is ended."""

    victim: str
    how: str

    def __str__(self) -> str:
        return f"{self.victim} {self.how}"


class WorkerPlace:
    """A worker, to which one comes by chance, as all have one port."""

    def __init__(self, chat: Workers, name: str, log: Path) -> None:
        self._chat = chat
        self.name = name
        self._log = log

    @property
    def last_words(self) -> str:
        """See ``Place``; of all processes."""
        return "\n".join(self._log.read_text().splitlines()[-_LAST_LINES:])

    @contextlib.asynccontextmanager
    async def visit(self) -> AsyncIterator[ClientConnection]:
        """See ``Place``."""
        while True:
            async with connect(self._chat.websocket, proxy=None, close_timeout=0.2) as connection:
                if self._chat.serves(self.name, connection.local_address[1]):
                    yield connection
                    return


class WorkersWorld:
    """A chat with two workers, and somebody who starts it again when its supervisor has died."""

    heal_seconds = 20.0
    """See ``World``: up to ten of them a process that dies often is not started again."""

    def __init__(self, chat: Workers, log: Path, random: Random) -> None:
        self._chat = chat
        self._log = log
        self.random = random
        self.talk = Talk([chat.websocket], [WorkerPlace(chat, name, log) for name in _WORKERS], random)

    def end(self) -> dict[str, list[Entry]]:
        """See ``World``."""
        self._chat.stop()
        folders = dict(zip(_WORKERS, (self._chat.folder, self._chat.folder / "workers" / "2"), strict=True))
        return {name: _kept(folder) for name, folder in folders.items()}

    async def suffer(self, harms: Sequence[Harm]) -> None:
        """Let this happen, and end it: what was stopped goes on, and the chat is started again if it has ended."""
        with contextlib.ExitStack() as stack:
            hit = dict[int, int]()
            for victim, how in self.random.sample(harms, len(harms)):
                if pid := await self._find(victim, hit):
                    hit[pid] = process = os.pidfd_open(pid)
                    stack.callback(os.close, process)
                    signal.pidfd_send_signal(process, signal.SIGKILL if how == _KILLED else signal.SIGSTOP)
                await asyncio.sleep(self.random.choice((0.0, self.random.uniform(0, _HALF_SECOND))))
            hows = {harm.how for harm in harms}
            if (SUPERVISOR, _KILLED) in harms:
                await asyncio.to_thread(self._start_again)
            elif hows != {_KILLED}:
                await asyncio.sleep(_HUNG_SECONDS if _HUNG in hows else self.random.uniform(0.1, _LONGEST_STOP))
            for process in hit.values():
                with contextlib.suppress(ProcessLookupError):  # it has died
                    signal.pidfd_send_signal(process, signal.SIGCONT)

    def _start_again(self) -> None:
        self._chat.kill()
        try:
            self._chat.start()
        except AssertionError as error:
            error.add_note(self._log.read_text()[-2000:])
            raise

    async def _find(self, victim: str, hit: Container[int]) -> int:
        """Wait for the process of this name that was not hit yet; 0 if there is none, as all have died."""
        while True:
            try:
                pid = self._chat.all_processes().get(victim, 0)
            except FileNotFoundError:
                return 0
            if pid and pid not in hit:
                return pid
            await asyncio.sleep(_LOOK_SECONDS)


def _kept(folder: Path) -> list[Entry]:
    left = on_disk.read(folder)
    assert left.integrity == "ok"
    assert left.index_agrees
    return [Entry(entry.seq, entry.id or "", entry.content) for entry in left.entries]


@contextlib.contextmanager
def world(random: Random) -> Iterator[WorkersWorld]:
    """A chat that ends with the context."""
    with tempfile.TemporaryDirectory(prefix="faults-") as name, contextlib.ExitStack() as stack:
        log = Path(name) / "log"
        errors = stack.enter_context(log.open("a"))
        chat = stack.enter_context(Workers("--message-rate", "0", "--log-json", errors=errors))
        yield WorkersWorld(chat, log, random)


def _faults() -> dict[str, Fault[WorkersWorld]]:
    each = [Harm(victim, how) for victim in (*_WORKERS, ORDER, SUPERVISOR) for how in (_KILLED, _STOPPED, _HUNG)]
    each.remove(Harm(SUPERVISOR, _HUNG))  # which nobody would end
    two = [pair for pair in itertools.combinations(each, 2) if pair[0].victim != pair[1].victim]
    twice = [(Harm(victim, _KILLED),) * 2 for victim in (*_WORKERS, ORDER)]
    every = (*((harm,) for harm in each), *two, *twice)
    return {" + ".join(map(str, harms)): partial(WorkersWorld.suffer, harms=harms) for harms in every}


ALL = _faults()
"""All faults by their names."""

if __name__ == "__main__":
    main(world, ALL, __doc__)
