"""The prompt where no chat is found: a sentence and a button for each state."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar
from pytestqt.qtbot import QtBot

from chatdesk.desktop.discovery_state import DiscoveryState
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.start import discovery_prompt
from chatdesk.desktop.widgets.start.discovery_prompt import DiscoveryPrompt
from tests.desktop.inspection import clipped, texts


@pytest.fixture
def prompt(qtbot: QtBot, theme: Theme) -> DiscoveryPrompt:
    made = DiscoveryPrompt(theme)
    qtbot.addWidget(made)
    made.resize(382, 100)
    return made


@pytest.mark.parametrize("state", [DiscoveryState.SEARCHING, DiscoveryState.FOUND])
def test_at_first_and_with_chats_found_it_is_hidden(prompt: DiscoveryPrompt, state: DiscoveryState) -> None:
    prompt.show_state(DiscoveryState.NO_ANSWER)
    assert prompt.isVisibleTo(None)
    prompt.show_state(state)
    assert not prompt.isVisible()


@pytest.mark.parametrize(
    ("state", "sentence", "verb", "signal"),
    [
        (DiscoveryState.NO_ANSWER, "Nobody found yet.", "Look harder", "scan_requested"),
        (DiscoveryState.NOTHING_FOUND, "Nobody answers on this network.", "Look again", "scan_requested"),
        (DiscoveryState.SCANNING, "Asking address by address.", "Stop", "stop_requested"),
        (DiscoveryState.OFF, "Looking is turned off.", "Turn on", "turn_on_requested"),
    ],
)
def test_each_state_has_its_sentence_and_its_button(
    prompt: DiscoveryPrompt, qtbot: QtBot, state: DiscoveryState, sentence: str, verb: str, signal: str
) -> None:
    prompt.show_state(state)
    assert (texts(prompt)[0], prompt.button.text()) == (sentence, verb)
    with qtbot.waitSignal(getattr(prompt, signal)):
        qtbot.mouseClick(prompt.button, Qt.MouseButton.LeftButton)


def test_discovery_turned_off_by_an_option_has_no_button(prompt: DiscoveryPrompt) -> None:
    prompt.show_state(DiscoveryState.UNAVAILABLE)
    assert texts(prompt)[0] == "Looking was turned off when ChatDesk was started."
    assert not prompt.button.isVisibleTo(prompt)


def test_a_double_click_does_not_press_what_the_button_says_next(prompt: DiscoveryPrompt, qtbot: QtBot) -> None:
    prompt.show_state(DiscoveryState.NO_ANSWER)
    prompt.scan_requested.connect(lambda: prompt.show_state(DiscoveryState.SCANNING))
    with qtbot.assertNotEmitted(prompt.stop_requested):
        qtbot.mouseClick(prompt.button, Qt.MouseButton.LeftButton)
        qtbot.mouseDClick(prompt.button, Qt.MouseButton.LeftButton)
    assert prompt.button.text() == "Stop"


def test_changes_are_announced(prompt: DiscoveryPrompt, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(discovery_prompt, "announce", lambda _source, text: told.append(text))
    prompt.show_state(DiscoveryState.SEARCHING)
    prompt.show()
    prompt.hide()
    for state in (
        DiscoveryState.NO_ANSWER,
        DiscoveryState.NO_ANSWER,
        DiscoveryState.SCANNING,
        DiscoveryState.NOTHING_FOUND,
        DiscoveryState.FOUND,
    ):
        prompt.show_state(state)
    assert told == ["Nobody found yet.", "Asking address by address.", "Nobody answers on this network."]


def test_it_shows_progress(prompt: DiscoveryPrompt) -> None:
    prompt.show_state(DiscoveryState.SCANNING)
    prompt.show_progress(120, 254)
    bar = prompt.findChildren(QProgressBar)[0]
    assert (bar.value(), bar.maximum()) == (120, 254)
    assert texts(prompt) == ["Asked 120 of 254"]
    prompt.show_state(DiscoveryState.NOTHING_FOUND)
    assert not bar.isVisibleTo(prompt)


def test_where_not_all_were_asked_it_says_how_many(prompt: DiscoveryPrompt) -> None:
    prompt.show_state(DiscoveryState.SCANNING)
    prompt.show_progress(1024, 1024)
    prompt.show_state(DiscoveryState.PARTLY_SCANNED)
    assert texts(prompt)[0] == "The nearest 1024 addresses were asked, and nobody answers."
    assert prompt.button.text() == "Look again"
    prompt.show_state(DiscoveryState.SCANNING)
    prompt.show_progress(0, 0)
    prompt.show_state(DiscoveryState.PARTLY_SCANNED)
    assert texts(prompt)[0] == "This computer is in no network where it may ask around."


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize(
    "state", [state for state in DiscoveryState if state not in (DiscoveryState.SEARCHING, DiscoveryState.FOUND)]
)
def test_nothing_is_cut(
    prompt: DiscoveryPrompt, theme: Theme, qtbot: QtBot, state: DiscoveryState, scale: float
) -> None:
    theme.set_scale(scale)
    prompt.show_state(state)
    prompt.resize(382, prompt.heightForWidth(382))
    prompt.show()
    qtbot.waitUntil(lambda: clipped(prompt) == [])
