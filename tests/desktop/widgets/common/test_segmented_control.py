"""The segmented control: a radio group in one frame, by pointer and keys, at every text size."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QRadioButton
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.segmented_control import SegmentedControl
from tests.desktop.inspection import clipped

WORDS = {1: "System", 2: "Light", 3: "Dark", 4: "Contrast"}


@pytest.fixture
def control(qtbot: QtBot, theme: Theme) -> SegmentedControl[int]:
    made = SegmentedControl(theme, "Theme", WORDS)
    made.set_value(2)
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def segment(control: SegmentedControl[int], word: str) -> QRadioButton:
    return next(button for button in control.findChildren(QRadioButton) if button.text() == word)


def test_a_click_and_the_arrows_choose(control: SegmentedControl[int], qtbot: QtBot) -> None:
    with qtbot.waitSignal(control.chosen) as blocker:
        qtbot.mouseClick(segment(control, "Dark"), Qt.MouseButton.LeftButton)
    assert blocker.args == [3]
    control.current.setFocus()
    with qtbot.waitSignal(control.chosen) as blocker:
        qtbot.keyClick(control.current, Qt.Key.Key_Right)
    assert blocker.args == [4]
    assert control.current.text() == "Contrast"


def test_setting_a_value_emits_nothing(control: SegmentedControl[int], qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(control.chosen):
        control.set_value(4)
    assert control.current.text() == "Contrast"


def test_screen_readers_get_a_radio_button_and_the_name_of_its_group(control: SegmentedControl[int]) -> None:
    interface = QAccessible.queryAccessibleInterface(segment(control, "Dark"))
    assert interface is not None
    assert interface.role() == QAccessible.Role.RadioButton
    assert interface.text(QAccessible.Text.Description) == "Theme"


@pytest.mark.parametrize("name", ["light", "dark", "high-contrast"])
def test_it_is_as_high_as_drawn_and_the_chosen_one_is_filled(
    control: SegmentedControl[int], theme: Theme, name: str
) -> None:
    theme.choose(name)
    control.resize(400, control.heightForWidth(400))
    assert control.height() == 36
    chosen = control.current.geometry()
    assert (chosen.top(), chosen.height()) == (3, 30)
    image = control.grab().toImage()
    assert image.pixelColor(chosen.left() + 4, 18) == theme.color("accent")
    assert image.pixelColor(0, 18) == theme.color("border-strong")


@pytest.mark.parametrize(("scale", "width", "rows"), [(1.0, 400, 1), (2.0, 400, 2), (2.0, 200, 4)])
def test_where_they_do_not_fit_they_take_several_rows(
    control: SegmentedControl[int], theme: Theme, qtbot: QtBot, scale: float, width: int, rows: int
) -> None:
    theme.set_scale(scale)
    control.resize(width, control.heightForWidth(width))
    qtbot.waitUntil(lambda: clipped(control) == [])
    assert len({button.y() for button in control.findChildren(QRadioButton)}) == rows
