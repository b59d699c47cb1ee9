"""A row for one check: its state as icon and word, and what was found."""

from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from chatdesk.desktop.accessibility.roles import Role
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.icon import Icon
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.doctor.report import Finding, Verdict

_NOTHING_YET = "\u00a0"
"""Keeps the line's height, so that nothing below moves."""


class _State(NamedTuple):
    word: str
    icon: str
    role: str


_WAITING = _State("Waiting", "clock", "text-muted")
_STATES = {
    Verdict.UNDERWAY: _State("Checking", "refresh", "accent"),
    Verdict.OK: _State("Fine", "check", "success"),
    Verdict.WARNING: _State("Warning", "warning", "warning"),
    Verdict.PROBLEM: _State("Problem", "problem", "danger"),
    Verdict.UNKNOWN: _State("Not known", "question", "text-muted"),
}


class FindingRow(QWidget):
    """Shows the finding of one check; before there is one, that it waits."""

    accessible_role = Role.Grouping

    def __init__(self, theme: Theme, title: str) -> None:
        super().__init__()
        self._icon = Icon(theme, _WAITING.icon, size=18)
        self._title = Label(theme, title, weight=600, wrap=True)
        self._word = Label(theme, font="small", role="text-muted")
        self._sentence = Label(theme, font="label", weight=400, role="text-muted", wrap=True)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self._icon, 0, 0)
        grid.addWidget(self._title, 0, 1)
        grid.addWidget(self._word, 0, 2, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self._sentence, 1, 1, 1, 2)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.show_waiting()

    def show_waiting(self) -> None:
        """Show that the check has not begun."""
        self._show(_WAITING, _NOTHING_YET)

    def show_finding(self, finding: Finding) -> None:
        """Show how far the check is and what it has found."""
        self._show(_STATES[finding.verdict], finding.sentence or _NOTHING_YET)

    def _show(self, state: _State, sentence: str) -> None:
        self._icon.set_icon(state.icon, state.role)
        self._word.set_text(state.word)
        self._sentence.set_text(sentence)
        self.setAccessibleName(f"{self._title.text()}: {state.word}. {sentence.strip()}")
