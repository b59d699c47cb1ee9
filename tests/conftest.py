"""The environment of all tests: Qt without a screen, and the event loop that suits the test."""

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Callable, Generator, Iterator, Mapping
from functools import partial
from pathlib import Path

import pytest
import uvloop
from hypothesis import settings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chatdesk.desktop.loop import new_event_loop
from tests import needs
from tests.garbage import leave_out_what_stays
from tests.time_zones import local_zone

__all__ = ["local_zone"]

# The tests start hundreds of programs. If the environment disables bytecode, as in many containers, each of them would
# compile everything that it imports, and pytest every test.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

_SCREEN = Path(__file__).with_name("screen.json")
"""A screen with room for every window; Qt's default is 800x800."""
os.environ.setdefault("QT_QPA_PLATFORM", f"offscreen:configfile={_SCREEN}")
_QT_WAITS = ("waitActive", "waitCallback", "waitExposed", "waitSignal", "waitSignals", "waitUntil")
_QT_PATIENCE = 15_000
"""Milliseconds: three times what pytest-qt waits by itself, as the machine may be busy."""
settings.register_profile("on a busy machine", deadline=None)
settings.load_profile("on a busy machine")

LoopFactory = Callable[[], asyncio.AbstractEventLoop]


@pytest.fixture(scope="session", autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Give the tests their own folders, so that they and their programs leave those of the person alone."""
    with pytest.MonkeyPatch.context() as patch:
        for kind in ("DATA", "CONFIG", "STATE"):
            patch.setenv(f"XDG_{kind}_HOME", str(tmp_path_factory.mktemp(kind.lower())))
        for name in [name for name in os.environ if name.startswith("CHATDESK_")]:
            patch.delenv(name)
        patch.setenv("CHATDESK_DISCOVERY", "off")  # on the real network no test searches for chats or announces one
        yield


@pytest.fixture(scope="session", autouse=True)
def signals_arrive() -> Iterator[None]:
    """Let programs that tests start end by SIGINT and SIGHUP, even if a shell or nohup makes the tests ignore them.

    A program inherits ignored signals, but not handlers.
    """
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP)}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGQUIT, signal.SIGHUP):
        if before[number] == signal.SIG_IGN:
            signal.signal(number, lambda *_: None)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture(scope="session", autouse=True)
def no_garbage_elsewhere() -> Iterator[None]:
    """Keep widgets that a test has released from being destroyed in the thread of another test's log."""
    gc.disable()
    leave_out_what_stays()
    yield
    gc.unfreeze()
    gc.enable()


@pytest.fixture(autouse=True)
def collected_garbage(no_garbage_elsewhere: None) -> Iterator[None]:
    """Collect the garbage of tests here, from time to time."""
    yield
    if gc.isenabled():  # the test was one of the window's garbage collection, which ends like this
        gc.disable()
        leave_out_what_stays()
    elif gc.get_count()[0] > 20_000:
        gc.collect()


@pytest.fixture
def qtbot(qtbot: QtBot) -> QtBot:
    """Wait for what a window does as long as for everything else."""
    for name in _QT_WAITS:
        setattr(qtbot, name, partial(getattr(qtbot, name), timeout=_QT_PATIENCE))
    return qtbot


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what each test needs of the machine, before ``-m`` selects."""
    for item in items:
        needs.mark(item)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol() -> Generator[None, object, object]:
    """Record which test is running, and that none is between two."""
    result = yield
    needs.end()
    return result


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Fail with what the machine lacks, before a fixture fails without it."""
    needs.begin(item)


def qt_loop() -> asyncio.AbstractEventLoop:
    app = QApplication.instance()
    assert app is not None, "a test on the loop 'qt' asks for the fixture qapp or qtbot"
    return new_event_loop(app)


LOOPS: Mapping[str, LoopFactory] = {
    "asyncio": asyncio.new_event_loop,
    "uvloop": uvloop.new_event_loop,
    "qt": qt_loop,
}


def pytest_asyncio_loop_factories(config: pytest.Config, item: pytest.Function) -> Mapping[str, LoopFactory]:
    """Run tests of the window on its loop, others on asyncio's own.

    `@pytest.mark.asyncio(loop_factories=["uvloop", "qt"])` runs a test on the two loops of a server: without a window,
    and beside one. Qt's loop has the transports of asyncio's own, so what runs on it need not run on that one, too.
    """
    marker = item.get_closest_marker("asyncio")
    if marker and "loop_factories" in marker.kwargs:
        return LOOPS
    name = "qt" if "qapp" in item.fixturenames else "asyncio"
    return {name: LOOPS[name]}
