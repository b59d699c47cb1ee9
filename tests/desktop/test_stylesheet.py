"""The stylesheet uses the tokens for what Qt draws."""

import re

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from chatdesk.desktop.stylesheet import stylesheet
from chatdesk.desktop.theme import Theme


@pytest.mark.parametrize("name", ["light", "dark", "high-contrast"])
def test_qt_understands_it_and_no_colour_is_not_a_token(qapp: QApplication, name: str) -> None:
    theme = Theme(qapp, name)
    colors = set(re.findall(r"rgba\([^)]*\)", stylesheet(theme)))
    assert colors <= {theme.css(role) for role in theme.tokens["color"][name]}
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b", stylesheet(theme))


def test_a_field_is_white_on_paper_and_lets_the_petrol_through(qtbot: QtBot, qapp: QApplication) -> None:
    theme = Theme(qapp, "light")
    middle = {}
    for ground in ("paper", "hero"):
        edit = QLineEdit()
        qtbot.addWidget(edit)
        edit.setProperty("ground", ground)
        edit.resize(120, 44)
        middle[ground] = edit.grab().toImage().pixelColor(60, 22)
    assert middle["paper"] == theme.color("surface-raised")
    assert middle["hero"].alpha() == 0


def test_a_field_that_is_wrong_has_a_red_edge(qtbot: QtBot, qapp: QApplication) -> None:
    theme = Theme(qapp, "light")
    edit = QLineEdit()
    qtbot.addWidget(edit)
    edit.setProperty("wrong", True)
    edit.resize(120, 44)
    assert edit.grab().toImage().pixelColor(60, 0) == theme.color("danger")


def test_menus_grow_with_the_text(qapp: QApplication) -> None:
    assert stylesheet(Theme(qapp, "light")) != stylesheet(Theme(qapp, "light", 2.0))
