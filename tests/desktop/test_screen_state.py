"""What the screen says about the chat as a whole."""

import pytest
from pytestqt.qtbot import QtBot

from chatdesk.client.changes import Change, Connecting, Online, RoomChanged, Sending
from chatdesk.client.outbox import Outgoing
from chatdesk.desktop.models.people import PeopleModel
from chatdesk.desktop.models.search_hits import SearchHitsModel
from chatdesk.desktop.screen_state import show_changes
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.chat.chat_screen import ChatScreen
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.protocol import events
from chatdesk.protocol.events import ServerInfo, Storage
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
    show_changes(screen, chat.state, [RoomChanged()], hosting=False, stored=True)
    screen.resize(1200, 800)
    screen.show()
    assert texts(screen.sidebar.header) == ["Robotics Workshop", words]
    status = next(label for label in screen.sidebar.header.findChildren(Label) if label.text() == words)
    assert status.width() >= status.sizeHint().width()


def test_what_is_updated_for_a_change_leaves_nothing_out(qtbot: QtBot, theme: Theme) -> None:
    chat = SimulatedChat("Kit")
    screen = ChatScreen(theme, chat.model, PeopleModel(), SearchHitsModel(), hosting=True)
    qtbot.addWidget(screen)
    screen.show()

    def show(changes: list[Change]) -> list[str]:
        show_changes(screen, chat.state, changes, hosting=True, stored=True)
        return [*texts(screen), screen.composer.edit.accessibleDescription()]

    def send() -> list[Change]:
        entry = Outgoing("1", "Hello", "2026-11-24T12:00:00Z")
        chat.state.shown.outbox.add(entry)
        return [Sending(entry)]

    show([RoomChanged()])
    steps = [
        lambda: chat.state.apply(events.UserJoined("Ana", "", 2), 0.0),
        send,
        lambda: chat.state.apply(chat.new_message("Ana", "Hello"), 0.0),
        lambda: chat.state.apply(Storage("full", "The disk is full."), 0.0),
        lambda: [*chat.state.disconnected(), *chat.state.set_status(Connecting())],
        lambda: chat.state.apply(events.UserLeft("Ana", "", 1), 0.0),
    ]
    for step in steps:
        assert show(step()) == show([RoomChanged()])


def test_messages_leave_the_people_and_the_banner_alone(
    qtbot: QtBot, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = SimulatedChat("Kit")
    screen = ChatScreen(theme, chat.model, PeopleModel(), SearchHitsModel(), hosting=True)
    qtbot.addWidget(screen)
    updated: list[str] = []
    for part, method in (("banner", "show_status"), ("top_bar", "set_people")):
        monkeypatch.setattr(getattr(screen, part), method, lambda *_, name=f"{part}.{method}": updated.append(name))
    show_changes(screen, chat.state, chat.state.apply(chat.new_message("Ana", "Hello"), 0.0), hosting=True, stored=True)
    assert updated == []
    show_changes(screen, chat.state, [RoomChanged()], hosting=True, stored=True)
    assert len(updated) == 2
