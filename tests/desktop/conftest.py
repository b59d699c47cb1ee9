"""What the window's tests stand on besides: chats that no earlier test has left anything in."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from PySide6.QtWidgets import QApplication

from chatdesk.desktop.main_window import MainWindow
from tests.desktop.program import Program
from tests.waiting import until


@pytest.fixture(autouse=True)
def fresh_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Histories and nicknames outlive a server: each test hosts in a folder of its own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def stay(qapp: QApplication) -> Iterator[None]:
    """As the program itself has it: the last window's end does not end the loop."""
    qapp.setQuitOnLastWindowClosed(False)
    yield
    qapp.setQuitOnLastWindowClosed(True)
    for window in qapp.topLevelWidgets():
        if isinstance(window, MainWindow):
            window.deleteLater()  # or each later theme would dress it too


@pytest_asyncio.fixture
async def program(stay: None, qapp: QApplication, tmp_path: Path) -> AsyncIterator[Program]:
    made = Program(qapp, tmp_path / "settings.ini")
    await until(lambda: made.at_start)
    made.edit("Your name").setText("Mara")
    yield made
    await made.close()
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert not made.window.isVisible()
