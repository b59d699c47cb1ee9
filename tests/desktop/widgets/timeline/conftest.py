"""A simulated chat, and its timeline in an active window."""

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.timeline.view import TimelineView
from tests.desktop.simulated_chat import SimulatedChat


@pytest.fixture
def chat(qapp: QApplication) -> SimulatedChat:
    return SimulatedChat()


@pytest.fixture
def view(qtbot: QtBot, theme: Theme, chat: SimulatedChat) -> TimelineView:
    made = TimelineView(theme, chat.model)
    qtbot.addWidget(made)
    made.resize(800, 400)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made
