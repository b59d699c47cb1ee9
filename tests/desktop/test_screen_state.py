"""What the screen says about the chat as a whole."""

import pytest
from pytestqt.qtbot import QtBot

from chatdesk.client.changes import Online
from chatdesk.desktop.models.people import PeopleModel
from chatdesk.desktop.models.search_hits import SearchHitsModel
from chatdesk.desktop.screen_state import show_state
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.chat.chat_screen import ChatScreen
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.protocol.events import ServerInfo
from tests.desktop.inspection import texts
from tests.desktop.simulated_chat import SimulatedChat


@pytest.mark.parametrize(
    ("host", "words"),
    [("Mara", "Hosted by Mara"), ("Mara Lindqvist", "Hosted by Mara"), ("", "Open"), ("Bench 7", "Hosted by Bench 7")],
)
@pytest.mark.parametrize("people", [2, 1000])
def test_a_joined_window_names_the_host(qtbot: QtBot, theme: Theme, host: str, words: str, people: int) -> None:
    chat = SimulatedChat("Kit")
    screen = ChatScreen(theme, chat.model, PeopleModel(), SearchHitsModel(), hosting=False)
    qtbot.addWidget(screen)
    chat.state.server = ServerInfo("Robotics Workshop", host, "1.0")
    chat.state.set_status(Online())
    show_state(screen, chat.state, hosting=False, stored=True)
    screen.resize(1200, 800)
    screen.show()
    assert texts(screen.sidebar.header) == ["Robotics Workshop", words]
    status = next(label for label in screen.sidebar.header.findChildren(Label) if label.text() == words)
    assert status.width() >= status.sizeHint().width()
