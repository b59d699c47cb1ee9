"""The result of a connection check: a sentence, and remedies with the commands to copy."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.copyable_text import CopyableText
from chatdesk.desktop.widgets.common.icon import Icon
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.painting import paint_panel
from chatdesk.doctor.report import Finding, Remedy, Verdict

# Pixels of the design, at 100 percent text.
_PAD, _GAP = 14, 12
_BELOW = 18
_ICON = 20
_STYLES = {Verdict.OK: ("success-soft", "check"), Verdict.PROBLEM: ("danger-soft", "problem")}
_UNCERTAIN = ("warning-soft", "warning")


class Diagnosis(QWidget):
    """A panel whose colour and icon show how serious it is, with the remedies below it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._remedies: list[QWidget] = []
        self._panel = _Panel(theme)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, _BELOW)
        self._rows.setSpacing(8)
        self._rows.addWidget(self._panel)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_diagnosis(self, diagnosis: Finding) -> None:
        """Show this finding and its remedies."""
        background, icon = _STYLES.get(diagnosis.verdict, _UNCERTAIN)
        self._panel.show_finding(diagnosis.sentence, background, icon)
        for part in self._remedies:
            self._rows.removeWidget(part)
            part.hide()  # until it is deleted
            part.deleteLater()
        self._remedies = [part for remedy in diagnosis.remedies for part in self._parts(remedy)]
        for part in self._remedies:
            self._rows.addWidget(part)

    def fit_to_width(self, width: int) -> None:
        """Fit into this many pixels."""
        for part in self._remedies:
            if isinstance(part, _Command):
                part.fit_to_width(width)

    def _parts(self, remedy: Remedy) -> list[QWidget]:
        sentence = Label(self._theme, remedy.sentence, wrap=True)
        return [sentence, _Command(self._theme, remedy.command)] if remedy.command else [sentence]


class _Panel(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self._background = theme, "warning-soft"
        self._icon = Icon(theme, "warning", size=_ICON)
        self._sentence = Label(theme, weight=600, wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(_PAD, _PAD - 2, _PAD, _PAD - 2)
        row.setSpacing(_GAP)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._sentence, 1)
        theme.changed.connect(self.update)

    def show_finding(self, sentence: str, background: str, icon: str) -> None:
        self._background = background
        self._icon.set_icon(icon, f"{background}-text")
        self._sentence.set_role(f"{background}-text")
        self._sentence.set_text(sentence)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._theme
        border = theme.color(f"{self._background}-text") if theme.high_contrast else None
        paint_panel(painter, QRectF(self.rect()), theme.tokens["radius"]["card"], theme.color(self._background), border)
        painter.end()


class _Command(QWidget):
    def __init__(self, theme: Theme, command: str) -> None:
        super().__init__()
        self._theme = theme
        self._row = CopyableText(theme, "", f"command {command}", font="code")
        self._row.set_text(command)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_PAD, 8, 8, 8)
        layout.addWidget(self._row)
        theme.changed.connect(self.update)

    def fit_to_width(self, width: int) -> None:
        self._row.fit_to_width(width - _PAD - 8)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._theme
        paint_panel(painter, QRectF(self.rect()), 8, theme.color("code"), theme.color("border"))
        painter.end()
