"""The sheets in which a room is made and set."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton, QRadioButton, QWidget
from pytestqt.qtbot import QtBot

from chatdesk.client.room_list import PaceSettings, RoomSummary
from chatdesk.desktop.dialogs.new_room import NewRoomSheet, room_name
from chatdesk.desktop.dialogs.room_settings import RoomSettingsSheet
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.toggle import Toggle
from tests.desktop.inspection import HOSTILE, clipped, texts, unnamed
from tests.desktop.rooms import KIT, room


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(1200, 900)
    made.show()
    return made


def settings(
    theme: Theme, window: QWidget, about: RoomSummary, *, host: bool, home: bool = False, pace: bool = False
) -> RoomSettingsSheet:
    made = RoomSettingsSheet(
        theme,
        window,
        about,
        user_count=31,
        may_change=host,
        may_guard=False,
        may_delete=host and not home,
        may_archive=host and not home,
        may_leave=not home,
        may_pace=pace,
    )
    made.show_sheet()
    return made


def button(sheet: QWidget, text: str) -> QPushButton:
    return next(found for found in sheet.findChildren(QPushButton) if found.text() == text)


def choose(sheet: QWidget, text: str) -> None:
    next(found for found in sheet.findChildren(QRadioButton) if found.text() == text).click()


@pytest.mark.parametrize(("typed", "name"), [("#Build  floor ", "Build-floor"), ("  ", ""), ("# ", ""), ("a-b", "a-b")])
def test_a_typed_name_becomes_one_that_rooms_have(typed: str, name: str) -> None:
    assert room_name(typed) == name


def test_a_room_is_made_once_it_has_a_valid_name(theme: Theme, window: QWidget, qtbot: QtBot) -> None:
    sheet = NewRoomSheet(theme, window)
    made: list[tuple[str, str]] = []
    sheet.made.connect(lambda *room: made.append(room))
    sheet.show_sheet()
    name, topic = sheet.findChildren(QLineEdit)
    assert window.focusWidget() is name
    qtbot.keyClick(name, Qt.Key.Key_Return)
    assert "Give the room a name, such as build-floor." in texts(sheet)
    qtbot.keyClicks(name, "who? me!")
    qtbot.keyClick(name, Qt.Key.Key_Return)
    assert any("letters, digits and hyphens" in text for text in texts(sheet))
    assert (made, sheet.isVisible(), unnamed(sheet)) == ([], True, [])
    name.setText("Bench plans")
    topic.setText("Who sits where")
    qtbot.keyClick(topic, Qt.Key.Key_Return)
    assert (made, sheet.isVisible()) == ([("Bench-plans", "Who sits where")], False)


def test_only_what_has_changed_is_saved(theme: Theme, window: QWidget) -> None:
    sheet = settings(theme, window, room("plans", topic="Who sits where", closed=True), host=True)
    saved: list[str] = []
    for signal in (sheet.topic_chosen, sheet.newcomers_chosen, sheet.level_chosen):
        signal.connect(saved.append)
    button(sheet, "Save").click()
    assert saved == []
    sheet.show_sheet()
    sheet.findChildren(QLineEdit)[0].setText("Benches")
    choose(sheet, "From when they join")
    choose(sheet, "Mentions")
    button(sheet, "Save").click()
    assert saved == ["Benches", "joining", "mentions"]


def test_archiving_opening_and_leaving_happen_at_once(theme: Theme, window: QWidget) -> None:
    sheet = settings(theme, window, room("plans", closed=True), host=True)
    asked: list[str] = []
    sheet.archive_requested.connect(lambda: asked.append("archive"))
    sheet.open_requested.connect(lambda: asked.append("open"))
    sheet.leave_requested.connect(lambda: asked.append("leave"))
    for name in ("Archive", "Open to everybody", "Leave this room"):
        sheet.show_sheet()
        button(sheet, name).click()
        assert not sheet.isVisible()
    assert asked == ["archive", "open", "leave"]


def test_who_is_not_the_host_sees_values_without_controls(theme: Theme, window: QWidget) -> None:
    sheet = settings(theme, window, room("plans", topic="Who sits where"), host=False)
    shown = texts(sheet)
    assert {"Who sits where", "All that was said", "Only the host can change what holds for everybody."} <= set(shown)
    assert [found for found in sheet.findChildren(QLineEdit) if found.isVisible()] == []
    assert "Archive this room" not in shown


def test_the_room_of_the_join_cannot_be_left_and_a_private_one_has_nothing_for_everybody(
    theme: Theme, window: QWidget
) -> None:
    home = settings(theme, window, room("lobby"), host=True, home=True)
    assert not [found for found in home.findChildren(QPushButton) if found.text() in ("Leave this room", "Archive")]
    private = settings(theme, window, room(".1", partner=KIT), host=True)
    assert "For everybody" not in texts(private)
    assert "Notify me of" in texts(private)


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("size", [(1200, 1400), (640, 1600)])
def test_nothing_is_cut(theme: Theme, window: QWidget, qtbot: QtBot, size: tuple[int, int], scale: float) -> None:
    theme.set_scale(scale)
    window.resize(*size)
    about = room(HOSTILE, topic="W" * 250, closed=True)
    for host in (True, False):
        sheet = settings(theme, window, about, host=host)
        qtbot.waitUntil(lambda sheet=sheet: clipped(sheet._card) == [])
        sheet.dismiss()


def test_the_pace_is_chosen_by_who_may_and_read_by_others(theme: Theme, window: QWidget) -> None:
    about = replace(room("plans"), pace=PaceSettings(slow=45, hold=True))
    sheet, chosen = settings(theme, window, about, host=False, pace=True), list[PaceSettings]()
    sheet.pace_chosen.connect(chosen.append)
    assert unnamed(sheet) == []
    button(sheet, "Save").click()
    assert chosen == [], "a pace between two steps stays"
    sheet.show_sheet()
    choose(sheet, "30 s")
    for name in ("Hold for approval", "Questions without a name"):
        next(toggle for toggle in sheet.findChildren(Toggle) if toggle.accessibleName() == name).click()
    button(sheet, "Save").click()
    assert chosen == [PaceSettings(slow=30, nameless=True)]
    read = settings(theme, window, about, host=False)
    assert "Slow mode: 45 s, Hold for approval" in texts(read)
    assert not [toggle for toggle in read.findChildren(Toggle) if toggle.isVisible()]
