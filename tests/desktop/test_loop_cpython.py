"""CPython's own tests of an event loop, on the window's loop, which leans on private names of asyncio.

They come with CPython's `test` package. pyenv and Debian ship it, some builds leave it out: then this file is
reported as skipped, and the suite has to run on another Python as well before a release or a new Python is trusted.
"""

import asyncio
import unittest
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from chatdesk.desktop.loop import new_event_loop
from tests.garbage import leave_out_what_stays


def cpython(name: str) -> Any:
    return pytest.importorskip(
        f"test.test_asyncio.{name}", reason="this Python does not ship CPython's own tests of asyncio"
    )


events = cpython("test_events")
sockets = cpython("test_sock_lowlevel")
sendfile = cpython("test_sendfile")
ssl = cpython("test_ssl")
starttls = cpython("test_sslproto")
buffered = cpython("test_buffered_proto")
servers = cpython("test_server")
TestCase = cpython("utils").TestCase


def qt_loop() -> asyncio.AbstractEventLoop:
    app = QApplication.instance()
    assert app is not None
    return new_event_loop(app)


@pytest.fixture(scope="module", autouse=True)
def _quick_collections(no_garbage_elsewhere: None) -> None:
    """Leave out what the windows of earlier tests have left: these tests collect garbage four hundred times."""
    leave_out_what_stays()


@pytest.fixture(autouse=True)
def _on_qt(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a test class has no method of its own that makes the loop, it asks asyncio for one."""
    monkeypatch.setattr(asyncio, "new_event_loop", qt_loop)


class OnQtLoop:
    def create_event_loop(self) -> asyncio.AbstractEventLoop:
        return qt_loop()

    def new_loop(self) -> asyncio.AbstractEventLoop:
        return qt_loop()


class TestEvents(OnQtLoop, events.EventLoopTestsMixin, events.SubprocessTestsMixin, TestCase): ...


class TestSockets(OnQtLoop, sockets.BaseSockTestsMixin, TestCase): ...


class TestSendfile(OnQtLoop, sendfile.SendfileTestsBase, TestCase): ...


class TestSSL(OnQtLoop, ssl.TestSSL): ...


class TestStartTLS(OnQtLoop, starttls.BaseStartTLS, unittest.TestCase): ...


class TestBufferedProtocol(OnQtLoop, buffered.BaseTestBufferedProtocol, unittest.TestCase): ...


class TestServers(OnQtLoop, servers.BaseStartServer, unittest.TestCase): ...
