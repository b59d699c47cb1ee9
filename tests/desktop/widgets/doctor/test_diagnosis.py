"""The diagnosis: colour and icon show how serious it is; commands can be copied."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.doctor.diagnosis import Diagnosis
from chatdesk.doctor.report import Finding, Remedy, Verdict
from tests.desktop.inspection import clipped, texts
from tests.desktop.reports import COMMAND, DIAGNOSIS


@pytest.fixture
def diagnosis(qtbot: QtBot, theme: Theme) -> Diagnosis:
    made = Diagnosis(theme)
    qtbot.addWidget(made)
    return made


@pytest.mark.parametrize(
    ("verdict", "ground"),
    [(Verdict.OK, "success-soft"), (Verdict.WARNING, "warning-soft"), (Verdict.PROBLEM, "danger-soft")],
)
def test_its_background_shows_how_serious_it_is(
    diagnosis: Diagnosis, theme: Theme, verdict: Verdict, ground: str
) -> None:
    diagnosis.show_diagnosis(Finding("fine", "Diagnosis", verdict, "A sentence."))
    diagnosis.resize(500, diagnosis.heightForWidth(500))
    assert diagnosis.grab().toImage().pixelColor(250, 4) == theme.color(ground)


def test_a_command_is_copied_as_it_is(diagnosis: Diagnosis, qtbot: QtBot) -> None:
    diagnosis.show_diagnosis(DIAGNOSIS)
    assert COMMAND in texts(diagnosis)
    button = diagnosis.findChild(QPushButton)
    assert button is not None
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == COMMAND


def test_the_next_one_replaces_it(diagnosis: Diagnosis) -> None:
    diagnosis.show_diagnosis(DIAGNOSIS)
    diagnosis.show_diagnosis(Finding("fine", "Diagnosis", Verdict.OK, "All is well."))
    assert texts(diagnosis) == ["All is well."]


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("width", [340, 500])
def test_a_long_command_is_not_cut(diagnosis: Diagnosis, theme: Theme, qtbot: QtBot, scale: float, width: int) -> None:
    theme.set_scale(scale)
    command = "sudo firewall-cmd --permanent --zone=public --add-port=8080/tcp && sudo firewall-cmd --reload"
    diagnosis.show_diagnosis(
        Finding("firewall", "Diagnosis", Verdict.PROBLEM, "It is shut.", (Remedy("Open:", command),))
    )
    diagnosis.fit_to_width(width)
    diagnosis.show()
    diagnosis.resize(width, diagnosis.heightForWidth(width))
    qtbot.waitUntil(lambda: clipped(diagnosis) == [])
