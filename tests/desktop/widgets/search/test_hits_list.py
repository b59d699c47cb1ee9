"""The list of results: by pointer, by keys, for screen readers, and loading more while scrolling."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chatdesk.desktop.models.search_hits import SearchHitsModel
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.search.hits_list import HitsList
from tests.desktop.inspection import HOSTILE
from tests.desktop.search_hits import hit, show_hits


@pytest.fixture
def model(qapp: QApplication) -> SearchHitsModel:
    return SearchHitsModel()


@pytest.fixture
def found(qtbot: QtBot, theme: Theme, model: SearchHitsModel) -> HitsList:
    made = HitsList(theme, model)
    qtbot.addWidget(made)
    made.resize(340, 400)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def point(found: HitsList, place: int) -> QPoint:
    return found.visualRect(found.model().index(place, 0)).center()


def test_a_click_chooses_the_message(found: HitsList, model: SearchHitsModel, qtbot: QtBot) -> None:
    show_hits(model, "bench", [hit(9), hit(7)])
    with qtbot.waitSignal(found.chosen) as chosen:
        qtbot.mouseClick(found.viewport(), Qt.MouseButton.LeftButton, pos=point(found, 1))
    assert chosen.args == [hit(7).message]
    with qtbot.assertNotEmitted(found.chosen):
        qtbot.mouseClick(found.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(100, 390))
        qtbot.mouseClick(found.viewport(), Qt.MouseButton.RightButton, pos=point(found, 0))


def test_keys_begin_at_the_newest_and_enter_chooses(found: HitsList, model: SearchHitsModel, qtbot: QtBot) -> None:
    show_hits(model, "bench", [hit(9), hit(7), hit(5)])
    for key, place in (("Down", 0), ("Down", 1), ("End", 2), ("Up", 1), ("Home", 0)):
        qtbot.keyClick(found, Qt.Key[f"Key_{key}"])
        assert found.currentIndex().row() == place
    with qtbot.waitSignal(found.chosen) as chosen:
        qtbot.keyClick(found, Qt.Key.Key_Return)
    assert chosen.args == [hit(9).message]


def test_without_a_current_row_the_newest_is_chosen_if_any(
    found: HitsList, model: SearchHitsModel, qtbot: QtBot
) -> None:
    with qtbot.assertNotEmitted(found.chosen):
        found.choose_current()
    show_hits(model, "bench", [hit(9), hit(7)])
    with qtbot.waitSignal(found.chosen) as chosen:
        found.choose_current()
    assert chosen.args == [hit(9).message]


def test_more_is_requested_near_the_end_and_the_rows_stay_in_place(
    found: HitsList, model: SearchHitsModel, qtbot: QtBot
) -> None:
    some = [hit(100 - place) for place in range(50)]
    with qtbot.assertNotEmitted(found.more_requested, wait=20):
        show_hits(model, "bench", some)
    with qtbot.waitSignal(found.more_requested):
        found.verticalScrollBar().setValue(found.verticalScrollBar().maximum() - 100)
    before = found.verticalScrollBar().value()
    show_hits(model, "bench", [*some, *(hit(50 - place) for place in range(20))])
    assert found.verticalScrollBar().value() == before
    show_hits(model, "other", some)
    assert found.verticalScrollBar().value() == 0


def test_few_hits_request_more_by_themselves(found: HitsList, model: SearchHitsModel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(found.more_requested):
        show_hits(model, "bench", [hit(2)])


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("width", [340, 640])
def test_rows_are_as_high_as_their_words(
    found: HitsList, model: SearchHitsModel, theme: Theme, scale: float, width: int
) -> None:
    theme.set_scale(scale)
    found.resize(width, 400)
    show_hits(model, "bench", [hit(9, ["short"]), hit(7, ["", "bench", " and many words in a row" * 9])])
    heights = [found.visualRect(model.index(place)).height() for place in (0, 1)]
    line = theme.line("label")
    assert heights[0] == 2 * theme.px(8) + 2 * line
    assert heights[0] < heights[1] <= 2 * theme.px(8) + 4 * line


@pytest.mark.parametrize("name", ["light", "dark", "high-contrast"])
def test_matches_are_marked_and_the_current_row_is_highlighted(
    found: HitsList, model: SearchHitsModel, theme: Theme, name: str
) -> None:
    theme.choose(name)
    show_hits(model, "bench", [hit(9), hit(7, ["no mark"])])
    found.setCurrentIndex(model.index(1))
    image = found.viewport().grab().toImage()
    rects = [found.visualRect(model.index(place)) for place in (0, 1)]
    inks = [
        {image.pixelColor(x, y).name() for x in range(rect.width()) for y in range(rect.top(), rect.bottom())}
        for rect in rects
    ]
    mark, current = theme.color("search-hit").name(), theme.color("surface-selected").name()
    assert [mark in ink for ink in inks] == [True, False]
    assert [current in ink for ink in inks] == [False, True]


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_a_long_name_does_not_reach_into_the_time(
    found: HitsList, model: SearchHitsModel, direction: Qt.LayoutDirection
) -> None:
    found.setLayoutDirection(direction)
    show_hits(model, "bench", [hit(9, ["x"], "W" * 32)])
    rect = found.visualRect(model.index(0))
    image = found.viewport().grab().toImage()
    ground = image.pixelColor(1, 1)
    rows = range(rect.top() + 8, rect.top() + 26)
    empty = [x for x in range(20, 300) if all(image.pixelColor(x, y) == ground for y in rows)]
    runs = [x for x in empty if {x + step for step in range(6)} <= set(empty)]
    assert runs, "there is no gap between name and time"


def test_a_screen_reader_gets_every_row(found: HitsList, model: SearchHitsModel) -> None:
    show_hits(model, "bench", [hit(9), hit(7, [HOSTILE], HOSTILE)])
    interface = QAccessible.queryAccessibleInterface(found)
    assert interface.text(QAccessible.Text.Name) == "Found messages"
    names = [interface.child(place).text(QAccessible.Text.Name) for place in range(interface.childCount())]
    assert names == [model.index(place).data() for place in (0, 1)]
    assert names[1].endswith(f": {HOSTILE}")


def test_what_brings_older_hits_of_a_room_is_a_row_of_its_own(
    found: HitsList, model: SearchHitsModel, qtbot: QtBot
) -> None:
    show_hits(model, "bench", [hit(9, room="build"), hit(7)], "build")
    assert found.row_height(0) > found.row_height(2) - 1 > found.row_height(1)
    with qtbot.waitSignal(found.more_in_requested) as wanted, qtbot.assertNotEmitted(found.chosen):
        qtbot.mouseClick(found.viewport(), Qt.MouseButton.LeftButton, pos=point(found, 1))
    assert wanted.args == ["build"]
