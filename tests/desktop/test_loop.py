"""The window's loop keeps asyncio's promises, and neither asyncio nor Qt waits for the other."""

import asyncio
import gc
import os
import selectors
import socket
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import qasync
from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from chatdesk.desktop.loop import QtEventLoop, new_event_loop
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def loop(qapp: QApplication) -> Iterator[QtEventLoop]:
    """A loop that is not running."""
    loop = QtEventLoop(qapp)
    yield loop
    loop.close()


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while line := await reader.readline():
        writer.write(line)
    writer.close()


async def test_tests_of_the_window_run_on_its_loop() -> None:
    assert type(asyncio.get_running_loop()) is QtEventLoop


async def test_callbacks_run_in_the_order_in_which_they_were_scheduled() -> None:
    loop = asyncio.get_running_loop()
    seen: list[int] = []
    loop.call_soon(lambda: (seen.append(0), loop.call_soon(seen.append, 1000)))
    for number in range(1, 1000):
        loop.call_soon(seen.append, number)
    await until(lambda: len(seen) == 1001)
    assert seen == list(range(1001))


def test_nothing_runs_after_the_turn_in_which_it_was_stopped(loop: QtEventLoop) -> None:
    """Qt still delivers a timer that has fallen due beside the socket; asyncio's own loop would run it next time."""
    ours, theirs = socket.socketpair()
    ran: list[str] = []

    def stop() -> None:
        ours.recv(1)
        loop.stop()
        loop.call_soon(ran.append, "too early")

    with ours, theirs:
        loop.add_reader(ours, stop)
        theirs.send(b"x")
        loop.call_soon(lambda: None)
        loop.run_forever()
        assert not ran
        loop.remove_reader(ours)


async def test_timers_run_in_the_order_in_which_they_fall_due() -> None:
    loop = asyncio.get_running_loop()
    seen: list[int] = []
    start = loop.time() + 0.02
    for number in reversed(range(200)):
        loop.call_at(start + number * 0.0001, seen.append, number)
    await until(lambda: len(seen) == 200)
    assert seen == list(range(200))


@pytest.mark.parametrize("delay", [0.0001, 0.0011, 0.0199, 0.05])
async def test_a_timer_is_never_early(delay: float) -> None:
    loop = asyncio.get_running_loop()
    for _ in range(10):
        start = loop.time()
        await asyncio.sleep(delay)
        assert loop.time() - start >= delay


async def test_a_nearer_timer_overtakes_the_one_that_qt_already_sleeps_for() -> None:
    loop = asyncio.get_running_loop()
    far = loop.call_later(3600, lambda: None)
    await asyncio.sleep(0.01)
    near = loop.create_future()
    QTimer.singleShot(10, lambda: loop.call_later(0.01, near.set_result, None))
    await asyncio.wait_for(near, 15)
    far.cancel()


async def test_cancelled_timers_are_released_long_before_they_fall_due() -> None:
    class Payload:
        pass

    loop = asyncio.get_running_loop()
    live = loop.call_later(1800, lambda: None)
    payloads = [Payload() for _ in range(1000)]
    alive = [weakref.ref(item) for item in payloads]
    for item in payloads:
        loop.call_later(3600, id, item).cancel()
    del payloads, item
    await asyncio.sleep(0.01)
    gc.collect()
    assert not any(item() for item in alive)
    assert not live.cancelled()
    live.cancel()


async def test_what_a_qt_slot_schedules_runs_although_nothing_else_wakes_the_loop() -> None:
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    QTimer.singleShot(10, lambda: loop.call_soon(done.set_result, "from Qt"))
    assert await asyncio.wait_for(done, 15) == "from Qt"


async def test_threads_wake_the_loop_and_keep_their_order() -> None:
    loop = asyncio.get_running_loop()
    seen: list[tuple[int, int]] = []

    def send(thread: int) -> None:
        for number in range(500):
            loop.call_soon_threadsafe(seen.append, (thread, number))

    threads = [threading.Thread(target=send, args=(thread,)) for thread in range(4)]
    for thread in threads:
        thread.start()
    await until(lambda: len(seen) == 2000)
    for thread in threads:
        thread.join()
    for thread in range(4):
        assert [number for sender, number in seen if sender == thread] == list(range(500))


async def test_a_thread_wakes_a_loop_with_nothing_to_do() -> None:
    assert await asyncio.wait_for(asyncio.to_thread(time.sleep, 0.05), 15) is None


