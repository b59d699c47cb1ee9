"""Starts the processes of a chat, starts one again that has died, and tells all when to end.

The processes are forked from one that has loaded the program, so that each starts within a tenth of a second and shares
its memory. They hear by a pipe what to do; signals are for the supervisor, since a terminal or a service manager sends
them to all at once. The system kills them when it dies: none may go on beside those of the next start.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import gc
import logging
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess
from pathlib import Path
from typing import NamedTuple

from chatdesk.workers.watch import HANGS_SECONDS, LOOK_SECONDS, Thread, Watch, threads_of

logger = logging.getLogger(__name__)

_READY, _STOP, _DRAIN, _RELOAD = b"ready", b"stop", b"drain", b"reload"
_LEFT_TO_SUPERVISOR = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_FIRST_DELAY, _LONGEST_DELAY = 0.1, 10.0
"""Seconds before a process is started again; twice as long each time, unless it has lived for longer than that."""
_NAME = Path("/proc/self/comm")
_SET_SIGNAL_OF_DEATH = 1
"""``PR_SET_PDEATHSIG`` in Linux' ``<linux/prctl.h>``."""
_HANGS = "A process of the chat, %s, has done nothing for %d seconds, and people wait for it: it is ended."
_KILLED = "A process of the chat, %s, has ended (%s) before it was at work: the chat ends."
_CANNOT_START = "A process of the chat, %s, cannot be started: %s."
_AGAIN_SECONDS = 2.0
"""Until that is tried again: the system may have no room for another process just now."""
_END_SECONDS = 10.0
"""What a process may take to end, besides the time of a drain; then it is killed."""


class Control:
    """What a process and its supervisor tell each other; this is the end of the process."""

    def __init__(self, pipe: Connection, starts: int) -> None:
        self._pipe = pipe
        self.starts = starts
        """How often it has been started, this time among them."""

    def ready(self) -> None:
        """It does its work now."""
        self._pipe.send_bytes(_READY)

    def obey(
        self,
        stop: Callable[[], object],
        drain: Callable[[], object] = lambda: None,
        reload: Callable[[], object] = lambda: None,
    ) -> None:
        """Call these when the supervisor says so."""
        acts = {_STOP: stop, _DRAIN: drain, _RELOAD: reload}

        def hear() -> None:
            acts[self._pipe.recv_bytes()]()

        asyncio.get_running_loop().add_reader(self._pipe.fileno(), hear)


class Role(NamedTuple):
    """A process: what it is called in the log and by ps, in at most 15 letters, and what it does.

    ``run`` returns its exit code; ``ended`` is called in the supervisor when it has ended, in whatever way. ``beat``
    returns there what it has shown last, another number each second; 0 until it is at work.
    """

    name: str
    run: Callable[[Control], int]
    beat: Callable[[], int]
    ended: Callable[[], object] = lambda: None


class Supervisor:
    """Keeps one process for each role. ``roles`` begins with the one that ends last, as the others need it.

    They are started one after the other, the first role first; ``drain`` is how long they may take to send people away.
    """

    def __init__(self, roles: Sequence[Role], drain: float = 0.0) -> None:
        self._children = [_Child(role) for role in roles]
        self._needed, *self._workers = self._children
        self._drain_seconds = drain
        self._stopped = asyncio.Event()
        self._ending = False

    async def run(self) -> int:
        """Run all until they were told to end; return the exit code, that of a process that cannot start."""
        gc.freeze()
        keeping: list[asyncio.Task[None]] = []
        try:
            for child in self._children:
                if not (child.start() and await self._is_ready(child)):
                    return 0 if self._ending else child.why_not_started()
            keeping = [asyncio.create_task(self._keep(child)) for child in self._children]
            keeping.append(asyncio.create_task(self._watch()))
            await self._stopped.wait()
            return 0
        finally:
            for task in keeping:
                task.cancel()
            await self._end()

    def stop(self) -> None:
        """End all at once."""
        self._tell_to_end(_STOP)

    def drain(self) -> None:
        """Have all send their people elsewhere and end; at once if it was called before."""
        self._tell_to_end(_DRAIN)

    def reload(self) -> None:
        """Have all read their certificates again."""
        for child in self._workers:
            child.tell(_RELOAD)

    async def _is_ready(self, child: _Child) -> bool:
        waiting = [asyncio.create_task(event.wait()) for event in (child.ready, child.ended, self._stopped)]
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
        return child.ready.is_set()

    async def _keep(self, child: _Child) -> None:
        loop, name = asyncio.get_running_loop(), child.role.name
        delay, started = _FIRST_DELAY, loop.time()
        while True:
            await child.ended.wait()
            if self._ending:
                return
            logger.warning("A process of the chat, %s, has ended (%s): it is started again.", name, child.how_ended)
            delay = _FIRST_DELAY if loop.time() - started > _LONGEST_DELAY else min(2 * delay, _LONGEST_DELAY)
            await asyncio.sleep(delay)
            while True:
                started = loop.time()
                if child.start():
                    break
                await asyncio.sleep(_AGAIN_SECONDS)

    async def _watch(self) -> None:
        """End what hangs, so that nobody waits for it any more; ``_keep`` starts it again."""
        while not self._ending:
            await asyncio.sleep(LOOK_SECONDS)
            for child in self._children:
                if child.hangs() and not self._ending:
                    logger.error(_HANGS, child.role.name, int(HANGS_SECONDS))
                    child.kill()

    async def _end(self) -> None:
        if not self._ending:
            self._tell_to_end(_STOP)
        seconds = _END_SECONDS + self._drain_seconds
        await asyncio.gather(*(child.end(seconds) for child in self._workers))
        self._needed.tell(_STOP)
        await self._needed.end(_END_SECONDS)

    def _tell_to_end(self, word: bytes) -> None:
        self._ending = True
        for child in self._workers:
            child.tell(word)
        self._stopped.set()


