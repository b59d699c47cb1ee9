"""The export sheet: format, file, progress."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from chatdesk.desktop.dialogs.export import ExportSheet, progress_text
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.progress_bar import ProgressBar
from chatdesk.desktop.widgets.common.radio_card import RadioCard
from chatdesk.export.formats import Format
from tests.desktop.inspection import clipped, texts, unnamed


@pytest.fixture
def sheet(window: QWidget, theme: Theme) -> ExportSheet:
    return ExportSheet(theme, window)


def press(sheet: ExportSheet, name: str, qtbot: QtBot) -> None:
    buttons = [b for b in sheet.findChildren(QPushButton) if name in (b.text(), b.accessibleName()) and b.isVisible()]
    qtbot.mouseClick(buttons[0], Qt.MouseButton.LeftButton)


def is_visible_on_card(sheet: ExportSheet, name: str) -> bool:
    """Whether the button is visible on the card."""
    button = next(found for found in sheet.findChildren(QPushButton) if found.text() == name)
    return sheet._card.rect().contains(QRect(button.mapTo(sheet._card, QPoint(0, 0)), button.size()))


def choice(sheet: ExportSheet, name: str) -> RadioCard:
    return next(found for found in sheet.findChildren(RadioCard) if found.accessibleName() == name)


@pytest.mark.parametrize(
    ("name", "form"), [("Web page", Format.HTML), ("Table", Format.CSV), ("JSON Lines", Format.JSONL)]
)
def test_the_chosen_format_wants_a_file(sheet: ExportSheet, qtbot: QtBot, name: str, form: Format) -> None:
    sheet.offer()
    assert sheet.form == Format.HTML
    qtbot.mouseClick(choice(sheet, name), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(sheet.file_requested) as wanted:
        press(sheet, "Choose file…", qtbot)
    assert wanted.args == [form]


def test_keys_choose_a_format(sheet: ExportSheet, qtbot: QtBot) -> None:
    sheet.offer()
    assert choice(sheet, "Web page").hasFocus()
    qtbot.keyClick(choice(sheet, "Web page"), Qt.Key.Key_Down)
    assert sheet.form == Format.CSV


def test_enter_on_a_format_wants_a_file(sheet: ExportSheet, qtbot: QtBot) -> None:
    sheet.offer()
    qtbot.keyClick(choice(sheet, "Web page"), Qt.Key.Key_Down)
    with qtbot.waitSignal(sheet.file_requested) as wanted:
        qtbot.keyClick(choice(sheet, "Table"), Qt.Key.Key_Return)
    assert wanted.args == [Format.CSV]


def test_enter_presses_the_button_that_has_the_keys(sheet: ExportSheet, qtbot: QtBot) -> None:
    sheet.offer()
    qtbot.keyClick(sheet._choose, Qt.Key.Key_Tab)
    with qtbot.waitSignal(sheet.file_requested):
        qtbot.keyClick(sheet._choose, Qt.Key.Key_Return)
    sheet.show_started("Evening.html")
    assert sheet._cancel.hasFocus()
    with qtbot.waitSignal(sheet.dismissed):
        qtbot.keyClick(sheet._cancel, Qt.Key.Key_Enter)


def test_under_way_it_says_how_far_and_can_be_stopped(sheet: ExportSheet, qtbot: QtBot) -> None:
    sheet.offer()
    sheet.show_started("Evening.html")
    assert "Evening.html" in texts(sheet)
    assert not any(isinstance(part, RadioCard) and part.isVisible() for part in sheet.findChildren(RadioCard))
    sheet.show_progress(620, 1000)
    bar = sheet.findChild(ProgressBar)
    assert bar is not None
    assert (bar.value(), bar.maximum()) == (620, 1000)
    assert "62 %" in texts(sheet)
    sheet.show_progress(2**52, 2**53 - 1)
    assert abs(bar.value() / bar.maximum() - 0.5) < 0.001
    assert "50 %" in texts(sheet)
    with qtbot.waitSignal(sheet.dismissed):
        press(sheet, "Cancel", qtbot)
    assert not sheet.isVisible()
    sheet.offer()
    assert choice(sheet, "Web page").isVisible()


@pytest.mark.parametrize(
    ("done", "total", "seconds", "says"),
    [
        (0, 0, 0.0, "Starting"),
        (620, 1000, 6.5, "62 %, 4 s left"),
        (10, 1000, 3.0, "1 %, 5 min left"),
        (620, 1000, 0.5, "62 %"),
        (0, 1000, 5.0, "0 %"),
        (1000, 1000, 5.0, "100 %"),
    ],
)
def test_the_time_left_is_said_once_it_can_be_guessed(done: int, total: int, seconds: float, says: str) -> None:
    assert progress_text(done, total, seconds) == says


@pytest.mark.parametrize("size", [(640, 480), (900, 600)])
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_nothing_is_cut(
    sheet: ExportSheet, window: QWidget, theme: Theme, qtbot: QtBot, scale: float, size: tuple[int, int]
) -> None:
    window.resize(*size)
    theme.set_scale(scale)
    sheet.offer()
    qtbot.waitUntil(lambda: clipped(sheet) == [])
    sheet.show_started("W" * 80)
    qtbot.waitUntil(lambda: clipped(sheet) == [])
    if scale == 1:
        assert is_visible_on_card(sheet, "Cancel")
    assert unnamed(sheet) == []
    assert sheet._scroll.horizontalScrollBar().maximum() == 0


@pytest.mark.parametrize("name", ["light", "dark", "high-contrast"])
def test_the_bar_is_as_long_as_it_is_far(theme: Theme, qtbot: QtBot, name: str) -> None:
    theme.choose(name)
    bar = ProgressBar(theme, "Export")
    qtbot.addWidget(bar)
    bar.resize(200, 4)
    bar.setRange(0, 100)
    lengths: list[int] = []
    for value in (0, 50, 100):
        bar.setValue(value)
        image = bar.grab().toImage()
        lengths.append(sum(image.pixelColor(x, 2) == theme.color("accent") for x in range(200)))
    assert lengths[0] == 0
    assert abs(lengths[1] - 100) <= 4
    assert lengths[2] >= 194
