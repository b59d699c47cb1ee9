"""The bar above the timeline: which room, under which name, among how many."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from chatdesk.desktop.text import count
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.button import ICON, Button, IconButton
from chatdesk.desktop.widgets.glyph import Glyph
from chatdesk.desktop.widgets.label import Label


class TopBar(QWidget):
    """``menu_wanted`` asks for the sidebar where it is hidden, ``people_wanted`` for somebody among the people."""

    menu_wanted = Signal()
    people_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._menu = IconButton(theme, "menu", "Show people and address")
        self._room = Label(theme, font="title", elide=True)
        self._topic = Label(theme, font="label", weight=400, role="text-muted", elide=True)
        self._people = Button(theme, "", ICON, icon="people", size="normal")
        self._layout = QHBoxLayout(self)
        self._layout.setSpacing(6)
        self._layout.addWidget(self._menu)
        self._layout.addWidget(Glyph(theme, "hash", "text"))
        self._layout.addWidget(self._room)
        self._layout.addSpacing(8)
        self._layout.addWidget(self._topic, 1)
        self._layout.addWidget(self._people)
        self._menu.clicked.connect(self.menu_wanted)
        self._people.clicked.connect(self.people_wanted)
        theme.changed.connect(self._fit)
        self._fit()
        self.set_narrow(False)

    def set_room(self, room: str, topic: str) -> None:
        """Name the room, and say a quiet word about it."""
        self._room.set_text(room)
        self._topic.set_text(topic)

    def set_people(self, number: int) -> None:
        """Say how many are here."""
        self._people.setText(str(number))
        self._people.setAccessibleName(f"{count(number, 'person', 'people')} here")
        self._people.updateGeometry()

    def set_narrow(self, narrow: bool) -> None:
        """Whether the sidebar is hidden behind the menu button."""
        self._menu.setVisible(narrow)
        self._layout.setContentsMargins(8 if narrow else 24, 0, 12, 0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("surface"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, self._theme.color("border"))
        painter.end()

    def _fit(self) -> None:
        self.setFixedHeight(self._theme.px(self._theme.tokens["size"]["bar"]) + 1)
