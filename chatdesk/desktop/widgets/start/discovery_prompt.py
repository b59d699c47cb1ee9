"""The prompt in the Join card where no chat is found: scan the network, its progress, or that discovery is off."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chatdesk.desktop.accessibility.announce import announce
from chatdesk.desktop.discovery_state import DiscoveryState
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import SOFT, Button
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.progress_bar import ProgressBar

_HINT = "The host’s window shows an address and a code."

_TEXTS = {
    DiscoveryState.UNAVAILABLE: ("Looking was turned off when ChatDesk was started.", ""),
    DiscoveryState.OFF: ("Looking is turned off.", "Turn on"),
    DiscoveryState.NO_NETWORK: ("This computer is in no network.", ""),
    DiscoveryState.NO_ANSWER: ("Nobody found yet.", "Look harder"),
    DiscoveryState.SCANNING: ("Asking address by address.", "Stop"),
    DiscoveryState.PARTLY_SCANNED: ("", "Look again"),
    DiscoveryState.NOTHING_FOUND: ("Nobody answers on this network.", "Look again"),
}
"""For each state, the sentence and the text of the button; no button where that is empty."""


class DiscoveryPrompt(QWidget):
    """One sentence and at most one button; hidden while there is nothing to say.

    The button emits ``scan_requested``, ``stop_requested`` or ``turn_on_requested``.
    """

    scan_requested = Signal()
    stop_requested = Signal()
    turn_on_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._state = DiscoveryState.SEARCHING
        self._sentence = Label(theme, font="label", weight=400, role="text-muted", tabular=True, wrap=True)
        self._button = Button(theme, "Look harder", SOFT)
        self._button.clicked.connect(self._clicked)
        self._double_click_timer = QTimer(
            self, singleShot=True, interval=QGuiApplication.styleHints().mouseDoubleClickInterval()
        )
        self._progress = ProgressBar(theme, "Addresses asked")
        self._hint = Label(theme, _HINT, font="small", role="text-muted", wrap=True)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._sentence, 1)
        row.addWidget(self._button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 10, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(row)
        layout.addWidget(self._progress)
        layout.addWidget(self._hint)
        self.hide()

    @property
    def button(self) -> Button:
        """The button, for the tab order."""
        return self._button

    def show_state(self, state: DiscoveryState) -> None:
        """Show what this state means, and announce it."""
        if state is self._state:
            return
        self._state = state
        sentence, verb = _TEXTS.get(state, ("", ""))
        if state is DiscoveryState.PARTLY_SCANNED:
            sentence = _in_part(self._progress.maximum())
        self._sentence.set_text(sentence)
        if verb:
            self._button.setText(verb)
            self._button.updateGeometry()
        self._button.setVisible(bool(verb))
        self._progress.setVisible(state is DiscoveryState.SCANNING)
        self._progress.setValue(0)
        self._hint.setVisible(state not in (DiscoveryState.SCANNING, DiscoveryState.NO_NETWORK))
        self.setVisible(bool(sentence))
        if sentence and self.isVisible():
            announce(self, sentence)

    def show_progress(self, asked: int, total: int) -> None:
        """Show how many addresses of how many have been asked."""
        self._progress.setRange(0, total)
        self._progress.setValue(asked)
        self._sentence.set_text(f"Asked {asked} of {total}")

    def _clicked(self) -> None:
        if self._double_click_timer.isActive():  # the second click of a double click is not meant for the new text
            return
        self._double_click_timer.start()
        signals = {DiscoveryState.OFF: self.turn_on_requested, DiscoveryState.SCANNING: self.stop_requested}
        signals.get(self._state, self.scan_requested).emit()


def _in_part(asked: int) -> str:
    if not asked:
        return "This computer is in no network where it may ask around."
    return f"The nearest {asked} addresses were asked, and nobody answers."
