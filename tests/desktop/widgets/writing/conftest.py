"""A window with an editor at its end, as the composer has one."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from chatdesk.desktop.emoji_habits import EmojiHabits
from chatdesk.desktop.settings import Settings


@pytest.fixture
def edit(qtbot: QtBot) -> QPlainTextEdit:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(600, 700)
    made = QPlainTextEdit()
    made.setFixedHeight(40)
    layout = QVBoxLayout(window)
    layout.addStretch(1)
    layout.addWidget(made)
    window.show()
    window.activateWindow()
    made.setFocus()
    qtbot.waitUntil(made.hasFocus)
    made.window_kept = window  # type: ignore[attr-defined]  # as long as the editor
    return made


@pytest.fixture
def habits(tmp_path: Path) -> EmojiHabits:
    return EmojiHabits(Settings(tmp_path / "settings.ini"))
