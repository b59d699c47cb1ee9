"""The column on the right: a ground, an edge, and who moves in."""

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.people_column import PeopleColumn


@pytest.mark.parametrize("name", ["light", "dark", "high-contrast"])
def test_who_moves_in_fills_it_beside_the_hairline(qtbot: QtBot, theme: Theme, name: str) -> None:
    theme.choose(name)
    column, people = PeopleColumn(theme), QWidget()
    qtbot.addWidget(column)
    column.take(people)
    column.resize(240, 600)
    column.show()
    assert people.geometry().getRect() == (1, 0, 239, 600)
    image = column.grab().toImage()
    assert (image.pixelColor(0, 300), image.pixelColor(1, 300)) == (theme.color("border"), theme.color("background"))
