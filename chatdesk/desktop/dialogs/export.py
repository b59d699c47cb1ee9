"""The export dialog: the choice of a format, then the progress."""

from time import monotonic

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from chatdesk.desktop.dialogs.sheet import SIDE_MARGIN, Sheet, sheet_header
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import PRIMARY, Button, IconButton
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.progress_bar import ProgressBar
from chatdesk.desktop.widgets.common.radio_card import RadioCard
from chatdesk.export.formats import Format

# Pixels as in the design, at 100 percent text.
_WIDTH = 480
_BOTTOM = 24
_MINUTE = 60
"""Seconds from which the time left is shown in minutes."""
_MAX_BAR_STEPS = 1_000_000
"""Steps of the progress bar, which counts in C integers; a host may report more messages than fit."""

_FORMATS = {
    Format.HTML: ("Web page", "One file that any browser opens, without a network."),
    Format.CSV: ("Table", "CSV, for spreadsheets."),
    Format.JSONL: ("JSON Lines", "One message on each line, for programs."),
}


class ExportSheet(Sheet):
    """``file_requested`` carries the format once it is chosen; the owner stops the export when it is dismissed."""

    file_requested = Signal(Format)

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(theme, window, QSize(_WIDTH, 0))
        self._started = 0.0
        self._group = QButtonGroup(self)
        self._choices = {form: RadioCard(theme, *texts) for form, texts in _FORMATS.items()}
        self._file = Label(theme, weight=600, elide=True)
        self._progress_label = Label(theme, font="label", weight=400, role="text-muted", tabular=True)
        self._bar = ProgressBar(theme, "Export")
        self._cancel = Button(theme, "Cancel")
        self._choose = Button(theme, "Choose file…", PRIMARY)
        self._close_button = IconButton(theme, "close", "Close", shortcut="Esc")
        self._pages = (self._format_page(), self._progress_page())
        self._choose.clicked.connect(lambda: self.file_requested.emit(self.form))
        self._cancel.clicked.connect(self.dismiss)
        self._close_button.clicked.connect(self.dismiss)
        self.setAccessibleName("Export")
        self._choices[Format.HTML].setChecked(True)
        self.set_content(self._content(), sheet_header(theme, "Export the conversation", self._close_button))

    @property
    def form(self) -> Format:
        """The chosen format."""
        return next(form for form, choice in self._choices.items() if choice.isChecked())

    def offer(self) -> None:
        """Open with the choice of formats."""
        self._show_page(0)
        self.open(self._choices[self.form])

    def show_started(self, file: str) -> None:
        """Show that the file of this name is being written."""
        self._started = monotonic()
        self._file.set_text(file)
        self.show_progress(0, 0)
        self._show_page(1)
        self._cancel.setFocus()

    def show_progress(self, done: int, total: int) -> None:
        """Show how many messages are written, and of how many; 0 if their number is unknown."""
        messages_per_step = 1 + total // _MAX_BAR_STEPS
        self._bar.setRange(0, max(1, total // messages_per_step))
        self._bar.setValue(done // messages_per_step)
        self._progress_label.set_text(progress_text(done, total, monotonic() - self._started))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Accept the chosen format on Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._choose.isVisible():
            self._choose.click()
        else:
            super().keyPressEvent(event)

    def _show_page(self, shown: int) -> None:
        """Show one of the two pages, and fit the height to it."""
        for number, page in enumerate(self._pages):
            page.setVisible(number == shown)
        self._choose.setVisible(shown == 0)
        self._position_card()

    def _content(self) -> QWidget:
        content = QWidget()
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self._cancel)
        buttons.addWidget(self._choose)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(SIDE_MARGIN, 4, SIDE_MARGIN, _BOTTOM)
        layout.setSpacing(0)
        layout.addWidget(
            Label(self._theme, "All that was said here, from the beginning.", role="text-muted", wrap=True)
        )
        layout.addSpacing(16)
        for page in self._pages:
            layout.addWidget(page, 1)
        layout.addSpacing(20)
        layout.addLayout(buttons)
        return content

    def _format_page(self) -> QWidget:
        offer = QWidget()
        column = QVBoxLayout(offer)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for choice in self._choices.values():
            self._group.addButton(choice)
            column.addWidget(choice)
        column.addStretch(1)
        return offer

    def _progress_page(self) -> QWidget:
        under_way = QWidget()
        text_row = QHBoxLayout()
        text_row.setSpacing(12)
        text_row.addWidget(self._file, 1)
        text_row.addWidget(self._progress_label)
        column = QVBoxLayout(under_way)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addLayout(text_row)
        column.addWidget(self._bar)
        column.addStretch(1)
        return under_way


def progress_text(done: int, total: int, seconds: float) -> str:
    """Return ``62 %, 4 s left``; the time only once it can be estimated. ``seconds`` have passed."""
    if not total:
        return "Starting"
    part = f"{100 * done // total} %"
    left = seconds * (total - done) / done if done else 0.0
    if seconds < 1 or left < 1:
        return part
    return f"{part}, {left:.0f} s left" if left < _MINUTE else f"{part}, {left / _MINUTE:.0f} min left"
