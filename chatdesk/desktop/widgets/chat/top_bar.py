"""The bar above the timeline: the room, the user's name in it, search, calendar, number of people."""

from typing import Literal

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from chatdesk.desktop.text import pluralized
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import ICON, Button, IconButton
from chatdesk.desktop.widgets.common.icon import Icon
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.margins import set_margins
from chatdesk.desktop.widgets.common.painting import paint_panel
from chatdesk.desktop.widgets.search.search_field import SHORTCUT, SearchField

RoomKind = Literal["hash", "lock", "archive"]
"""The icon of a room: for everybody, for the host alone, archived."""

# Pixels at 100 percent text.
_MENU_BUTTON, _DOT, _DOT_EDGE = 36, 8, 5
_MIN_WIDTH_FOR_FIELD = 600
"""Pixels at 100 percent text: in a narrower bar, the search field would leave too little for the room's name."""


class TopBar(QWidget):
    """Emits ``sidebar_requested``, ``people_requested`` and ``calendar_requested`` when its buttons are clicked.

    The search is a field, or in a narrow bar a button that opens one in the place of the room's name.
    """

    sidebar_requested = Signal()
    calendar_requested = Signal()
    people_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._searching = self._narrow = self._is_private = False
        self.search_field = SearchField(theme)
        self._menu = IconButton(theme, "menu", "Show rooms and people")
        self._dot = _Dot(theme, self._menu)
        self._kind = Icon(theme, "hash", "text")
        self._room = Label(theme, font="title", elide=True)
        self._topic = Label(theme, font="label", weight=400, role="text-muted", elide=True)
        self._open = IconButton(theme, "search", "Search messages", shortcut=SHORTCUT)
        self._day = IconButton(theme, "calendar", "Go to a date", shortcut="Ctrl+G")
        self._people = Button(theme, "", ICON, icon="people", size="normal")
        self._layout = QHBoxLayout(self)
        self._layout.setSpacing(6)
        self._layout.addWidget(self._menu)
        self._layout.addWidget(self._kind)
        self._layout.addWidget(self._room)
        self._layout.addSpacing(8)
        self._layout.addWidget(self._topic, 1)
        self._layout.addWidget(self.search_field)
        self._layout.addWidget(self._open)
        self._layout.addWidget(self._day)
        self._layout.addWidget(self._people)
        self._menu.clicked.connect(self.sidebar_requested)
        self._open.clicked.connect(self.open_search)
        self._day.clicked.connect(self.calendar_requested)
        self._people.clicked.connect(self.people_requested)
        theme.changed.connect(self._apply_theme)
        self._apply_theme()
        self.set_narrow(False)

    def set_room(self, room: str, topic: str, kind: RoomKind | None = "hash") -> None:
        """Show the room's name, and ``topic`` in a muted colour. A private room has no ``kind``, and no icon."""
        self._is_private = kind is None
        if kind:
            self._kind.set_icon(kind, "text")
        self._room.set_text(room)
        self._topic.set_text(topic)
        self._arrange()

    def set_waiting(self, waiting: bool) -> None:
        """Say on the menu button whether something is unread in another room."""
        self._menu.set_name("Show rooms and people, something is unread" if waiting else "Show rooms and people")
        self._dot.setVisible(waiting)

    def set_people(self, number: int) -> None:
        """Show how many people are here."""
        self._people.setText(str(number))
        self._people.setAccessibleName(f"{pluralized(number, 'person', 'people')} here")
        self._people.updateGeometry()

    def set_narrow(self, narrow: bool) -> None:
        """Set whether the sidebar is a drawer, which needs the menu button."""
        self._narrow = narrow
        set_margins(self._layout, 8 if narrow else 24, 0, 12, 0)
        self._arrange()

    def open_search(self) -> None:
        """Show and focus the search field."""
        self._searching = True
        self._arrange()
        self.search_field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_search(self) -> None:
        """Clear the search field, and show the room's name again."""
        self._searching = False
        self.search_field.clear()
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("surface"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, self._theme.color("border"))
        painter.end()

    def _arrange(self) -> None:
        has_room_for_both = self.width() >= self._theme.px(_MIN_WIDTH_FOR_FIELD)
        only_search = self._searching and not has_room_for_both
        self._menu.setVisible(self._narrow and not only_search)
        self._kind.setVisible(not self._is_private and not only_search)
        for part in (self._room, self._topic, self._people):
            part.setVisible(not only_search)
        self._open.setVisible(not has_room_for_both and not only_search)
        self._day.setVisible(has_room_for_both)
        self.search_field.setVisible(has_room_for_both or only_search)
        policy = QSizePolicy.Policy.Expanding if only_search else QSizePolicy.Policy.Fixed
        self.search_field.setSizePolicy(policy, QSizePolicy.Policy.Fixed)

    def _apply_theme(self) -> None:
        self.setFixedHeight(self._theme.px(self._theme.tokens["size"]["bar"]))
        self._arrange()


class _Dot(QWidget):
    """A brass dot at the upper end of a button."""

    def __init__(self, theme: Theme, button: IconButton) -> None:
        super().__init__(button)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        theme.changed.connect(self._apply_theme)
        self._apply_theme()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_panel(painter, QRectF(self.rect()), self.height() / 2, self._theme.color("lamp"))
        painter.end()

    def _apply_theme(self) -> None:
        side, edge = self._theme.px(_DOT), self._theme.px(_DOT_EDGE)
        button = self._theme.px(_MENU_BUTTON)
        left = edge if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else button - edge - side
        self.setGeometry(left, edge, side, side)
