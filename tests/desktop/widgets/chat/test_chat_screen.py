"""The chat screen as a whole: its layout at every size, its focus and its shortcuts."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chatdesk.client.search import SearchResults
from chatdesk.desktop.models.people import PeopleModel
from chatdesk.desktop.models.search_hits import SearchHitsModel
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.chat.chat_screen import ChatScreen
from chatdesk.protocol.events import User
from tests.desktop.inspection import HOSTILE, clipped, texts, unnamed
from tests.desktop.invitations import AT_WIFI
from tests.desktop.people import named
from tests.desktop.search_hits import hit
from tests.desktop.simulated_chat import SimulatedChat
from tests.desktop.tooltips import tip


@pytest.fixture
def chat(qapp: QApplication) -> SimulatedChat:
    return SimulatedChat()


@pytest.fixture
def hits(qapp: QApplication) -> SearchHitsModel:
    return SearchHitsModel()


@pytest.fixture
def screen(qtbot: QtBot, theme: Theme, chat: SimulatedChat, hits: SearchHitsModel) -> ChatScreen:
    people = PeopleModel()
    people.set_people([User(name, "online", "", "phone") for name in ("Mara", HOSTILE, "W" * 32)], named("Mara"))
    made = ChatScreen(theme, chat.model, people, hits, hosting=True)
    qtbot.addWidget(made)
    made.columns.narrowed.connect(made.top_bar.set_narrow)
    made.sidebar.address_card.set_invitation(AT_WIFI)
    made.empty_room.set_invitation(AT_WIFI)
    made.sidebar.header.set_chat(HOSTILE, "Hosting for 3 people", is_open=True)
    made.sidebar.user_bar.set_user("W" * 32, "", "You, hosting", "online")
    made.sidebar.people_panel.set_count(3, hosting=True)
    made.top_bar.set_room("lobby", f"You are Mara in {HOSTILE}")
    made.top_bar.set_people(3)
    made.empty_room.set_people(1)
    made.composer.set_hint(HOSTILE)
    made.resize(1200, 800)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def test_focus_goes_to_the_composer(screen: ChatScreen) -> None:
    screen.setFocus()
    assert screen.composer.edit.hasFocus()


def test_keys_typed_elsewhere_go_into_the_composer(screen: ChatScreen, qtbot: QtBot) -> None:
    screen.show_empty(False)
    for place in (screen.timeline, screen.sidebar.header):
        place.setFocus()
        qtbot.keyClick(place, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        assert not screen.composer.edit.hasFocus()
        qtbot.keyClicks(place, "h")
        assert screen.composer.edit.hasFocus()
    assert screen.composer.edit.toPlainText() == "hh"


def test_either_the_timeline_or_the_empty_room_is_shown(screen: ChatScreen) -> None:
    for empty in (True, False):
        screen.show_empty(empty)
        assert (screen.empty_room.isVisible(), screen.timeline.isVisible()) == (empty, not empty)


def test_the_pill_floats_at_the_timelines_end_centred_on_its_text(screen: ChatScreen, qtbot: QtBot) -> None:
    screen.show_empty(False)
    screen.set_unseen(12)
    assert screen.jump_pill.text() == "12 new, jump to latest"
    for size in ((1200, 800), (700, 500), (1900, 900)):
        screen.resize(*size)

        def is_in_its_place() -> bool:
            middle = min(screen.timeline.width(), 72 + 680 + 24) // 2
            place = screen.jump_pill.geometry()
            return abs(place.center().x() - middle) <= 1 and place.bottom() == screen.timeline.height() - 1

        qtbot.waitUntil(is_in_its_place)
    screen.set_unseen(0)
    assert not screen.jump_pill.isVisible()


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("size", [(640, 480), (760, 560), (1200, 800)])
@pytest.mark.parametrize("empty", [True, False])
def test_nothing_is_cut(
    screen: ChatScreen, theme: Theme, qtbot: QtBot, scale: float, size: tuple[int, int], empty: bool
) -> None:
    theme.set_scale(scale)
    screen.show_empty(empty)
    screen.resize(*size)
    centre = screen.timeline.parentWidget()
    assert centre is not None
    qtbot.waitUntil(lambda: [*clipped(screen.sidebar), *clipped(screen.top_bar), *clipped(screen.composer)] == [])
    if empty:
        qtbot.waitUntil(lambda: screen.empty_room.horizontalScrollBar().maximum() == 0)
        qtbot.waitUntil(lambda: clipped(screen.empty_room.widget()) == [])
    screen.columns.open_drawer()
    assert screen.sidebar.isVisible()
    qtbot.waitUntil(lambda: clipped(screen.sidebar) == [])


def test_names_are_text_and_controls_have_names(screen: ChatScreen) -> None:
    assert HOSTILE in texts(screen)
    assert unnamed(screen) == []
    tips = [tip(part) for part in (screen.sidebar.header, *screen.sidebar.header.children()) if part.isWidgetType()]
    assert not any("<img" in shown or "<table" in shown for shown in tips)


def test_the_background_follows_the_theme(screen: ChatScreen, theme: Theme) -> None:
    for name in ("dark", "light"):
        theme.choose(name)
        shown = screen.grab().toImage()
        composer = screen.composer.mapTo(screen, QPoint(0, 0))
        assert shown.pixelColor(composer.x() - 10, composer.y() + 10) == theme.color("surface")
        assert shown.pixelColor(5, 600) == theme.color("background")


def search(screen: ChatScreen, hits: SearchHitsModel, text: str = "bench") -> None:
    """Show results as if the server had answered."""
    screen.top_bar.search_field.setText(text)
    screen.show_search_panel(True)
    results = SearchResults(text, (hit(9), hit(7)))
    hits.set_results(results, str, "lobby")
    screen.search_panel.show_results(results)


def test_ctrl_f_focuses_the_search_and_escape_the_composer(
    screen: ChatScreen, hits: SearchHitsModel, qtbot: QtBot
) -> None:
    screen.show_empty(False)
    for place in (screen.composer.edit, screen.timeline, screen.sidebar.header):
        place.setFocus()
        qtbot.keyClick(place, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
        assert screen.top_bar.search_field.hasFocus()
        assert not screen.search_panel.isVisible()
        search(screen, hits)
        assert screen.search_panel.isVisible()
        screen.timeline.setFocus()
        qtbot.keyClick(screen.timeline, Qt.Key.Key_Escape)
        assert screen.composer.edit.hasFocus()
        assert (screen.search_panel.isVisible(), screen.top_bar.search_field.text()) == (False, "")


def test_tab_goes_from_the_search_field_to_the_results(screen: ChatScreen, hits: SearchHitsModel) -> None:
    screen.show_empty(False)
    screen.open_search()
    search(screen, hits)
    QTest.keyClick(screen.top_bar.search_field, Qt.Key.Key_Tab)
    assert screen.search_panel.hits_list.hasFocus()
    QTest.keyClick(screen.search_panel.hits_list, Qt.Key.Key_Backtab)
    assert screen.top_bar.search_field.hasFocus()


def test_ctrl_g_requests_the_calendar(screen: ChatScreen, qtbot: QtBot) -> None:
    with qtbot.waitSignal(screen.calendar_requested):
        qtbot.keyClick(screen.composer.edit, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)


def test_the_search_panel_is_beside_the_timeline_or_covers_it(
    screen: ChatScreen, hits: SearchHitsModel, qtbot: QtBot
) -> None:
    screen.show_empty(False)
    search(screen, hits)

    def is_beside() -> bool:
        left = screen.search_panel.mapTo(screen, QPoint(0, 0)).x()
        return screen.timeline.mapTo(screen, screen.timeline.rect().topRight()).x() < left

    qtbot.waitUntil(lambda: screen.search_panel.width() == 340 and is_beside())
    assert screen.timeline.isVisible()
    screen.uncover_timeline()
    assert screen.search_panel.isVisible()
    screen.resize(700, 500)
    qtbot.waitUntil(lambda: screen.search_panel.geometry() == screen.search_panel.parentWidget().rect())
    screen.uncover_timeline()
    assert not screen.search_panel.isVisible()
    assert screen.timeline.hasFocus()
    assert screen.top_bar.search_field.text() == "bench"
    screen.open_search()
    assert screen.search_panel.isVisible()


def test_the_unread_pill_floats_at_the_top_and_the_date_below_it(screen: ChatScreen) -> None:
    screen.show_empty(False)
    screen.show_unread_above("212 new since 10:31")
    assert (screen.unread_pill.isVisible(), screen.unread_pill.text()) == (True, "212 new since 10:31")
    assert screen.unread_pill.y() == 0
    assert abs(screen.unread_pill.geometry().center().x() - screen.timeline.text_center) <= 1
    assert screen.date_pill.y() >= screen.unread_pill.geometry().bottom() - 12
    screen.show_unread_above("")
    assert not screen.unread_pill.isVisible()
    screen.set_far_from_latest(True)
    assert (screen.jump_pill.isVisible(), screen.jump_pill.text()) == (True, "Jump to latest")


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("size", [(640, 480), (1280, 800)])
def test_searching_cuts_nothing(
    screen: ChatScreen, hits: SearchHitsModel, theme: Theme, qtbot: QtBot, scale: float, size: tuple[int, int]
) -> None:
    theme.set_scale(scale)
    screen.resize(*size)
    screen.show_empty(False)
    screen.open_search()
    search(screen, hits)
    qtbot.waitUntil(lambda: [*clipped(screen.top_bar), *clipped(screen.search_panel)] == [])
    assert screen.top_bar.search_field.isVisible()
