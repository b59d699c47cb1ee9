"""The composition root: the only place that makes event loops, and that sees server and desktop together."""

import asyncio
import contextlib
import errno
import signal
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

if sys.platform != "win32":
    import resource

    import uvloop

from chatdesk.config import ServerConfig
from chatdesk.discovery.addresses import own_addresses, shown_address, web_url
from chatdesk.log.memory import MemoryLog
from chatdesk.paths import resources
from chatdesk.server.fanout import HEADLESS, Pace
from chatdesk.server.page import load_page
from chatdesk.server.server import ChatServer

_OTHER_FILES = 512
_ADDRESS_IN_USE = (errno.EADDRINUSE, 10048)  # the second one is what Windows says


class StartError(Exception):
    """The program cannot start; the text is a sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Host:
    """Open the window and host at once; ``nickname`` None takes the last one used."""

    config: ServerConfig
    nickname: str | None


@dataclass(frozen=True, slots=True)
class Join:
    """Open the window and join the chat at ``url``."""

    url: str
    nickname: str | None


def run_headless(config: ServerConfig) -> int:
    """Serve without a window until Ctrl-C or SIGTERM; the result is the exit code.

    Raises StartError when the server cannot listen.
    """
    with asyncio.Runner(loop_factory=_headless_loop()) as runner:
        return runner.run(_serve(config))


async def _serve(config: ServerConfig) -> int:
    stop = asyncio.Event()
    stop_on_signals(asyncio.get_running_loop(), stop.set)
    try:
        async with open_server(config, HEADLESS) as server:
            announce(config, server.port)
            await stop.wait()
    except OSError as error:
        raise StartError(listen_problem(config, error)) from None
    return 0


@contextlib.asynccontextmanager
async def open_server(config: ServerConfig, pace: Pace) -> AsyncIterator[ChatServer]:
    """A running server with everything it needs. Raises OSError when it cannot listen."""
    raise_file_limit(config.max_connections)
    server = ChatServer(config, lambda _room: MemoryLog(), load_page(resources()), addresses=own_addresses(), pace=pace)
    async with server:
        yield server


def announce(config: ServerConfig, port: int) -> None:
    """Print the one line that tells people, and scripts, where the chat is."""
    print(f"ChatDesk is open at {web_url(shown_address(config.bind), port)}", flush=True)


def listen_problem(config: ServerConfig, error: OSError) -> str:
    """Why the server cannot listen, and what to do."""
    where = f"{config.bind} port {config.port}"
    if isinstance(error, PermissionError):
        return f"This system does not let ChatDesk listen on {where}: choose a port above 1023, such as --port 8080."
    if error.errno in _ADDRESS_IN_USE:
        return f"Port {config.port} is taken by another program: choose another, such as --port {config.port + 1}."
    return f"ChatDesk cannot listen on {where} ({error.strerror}): is this an address of this machine?"


def stop_on_signals(loop: asyncio.AbstractEventLoop, stop: Callable[[], None]) -> None:
    """Call ``stop`` on Ctrl-C and SIGTERM."""
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stop)
        except NotImplementedError:  # Windows: its loop has no signal handlers
            signal.signal(number, lambda _number, _frame: loop.call_soon_threadsafe(stop))


def raise_file_limit(connections: int) -> None:
    """Let the process hold one file per connection, as far as the system allows."""
    if sys.platform == "win32":
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + _OTHER_FILES
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard) if hard > 0 else wanted, hard))


def _headless_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    if sys.platform == "win32":
        return None
    return uvloop.new_event_loop


def run_desktop(start: Host | Join | None) -> int:
    """Open the window: at the start screen, hosting, or joining. The result is the exit code."""
    raise StartError(f"The window is not there yet: {start}.")
