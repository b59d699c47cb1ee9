"""Scrolling in the timeline: it follows new messages, keeps what is read in place, and jumps."""

import pytest
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from chatdesk.client import transcript as transcript_module
from chatdesk.desktop.models import chunk
from chatdesk.desktop.models import timeline as model_module
from chatdesk.desktop.models.rows import MessageRow
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.timeline import canvas
from chatdesk.desktop.widgets.timeline.view import TimelineView
from tests.desktop.simulated_chat import SimulatedChat
from tests.desktop.widgets.timeline.incoming import receive


def latest(view: TimelineView) -> None:
    """Go to the newest message, as a conversation does."""
    if view.model().behind:
        view.model().show_latest()
    view.scroll_to_end()


def test_it_follows_new_messages_and_counts_them_while_somebody_reads(
    view: TimelineView, chat: SimulatedChat, qtbot: QtBot
) -> None:
    unseen: list[int] = []
    view.read_tracker.unseen_count_changed.connect(unseen.append)
    receive(chat, view, 30)
    bar = view.verticalScrollBar()
    assert bar.value() == bar.maximum()
    assert unseen == []
    bar.setValue(200)
    receive(chat, view, 3)
    assert (bar.value(), unseen) == (200, [1, 2, 3])
    latest(view)
    assert (bar.value(), unseen) == (bar.maximum(), [1, 2, 3, 0])


def test_scrolling_to_the_end_has_seen_everything(view: TimelineView, chat: SimulatedChat) -> None:
    unseen: list[int] = []
    view.read_tracker.unseen_count_changed.connect(unseen.append)
    receive(chat, view, 30)
    view.verticalScrollBar().setValue(100)
    receive(chat, view, 2)
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() - 50)
    assert unseen == [1, 2, 0]


def test_reading_far_back_the_number_of_new_messages_is_shown_and_leads_there(
    view: TimelineView, chat: SimulatedChat, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_module, "_MAX_ROWS_READING", 60)
    unseen: list[int] = []
    view.read_tracker.unseen_count_changed.connect(unseen.append)
    receive(chat, view, 50)
    view.newer_requested.connect(chat.load_newer)
    view.verticalScrollBar().setValue(100)
    receive(chat, view, 40)
    assert chat.model.behind
    assert unseen[-1] == 40
    assert not view.following
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    qtbot.waitUntil(lambda: not chat.model.behind)
    view.verticalScrollBar().setValue(100)
    receive(chat, view, 20)
    latest(view)
    assert chat.seqs[-1] == 110
    assert unseen[-1] == 0


def test_older_messages_are_asked_for_near_the_top_and_do_not_move_what_is_read(
    view: TimelineView, chat: SimulatedChat, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_module, "MAX_MESSAGES", 30)
    monkeypatch.setattr(chunk, "MAX_MESSAGES", 30)
    receive(chat, view, 120)
    chat.model.show_latest()
    qtbot.wait(0)
    bar = view.verticalScrollBar()
    for value in (0, 10, 200):
        bar.setValue(value)
        index = view.indexAt(QPoint(100, 100))
        before, seq = view.visualRect(index).bottom(), chat.model.row(index.row()).message.seq
        assert chat.model.load_older()
        now = next(
            place for place, row in enumerate(chat.rows) if isinstance(row, MessageRow) and row.message.seq == seq
        )
        assert view.visualRect(chat.model.index(now)).bottom() == before
        chat.model.show_latest()
    with qtbot.waitSignal(view.older_requested):
        bar.setValue(500)


def test_no_older_messages_are_requested_far_from_the_top(
    view: TimelineView, chat: SimulatedChat, qtbot: QtBot
) -> None:
    receive(chat, view, 80)
    qtbot.wait(0)
    with qtbot.assertNotEmitted(view.older_requested, wait=20):
        view.verticalScrollBar().setValue(1000)


@pytest.mark.parametrize("change", ["wider", "narrower", "larger", "dark"])
def test_another_width_or_look_keeps_the_row_that_is_read(
    view: TimelineView, chat: SimulatedChat, theme: Theme, change: str
) -> None:
    for number in range(80):
        receive(chat, view, content=f"{number} " + "many words in a row " * (number % 9))
    view.verticalScrollBar().setValue(900)
    assert not view.following
    read = view.visible_positions[0]
    match change:
        case "wider":
            view.resize(1200, 400)
        case "narrower":
            view.resize(420, 400)
        case "larger":
            theme.set_scale(1.6)
        case _:
            theme.choose("dark")
    assert abs(view.visible_positions[0] - read) <= 1
    assert view.row_heights.total == sum(view.row_height(place) for place in range(chat.model.rowCount()))
    view.scroll_to_end()
    view.resize(600, 300)
    assert view.following


