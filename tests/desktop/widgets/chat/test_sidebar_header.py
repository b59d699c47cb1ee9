"""The head of the sidebar: name, status and tile of the chat, and the button for its menu."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.chat.sidebar_header import ChatTile, SidebarHeader
from tests.desktop.inspection import HOSTILE, texts
from tests.desktop.tooltips import tip


@pytest.fixture
def header(qtbot: QtBot, theme: Theme) -> SidebarHeader:
    made = SidebarHeader(theme)
    qtbot.addWidget(made)
    made.set_chat("Robotics Workshop", "Hosting for 12 people", is_open=True)
    made.resize(280, 51)
    made.show()
    return made


def test_it_shows_name_and_status_of_the_chat(header: SidebarHeader) -> None:
    assert texts(header) == ["Robotics Workshop", "Hosting for 12 people"]
    assert header.accessibleName() == "Robotics Workshop, Hosting for 12 people. Menu"


def test_all_of_it_is_the_button(header: SidebarHeader, qtbot: QtBot) -> None:
    for label in header.findChildren(QLabel):
        with qtbot.waitSignal(header.clicked):
            qtbot.mouseClick(header, Qt.MouseButton.LeftButton, pos=label.mapTo(header, label.rect().center()))
        assert header.childAt(label.mapTo(header, label.rect().center())) in (None, label)
    with qtbot.waitSignal(header.clicked):
        qtbot.keyClick(header, Qt.Key.Key_Space)


def test_the_lamp_is_lit_while_the_room_is_open(header: SidebarHeader) -> None:
    open_picture = header.grab().toImage()
    header.set_chat("Robotics Workshop", "Hosting for 12 people", is_open=False)
    assert header.grab().toImage() != open_picture


def test_the_tooltip_has_all_of_what_may_be_cut(header: SidebarHeader) -> None:
    header.set_chat("Robotics Workshop", "Hosted by Dr. Okonkwo-Featherstonehaugh", is_open=True)
    assert "Robotics Workshop, Hosted by Dr. Okonkwo-Featherstonehaugh" in tip(header)


def test_any_name_is_text_in_the_tooltip_too(header: SidebarHeader) -> None:
    header.set_chat(HOSTILE, HOSTILE, is_open=True)
    assert texts(header) == [HOSTILE, HOSTILE]
    assert "<img" not in tip(header)


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_it_is_a_bar_high_and_cuts_only_the_names(header: SidebarHeader, theme: Theme, scale: float) -> None:
    theme.set_scale(scale)
    header.set_chat("W" * 64, "Hosting", is_open=True)
    assert header.sizeHint().height() == theme.px(52) - 1  # and the hairline below
    header.resize(280, header.sizeHint().height())
    for label in header.findChildren(QLabel):
        assert header.rect().contains(label.geometry())


def test_the_tile_is_petrol_with_the_names_initials_and_grows_with_the_text(qtbot: QtBot, qapp: QApplication) -> None:
    theme = Theme(qapp, "light")
    tile = ChatTile(theme)
    qtbot.addWidget(tile)
    tile.resize(tile.sizeHint())
    blank = tile.grab().toImage()
    assert blank.pixelColor(16, 3) == theme.color("hero")
    for name in ("Robotics Workshop", "نور", HOSTILE, "x" * 500):
        tile.set_name(name)
        assert tile.grab().toImage() != blank
    tile.set_name("🎉")
    assert tile.grab().toImage() == blank
    assert tile.sizeHint().width() == 32
    theme.set_scale(2.0)
    assert tile.sizeHint().width() == 64


def test_high_contrast_gives_the_tile_an_edge(qtbot: QtBot, qapp: QApplication) -> None:
    theme = Theme(qapp, "high-contrast")
    tile = ChatTile(theme)
    qtbot.addWidget(tile)
    tile.resize(32, 32)
    assert tile.grab().toImage().pixelColor(16, 0) == theme.color("border")
