"""How far a person has read, how many messages are unseen, and how far the newest is."""

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.timeline.view import TimelineView
from tests.desktop.simulated_chat import SimulatedChat


@pytest.fixture
def chat(qapp: QApplication) -> SimulatedChat:
    made = SimulatedChat()
    made.receive_messages(60)
    return made


@pytest.fixture
def view(qtbot: QtBot, qapp: QApplication, chat: SimulatedChat) -> TimelineView:
    made = TimelineView(Theme(qapp, "light"), chat.model)
    qtbot.addWidget(made)
    made.resize(800, 400)
    return made


@pytest.fixture
def seen(view: TimelineView) -> list[int]:
    numbers: list[int] = []
    view.read_tracker.last_seen_changed.connect(numbers.append)
    return numbers


def say(chat: SimulatedChat, view: TimelineView, count: int = 1) -> None:
    chat.following = view.following
    chat.receive_messages(count)


def test_nothing_is_seen_before_there_is_somebody_to_see_it(
    view: TimelineView, chat: SimulatedChat, seen: list[int]
) -> None:
    say(chat, view)
    assert seen == []
    view.show()
    say(chat, view)
    assert seen == [61, 62]


def test_messages_that_arrive_while_following_are_reported_once_for_a_batch(
    view: TimelineView, chat: SimulatedChat, seen: list[int]
) -> None:
    view.show()
    say(chat, view)
    chat.receive(*[chat.new_message("Kit", "one of many") for _ in range(3)])
    assert seen[-1] == 64
    assert seen == sorted(set(seen))


def test_scrolling_up_unsees_nothing_and_down_sees_on(view: TimelineView, chat: SimulatedChat, seen: list[int]) -> None:
    view.show()
    say(chat, view)
    bar = view.verticalScrollBar()
    bar.setValue(100)
    say(chat, view, 20)
    assert view.read_tracker.last_seen == 61
    bar.setValue(bar.maximum() - 300)
    assert 61 < view.read_tracker.last_seen < 81
    bar.setValue(bar.maximum())
    assert seen[-1] == 81


def test_it_tells_when_the_newest_is_far_and_when_it_is_near_again(view: TimelineView, qtbot: QtBot) -> None:
    told: list[bool] = []
    view.read_tracker.far_from_latest_changed.connect(told.append)
    view.show()
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum() - bar.pageStep())
    assert told == []
    bar.setValue(0)
    bar.setValue(bar.maximum())
    assert told == [True, False]


def test_after_a_jump_the_newest_is_far_in_any_chat(
    view: TimelineView, chat: SimulatedChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[bool] = []
    view.read_tracker.far_from_latest_changed.connect(told.append)
    view.show()
    chat.model.behind = True
    chat.model.newest_changed.emit()
    assert told == [True]


def divide(chat: SimulatedChat, after: int) -> None:
    chat.apply_changes(chat.state.shown.mark_away())
    chat.state.shown.read_position.seq = after
    chat.apply_changes(chat.state.shown.mark_present())


def test_a_separator_above_is_reported_until_it_has_been_visible(
    view: TimelineView, chat: SimulatedChat, qtbot: QtBot
) -> None:
    told: list[str] = []
    view.read_tracker.unread_above_changed.connect(told.append)
    view.show()
    divide(chat, 20)
    qtbot.waitUntil(lambda: len(told) == 1)
    assert told[0].startswith("40 new since ")
    place = chat.model.unread_position
    view.show_message(place)
    qtbot.waitUntil(lambda: told[1:] == [""])
    view.scroll_to_end()
    say(chat, view)
    qtbot.wait(1)
    assert len(told) == 2


def test_a_separator_that_is_not_loaded_is_reported_too(view: TimelineView, chat: SimulatedChat, qtbot: QtBot) -> None:
    told: list[str] = []
    view.read_tracker.unread_above_changed.connect(told.append)
    view.show()
    chat.model._replace_all(chat.state.shown.transcript.messages[-10:])
    divide(chat, 20)
    qtbot.waitUntil(lambda: len(told) == 1)
    chat.apply_changes(chat.state.shown.read_position.message_sent(chat.state.shown.transcript))
    qtbot.waitUntil(lambda: told[1:] == [""])


def test_in_another_log_nothing_is_seen_yet_that_was_not_said(
    view: TimelineView, chat: SimulatedChat, seen: list[int]
) -> None:
    view.show()
    say(chat, view)
    chat.restart_server()
    chat.connect()
    unseen: list[int] = []
    view.read_tracker.unseen_count_changed.connect(unseen.append)
    assert view.read_tracker.last_seen == 0
    say(chat, view, 2)
    assert (view.read_tracker.last_seen, unseen) == (2, [])