class _Child:
    """A process of a role, and those that were there before it."""

    def __init__(self, role: Role) -> None:
        self.role = role
        self.pipe: Connection | None = None
        self.ready, self.ended = asyncio.Event(), asyncio.Event()
        self._starts = 0
        self._process: ForkProcess | None = None
        self._watch = Watch(self._threads)

    def start(self) -> bool:
        """Start it, which is not ready yet. Returns whether the system has let it; otherwise it has ended as before."""
        try:
            self.pipe, self._process = self._new_process()
        except OSError as error:
            logger.error(_CANNOT_START, self.role.name, error.strerror or error)
            return False
        self._starts += 1
        self.ready, self.ended = asyncio.Event(), asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_reader(self.pipe.fileno(), self._hear)
        loop.add_reader(self._process.sentinel, self._on_end)
        return True

    def _new_process(self) -> tuple[Connection, ForkProcess]:
        """A process and the pipe to it. Raises OSError."""
        context = multiprocessing.get_context("fork")
        pipe, its = context.Pipe()
        with its, contextlib.ExitStack() as failed:
            failed.callback(pipe.close)
            arguments = self.role, Control(its, self._starts + 1), os.getpid()
            process = context.Process(target=_run, args=arguments, name=self.role.name, daemon=True)
            process.start()
            failed.pop_all()
        return pipe, process

    def tell(self, word: bytes) -> None:
        """Tell it what to do."""
        with contextlib.suppress(OSError):  # it has just died
            if self.pipe:
                self.pipe.send_bytes(word)

    async def end(self, seconds: float) -> None:
        """Wait until it has ended, and kill it after so many seconds."""
        if not self._process:
            return
        try:
            await asyncio.wait_for(self.ended.wait(), seconds)
        except TimeoutError:
            logger.error("A process of the chat, %s, does not end: it is killed.", self.role.name)
            self.kill()
            await self.ended.wait()

    def hangs(self) -> bool:
        """Whether it runs and does nothing, by this look and all before it."""
        return self._watch.hangs(asyncio.get_running_loop().time(), self.role.beat())

    def kill(self) -> None:
        """End it at once, whatever it does."""
        if self._process:
            self._process.kill()

    def why_not_started(self) -> int:
        """Return the exit code of a chat that does not start since this process has not; say so if it was killed."""
        code = self._exit_code
        if code < 0:
            logger.error(_KILLED, self.role.name, self.how_ended)
        return code if code > 0 else 1

    @property
    def _exit_code(self) -> int:
        """That of its process; negative where a signal has ended it, 0 where the system has not let it start."""
        return (self._process.exitcode if self._process else None) or 0

    @property
    def how_ended(self) -> str:
        """By what it has ended."""
        code = self._exit_code
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"

    def _threads(self) -> Mapping[int, Thread]:
        return threads_of(self._process.pid) if self._process and self._process.pid else {}

    def _hear(self) -> None:
        if not self.pipe:
            return
        try:
            if self.pipe.recv_bytes() == _READY:
                self.ready.set()
        except (EOFError, OSError):
            asyncio.get_running_loop().remove_reader(self.pipe.fileno())

    def _on_end(self) -> None:
        loop = asyncio.get_running_loop()
        if self._process and self.pipe:
            loop.remove_reader(self._process.sentinel)
            self._process.join()
            loop.remove_reader(self.pipe.fileno())
            self.pipe.close()
            self.pipe = None
            self.role.ended()
            self.ended.set()


def _run(role: Role, control: Control, supervisor: int) -> None:
    """What the process does."""
    _die_with(supervisor)
    for number in _LEFT_TO_SUPERVISOR:
        signal.signal(number, signal.SIG_IGN)
    with contextlib.suppress(OSError):  # for those who look at a list of processes, where the system lets it
        _NAME.write_text(role.name)
    sys.exit(role.run(control))


def _die_with(supervisor: int) -> None:
    """Have the system kill this process once its parent is dead, also while it is stopped. Raises OSError.

    The system takes the thread that forked for the parent: it is the supervisor's first one, which lives as long as it.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_SET_SIGNAL_OF_DEATH, ctypes.c_ulong(signal.SIGKILL)):
        raise OSError(ctypes.get_errno(), "no signal when the parent dies")
    if os.getppid() != supervisor:  # it died before this was asked for
        signal.raise_signal(signal.SIGKILL)
