"""The bar with the user's own name at the bottom of the sidebar."""

from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.chat.user_bar import UserBar
from chatdesk.desktop.widgets.common.button import IconButton
from tests.desktop.inspection import HOSTILE, clipped, texts, unnamed
from tests.desktop.tooltips import tip


def test_it_shows_name_and_status(qtbot: QtBot, qapp: QApplication) -> None:
    bar = UserBar(Theme(qapp, "light"))
    qtbot.addWidget(bar)
    bar.set_user(HOSTILE, "", "You, hosting", "online")
    assert texts(bar) == [HOSTILE, "You, hosting"]
    assert unnamed(bar) == []


def test_the_avatar_shows_whether_one_is_there(qtbot: QtBot, qapp: QApplication) -> None:
    bar = UserBar(Theme(qapp, "light"))
    qtbot.addWidget(bar)
    pictures = []
    for presence in ("online", "away", "busy", "offline"):
        bar.set_user("Mara", "", "You", presence)
        pictures.append(bar.grab().toImage())
    assert all(before != after for before, after in pairwise(pictures))


def test_the_button_asks_for_the_settings(qtbot: QtBot, qapp: QApplication) -> None:
    bar = UserBar(Theme(qapp, "light"))
    qtbot.addWidget(bar)
    button = bar.findChild(IconButton)
    assert button is not None
    with qtbot.waitSignal(bar.settings_requested):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_the_tooltip_has_all_of_a_long_name(qtbot: QtBot, qapp: QApplication) -> None:
    theme = Theme(qapp, "light")
    bar = UserBar(theme)
    qtbot.addWidget(bar)
    bar.set_user("W" * 32, "", "You", "online")
    bar.resize(280, 56)
    bar.show()
    for scale in (1.0, 2.0):
        theme.set_scale(scale)
        bar.resize(280, bar.height())
        qtbot.waitUntil(lambda: clipped(bar) == [])
    assert any("W" * 32 in tip(label) for label in bar.findChildren(type(bar._name)))
