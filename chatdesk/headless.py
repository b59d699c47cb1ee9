"""The part of the composition root that serves without a window: in one process, or in several workers."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from chatdesk import logging_setup
from chatdesk.app import advertised, headless_loop, listen_error, load_metrics, open_server
from chatdesk.config import ServerConfig
from chatdesk.console import print_stderr
from chatdesk.desktop.hosting import HostError
from chatdesk.file_limit import within_file_limit
from chatdesk.index_progress import reporting_index_progress
from chatdesk.log.storage_errors import StoreError
from chatdesk.printed_addresses import printing_addresses
from chatdesk.server.fanout import HEADLESS
from chatdesk.server.listening import PortTakenError, hold_port
from chatdesk.server.server import ChatServer
from chatdesk.server_parts import chat_folder_of
from chatdesk.start import StartError
from chatdesk.stop_signals import on_termination, reload_on_hangup, stop_on_signals

if TYPE_CHECKING:
    from chatdesk.worker_figures import WorkerFigures
    from chatdesk.workers.counts import WorkerCounts
    from chatdesk.workers.supervisor import Control, Supervisor
    from chatdesk.workers.worker_store import WorkerOf

_EXIT_CANNOT_START = 2
_REOPEN_SECONDS = 60.0
"""At least so long it stays open in between, where what it opens for cannot be had after all."""

_ENDING_SECONDS, _AGAIN_SECONDS = 3.0, 0.02
"""For how long a port that is taken is tried, and how often: as long as processes that were killed may take to end."""

logger = logging.getLogger(__name__)


def run_headless(config: ServerConfig) -> int:
    """Serve without a window until a signal ends it. Returns the exit code; raises StartError if it cannot listen."""
    try:
        if config.workers > 1:
            return _run_workers(config)
        with asyncio.Runner(loop_factory=headless_loop()) as runner:
            return runner.run(_serve(config))
    except HostError as error:
        raise StartError(str(error)) from None


async def _serve(config: ServerConfig) -> int:
    loop = asyncio.get_running_loop()
    logging_setup.watch_loop(loop)
    next_config: ServerConfig | None = config
    again = False
    while next_config:
        serving = loop.create_task(_serve_until_stopped(next_config, loop, again=again))
        stop_on_signals(loop, serving.cancel)  # until it is open: a node may wait for others
        try:
            next_config = await serving
        except asyncio.CancelledError:
            break
        again = True
    return 0


async def _serve_until_stopped(
    config: ServerConfig, loop: asyncio.AbstractEventLoop, *, again: bool
) -> ServerConfig | None:
    """Return how to open ``again``, if that gives the store another history; None once it is to end."""
    stop = asyncio.Event()
    async with open_server(config, HEADLESS) as server:
        stop_on_signals(loop, stop.set)
        if config.drain:
            on_termination(loop, partial(server.drain, stop.set))
        if server.certificates:
            reload_on_hangup(loop, partial(_reload, server), stop.set)
        async with _telling(server, again=again):
            await _first_of(stop.wait(), _way_back(server, again=again))
        server.opens_again = not stop.is_set()
    return None if stop.is_set() else replace(config, port=server.port)  # it may be told to end while it closes


async def _way_back(server: ChatServer, *, again: bool) -> None:
    """Return when the server is to open again; see ``OtherServers.way_back``."""
    if again:
        await asyncio.sleep(_REOPEN_SECONDS)
    await server.store.way_back()


async def _first_of(*waits: Coroutine[None, None, object]) -> None:
    tasks = [asyncio.create_task(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()


@contextlib.asynccontextmanager
async def _telling(server: ChatServer, *, again: bool = False) -> AsyncIterator[None]:
    """Tell the network and the terminal of the chat; ``again``: the terminal knows its address already."""
    async with advertised(server), printing_addresses(server.config, server.port, again=again):
        with reporting_index_progress(server.store, sys.stderr):
            yield


def _reload(server: ChatServer, worker: int = 1) -> None:
    """Read the certificate again, or make a new one: the first worker makes it for all, and tells of it alone."""
    if server.certificates and (worker == 1 or not server.certificates.authority):
        said = server.certificates.reload()
        if worker == 1:
            print_stderr(said)


def _run_workers(config: ServerConfig) -> int:
    from chatdesk.workers.counts import ORDER  # only a chat of several processes waits for these
    from chatdesk.workers.site import open_site
    from chatdesk.workers.supervisor import Role, Supervisor

    held = _hold_port(config)
    config = replace(within_file_limit(config), port=held[0].getsockname()[1])
    with contextlib.ExitStack() as stack:
        for bound in held:
            stack.enter_context(bound)
        try:
            site = stack.enter_context(open_site(chat_folder_of(config), config.workers))
        except StoreError as error:
            raise HostError(str(error)) from None
        counts = site.counts
        runs: list[tuple[str, int, Callable[[Control], int]]] = [("order process", ORDER, site.run_order)]
        for worker in reversed(site.workers):
            number = worker.number
            runs.append((f"worker {number}", number, partial(_run_as, config, worker, counts.of(number))))
        roles = [
            Role(name, run, partial(counts.last_beat, number), partial(counts.ended, number))
            for name, number, run in runs
        ]
        runner = stack.enter_context(asyncio.Runner())
        return runner.run(_supervise(Supervisor(roles, config.drain), config))


def _hold_port(config: ServerConfig) -> list[socket.socket]:
    """Hold the port for all workers. Raises HostError.

    Those of a chat that was killed a moment ago may have it still: the system takes a while to end them.
    """
    patient_until = time.monotonic() + _ENDING_SECONDS
    while True:
        try:
            return hold_port(config.bind, config.port)
        except OSError as error:
            if not isinstance(error, PortTakenError) or time.monotonic() > patient_until:
                raise listen_error(config, error) from None
        time.sleep(_AGAIN_SECONDS)


async def _supervise(supervisor: Supervisor, config: ServerConfig) -> int:
    loop = asyncio.get_running_loop()
    stop_on_signals(loop, supervisor.stop)
    if config.drain:
        on_termination(loop, supervisor.drain)
    if config.encrypted:
        reload_on_hangup(loop, supervisor.reload, supervisor.stop)
    return await supervisor.run()


def _run_as(config: ServerConfig, worker: WorkerOf, counts: WorkerCounts, control: Control) -> int:
    """Be a worker until the supervisor ends it; return the exit code."""
    with asyncio.Runner(loop_factory=headless_loop()) as runner:
        return runner.run(_serve_as(config, worker, counts, control))


async def _serve_as(config: ServerConfig, worker: WorkerOf, counts: WorkerCounts, control: Control) -> int:
    from chatdesk.worker_figures import WorkerFigures

    stop = asyncio.Event()
    figures = WorkerFigures(worker.number, counts, load_metrics)
    logging_setup.watch_loop(asyncio.get_running_loop())
    try:
        async with open_server(config, HEADLESS, worker, figures.attach) as server:
            control.obey(stop.set, partial(server.drain, stop.set), partial(_reload, server, worker.number))
            control.ready()
            telling = _telling(server, again=control.starts > 1) if worker.number == 1 else contextlib.nullcontext()
            async with _sharing(worker, figures, counts), telling:
                await stop.wait()
    except HostError as error:
        print_stderr(str(error))
        return _EXIT_CANNOT_START
    return 0


@contextlib.asynccontextmanager
async def _sharing(worker: WorkerOf, figures: WorkerFigures, counts: WorkerCounts) -> AsyncIterator[None]:
    """Let other workers know what the whole chat is to tell, and tell what they know."""
    from chatdesk.workers.sharing import share

    tasks = [asyncio.create_task(share(worker, figures)), asyncio.create_task(counts.keep_beating())]
    for task in tasks:
        task.add_done_callback(_log_fault)
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _log_fault(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        logger.error("Workers do not hear of each other's figures any more.", exc_info=error)
