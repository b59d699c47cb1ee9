"""Processes that the system does not let start for a moment, and what becomes of them when their supervisor dies."""

import asyncio
import contextlib
import multiprocessing
import os
import resource
import select
import signal
import socket
import time
from collections.abc import Iterator

import pytest

from chatdesk.workers import supervisor
from chatdesk.workers.supervisor import Control, Role, Supervisor
from tests.e2e.peer import Peer
from tests.waiting import until
from tests.workers.processes import ORDER, Workers

_ENDING_SECONDS = 0.5
"""As long as the processes of a chat take on a busy machine."""


def wait_for_the_end(control: Control) -> int:
    """What these processes do."""
    control.ready()
    control._pipe.recv_bytes()
    return 0


@contextlib.contextmanager
def no_more_files() -> Iterator[None]:
    """The system opens no more files for this process, so that it can have no pipe to another one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def test_a_process_that_cannot_be_started_again_at_once_is_so_later(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It never was again, and nothing said so."""
    monkeypatch.setattr(supervisor, "_AGAIN_SECONDS", 0.02)
    chat = Supervisor([Role(name, wait_for_the_end, lambda: 0) for name in ("first", "second")])
    running = asyncio.create_task(chat.run())
    child = chat._children[1]
    await until(lambda: child.pipe and child.ready.is_set())
    before = child._process
    assert before
    assert before.pid
    with no_more_files():
        os.kill(before.pid, signal.SIGKILL)
        await until(lambda: "second, cannot be started: Too many open files" in caplog.text)
    await until(lambda: child._process is not before and child.ready.is_set())
    chat.stop()
    assert await running == 0


async def test_a_chat_whose_first_processes_cannot_be_started_ends(caplog: pytest.LogCaptureFixture) -> None:
    chat = Supervisor([Role(name, wait_for_the_end, lambda: 0) for name in ("first", "second")])
    with no_more_files():
        assert await chat.run() == 1
    assert "first, cannot be started: Too many open files" in caplog.text


async def test_a_chat_says_so_if_one_of_its_first_processes_is_killed(caplog: pytest.LogCaptureFixture) -> None:
    """It ended without a word, with 247."""
    chat = Supervisor([Role("first", lambda _control: signal.raise_signal(signal.SIGKILL) or 0, lambda: 0)])
    assert await chat.run() == 1
    assert "first, has ended (SIGKILL) before it was at work" in caplog.text


def test_processes_that_are_stopped_die_with_their_supervisor_and_hold_up_no_start() -> None:
    """They had the port, so that people who came waited for them, and went on beside those of the next start."""
    with Workers() as serving, contextlib.ExitStack() as stack:
        before = [os.pidfd_open(serving.pid(name)) for name in ("worker 1", "worker 2", ORDER)]
        for process in before:
            stack.callback(os.close, process)
            signal.pidfd_send_signal(process, signal.SIGSTOP)
        serving.kill()
        for process in before:
            assert select.select([process], [], [], 5)[0], "it lives on"
        serving.start()
        for number in range(20):
            with Peer(serving.websocket, f"Guest{number}") as guest:
                guest.say("here")


def test_a_chat_starts_at_the_port_of_one_that_was_killed_once_the_system_has_ended_all_of_it() -> None:
    with Workers() as serving:
        serving.stop()
        with socket.create_server(("127.0.0.1", serving.port)):
            serving.launch()
            time.sleep(_ENDING_SECONDS)
        serving.wait_until_open()


def test_a_process_whose_supervisor_died_before_it_ran_does_not_run() -> None:
    child = multiprocessing.get_context("fork").Process(target=supervisor._die_with, args=(os.getpid() + 1,))
    child.start()
    child.join()
    assert child.exitcode == -signal.SIGKILL
