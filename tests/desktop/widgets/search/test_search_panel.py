"""The search panel: how far a search is, its results, and what is announced."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from chatdesk.client.search import SearchResults
from chatdesk.desktop.accessibility import announce as announcing
from chatdesk.desktop.models.search_hits import SearchHitsModel
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.search import search_panel as module
from chatdesk.desktop.widgets.search.search_panel import SearchPanel
from tests.desktop.inspection import clipped, texts, unnamed
from tests.desktop.search_hits import hit, show_hits

NOTHING = "No message holds all of these words."


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was announced to screen readers."""
    said: list[str] = []
    for speaker in (module, announcing):
        monkeypatch.setattr(speaker, "announce", lambda _source, text: said.append(text))
    return said


@pytest.fixture
def model(qapp: QApplication) -> SearchHitsModel:
    return SearchHitsModel()


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme, model: SearchHitsModel, heard: list[str]) -> SearchPanel:
    made = SearchPanel(theme, model)
    qtbot.addWidget(made)
    made.resize(340, 500)
    made.show()
    return made


def show(panel: SearchPanel, model: SearchHitsModel, found: SearchResults) -> list[str]:
    """Show results as a conversation does; returns the visible texts."""
    if not found.busy or found.hits:
        show_hits(model, found.query, found.hits)
    panel.show_results(found)
    return texts(panel)


def test_it_says_how_far_the_search_is(panel: SearchPanel, model: SearchHitsModel) -> None:
    assert show(panel, model, SearchResults("bench", busy=True)) == ["Searching"]
    assert show(panel, model, SearchResults("bench", (hit(9), hit(8)), frozenset({"lobby"}))) == [
        "2 newest, scroll for more"
    ]
    assert show(panel, model, SearchResults("bench", (hit(9), hit(8)))) == ["2 messages found"]
    assert show(panel, model, SearchResults("benches", busy=True)) == ["2 messages found"]  # until there is an answer
    assert show(panel, model, SearchResults("benches", (hit(9),))) == ["1 message found"]


def test_without_results_it_says_so_and_announces_it(
    panel: SearchPanel, model: SearchHitsModel, heard: list[str], qtbot: QtBot
) -> None:
    assert show(panel, model, SearchResults("bench")) == ["Nothing found", NOTHING]
    qtbot.waitUntil(lambda: heard == [NOTHING])
    assert not panel.hits_list.isVisible()
    show(panel, model, SearchResults("bench", (hit(9),)))
    assert panel.hits_list.isVisible()
    assert NOTHING not in texts(panel)


def test_the_number_of_results_is_announced_once_the_search_is_quiet(
    panel: SearchPanel, model: SearchHitsModel, heard: list[str], qtbot: QtBot
) -> None:
    for found in (SearchResults("b", (hit(9),)), SearchResults("be", busy=True), SearchResults("be", (hit(9), hit(8)))):
        show(panel, model, found)
    qtbot.waitUntil(lambda: heard == ["2 messages found"])
    show(panel, model, SearchResults("be", (hit(9), hit(8))))
    show(panel, model, SearchResults("ben", (hit(9), hit(8))))
    qtbot.waitUntil(lambda: heard == ["2 messages found"] * 2)


def test_a_note_of_the_server_replaces_the_sentence_for_no_results(panel: SearchPanel, model: SearchHitsModel) -> None:
    note = "Type a word to search for."
    assert show(panel, model, SearchResults("*(", note=note)) == ["Nothing found", note]


def test_a_search_index_in_the_making_is_shown_beside_the_results_and_announced_once(
    panel: SearchPanel, model: SearchHitsModel, heard: list[str], qtbot: QtBot
) -> None:
    assert show(panel, model, SearchResults("x", note="So far 3 %.", preparing=True)) == [
        "Nothing found yet",
        "So far 3 %.",
    ]
    qtbot.waitUntil(lambda: heard == ["Nothing found yet. So far 3 %."])
    found = SearchResults("x", (hit(9),), note="So far 7 %.", preparing=True)
    assert show(panel, model, found) == ["1 message found", "So far 7 %."]
    assert panel.hits_list.isVisible()
    assert show(panel, model, SearchResults("x", (hit(9),))) == ["1 message found"]
    qtbot.waitUntil(lambda: heard == ["Nothing found yet. So far 3 %.", "1 message found"])


def test_an_error_of_the_server_is_shown(panel: SearchPanel, model: SearchHitsModel) -> None:
    assert "The disk is full." in show(panel, model, SearchResults("bench", error="The disk is full."))


def test_keys_of_the_field_move_the_current_row_and_announce_it(
    panel: SearchPanel, model: SearchHitsModel, heard: list[str]
) -> None:
    show(panel, model, SearchResults("bench", (hit(9), hit(8))))
    down = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier)
    for _ in range(3):
        panel.send_key(down)
    assert heard == [model.index(place).data() for place in (0, 1)]


def test_results_of_the_search_before_are_not_chosen(panel: SearchPanel, model: SearchHitsModel, qtbot: QtBot) -> None:
    show(panel, model, SearchResults("bench", (hit(9),)))
    show(panel, model, SearchResults("other", busy=True))
    with qtbot.assertNotEmitted(panel.chosen):
        panel.choose_current()
    show(panel, model, SearchResults("other", (hit(3),)))
    with qtbot.waitSignal(panel.chosen) as chosen:
        panel.choose_current()
    assert chosen.args == [hit(3).message]


def test_its_button_and_escape_close_it(panel: SearchPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.closed):
        qtbot.mouseClick(panel.findChildren(QPushButton)[0], Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(panel.closed):
        qtbot.keyClick(panel.hits_list, Qt.Key.Key_Escape)


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_nothing_is_cut(panel: SearchPanel, model: SearchHitsModel, theme: Theme, qtbot: QtBot, scale: float) -> None:
    theme.set_scale(scale)
    panel.resize(theme.px(340), 500)
    for found in (SearchResults("bench"), SearchResults("bench", (hit(9),) * 50, frozenset({"lobby"}))):
        show(panel, model, found)
        qtbot.waitUntil(lambda: clipped(panel) == [])
    assert unnamed(panel) == []
