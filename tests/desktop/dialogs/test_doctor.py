"""The doctor's sheet: each check by shape and word, the diagnosis, commands to copy, at every size."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from chatdesk.desktop.dialogs import doctor as module
from chatdesk.desktop.dialogs.doctor import DoctorSheet
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.qr_code import QrCode
from chatdesk.doctor.report import Finding, Report, Verdict
from tests.desktop.inspection import clipped, texts, unnamed
from tests.desktop.reports import COMMAND, DIAGNOSIS, FINE, FIREWALL, FOUND, TITLES

PAGE = "http://192.168.4.20:8080/check"


@pytest.fixture
def sheet(theme: Theme, window: QWidget) -> DoctorSheet:
    window.resize(1200, 800)
    made = DoctorSheet(theme, window)
    made.set_test_page(PAGE)
    made.offer("Looks whether others can come in.", TITLES)
    return made


def button(sheet: DoctorSheet, name: str) -> QPushButton:
    shown = [button for button in sheet.findChildren(QPushButton) if not button.isHidden()]
    return next(button for button in shown if name in (button.text(), button.accessibleName()))


def states(sheet: DoctorSheet) -> dict[str, str]:
    """Return the word beside each check."""
    return {check: row.accessibleName().partition(": ")[2] for check, row in sheet._checks.items()}


def run(sheet: DoctorSheet, report: Report) -> None:
    sheet.show_running()
    for finding in report.findings:
        sheet.show_finding(Finding(finding.check, finding.title, Verdict.UNDERWAY, ""))
        sheet.show_finding(finding)
    sheet.show_report(report)


def test_it_waits_for_its_one_button(sheet: DoctorSheet, qtbot: QtBot, window: QWidget) -> None:
    assert set(states(sheet).values()) == {"Waiting. "}
    assert button(sheet, "Check now").hasFocus()
    with qtbot.waitSignal(sheet.start_requested):
        QTest.keyClick(window.windowHandle(), Qt.Key.Key_Return)


def test_each_check_says_how_it_stands(sheet: DoctorSheet) -> None:
    sheet.show_running()
    sheet.show_finding(FOUND[0])
    sheet.show_finding(Finding("firewall", "The firewall", Verdict.UNDERWAY, ""))
    assert states(sheet) == {
        "port": "Fine. Something listens on port 8080.",
        "firewall": "Checking. ",
        "others": "Waiting. ",
    }
    sheet.show_finding(FOUND[1])
    sheet.show_finding(FOUND[2])
    assert {"Fine", "Problem", "Not known"} <= set(texts(sheet))


def test_while_it_runs_the_button_stops_it(sheet: DoctorSheet, qtbot: QtBot) -> None:
    sheet.show_running()
    with qtbot.waitSignal(sheet.stop_requested):
        qtbot.mouseClick(button(sheet, "Stop"), Qt.MouseButton.LeftButton)
    sheet.show_stopped()
    with qtbot.waitSignal(sheet.start_requested):
        qtbot.mouseClick(button(sheet, "Check again"), Qt.MouseButton.LeftButton)


def test_the_diagnosis_has_the_command_to_copy(sheet: DoctorSheet, qtbot: QtBot) -> None:
    run(sheet, FIREWALL)
    assert {DIAGNOSIS.sentence, "Let others in:", COMMAND, "Or switch it off in its settings."} <= set(texts(sheet))
    qtbot.mouseClick(button(sheet, f"Copy command {COMMAND}"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == COMMAND


def test_the_report_is_copied_whole(sheet: DoctorSheet, qtbot: QtBot) -> None:
    run(sheet, FIREWALL)
    qtbot.mouseClick(button(sheet, "Copy report"), Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    parts = [*(finding.sentence for finding in FOUND), DIAGNOSIS.sentence, COMMAND]
    assert [part for part in parts if part not in copied] == []
    assert "\x1b" not in copied


def test_checked_again_the_last_diagnosis_is_gone(sheet: DoctorSheet) -> None:
    run(sheet, FIREWALL)
    sheet.show_running()
    assert DIAGNOSIS.sentence not in texts(sheet)
    assert set(states(sheet).values()) == {"Waiting. "}
    run(sheet, FINE)
    assert "All is well." in texts(sheet)
    assert COMMAND not in texts(sheet)


def test_a_phone_is_led_to_the_test_page_where_there_is_one(sheet: DoctorSheet) -> None:
    assert "192.168.4.20:8080/check" in texts(sheet)
    code = sheet.findChild(QrCode)
    assert code is not None
    assert code.accessibleName() == f"QR code of {PAGE}"
    sheet.set_test_page("")
    sheet.offer("Looks what is between.", {"name": "The name"})
    assert "With a phone" not in texts(sheet)
    assert states(sheet) == {"name": "Waiting. "}


def test_it_is_read_out(sheet: DoctorSheet, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    monkeypatch.setattr(module, "announce", lambda _, text: heard.append(text))
    run(sheet, FIREWALL)
    assert heard[:2] == ["Checking the connection", "The port: Fine. Something listens on port 8080."]
    assert heard[-1].startswith(f"{DIAGNOSIS.sentence} Let others in:")


def test_a_check_that_is_impossible_is_reported(sheet: DoctorSheet) -> None:
    sheet.show_running()
    sheet.show_problem("This is no address.")
    sheet.show_stopped()
    assert "This is no address." in texts(sheet)


def test_every_control_has_a_name(sheet: DoctorSheet) -> None:
    run(sheet, FIREWALL)
    assert unnamed(sheet) == []


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("size", [(640, 480), (900, 600), (1200, 800)])
@pytest.mark.parametrize("name", ["light", "high-contrast"])
def test_nothing_is_cut(
    sheet: DoctorSheet, window: QWidget, theme: Theme, qtbot: QtBot, scale: float, size: tuple[int, int], name: str
) -> None:
    theme.choose(name)
    theme.set_scale(scale)
    window.resize(*size)
    run(sheet, FIREWALL)
    card = sheet.findChild(QScrollArea)
    assert card is not None
    qtbot.waitUntil(lambda: clipped(card.widget()) == [])
    qtbot.waitUntil(lambda: card.horizontalScrollBar().maximum() == 0)


def test_the_card_grows_with_what_it_says(sheet: DoctorSheet, qtbot: QtBot) -> None:
    card = sheet.findChild(QScrollArea)
    assert card is not None
    qtbot.waitUntil(lambda: card.verticalScrollBar().maximum() == 0)
    before = sheet._card.height()
    run(sheet, FINE)
    qtbot.waitUntil(lambda: sheet._card.height() > before and card.verticalScrollBar().maximum() == 0)
