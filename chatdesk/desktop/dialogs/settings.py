"""The settings: theme, size of text, notifications, and looking for rooms nearby. Each choice takes effect at once."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chatdesk.desktop.dialogs.sheet import SIDE_MARGIN, Sheet, sheet_header
from chatdesk.desktop.discovery_state import DiscoveryState
from chatdesk.desktop.theme import CHOICES, Theme
from chatdesk.desktop.widgets.common.button import IconButton
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.segmented_control import SegmentedControl
from chatdesk.desktop.widgets.common.toggle import Toggle

# Pixels as in the design, at 100 percent text.
_WIDTH = 560
_BOTTOM = 28
_NAMES = {"system": "System", "light": "Light", "dark": "Dark", "high-contrast": "Contrast"}
_SCALES = (0.9, 1.0, 1.1, 1.2, 1.4, 1.6, 1.8, 2.0)
"""Sizes of text on offer, within the tokens' bounds; larger steps above 120 percent, where small ones are not seen."""
_DISCOVERY_LABEL, _DISCOVERY_EXPLANATION = "Look for rooms nearby", "The start screen shows chats on this network."
_DISCOVERY_UNAVAILABLE = "This was turned off when ChatDesk was started."

_NOTIFICATIONS_LABEL = "Notifications"
_NOTIFICATIONS_EXPLANATION = "Of new messages while you look elsewhere, as you have set it for each room."
_TEXT_LABEL, _TEXT_EXPLANATION = "Show the text in notifications", "Otherwise only who has written, and where."


class SettingsSheet(Sheet):
    """Its signals carry the chosen values."""

    theme_chosen = Signal(str)
    scale_chosen = Signal(float)
    discovery_chosen = Signal(bool)
    notifications_chosen = Signal(bool)
    text_chosen = Signal(bool)

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(theme, window, QSize(_WIDTH, 0))
        self._themes = SegmentedControl(theme, "Theme", {choice: _NAMES[choice] for choice in CHOICES})
        self._scales = SegmentedControl(theme, "Size of text", {scale: f"{scale:.0%}" for scale in _SCALES})
        self._discovery_toggle = Toggle(theme, _DISCOVERY_LABEL)
        self._explanation = self._small(_DISCOVERY_EXPLANATION)
        self._notifications_toggle = Toggle(theme, _NOTIFICATIONS_LABEL)
        self._notifications_toggle.setAccessibleDescription(_NOTIFICATIONS_EXPLANATION)
        self._text_toggle = Toggle(theme, _TEXT_LABEL)
        self._text_toggle.setAccessibleDescription(_TEXT_EXPLANATION)
        self._close_button = IconButton(theme, "close", "Close", shortcut="Esc")
        self._close_button.clicked.connect(self.dismiss)
        self._themes.chosen.connect(self.theme_chosen.emit)
        self._scales.chosen.connect(self.scale_chosen.emit)
        self._discovery_toggle.clicked.connect(self.discovery_chosen)
        self._notifications_toggle.clicked.connect(self.notifications_chosen)
        self._notifications_toggle.toggled.connect(self._text_toggle.setEnabled)
        self._text_toggle.clicked.connect(self.text_chosen)
        self.setAccessibleName("Settings")
        self.set_content(self._content(), sheet_header(theme, "Settings", self._close_button))
        theme.changed.connect(self._show_current)
        self._show_current()

    def show_sheet(self) -> None:
        """Open over the window."""
        self.open(self._themes.current)

    def show_state(self, state: DiscoveryState) -> None:
        """Show whether discovery is on; if it was turned off at the start, it cannot be changed."""
        self._discovery_toggle.setEnabled(state is not DiscoveryState.UNAVAILABLE)
        self._discovery_toggle.setChecked(state not in (DiscoveryState.OFF, DiscoveryState.UNAVAILABLE))
        self._explanation.set_text(
            _DISCOVERY_UNAVAILABLE if state is DiscoveryState.UNAVAILABLE else _DISCOVERY_EXPLANATION
        )
        self._discovery_toggle.setAccessibleDescription(self._explanation.text())

    def show_notifications(self, *, on: bool, text: bool) -> None:
        """Show whether there are notifications, and whether they show what was written."""
        self._notifications_toggle.setChecked(on)
        self._text_toggle.setChecked(text)
        self._text_toggle.setEnabled(on)

    def _show_current(self) -> None:
        self._themes.set_value(self._theme.choice)
        self._scales.set_value(min(_SCALES, key=lambda scale: abs(scale - self._theme.scale)))

    def _content(self) -> QWidget:
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(SIDE_MARGIN, 14, SIDE_MARGIN, _BOTTOM)
        layout.setSpacing(0)
        for segments in (self._themes, self._scales):
            layout.addWidget(Label(self._theme, segments.accessibleName(), font="label"))
            layout.addSpacing(6)
            layout.addWidget(segments)
            layout.addSpacing(20)
        for label, explanation, toggle in (
            (_NOTIFICATIONS_LABEL, self._small(_NOTIFICATIONS_EXPLANATION), self._notifications_toggle),
            (_TEXT_LABEL, self._small(_TEXT_EXPLANATION), self._text_toggle),
            (_DISCOVERY_LABEL, self._explanation, self._discovery_toggle),
        ):
            layout.addLayout(self._row(label, explanation, toggle))
            layout.addSpacing(0 if toggle is self._discovery_toggle else 16)
        return content

    def _row(self, label: str, explanation: Label, toggle: Toggle) -> QHBoxLayout:
        text_column = QVBoxLayout()
        text_column.setSpacing(2)
        text_column.addWidget(Label(self._theme, label, font="label", wrap=True))
        text_column.addWidget(explanation)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addLayout(text_column, 1)
        row.addWidget(toggle, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _small(self, text: str) -> Label:
        return Label(self._theme, text, font="small", role="text-muted", wrap=True)
