"""The row of a check: its state by word and icon, not by colour alone."""

import pytest
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.icon import Icon
from chatdesk.desktop.widgets.doctor.finding_row import FindingRow
from chatdesk.doctor.report import Finding, Verdict
from tests.desktop.inspection import HOSTILE, texts

WORDS = {
    Verdict.UNDERWAY: "Checking",
    Verdict.OK: "Fine",
    Verdict.WARNING: "Warning",
    Verdict.PROBLEM: "Problem",
    Verdict.UNKNOWN: "Not known",
}


@pytest.fixture
def row(qtbot: QtBot, theme: Theme) -> FindingRow:
    made = FindingRow(theme, "The firewall")
    qtbot.addWidget(made)
    return made


@pytest.mark.parametrize("verdict", Verdict)
def test_it_shows_the_state_and_the_sentence(row: FindingRow, verdict: Verdict) -> None:
    row.show_finding(Finding("firewall", "The firewall", verdict, "None is in the way."))
    assert texts(row) == ["The firewall", WORDS[verdict], "None is in the way."]
    assert row.accessibleName() == f"The firewall: {WORDS[verdict]}. None is in the way."


def test_each_state_has_a_shape_of_its_own(row: FindingRow) -> None:
    shapes = set()
    icon = row.findChild(Icon)
    assert icon is not None
    for verdict in (None, *Verdict):
        if verdict:
            row.show_finding(Finding("firewall", "The firewall", verdict, ""))
        icon.set_icon(icon._name, "text")
        image = icon.grab().toImage()
        shapes.add(bytes(image.constBits()))
    assert len(shapes) == 1 + len(Verdict)


def test_every_state_has_the_same_height(row: FindingRow) -> None:
    before = row.heightForWidth(500)
    for verdict, sentence in ((Verdict.UNDERWAY, ""), (Verdict.OK, "None is in the way.")):
        row.show_finding(Finding("firewall", "The firewall", verdict, sentence))
        assert row.heightForWidth(500) == before
    row.show_waiting()
    assert texts(row)[1] == "Waiting"
    assert row.heightForWidth(500) == before


def test_a_hostile_sentence_is_text(row: FindingRow) -> None:
    row.show_finding(Finding("others", "Other devices", Verdict.OK, HOSTILE))
    assert HOSTILE in texts(row)
