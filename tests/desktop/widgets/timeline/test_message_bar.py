"""The bar of actions at a message, the keys that do the same, and what can be clicked below and above the words."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chatdesk.desktop.widgets.timeline.targets import AddReaction, Delete, Pin, Reply, Rewrite
from chatdesk.desktop.widgets.timeline.view import TimelineView
from chatdesk.protocol.events import Reaction, Reactor
from tests.desktop.models.test_quotes import change
from tests.desktop.simulated_chat import SimulatedChat
from tests.desktop.widgets.timeline.incoming import receive
from tests.desktop.widgets.timeline.test_view import move

THUMBS = Reaction("👍", 6, (Reactor("Kit", "kit"), Reactor("Priya", "priya")))
OWN = Reaction("🎉", 1, (Reactor("Mara"),))


def keys_on(view: TimelineView, place: int) -> None:
    view.clearFocus()
    view.setFocus(Qt.FocusReason.TabFocusReason)
    view.setCurrentIndex(view.model().index(place, 0))
    view._place_bar()


def test_it_stands_at_the_message_that_is_pointed_at_or_that_the_keys_are_on(
    view: TimelineView, chat: SimulatedChat
) -> None:
    receive(chat, view, 2)
    assert not view._bar.isVisible()
    rect = view.visualRect(chat.model.index(1))
    move(view, rect.center())
    assert view._bar.isVisible()
    assert abs(view._bar.geometry().center().y() - rect.top()) <= 2
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    assert not view._bar.isVisible()
    keys_on(view, 2)
    assert view._bar.isVisible()
    move(view, view.visualRect(chat.model.index(0)).center())
    assert not view._bar.isVisible(), "nothing is done with the line of a day"


def test_its_buttons_act_on_that_message(view: TimelineView, chat: SimulatedChat, qtbot: QtBot) -> None:
    receive(chat, view, 2)
    move(view, view.visualRect(chat.model.index(2)).center())
    bar = view._bar
    for button, act in ((bar.react, AddReaction(2)), (bar.reply, Reply(2)), (bar.pin, Pin(2, active=True))):
        with qtbot.waitSignal(view.act_requested) as done:
            button.click()
        assert done.args == [act]
    with qtbot.waitSignal(view.menu_requested) as opened:
        bar.more.click()
    assert opened.args[0].row() == 2


@pytest.mark.parametrize(
    ("key", "act"),
    [
        (Qt.Key.Key_Plus, AddReaction(1)),
        (Qt.Key.Key_R, Reply(1)),
        (Qt.Key.Key_P, Pin(1, active=True)),
        (Qt.Key.Key_Delete, Delete(1)),
        (Qt.Key.Key_E, None),
    ],
)
def test_keys_act_on_a_message_only_while_it_shows_that_it_has_them(
    view: TimelineView, chat: SimulatedChat, qtbot: QtBot, key: Qt.Key, act: object
) -> None:
    receive(chat, view)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(chat.model.index(1)).center())
    with qtbot.assertNotEmitted(view.act_requested):
        qtbot.keyClick(view, key)  # who has clicked and types means the composer
    keys_on(view, 1)
    done: list[object] = []
    view.act_requested.connect(done.append)
    qtbot.keyClick(view, key)
    assert done == ([act] if act else [])


def test_own_messages_are_edited_and_deleted_ones_have_no_acts(
    view: TimelineView, chat: SimulatedChat, qtbot: QtBot
) -> None:
    chat.receive(chat.new_message("Mara", "mine"))
    keys_on(view, 1)
    for key in (Qt.Key.Key_E, Qt.Key.Key_F2):
        with qtbot.waitSignal(view.act_requested) as done:
            qtbot.keyClick(view, key)
        assert done.args == [Rewrite(1)]
    change(chat, 1, content="", deleted="author")
    view._place_bar()
    assert not view._bar.isVisible()
    with qtbot.assertNotEmitted(view.act_requested):
        qtbot.keyClick(view, Qt.Key.Key_R)


def test_keys_act_again_when_a_card_gives_the_focus_back(view: TimelineView, chat: SimulatedChat, qtbot: QtBot) -> None:
    receive(chat, view)
    keys_on(view, 1)
    view.clearFocus()  # as for the picker of emoji
    view.setFocus(Qt.FocusReason.OtherFocusReason)
    assert view._bar.isVisible()
    with qtbot.waitSignal(view.act_requested) as done:
        qtbot.keyClick(view, Qt.Key.Key_R)
    assert done.args == [Reply(1)]
