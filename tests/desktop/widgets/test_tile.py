"""A chat as a petrol tile."""

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.tile import Tile
from tests.desktop.looking import HOSTILE


def test_it_is_petrol_with_the_names_initials_and_grows_with_the_text(qtbot: QtBot, qapp: QApplication) -> None:
    theme = Theme(qapp, "light")
    tile = Tile(theme)
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


def test_high_contrast_gives_it_an_edge(qtbot: QtBot, qapp: QApplication) -> None:
    theme = Theme(qapp, "high-contrast")
    tile = Tile(theme)
    qtbot.addWidget(tile)
    tile.resize(32, 32)
    assert tile.grab().toImage().pixelColor(16, 0) == theme.color("border")
