"""How the window's loop ends: by SystemExit, Ctrl-C, a signal, or Qt's quit."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Never

import pytest
from PySide6.QtWidgets import QApplication

from chatdesk.desktop.loop import QtEventLoop


@pytest.fixture
def loop(qapp: QApplication) -> Iterator[QtEventLoop]:
    loop = QtEventLoop(qapp)
    yield loop
    loop.close()


def leave() -> Never:
    sys.exit(3)


def interrupt() -> Never:
    raise KeyboardInterrupt


@pytest.mark.parametrize(("way", "error"), [(leave, SystemExit), (interrupt, KeyboardInterrupt)])
def test_an_exit_raised_in_a_callback_leaves_run_forever_and_the_loop_can_go_on(
    loop: QtEventLoop, way: Callable[[], Never], error: type[BaseException]
) -> None:
    seen: list[str] = []
    loop.call_soon(way)
    loop.call_soon(seen.append, "after")
    with pytest.raises(error):
        loop.run_forever()
    assert seen == []
    loop.run_until_complete(asyncio.sleep(0))
    assert seen == ["after"]


def test_an_exit_raised_in_a_task_leaves_run_until_complete(loop: QtEventLoop) -> None:
    async def main() -> None:
        await asyncio.sleep(0.01)
        leave()

    with pytest.raises(SystemExit) as caught:
        loop.run_until_complete(main())
    assert caught.value.code == 3


def test_any_other_exception_goes_to_the_exception_handler_and_the_loop_goes_on(loop: QtEventLoop) -> None:
    contexts: list[dict[str, object]] = []
    loop.set_exception_handler(lambda _, context: contexts.append(context))
    loop.call_soon(lambda: 1 / 0)
    loop.run_until_complete(asyncio.sleep(0.01))
    assert [type(context["exception"]) for context in contexts] == [ZeroDivisionError]


def test_the_loop_stops_when_qt_quits(loop: QtEventLoop, qapp: QApplication) -> None:
    loop.call_later(0.01, qapp.quit)
    loop.run_forever()
    loop.call_later(0.01, qapp.quit)
    waiting = loop.create_future()
    with pytest.raises(RuntimeError, match="stopped before Future completed"):
        loop.run_until_complete(waiting)


def test_a_run_leaves_no_trace_in_the_handling_of_signals(loop: QtEventLoop) -> None:
    before = signal.getsignal(signal.SIGINT)
    loop.run_until_complete(asyncio.sleep(0))
    assert signal.getsignal(signal.SIGINT) is before
    assert signal.set_wakeup_fd(-1) == -1


def test_a_signal_handler_wakes_a_loop_with_nothing_to_do(loop: QtEventLoop) -> None:
    async def main() -> None:
        terminated = asyncio.Event()
        loop.add_signal_handler(signal.SIGTERM, terminated.set)
        loop.run_in_executor(None, os.kill, os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(terminated.wait(), 15)
        loop.remove_signal_handler(signal.SIGTERM)
        await loop.shutdown_default_executor()

    loop.run_until_complete(main())


PROGRAM = """
import asyncio, sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog
from chatdesk.desktop.loop import new_event_loop

app = QApplication([])

async def main():
    try:
        {body}
    except asyncio.CancelledError:
        print("cancelled", flush=True)
        raise

def ready():
    print("ready", flush=True)

{start}
"""
SLEEP = "ready(); await asyncio.Event().wait()"
DIALOG = "QTimer.singleShot(0, ready); QDialog().exec(); await asyncio.Event().wait()"
CALLBACK = "asyncio.get_running_loop().call_soon(QDialog().exec); await asyncio.sleep(0.1); " + SLEEP
RUNNER = "asyncio.Runner(loop_factory=lambda: new_event_loop(app)).run(main())"
BARE = "loop = new_event_loop(app); loop.run_until_complete(main())"


@pytest.mark.parametrize(
    ("body", "start", "farewell"),
    [
        pytest.param(SLEEP, RUNNER, "cancelled\n", id="a sleeping task is cancelled first"),
        pytest.param(SLEEP, BARE, "", id="run_until_complete raises at once"),
        pytest.param(DIALOG, BARE, "", id="from within a dialog"),
        pytest.param(CALLBACK, RUNNER, "cancelled\n", id="while a callback has a dialog open"),
    ],
)
def test_ctrl_c_ends_an_idle_window_at_once(body: str, start: str, farewell: str) -> None:
    """Nothing else would wake the loop."""
    program = PROGRAM.format(body=body, start=start)
    with subprocess.Popen([sys.executable, "-c", program], stdout=-1, stderr=-1, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGINT)
        try:
            output, errors = process.communicate(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    assert output == farewell
    assert errors.rstrip().endswith("KeyboardInterrupt")
    assert process.returncode == -signal.SIGINT
