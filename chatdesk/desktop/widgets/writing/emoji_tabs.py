"""The tabs of a picker: an icon for each group of sections, the shown one underlined."""

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import IconButton

_TABS = (
    ("clock", "Recent", 0),
    ("smile", "Faces and people", 1),
    ("leaf", "Nature", 3),
    ("cup", "Food", 4),
    ("ball", "Activities", 5),
    ("car", "Travel", 6),
    ("bulb", "Objects", 7),
    ("heart", "Symbols", 8),
    ("flag", "Flags", 9),
)
"""Icon, name, and the section at which each begins; people follow the faces without a tab of their own."""
_SIDE, _MIN_WIDTH, _LINE = 34, 30, 2


class EmojiTabs(QWidget):
    """Emits ``chosen`` with the number of a section."""

    chosen = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.buttons = [_Tab(theme, icon, name) for icon, name, _ in _TABS]
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 0)
        layout.setSpacing(0)
        for button, (_, _, section) in zip(self.buttons, _TABS, strict=True):
            layout.addWidget(button, 1)
            button.clicked.connect(lambda _checked=False, section=section: self.chosen.emit(section))

    def show_section(self, number: int) -> None:
        """Underline the tab of this section."""
        last = max(place for place, (_, _, section) in enumerate(_TABS) if section <= max(number, 0))
        for place, button in enumerate(self.buttons):
            button.set_shown(place == last)


class _Tab(IconButton):
    def __init__(self, theme: Theme, icon: str, name: str) -> None:
        self._shown = False
        super().__init__(theme, icon, name, side=_SIDE)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(_MIN_WIDTH), self._theme.px(_SIDE))

    def set_shown(self, shown: bool) -> None:
        """Set whether its section is shown."""
        if shown != self._shown:
            self._shown = shown
            self.setAccessibleDescription("shown" if shown else "")
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._shown:
            painter = QPainter(self)
            line = QRectF(0, self.height() - _LINE, self.width(), _LINE)
            painter.fillRect(line, self._theme.color("accent"))
            painter.end()

    def _text_color(self) -> QColor:
        return self._theme.color("accent") if self._shown else super()._text_color()
