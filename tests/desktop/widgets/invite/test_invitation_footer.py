"""The footer of an invitation: one row where there is room for it, more elsewhere."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import Button
from chatdesk.desktop.widgets.invite.invitation_footer import CheckConnectionPrompt, InvitationFooter, ProjectorButton
from tests.desktop.inspection import clipped, texts


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize(("width", "rows"), [(728, 1), (480, 1), (360, 2), (200, 3)])
def test_it_uses_as_many_rows_as_it_needs(qtbot: QtBot, theme: Theme, scale: float, width: int, rows: int) -> None:
    theme.set_scale(scale)
    footer = InvitationFooter(theme, Button(theme, "Save picture", size="normal"))
    qtbot.addWidget(footer)
    width = theme.px(width)
    height = footer.fit_to_width(width)
    button = footer.second_button.sizeHint().height()
    assert rows - 1 <= (height - button) / (theme.px(28) + 10) <= rows
    footer.resize(width, height)
    footer.show()
    qtbot.waitUntil(lambda: clipped(footer) == [])
    assert ("Nobody appears?" in texts(footer)) is (width != theme.px(480) and width != theme.px(200))


def test_the_prompt_says_less_where_there_is_less_room(qtbot: QtBot, theme: Theme) -> None:
    nobody = CheckConnectionPrompt(theme)
    qtbot.addWidget(nobody)
    link = nobody.findChild(QPushButton)
    assert link is not None
    for width, fits, confirm_sheet, words in (
        (400, True, True, "Check the connection"),
        (200, True, False, "Check the connection"),
        (60, False, False, "Check"),
        (400, True, True, "Check the connection"),
    ):
        assert nobody.fit_to_width(width) is fits
        assert ("Nobody appears?" in texts(nobody)) is confirm_sheet
        assert link.text() == words
        assert nobody.sizeHint().width() <= width
        assert link.accessibleName() == "Check the connection"


def test_the_prompt_leads_to_the_check(qtbot: QtBot, theme: Theme) -> None:
    nobody = CheckConnectionPrompt(theme)
    qtbot.addWidget(nobody)
    link = nobody.findChild(QPushButton)
    with qtbot.waitSignal(nobody.check_requested):
        qtbot.mouseClick(link, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_projector_button_is_no_wider_than_its_room_and_keeps_its_name(
    qtbot: QtBot, qapp: QApplication, scale: float
) -> None:
    button = ProjectorButton(Theme(qapp, "light", scale))
    qtbot.addWidget(button)
    full = button.sizeHint().width()
    button.fit_to_width(full)
    assert button.text() == "Show on projector"
    button.fit_to_width(full - 1)
    assert button.text() == "Projector"
    assert button.sizeHint().width() < full - 1
    assert button.accessibleName() == "Show on projector"
    button.fit_to_width(1000)
    assert button.text() == "Show on projector"
