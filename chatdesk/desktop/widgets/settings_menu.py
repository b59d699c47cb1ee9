"""Choosing a theme, the size of text, and whether rooms nearby are looked for."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QIcon, QPixmap
from PySide6.QtWidgets import QMenu, QWidget

from chatdesk.desktop.icons import icon
from chatdesk.desktop.looking import Looking
from chatdesk.desktop.stylesheet import MENU_ICON
from chatdesk.desktop.theme import CHOICES, Theme

_NAMES = {"system": "Like the system", "light": "Light", "dark": "Dark", "high-contrast": "High contrast"}
_SCALES = (0.9, 1.0, 1.1, 1.2, 1.4, 1.6, 1.8, 2.0)


class SettingsMenu(QMenu):
    """A tick stands at what is worn now. Show it with ``popup``, which does not stop the loop."""

    theme_chosen = Signal(str)
    scale_chosen = Signal(float)
    looking_chosen = Signal(bool)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName("Settings")
        self._themes = {choice: self._entry(_NAMES[choice]) for choice in CHOICES}
        self.addSeparator()
        self._scales = {scale: self._entry(f"Text {scale:.0%}") for scale in _SCALES}
        for group, chosen in ((self._themes, self.theme_chosen), (self._scales, self.scale_chosen)):
            actions = QActionGroup(self)
            for value, action in group.items():
                actions.addAction(action)
                action.triggered.connect(lambda _checked, chosen=chosen, value=value: chosen.emit(value))
        self.addSeparator()
        self._looks = False
        self._looking = self._entry("Look for rooms nearby")
        self._looking.triggered.connect(lambda: self.looking_chosen.emit(not self._looks))
        self.aboutToShow.connect(self._tick)
        self._tick()

    def show_state(self, state: Looking) -> None:
        """Whether rooms are looked for; where the program was started without that, it is no choice."""
        self._looks = state not in (Looking.OFF, Looking.FORBIDDEN)
        self._looking.setEnabled(state is not Looking.FORBIDDEN)
        self._tick()

    def _entry(self, text: str) -> QAction:
        action = QAction(text, self)  # PySide loses those that addAction itself makes
        self.addAction(action)
        action.setCheckable(True)
        return action

    def _tick(self) -> None:
        """Ticks are our own icons: Qt's would not follow the theme."""
        self.setFont(self._theme.font("label"))
        side = self._theme.px(MENU_ICON)
        ticked = icon(self._theme, "check", "accent", side)
        empty = QPixmap(side, side)
        empty.fill(Qt.GlobalColor.transparent)
        nearest = min(_SCALES, key=lambda scale: abs(scale - self._theme.scale))
        worn = [self._themes[self._theme.choice], self._scales[nearest], *([self._looking] if self._looks else [])]
        for action in self.actions():
            action.setChecked(action in worn)
            action.setIcon(ticked if action in worn else QIcon(empty))