async def test_many_connections_are_accepted_and_answered() -> None:
    count = 500

    async def talk(number: int) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"%d\n" % number)
        line = await reader.readline()
        writer.close()
        await writer.wait_closed()
        return line

    async with await asyncio.start_server(echo, "127.0.0.1", 0, backlog=count) as server:
        port = server.sockets[0].getsockname()[1]
        answers = await asyncio.gather(*(talk(number) for number in range(count)))
    assert answers == [b"%d\n" % number for number in range(count)]


async def test_a_reader_is_called_once_per_datum_when_its_batch_takes_several_turns() -> None:
    """The sockets block, so that a second call would hang."""
    loop = asyncio.get_running_loop()
    calls: list[bytes] = []

    def read(end: socket.socket) -> None:
        time.sleep(0.001)
        calls.append(end.recv(1))

    with ExitStack() as sockets:
        pairs = [socket.socketpair() for _ in range(30)]
        for end in (end for pair in pairs for end in pair):
            sockets.enter_context(end)
            end.settimeout(1)
        for near, far in pairs:
            loop.add_reader(near, read, near)
            far.send(b"x")
        await until(lambda: len(calls) == 30)
        await asyncio.sleep(0.02)
        for near, _ in pairs:
            loop.remove_reader(near)
    assert calls == [b"x"] * 30


async def test_the_window_paints_while_callbacks_never_cease(qtbot: QtBot) -> None:
    class Canvas(QWidget):
        painted = 0

        def paintEvent(self, event: QPaintEvent) -> None:
            self.painted += 1
            QTimer.singleShot(5, self.update)

    loop = asyncio.get_running_loop()
    flooding = True

    def flood() -> None:
        if flooding:
            loop.call_soon(flood)

    for _ in range(100):
        flood()
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.show()
    await until(lambda: canvas.painted >= 10)
    flooding = False


async def test_what_is_due_is_painted_before_the_next_turn(qtbot: QtBot) -> None:
    class Canvas(QWidget):
        painted = 0

        def paintEvent(self, event: QPaintEvent) -> None:
            self.painted += 1

    loop, canvas = asyncio.get_running_loop(), Canvas()
    qtbot.addWidget(canvas)
    canvas.show()
    await until(lambda: canvas.painted)
    await asyncio.sleep(0.05)
    turns: list[int] = []

    def work(number: int) -> None:
        turns.append(canvas.painted)
        if not number:
            QTimer.singleShot(0, canvas.update)
        time.sleep(0.003)  # the whole of a turn

    for number in range(3):
        loop.call_soon(work, number)
    await until(lambda: len(turns) == 3)
    assert turns[1] == turns[0] + 1


async def test_asyncio_goes_on_while_qt_is_never_idle() -> None:
    busy = QTimer()
    busy.timeout.connect(lambda: time.sleep(0.001))
    busy.start(0)
    async with await asyncio.start_server(echo, "127.0.0.1", 0) as server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        for _ in range(20):
            writer.write(b"hello\n")
            assert await asyncio.wait_for(reader.readline(), 15) == b"hello\n"
            await asyncio.sleep(0.001)
        writer.close()
        await writer.wait_closed()
    busy.stop()


def test_a_slow_callback_is_reported_in_debug_mode(loop: QtEventLoop, caplog: pytest.LogCaptureFixture) -> None:
    loop.set_debug(True)
    loop.slow_callback_duration = 0.01
    loop.call_soon(time.sleep, 0.02)
    loop.run_until_complete(asyncio.sleep(0.03))
    assert [record.message for record in caplog.records if "sleep" in record.message]


def test_a_loop_can_run_again_and_does_nothing_in_between(loop: QtEventLoop, qapp: QApplication) -> None:
    seen: list[str] = []
    loop.run_until_complete(asyncio.sleep(0))
    loop.call_soon(seen.append, "later")
    for _ in range(3):
        qapp.processEvents()
    assert seen == []
    loop.run_until_complete(asyncio.sleep(0))
    assert seen == ["later"]


def test_closing_gives_every_descriptor_back(qapp: QApplication) -> None:
    def descriptors() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    async def serve() -> None:
        async with await asyncio.start_server(echo, "127.0.0.1", 0):
            await asyncio.to_thread(os.getpid)

    before = descriptors()
    for _ in range(10):
        with asyncio.Runner(loop_factory=lambda: new_event_loop(qapp)) as runner:
            runner.run(serve())
    assert descriptors() == before


def test_without_epoll_the_window_runs_on_stock_qasync(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(selectors, "EpollSelector")
    loop = new_event_loop(qapp)
    assert type(loop) is qasync.QEventLoop
    assert loop.run_until_complete(asyncio.sleep(0.01, "done")) == "done"
    loop.close()
