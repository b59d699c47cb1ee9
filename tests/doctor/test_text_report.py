"""How a report looks on a terminal, and in a pipe."""

import io

import pytest

from chatdesk.doctor.report import Finding, Remedy, Report, Verdict
from chatdesk.doctor.text_report import TextReport

FINDINGS = (
    Finding("listening", "The port", Verdict.OK, "Something listens on port 8080."),
    Finding("firewall", "The firewall", Verdict.PROBLEM, "It keeps others away."),
    Finding("others", "Other devices", Verdict.UNKNOWN, "Nobody is there."),
    Finding("clock", "The clocks", Verdict.WARNING, "They differ."),
)
DIAGNOSIS = Finding(
    "firewall",
    "Diagnosis",
    Verdict.PROBLEM,
    "The firewall keeps others away.",
    (Remedy("Let others in:", "sudo ufw allow 8080/tcp"), Remedy("Or take another network.")),
)


def printed(encoding: str = "utf-8", *, colour: bool = False) -> str:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding=encoding, newline="")
    text_report = TextReport(out, colour=colour)
    for finding in FINDINGS:
        text_report.write_finding(Finding(finding.check, finding.title, Verdict.UNDERWAY, ""))
        text_report.write_finding(finding)
    text_report.write_diagnosis(Report(FINDINGS, DIAGNOSIS))
    out.flush()
    return raw.getvalue().decode(encoding)


def test_each_check_is_a_line_with_a_mark_and_a_word_and_the_diagnosis_comes_last() -> None:
    assert printed().splitlines() == [
        "✓ ok       The port        Something listens on port 8080.",
        "✗ problem  The firewall    It keeps others away.",
        "? unknown  Other devices   Nobody is there.",
        "! look     The clocks      They differ.",
        "",
        "The firewall keeps others away.",
        "- Let others in:",
        "    sudo ufw allow 8080/tcp",
        "- Or take another network.",
    ]


def test_a_terminal_shows_what_is_looked_at_and_takes_it_away_again() -> None:
    text = printed(colour=True)
    assert "… The port\r\x1b[K\x1b[32m✓ ok     \x1b[0m  The port" in text
    assert "\x1b[1;31mThe firewall keeps others away.\x1b[0m" in text


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_what_the_terminal_does_not_know_is_written_otherwise(encoding: str) -> None:
    lines = printed(encoding).splitlines()
    assert lines[0].startswith("+ ok ")
    assert lines[1].startswith("x problem ")


def test_a_report_is_fine_unless_there_is_a_problem() -> None:
    assert not Report(FINDINGS, DIAGNOSIS).fine
    assert Report(FINDINGS, FINDINGS[0]).fine
    assert Report(FINDINGS, FINDINGS[3]).fine
