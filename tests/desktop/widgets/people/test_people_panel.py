"""People under their heading, the field that finds somebody, and the column."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from chatdesk.client.found_people import FoundPeople
from chatdesk.desktop.models.people import PeopleModel
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import IconButton
from chatdesk.desktop.widgets.people.people_list import PeopleList
from chatdesk.desktop.widgets.people.people_panel import PeopleColumn, PeoplePanel
from chatdesk.protocol.events import User
from tests.desktop.inspection import clipped, texts, unnamed
from tests.desktop.people import named
from tests.spellings import SAME


@pytest.fixture
def model(qapp: QApplication) -> PeopleModel:
    made = PeopleModel()
    made.set_people([User(name, "online", "", "phone") for name in ("Mara", "Kit", "Priya")], named("Mara"))
    return made


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme, model: PeopleModel) -> PeoplePanel:
    made = PeoplePanel(theme, model)
    qtbot.addWidget(made)
    made.set_count(3, hosting=True)
    made.resize(280, 400)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def field(panel: PeoplePanel) -> QLineEdit:
    found = panel.findChild(QLineEdit)
    assert found is not None
    return found


def shown(panel: PeoplePanel) -> list[str]:
    people = panel.findChild(PeopleList)
    assert people is not None
    return [people.model().index(row, 0).data() for row in range(people.model().rowCount())]


def test_it_says_how_many_are_here(panel: PeoplePanel) -> None:
    assert texts(panel) == ["People", "3"]
    assert unnamed(panel) == []


def test_alone_a_host_reads_that_people_will_show_up(panel: PeoplePanel, model: PeopleModel) -> None:
    model.set_people([User("Mara", "online", "")], named("Mara"))
    panel.set_count(1, hosting=True)
    assert texts(panel)[-1] == "People show up here as they join."
    panel.set_count(1, hosting=False)
    assert texts(panel) == ["People", "1"]


def test_typing_filters_the_list_and_escape_shows_all_again(panel: PeoplePanel, qtbot: QtBot) -> None:
    button = panel.findChild(IconButton)
    assert button is not None
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert field(panel).hasFocus()
    qtbot.keyClicks(field(panel), "pri")
    assert shown(panel) == ["Priya"]
    qtbot.keyClicks(field(panel), "x")
    assert texts(panel)[-1] == "Nobody of this name is here."
    qtbot.keyClick(field(panel), Qt.Key.Key_Escape)
    assert shown(panel) == ["Mara", "Kit", "Priya"]
    assert not field(panel).isVisible()
    assert button.hasFocus()


def test_every_spelling_of_a_name_finds_it(panel: PeoplePanel, model: PeopleModel) -> None:
    panel.open_search()
    for typed, name in SAME:
        model.set_people([User(f"Dr. {name}", "online", ""), User("Zoë", "online", "")], named("Zoë"))
        field(panel).setText(typed)
        assert shown(panel) == [f"Dr. {name}"]


def test_a_new_person_is_filtered_too(panel: PeoplePanel, model: PeopleModel, qtbot: QtBot) -> None:
    panel.open_search()
    qtbot.keyClicks(field(panel), "ines")
    model.apply_changes([User("Ines", "online", "")], [])
    panel.set_count(4, hosting=True)
    assert shown(panel) == ["Ines"]
    assert texts(panel) == ["People", "4"]


def test_where_not_all_are_listed_the_server_is_asked_and_its_answer_shown(
    panel: PeoplePanel, model: PeopleModel, qtbot: QtBot
) -> None:
    asked: list[str] = []
    panel.query_changed.connect(asked.append)
    panel.set_count(3000, listed=3, hosting=True)
    panel.open_search()
    qtbot.keyClicks(field(panel), "pr")
    panel.show_found(FoundPeople("pr"))
    assert asked == ["p", "pr"]
    assert (shown(panel), texts(panel)[-1]) == (["Priya"], "Looking for others…")
    spread = tuple(User(name, "online", "") for name in ("April", "Priya", "Prue"))
    panel.show_found(FoundPeople("pr", spread, busy=False))
    assert (shown(panel), texts(panel)[-1]) == (
        ["April", "Priya", "Prue"],
        "There are others. Type more of the name, or scroll.",
    )
    panel.show_found(FoundPeople("pr", spread, complete=True, busy=False))
    assert texts(panel) == ["People", "3000"]
    panel.show_found(FoundPeople("pr", complete=True, busy=False))
    assert (shown(panel), texts(panel)[-1]) == ([], "Nobody of this name is here.")
    qtbot.keyClick(field(panel), Qt.Key.Key_Escape)
    panel.show_found(None)
    assert (shown(panel), texts(panel)[-1]) == (["Mara", "Kit", "Priya"], "3 of 3000 people are listed.")
    assert asked[-1] == ""


def test_an_answer_to_what_was_typed_before_is_not_shown(panel: PeoplePanel, qtbot: QtBot) -> None:
    panel.open_search()
    qtbot.keyClicks(field(panel), "xyz")
    panel.show_found(FoundPeople("x", (User("Xaver", "online", ""),), busy=False))
    assert (shown(panel), texts(panel)[-1]) == ([], "Nobody of this name is here.")
    panel.show_found(FoundPeople("xyz"))
    assert texts(panel)[-1] == "Looking…"


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_nothing_is_cut_and_a_single_row_is_whole(
    panel: PeoplePanel, theme: Theme, model: PeopleModel, qtbot: QtBot, scale: float
) -> None:
    model.set_people([User("Mara", "online", "")], named("Mara"))
    panel.set_count(1, hosting=True)
    theme.set_scale(scale)
    panel.open_search()
    people = panel.findChild(PeopleList)
    assert people is not None
    qtbot.waitUntil(lambda: clipped(panel) == [] and people.height() == theme.px(34))


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_in_a_low_window_the_field_replaces_the_heading(
    panel: PeoplePanel, theme: Theme, qtbot: QtBot, scale: float
) -> None:
    theme.set_scale(scale)
    panel.resize(280, theme.px(70))
    assert texts(panel) == ["People", "3"]
    panel.open_search()
    people = panel.findChild(PeopleList)
    assert people is not None
    qtbot.waitUntil(lambda: people.geometry().top() > field(panel).geometry().bottom() and people.height() > 20 * scale)
    assert (texts(panel), clipped(panel)) == ([], [])
    panel.resize(280, theme.px(300))
    assert texts(panel) == ["People", "3"]
    panel.resize(280, theme.px(70))
    qtbot.keyClick(field(panel), Qt.Key.Key_Escape)
    assert texts(panel) == ["People", "3"]


@pytest.mark.parametrize("name", ["light", "dark", "high-contrast"])
def test_the_panel_fills_the_column_beside_its_hairline(qtbot: QtBot, theme: Theme, name: str) -> None:
    theme.choose(name)
    column, people = PeopleColumn(theme), QWidget()
    qtbot.addWidget(column)
    column.add_panel(people)
    column.resize(240, 600)
    column.show()
    assert people.geometry().getRect() == (1, 0, 239, 600)
    image = column.grab().toImage()
    assert (image.pixelColor(0, 300), image.pixelColor(1, 300)) == (theme.color("border"), theme.color("background"))
