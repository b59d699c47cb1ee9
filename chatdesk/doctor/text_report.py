"""Prints findings as lines of text: each has a mark, a word and a sentence, any of which says how the check went."""

from typing import TextIO

from chatdesk.console import write_and_flush
from chatdesk.doctor.report import Finding, Report, Verdict

_MARKS = {
    Verdict.OK: ("✓", "ok", "32"),
    Verdict.WARNING: ("!", "look", "33"),
    Verdict.PROBLEM: ("✗", "problem", "31"),
    Verdict.UNKNOWN: ("?", "unknown", "2"),
}
_TITLE_CHARS = 14
"""The longest title of a check."""
_CLEAR_LINE = "\r\x1b[K"


class TextReport:
    """Writes to ``out``. With ``colour`` it also shows the check that is being made, until it is done."""

    def __init__(self, out: TextIO, *, colour: bool) -> None:
        self._out = out
        self._colour = colour
        self._progress_shown = False

    def write_finding(self, finding: Finding) -> None:
        """Write the line of a check."""
        if finding.verdict is Verdict.UNDERWAY:
            self._write_progress(finding.title)
            return
        mark, word, colour = _MARKS[finding.verdict]
        self._write_line(
            f"{self._coloured(f'{mark} {word:7}', colour)}  {finding.title:{_TITLE_CHARS}}  {finding.sentence}"
        )

    def write_diagnosis(self, report: Report) -> None:
        """Write the diagnosis and what to do."""
        diagnosis = report.diagnosis
        _, _, colour = _MARKS[diagnosis.verdict]
        self._write_line("")
        self._write_line(self._coloured(diagnosis.sentence, f"1;{colour}"))
        for remedy in diagnosis.remedies:
            self._write_line(f"- {remedy.sentence}")
            if remedy.command:
                self._write_line(f"    {remedy.command}")

    def _write_progress(self, title: str) -> None:
        if self._colour:
            write_and_flush(self._out, self._encodable(f"… {title}"))
            self._progress_shown = True

    def _write_line(self, text: str) -> None:
        before = _CLEAR_LINE if self._progress_shown else ""
        self._progress_shown = False
        write_and_flush(self._out, f"{before}{self._encodable(text)}\n")

    def _coloured(self, text: str, colour: str) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if self._colour else text

    def _encodable(self, text: str) -> str:
        """The text with replacements for characters that the terminal's encoding does not have."""
        encoding = self._out.encoding or "utf-8"
        plain = text if _can_encode(encoding, "✓✗…") else text.replace("✓", "+").replace("✗", "x").replace("…", "...")
        return plain.encode(encoding, "backslashreplace").decode(encoding)


def _can_encode(encoding: str, chars: str) -> bool:
    try:
        chars.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
