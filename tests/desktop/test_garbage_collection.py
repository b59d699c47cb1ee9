"""Garbage is collected in the window's thread, even if others allocate memory."""

import gc
import threading
import weakref

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from chatdesk.desktop import garbage_collection as module
from chatdesk.desktop.garbage_collection import MainThreadCollection, collect


class Cycle:
    """A reference cycle."""

    def __init__(self, taken_apart: list[str]) -> None:
        self.itself = self
        self.widget = QWidget()
        weakref.finalize(self, lambda: taken_apart.append(threading.current_thread().name))


def work() -> None:
    """Allocate enough objects to trigger a collection."""
    for _ in range(20):
        [[] for _ in range(10_000)]


def in_another_thread() -> None:
    thread = threading.Thread(target=work, name="another")
    thread.start()
    thread.join()


def test_another_thread_takes_nothing_apart_and_the_window_soon_does(
    qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_INTERVAL_MS", 10)
    taken_apart: list[str] = []
    with MainThreadCollection():
        Cycle(taken_apart)
        in_another_thread()
        assert taken_apart == []
        kept = [[] for _ in range(10 * gc.get_threshold()[0])]
        qtbot.waitUntil(lambda: taken_apart == ["MainThread"])
        assert kept
    assert gc.isenabled()


def test_only_what_is_due_is_looked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    ages: list[int] = []
    monkeypatch.setattr(module.gc, "collect", ages.append)
    for counts in ((1, 0, 0), (5000, 1, 1), (5000, 11, 1), (5000, 11, 11)):
        monkeypatch.setattr(module.gc, "get_count", lambda counts=counts: counts)
        monkeypatch.setattr(module.gc, "get_threshold", lambda: (2000, 10, 10))
        collect()
    assert ages == [0, 1, 2]


def test_the_middle_generation_stays_small_and_afterwards_all_is_as_before(qapp: QApplication) -> None:
    before = gc.get_threshold()
    with MainThreadCollection():
        during = gc.get_threshold()
        assert during[1] < before[1], "its collection is a pause, and it has all that survived so many of the youngest"
        assert during[1] * during[2] >= before[1] * before[2], "the oldest is collected as rarely as before"
    assert gc.get_threshold() == before
