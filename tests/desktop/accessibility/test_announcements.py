"""What sighted people see happen is announced to screen readers, each once."""

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chatdesk.client.changes import NotSent
from chatdesk.client.outbox import Outgoing
from chatdesk.desktop import conversation as conversations
from chatdesk.desktop.accessibility import announce as announcing
from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.models.people import PeopleModel
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.chat.composer import Composer
from chatdesk.desktop.widgets.people.people_panel import PeoplePanel
from chatdesk.protocol.events import User
from tests.desktop.people import named


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The announcements."""
    said: list[str] = []
    for speaker in (announcing, conversations):
        monkeypatch.setattr(speaker, "announce", lambda _source, text: said.append(text))
    return said


def test_how_many_people_were_found(qtbot: QtBot, qapp: QApplication, theme: Theme, heard: list[str]) -> None:
    model = PeopleModel()
    model.set_people([User(name, "online", "", "phone") for name in ("Mara", "Marek", "Priya")], named("Mara"))
    panel = PeoplePanel(theme, model)
    qtbot.addWidget(panel)
    panel.show()
    panel.open_search()
    for text, words in (("mar", "2 people found"), ("marx", "Nobody of this name is here.")):
        panel._field.setText(text)
        qtbot.waitUntil(lambda words=words: heard[-1:] == [words])
    assert len(heard) == 2


def test_a_message_that_is_too_long(qtbot: QtBot, theme: Theme, heard: list[str]) -> None:
    composer = Composer(theme, 10)
    qtbot.addWidget(composer)
    composer.show()
    composer.edit.setPlainText("x" * 9)
    qtbot.waitUntil(lambda: not composer._too_long_announcer._delay.isActive())
    assert heard == []
    composer.edit.setPlainText("x" * 12)
    qtbot.waitUntil(lambda: heard == ["2 too many"])


async def test_a_message_that_is_refused(conversation: Conversation, heard: list[str]) -> None:
    conversation._apply([NotSent(Outgoing("a1", "Hello", "", "It is too long."))])
    assert heard == ["Not sent. It is too long."]
    conversation.joined = False
    conversation._apply([NotSent(Outgoing("a2", "From last time", "", "It is too long."))])
    assert heard == ["Not sent. It is too long."]
    conversation.joined = True
