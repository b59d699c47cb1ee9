"""The head of the sidebar: which chat, how it is, and its menu."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.place import Place
from tests.desktop.looking import HOSTILE, texts
from tests.desktop.tips import tip


@pytest.fixture
def place(qtbot: QtBot, theme: Theme) -> Place:
    made = Place(theme)
    qtbot.addWidget(made)
    made.set_chat("Robotics Workshop", "Hosting for 12 people", lit=True)
    made.resize(280, 51)
    made.show()
    return made


def test_it_names_the_chat_and_says_how_it_is(place: Place) -> None:
    assert texts(place) == ["Robotics Workshop", "Hosting for 12 people"]
    assert place.accessibleName() == "Robotics Workshop, Hosting for 12 people. Menu"


def test_all_of_it_is_the_button(place: Place, qtbot: QtBot) -> None:
    for label in place.findChildren(QLabel):
        with qtbot.waitSignal(place.clicked):
            qtbot.mouseClick(place, Qt.MouseButton.LeftButton, pos=label.mapTo(place, label.rect().center()))
        assert place.childAt(label.mapTo(place, label.rect().center())) in (None, label)
    with qtbot.waitSignal(place.clicked):
        qtbot.keyClick(place, Qt.Key.Key_Space)


def test_the_lamp_is_lit_while_the_room_is_open(place: Place) -> None:
    lit = place.grab().toImage()
    place.set_chat("Robotics Workshop", "Hosting for 12 people", lit=False)
    assert place.grab().toImage() != lit


def test_what_may_be_cut_is_whole_in_the_tooltip(place: Place) -> None:
    place.set_chat("Robotics Workshop", "Hosted by Dr. Okonkwo-Featherstonehaugh", lit=True)
    assert "Robotics Workshop, Hosted by Dr. Okonkwo-Featherstonehaugh" in tip(place)


def test_any_name_is_text_in_the_tooltip_too(place: Place) -> None:
    place.set_chat(HOSTILE, HOSTILE, lit=True)
    assert texts(place) == [HOSTILE, HOSTILE]
    assert "<img" not in tip(place)


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_it_is_a_bar_high_and_cuts_only_the_names(place: Place, theme: Theme, scale: float) -> None:
    theme.set_scale(scale)
    place.set_chat("W" * 64, "Hosting", lit=True)
    assert place.sizeHint().height() == theme.px(52) - 1  # and the hairline below
    place.resize(280, place.sizeHint().height())
    for label in place.findChildren(QLabel):
        assert place.rect().contains(label.geometry())
