"""A callback may run a nested Qt loop; other tasks and sockets go on."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable

import pytest
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QMenu

from chatdesk.desktop.loop import QtEventLoop
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while line := await reader.readline():
        writer.write(line)
    writer.close()


@pytest.fixture
async def address(qapp: QApplication) -> AsyncIterator[tuple[str, int]]:
    """The address of an echo server in this process."""
    async with await asyncio.start_server(echo, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()


def converse(address: tuple[str, int]) -> list[bytes]:
    """A client for a thread, without this loop: five exchanges, each with a new connection."""
    answers = []
    for number in range(5):
        with socket.create_connection(address, timeout=15) as client:
            client.sendall(b"%d\n" % number)
            answers.append(client.recv(100))
    return answers


def open_dialog() -> tuple[Callable[[], object], Callable[[], object]]:
    dialog = QDialog()
    return dialog.exec, dialog.accept


def open_menu() -> tuple[Callable[[], object], Callable[[], object]]:
    menu = QMenu()
    menu.addAction("Copy")
    return menu.exec, menu.close


@pytest.mark.qt_log_ignore("This plugin does not support")  # a menu grabs the keyboard, offscreen there is none
@pytest.mark.parametrize("kind", [open_dialog, open_menu])
async def test_the_embedded_server_answers_while_a_task_has_a_modal_window_open(
    kind: Callable[[], tuple[Callable[[], object], Callable[[], object]]], address: tuple[str, int]
) -> None:
    show, close = kind()
    answers: list[bytes] = []

    async def close_after_conversation() -> None:
        try:
            answers.extend(await asyncio.to_thread(converse, address))
        finally:
            close()

    closing = asyncio.create_task(close_after_conversation())
    show()
    assert answers == [b"%d\n" % number for number in range(5)]
    await closing


async def test_other_tasks_go_on_in_a_dialog_that_a_task_runs() -> None:
    dialog = QDialog()
    timed_out = False

    async def press_ok() -> None:
        nonlocal timed_out
        try:
            async with asyncio.timeout(0.01):
                await asyncio.sleep(60)
        except TimeoutError:
            timed_out = True
        async with asyncio.TaskGroup() as group:
            for _ in range(10):
                group.create_task(asyncio.sleep(0.001))
        dialog.accept()

    pressing = asyncio.create_task(press_ok())
    assert dialog.exec() == QDialog.DialogCode.Accepted
    assert timed_out
    await pressing


async def test_a_task_is_itself_again_after_its_dialog() -> None:
    me = asyncio.current_task()
    dialog = QDialog()
    inside: list[object] = []
    loop = asyncio.get_running_loop()
    loop.call_later(0.01, lambda: (inside.append(asyncio.current_task()), dialog.accept()))
    dialog.exec()
    assert inside == [None]
    assert asyncio.current_task() is me
    await asyncio.sleep(0)


async def test_process_events_in_a_coroutine_strands_nobody(qapp: QApplication) -> None:
    """Callbacks, timers, sockets, and a Qt slot: each wakes the next."""
    loop = asyncio.get_running_loop()
    near, far = socket.socketpair()
    done: list[str] = []

    def received() -> None:
        loop.remove_reader(near)
        QTimer.singleShot(1, lambda: loop.call_soon(done.append, "all"))

    with near, far:
        loop.add_reader(near, received)
        loop.call_soon(lambda: loop.call_soon(lambda: loop.call_later(0.01, far.send, b"x")))
        deadline = loop.time() + 15
        while not done and loop.time() < deadline:
            qapp.processEvents()
    assert done == ["all"]


async def test_a_reader_with_a_dialog_open_is_not_called_again_until_it_has_read() -> None:
    loop = asyncio.get_running_loop()
    near, far = socket.socketpair()
    received: list[bytes] = []
    depths: list[int] = []
    depth = 0

    def read() -> None:
        nonlocal depth
        depth += 1
        depths.append(depth)
        nested = QEventLoop()
        loop.call_later(0.02, nested.exit)
        nested.exec()
        received.append(near.recv(1))
        depth -= 1

    with near, far:
        loop.add_reader(near, read)
        far.send(b"ab")
        await until(lambda: len(received) == 2)
        loop.remove_reader(near)
    assert received == [b"a", b"b"]
    assert depths == [1, 1]


def test_the_loop_stops_although_a_callback_has_a_dialog_open(qapp: QApplication) -> None:
    loop = QtEventLoop(qapp)
    dialog = QDialog()
    results: list[int] = []
    loop.call_soon(lambda: results.append(dialog.exec()))
    assert loop.run_until_complete(asyncio.sleep(0.02, "over")) == "over"
    assert results == [QDialog.DialogCode.Rejected]
    loop.close()
