"""The settings: looks, notifications, rooms nearby, and what others see. Each choice takes effect at once."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from chatdesk.desktop.dialogs.sheet import SIDE_MARGIN, Sheet, sheet_header
from chatdesk.desktop.discovery_state import DiscoveryState
from chatdesk.desktop.theme import CHOICES, Theme
from chatdesk.desktop.widgets.common.button import IconButton
from chatdesk.desktop.widgets.common.choice_button import ChoiceButton
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.segmented_control import SegmentedControl
from chatdesk.desktop.widgets.common.toggle import Toggle, toggle_row
from chatdesk.protocol.fields import PrivateMessages

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
_TYPING_LABEL, _TYPING_EXPLANATION = "Show others that I type", "They see it in the room where you write."
_RECEIPTS_LABEL = "Tell others what I have read"
_RECEIPTS_EXPLANATION = "Who turns this off does not see what others have read, either."
_RECEIPTS_NOT_ALLOWED = "The host has turned this off in this chat."
_ENTRY_LABEL = "Who may join this chat"
_CHAT_LABEL, _CHAT_EXPLANATION = "Receipts in this chat", "For everybody: people see who has read what they wrote."
_PRIVATE_LABEL = "Private messages in this chat"
_PRIVATE: dict[PrivateMessages, str] = {"everyone": "Everybody", "moderators": "Moderators", "nobody": "Nobody"}
_PRIVATE_EXPLANATION = "Moderators: everybody with the host and moderators, and with nobody else."


class SettingsSheet(Sheet):
    """Its signals carry the chosen values.

    ``chat_receipts_chosen`` and ``private_chosen`` are for the host of the chat that is shown, and ``entry_requested``
    for people who may decide who joins it.
    """

    theme_chosen = Signal(str)
    scale_chosen = Signal(float)
    discovery_chosen = Signal(bool)
    notifications_chosen = Signal(bool)
    text_chosen = Signal(bool)
    typing_chosen = Signal(bool)
    receipts_chosen = Signal(bool)
    chat_receipts_chosen = Signal(bool)
    private_chosen = Signal(str)
    entry_requested = Signal()

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
        self._typing_toggle = Toggle(theme, _TYPING_LABEL)
        self._typing_toggle.setAccessibleDescription(_TYPING_EXPLANATION)
        self._receipts_toggle = Toggle(theme, _RECEIPTS_LABEL)
        self._receipts_explanation = self._small(_RECEIPTS_EXPLANATION)
        self._chat_toggle = Toggle(theme, _CHAT_LABEL)
        self._chat_toggle.setAccessibleDescription(_CHAT_EXPLANATION)
        self._chat_row = toggle_row(theme, _CHAT_LABEL, self._small(_CHAT_EXPLANATION), self._chat_toggle)
        self._private = SegmentedControl(theme, _PRIVATE_LABEL, _PRIVATE)
        self._private.setAccessibleDescription(_PRIVATE_EXPLANATION)
        self._private_row = self._group(self._private, _PRIVATE_EXPLANATION)
        self._entry = ChoiceButton(theme, _ENTRY_LABEL)
        self._entry_row = self._group(self._entry)
        for row in (self._chat_row, self._private_row, self._entry_row):
            row.hide()
        self._close_button = IconButton(theme, "close", "Close", shortcut="Esc")
        self._close_button.clicked.connect(self.dismiss)
        self._themes.chosen.connect(self.theme_chosen.emit)
        self._scales.chosen.connect(self.scale_chosen.emit)
        self._discovery_toggle.clicked.connect(self.discovery_chosen)
        self._notifications_toggle.clicked.connect(self.notifications_chosen)
        self._notifications_toggle.toggled.connect(self._text_toggle.setEnabled)
        self._text_toggle.clicked.connect(self.text_chosen)
        self._typing_toggle.clicked.connect(self.typing_chosen)
        self._receipts_toggle.clicked.connect(self.receipts_chosen)
        self._chat_toggle.clicked.connect(self.chat_receipts_chosen)
        self._private.chosen.connect(self.private_chosen.emit)
        self._entry.clicked.connect(self.entry_requested)
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

    def show_typing(self, shown: bool) -> None:
        """Show whether others see that the person types."""
        self._typing_toggle.setChecked(shown)

    def show_receipts(self, *, given: bool, allowed: bool = True, hosting: bool = False) -> None:
        """Show whether the person gives receipts, and whether the host allows them.

        ``hosting``: the person may change what holds for the chat.
        """
        self._receipts_toggle.setChecked(given)
        self._receipts_explanation.set_text(_RECEIPTS_EXPLANATION if allowed or hosting else _RECEIPTS_NOT_ALLOWED)
        self._receipts_toggle.setAccessibleDescription(self._receipts_explanation.text())
        self._chat_toggle.setChecked(allowed)
        for row in (self._chat_row, self._private_row):
            row.setVisible(hosting)

    def show_private(self, among: PrivateMessages) -> None:
        """Show between whom private messages are possible."""
        self._private.set_value(among)

    def set_entry(self, picture: str, words: str) -> None:
        """Show who may join the chat. Without words the row is hidden, as for people who cannot change that."""
        self._entry.show_choice(picture, words)
        self._entry_row.setVisible(bool(words))

    def _show_current(self) -> None:
        self._themes.set_value(self._theme.choice)
        self._scales.set_value(min(_SCALES, key=lambda scale: abs(scale - self._theme.scale)))

    def _content(self) -> QWidget:
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(SIDE_MARGIN, 14, SIDE_MARGIN, _BOTTOM)
        layout.setSpacing(0)
        for segments in (self._themes, self._scales):
            layout.addWidget(self._group(segments))
            layout.addSpacing(20)
        rows = QVBoxLayout()
        rows.setSpacing(16)
        for label, explanation, toggle in (
            (_NOTIFICATIONS_LABEL, self._small(_NOTIFICATIONS_EXPLANATION), self._notifications_toggle),
            (_TEXT_LABEL, self._small(_TEXT_EXPLANATION), self._text_toggle),
            (_DISCOVERY_LABEL, self._explanation, self._discovery_toggle),
            (_TYPING_LABEL, self._small(_TYPING_EXPLANATION), self._typing_toggle),
            (_RECEIPTS_LABEL, self._receipts_explanation, self._receipts_toggle),
        ):
            rows.addWidget(toggle_row(self._theme, label, explanation, toggle))
        rows.addWidget(self._chat_row)
        rows.addWidget(self._private_row)
        rows.addWidget(self._entry_row)
        layout.addLayout(rows)
        return content

    def _group(self, control: QWidget, explanation: str = "") -> QWidget:
        """A control between its name and an explanation."""
        group = QWidget()
        column = QVBoxLayout(group)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(Label(self._theme, control.accessibleName(), font="label"))
        column.addWidget(control)
        if explanation:
            column.addWidget(self._small(explanation))
        return group

    def _small(self, text: str) -> Label:
        return Label(self._theme, text, font="small", role="text-muted", wrap=True)
