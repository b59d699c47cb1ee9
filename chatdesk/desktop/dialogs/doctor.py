"""The dialog of the connection check: the checks as they are made, the diagnosis, and what helps."""

from collections.abc import Mapping
from io import StringIO

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chatdesk.desktop.accessibility.announce import announce
from chatdesk.desktop.dialogs.sheet import SIDE_MARGIN, Sheet, sheet_header
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import PRIMARY, Button, IconButton
from chatdesk.desktop.widgets.common.copyable_text import CopyButton
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.doctor.diagnosis import Diagnosis
from chatdesk.desktop.widgets.doctor.finding_row import FindingRow
from chatdesk.desktop.widgets.doctor.phone_test import PhoneTest
from chatdesk.doctor.report import Finding, Report, Verdict
from chatdesk.doctor.text_report import TextReport

# Pixels as in the design, at 100 percent text.
_WIDTH = 560
_BOTTOM = 24
_SCROLL_BAR = 12
_RUN, _STOP, _AGAIN = "Check now", "Stop", "Check again"


class DoctorSheet(Sheet):
    """``start_requested`` and ``stop_requested`` come from one button; the owner also stops when it is dismissed."""

    start_requested = Signal()
    stop_requested = Signal()

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(theme, window, QSize(_WIDTH, 0))
        self._running = False
        self._explanation = Label(theme, role="text-muted", wrap=True)
        self._diagnosis = Diagnosis(theme)
        self._checks: dict[str, FindingRow] = {}
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        self._run = Button(theme, _RUN, PRIMARY, size="normal")
        self._copy = CopyButton(theme, "report", "Copy report")
        self._phone = PhoneTest(theme)
        self._close_button = IconButton(theme, "close", "Close", shortcut="Esc")
        self._run.clicked.connect(self._run_or_stop)
        self._close_button.clicked.connect(self.dismiss)
        self.setAccessibleName("Check the connection")
        self.set_content(self._content(), sheet_header(theme, "Check the connection", self._close_button))
        theme.changed.connect(self._arrange)

    def set_test_page(self, url: str) -> None:
        """Show the URL of the test page for a phone; empty for none."""
        self._phone.setVisible(bool(url))
        if url:
            self._phone.set_url(url)
        self._arrange()

    def offer(self, explanation: str, titles: Mapping[str, str]) -> None:
        """Open with the checks that can be made; ``titles`` are their names by id."""
        self._explanation.set_text(explanation)
        for row in self._checks.values():
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._checks = {check: FindingRow(self._theme, title) for check, title in titles.items()}
        for row in self._checks.values():
            self._list.addWidget(row)
        self._copy.hide()
        self._diagnosis.hide()
        self._set_running(False, _RUN)
        self.open(self._run)

    def show_problem(self, sentence: str) -> None:
        """Show why nothing can be checked."""
        self._explanation.set_text(sentence)
        announce(self, sentence)

    def show_running(self) -> None:
        """Show that the checks are running."""
        for row in self._checks.values():
            row.show_waiting()
        self._diagnosis.hide()
        self._copy.hide()
        self._set_running(True, _STOP)
        announce(self, "Checking the connection")

    def show_finding(self, finding: Finding) -> None:
        """Show the state of one check."""
        self._checks[finding.check].show_finding(finding)
        if finding.verdict is not Verdict.UNDERWAY:
            announce(self, self._checks[finding.check].accessibleName())
        self._arrange()

    def show_report(self, report: Report) -> None:
        """Show the diagnosis."""
        self._diagnosis.show_diagnosis(report.diagnosis)
        self._diagnosis.show()
        self._copy.set_text_to_copy(_report_text(report))
        self._copy.show()
        self._set_running(False, _AGAIN)
        self._scroll.verticalScrollBar().setValue(0)
        announce(self, " ".join((report.diagnosis.sentence, *(it.sentence for it in report.diagnosis.remedies))))

    def show_stopped(self) -> None:
        """Show that the checks have been stopped."""
        if self._running:
            self._set_running(False, _AGAIN)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _run_or_stop(self) -> None:
        (self.stop_requested if self._running else self.start_requested).emit()

    def _set_running(self, running: bool, verb: str) -> None:
        self._running = running
        self._run.setText(verb)
        self._run.updateGeometry()
        self._arrange()

    def _arrange(self) -> None:
        width = min(self._theme.px(_WIDTH), self.width() - 32) - 2 * SIDE_MARGIN - _SCROLL_BAR
        self._diagnosis.fit_to_width(width)
        self._phone.fit_to_width(width)
        self._position_card()

    def _content(self) -> QWidget:
        content = QWidget()
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._run)
        buttons.addWidget(self._copy)
        buttons.addStretch(1)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(SIDE_MARGIN, 2, SIDE_MARGIN, _BOTTOM)
        layout.setSpacing(0)
        layout.addWidget(self._explanation)
        layout.addSpacing(14)
        layout.addWidget(self._diagnosis)
        layout.addLayout(self._list)
        layout.addSpacing(18)
        layout.addLayout(buttons)
        layout.addSpacing(20)
        layout.addWidget(self._phone)
        layout.addStretch(1)
        return content


def _report_text(report: Report) -> str:
    """Return the report as ``chatdesk doctor`` prints it."""
    written = StringIO()
    text_report = TextReport(written, colour=False)
    for finding in report.findings:
        text_report.write_finding(finding)
    text_report.write_diagnosis(report)
    return written.getvalue()