@pytest.mark.parametrize("distance", [110, 300, 900])
def test_a_window_made_wide_and_narrow_again_shows_what_it_showed(
    view: TimelineView, chat: SimulatedChat, distance: int
) -> None:
    view.resize(420, 400)
    for number in range(80):
        receive(chat, view, content=f"{number} " + "many words in a row " * (number % 29))
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum() - distance)
    before = bar.value(), view.visible_positions
    for width in (*range(430, 1000, 10), *range(990, 410, -10)):
        view.resize(width, 400)
        assert before[1][0] in view.visible_positions
    assert (bar.value(), view.visible_positions) == before


def test_the_width_of_lines_does_not_change_when_there_is_more_than_fits(
    view: TimelineView, chat: SimulatedChat
) -> None:
    before = view.viewport().width()
    receive(chat, view, 60)
    assert view.viewport().width() == before


def ground_of(view: TimelineView, place: int) -> str:
    rect = view.visualRect(view.model().index(place))
    return view.viewport().grab().toImage().pixelColor(rect.right() - 30, rect.center().y()).name()


@pytest.mark.parametrize("name", ["light", "dark", "high-contrast"])
def test_a_message_jumped_to_is_visible_and_highlighted_for_a_moment(
    view: TimelineView, chat: SimulatedChat, theme: Theme, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    heard: list[str] = []
    monkeypatch.setattr(canvas, "announce", lambda _source, text: heard.append(text))
    theme.choose(name)
    receive(chat, view, 60)
    place = chat.model.show_around(20)
    assert place is not None
    view.show_message(place)
    rect = view.visualRect(chat.model.index(place))
    assert abs(rect.top() - 0.3 * view.viewport().height()) < 2
    assert ground_of(view, place) == theme.color("mention").name()
    assert ground_of(view, place + 1) == theme.color("surface").name()
    assert view.currentIndex().row() == place
    assert heard == [chat.model.index(place).data()]
    view._highlight.setCurrentTime(view._highlight.duration() - 1)
    qtbot.waitUntil(lambda: ground_of(view, place) == theme.color("surface").name())
    assert not view.following


def test_the_light_moves_with_its_row(view: TimelineView, chat: SimulatedChat, theme: Theme) -> None:
    receive(chat, view, 60)
    view.show_message(chat.model.show_around(20))
    chat.following = False
    receive(chat, view, 5)
    place = chat.model.position_of(20)
    assert place is not None
    assert ground_of(view, place) == theme.color("mention").name()
    view.show_message(chat.model.show_around(40))
    view.verticalScrollBar().setValue(view.visualRect(chat.model.index(place)).top() + view.verticalOffset() - 100)
    assert ground_of(view, place) == theme.color("surface").name()


def divide(chat: SimulatedChat, after: int) -> None:
    chat.apply_changes(chat.state.shown.mark_away())
    chat.state.shown.read_position.seq = after
    chat.apply_changes(chat.state.shown.mark_present())


def test_it_opens_at_what_is_new_whatever_size_the_window_gets(qtbot: QtBot, theme: Theme, chat: SimulatedChat) -> None:
    chat.receive_messages(60)
    divide(chat, 30)
    view = TimelineView(theme, chat.model)
    qtbot.addWidget(view)
    view.open_at_unread()
    view.resize(700, 500)
    seen: list[int] = []
    view.read_tracker.last_seen_changed.connect(seen.append)
    view.show()
    place = chat.model.unread_position
    assert place is not None
    top = view.visualRect(chat.model.index(place)).top()
    assert abs(top - 0.15 * view.viewport().height()) < 2
    view.viewport().grab()
    view.verticalScrollBar().setValue(view.verticalScrollBar().value() + 40)
    assert 31 < seen[-1] < 60
    view.resize(700, 520)  # no longer kept at the unread separator
    assert view.visualRect(chat.model.index(place)).top() < top


def test_newer_messages_are_requested_near_the_end_of_the_loaded_ones(
    view: TimelineView, chat: SimulatedChat, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transcript_module, "MAX_KEPT", 60)
    monkeypatch.setattr(transcript_module, "_TRIM", 12)
    receive(chat, view, 200)
    chat.following = False
    chat.go_to(10)
    view.newer_requested.connect(chat.load_newer)
    for _ in range(100):
        if not chat.model.behind:
            break
        view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
        qtbot.wait(1)
    assert chat.seqs[-1] == 200
