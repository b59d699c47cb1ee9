"""The nickname's line edit, with the avatar before the text."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.start.nickname_edit import NicknameEdit
from chatdesk.protocol.appearance import hue


@pytest.mark.parametrize("direction", list(Qt.LayoutDirection)[:2])
def test_a_name_leaves_room_for_its_avatar_on_the_side_where_it_begins(
    qtbot: QtBot, qapp: QApplication, direction: Qt.LayoutDirection
) -> None:
    theme = Theme(qapp, "light")
    edit = NicknameEdit(theme)
    qtbot.addWidget(edit)
    edit.setLayoutDirection(direction)
    edit.resize(300, 48)
    edit.setText("Mara")
    margins = edit.textMargins()
    rtl = direction == Qt.LayoutDirection.RightToLeft
    assert (margins.right() if rtl else margins.left()) >= 32
    assert (margins.left() if rtl else margins.right()) == 0
    disc = edit.grab().toImage().pixelColor(300 - 25 if rtl else 25, 12)
    assert disc == theme.avatar(hue("Mara"))[0]


def test_an_empty_nickname_is_a_blank_disc(qtbot: QtBot, qapp: QApplication) -> None:
    theme = Theme(qapp, "light")
    edit = NicknameEdit(theme)
    qtbot.addWidget(edit)
    edit.resize(300, 48)
    assert edit.grab().toImage().pixelColor(25, 24) == theme.color("surface-sunken")
