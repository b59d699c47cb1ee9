"""Fields: the error is below the text, and disappears with the next letter."""

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.field import Field
from tests.desktop.inspection import HOSTILE, clipped, texts
from tests.shared_cases import ONE_LINE


@pytest.fixture
def field(qtbot: QtBot, qapp: QApplication) -> Field:
    made = Field(Theme(qapp, "light"), "Your name", placeholder="What the others call you")
    qtbot.addWidget(made)
    made.resize(300, 120)
    made.show()
    return made


def test_an_error_is_shown_read_out_and_keeps_what_was_typed(field: Field) -> None:
    field.edit.setText(" Mara ")
    field.set_error("Someone here has this name.")
    assert texts(field) == ["Someone here has this name."]
    assert field.edit.accessibleDescription() == "Someone here has this name."
    assert field.text == "Mara"
    assert len(field.edit.actions()) == 1


@pytest.mark.parametrize(("pasted", "name"), ONE_LINE)
def test_pasted_text_becomes_one_clean_line(field: Field, pasted: str, name: str) -> None:
    QApplication.clipboard().setText(pasted)
    field.edit.paste()
    assert field.text == name


def test_the_error_goes_with_the_next_letter(field: Field, qtbot: QtBot) -> None:
    field.set_error("Wrong.")
    qtbot.keyClicks(field.edit, "x")
    assert (field.error, texts(field), field.edit.actions()) == ("", [], [])
    assert field.edit.accessibleDescription() == ""


def test_an_error_is_plain_text_and_never_cut(field: Field) -> None:
    field.set_error(HOSTILE * 4)
    field.resize(300, field.layout().totalHeightForWidth(300))
    assert texts(field) == [HOSTILE * 4]
    assert clipped(field) == []


def test_it_has_a_name(field: Field) -> None:
    assert field.edit.accessibleName() == "Your name"


def test_it_grows_with_the_text(qtbot: QtBot, qapp: QApplication) -> None:
    theme = Theme(qapp, "light")
    field = Field(theme, "Address", height=44)
    qtbot.addWidget(field)
    theme.set_scale(2)
    assert field.edit.height() == 88
