"""Segments: a radio group in one frame, by pointer and keys, at every size of text."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QRadioButton
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.segmented_control import SegmentedControl
from tests.desktop.looking import clipped

WORDS = {1: "System", 2: "Light", 3: "Dark", 4: "Contrast"}


@pytest.fixture
def segments(qtbot: QtBot, theme: Theme) -> SegmentedControl[int]:
    made = SegmentedControl(theme, "Theme", WORDS)
    made.set_value(2)
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def segment(segments: SegmentedControl[int], word: str) -> QRadioButton:
    return next(button for button in segments.findChildren(QRadioButton) if button.text() == word)


def test_a_click_and_the_arrows_choose(segments: SegmentedControl[int], qtbot: QtBot) -> None:
    with qtbot.waitSignal(segments.chosen) as said:
        qtbot.mouseClick(segment(segments, "Dark"), Qt.MouseButton.LeftButton)
    assert said.args == [3]
    segments.current.setFocus()
    with qtbot.waitSignal(segments.chosen) as said:
        qtbot.keyClick(segments.current, Qt.Key.Key_Right)
    assert said.args == [4]
    assert segments.current.text() == "Contrast"


def test_showing_a_value_is_no_choice(segments: SegmentedControl[int], qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(segments.chosen):
        segments.set_value(4)
    assert segments.current.text() == "Contrast"


def test_screen_readers_hear_a_radio_button_and_what_it_is_about(segments: SegmentedControl[int]) -> None:
    interface = QAccessible.queryAccessibleInterface(segment(segments, "Dark"))
    assert interface is not None
    assert interface.role() == QAccessible.Role.RadioButton
    assert interface.text(QAccessible.Text.Description) == "Theme"


@pytest.mark.parametrize("name", ["light", "dark", "high-contrast"])
def test_it_is_as_high_as_drawn_and_the_chosen_one_is_filled(
    segments: SegmentedControl[int], theme: Theme, name: str
) -> None:
    theme.choose(name)
    segments.resize(400, segments.heightForWidth(400))
    assert segments.height() == 36
    chosen = segments.current.geometry()
    assert (chosen.top(), chosen.height()) == (3, 30)
    image = segments.grab().toImage()
    assert image.pixelColor(chosen.left() + 4, 18) == theme.color("accent")
    assert image.pixelColor(0, 18) == theme.color("border-strong")


@pytest.mark.parametrize(("scale", "width", "rows"), [(1.0, 400, 1), (2.0, 400, 2), (2.0, 200, 4)])
def test_where_they_do_not_fit_they_take_several_rows(
    segments: SegmentedControl[int], theme: Theme, qtbot: QtBot, scale: float, width: int, rows: int
) -> None:
    theme.set_scale(scale)
    segments.resize(width, segments.heightForWidth(width))
    qtbot.waitUntil(lambda: clipped(segments) == [])
    assert len({button.y() for button in segments.findChildren(QRadioButton)}) == rows
