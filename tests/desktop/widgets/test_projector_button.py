"""The projector's button: three words where there is room, else one."""

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.projector_button import ProjectorButton


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_it_is_no_wider_than_its_room_and_keeps_its_name(qtbot: QtBot, qapp: QApplication, scale: float) -> None:
    button = ProjectorButton(Theme(qapp, "light", scale))
    qtbot.addWidget(button)
    full = button.sizeHint().width()
    button.fit(full)
    assert button.text() == "Show on projector"
    button.fit(full - 1)
    assert button.text() == "Projector"
    assert button.sizeHint().width() < full - 1
    assert button.accessibleName() == "Show on projector"
    button.fit(1000)
    assert button.text() == "Show on projector"
