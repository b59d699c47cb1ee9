"""The rooms in the sidebar: those for everybody, and private conversations, each under a heading."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chatdesk.client.room_list import RoomSummary
from chatdesk.desktop.models.rooms import RoomsModel
from chatdesk.desktop.theme import SEMIBOLD, Theme
from chatdesk.desktop.widgets.common.button import IconButton
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.margins import set_margins
from chatdesk.desktop.widgets.rooms.room_list import RoomList

# Pixels of the design, at 100 percent text.
_SIDE, _ABOVE, _BUTTON, _BUTTON_MARGIN = 20, 10, 28, 11


class RoomsPanel(QWidget):
    """``chosen`` and ``menu_requested`` are those of the lists; the other signals come from the headings' buttons."""

    chosen = Signal(str)
    menu_requested = Signal(str, QPoint)
    create_requested = Signal()
    settings_requested = Signal()
    more_requested = Signal()
    private_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._rooms, self._private = RoomsModel(), RoomsModel(private=True)
        self._settings = IconButton(theme, "sliders", "Settings of this room", side=_BUTTON)
        self._create = IconButton(theme, "plus", "New room", side=_BUTTON)
        self._write = IconButton(theme, "plus", "Write to somebody", shortcut="Ctrl+K", side=_BUTTON)
        self._private_heading = _Heading(theme, "Private", self._write)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(_Heading(theme, "Rooms", self._settings, self._create))
        layout.addWidget(self._list(theme, self._rooms, "Rooms"))
        layout.addWidget(self._private_heading)
        layout.addWidget(self._list(theme, self._private, "Private conversations"))
        self.show_rooms((), "", lambda _room: False, listed=False)
        self._create.clicked.connect(self.create_requested)
        self._settings.clicked.connect(self.settings_requested)
        self._write.clicked.connect(self.private_requested)

    def show_rooms(
        self,
        rooms: Sequence[RoomSummary],
        shown: str,
        has_draft: Callable[[str], bool],
        *,
        listed: bool,
        more: bool = False,
    ) -> None:
        """Show these rooms, of which one is ``shown``; ``listed`` tells whether the server has several.

        ``more``: it has further ones than these.
        """
        for model in (self._rooms, self._private):
            model.set_rooms(rooms, shown, has_draft, more=more)
        for part in (self._settings, self._create, self._private_heading):
            part.setVisible(listed)

    def show_presence(self, presence: Mapping[str, str], others: str | None) -> None:
        """Show who of those written to in private is there; see ``RoomsModel``."""
        self._private.set_presence(presence, others)

    def _list(self, theme: Theme, model: RoomsModel, name: str) -> RoomList:
        made = RoomList(theme, model, name)
        made.chosen.connect(self.chosen)
        made.menu_requested.connect(self.menu_requested)
        made.more_requested.connect(self.more_requested)
        return made


class _Heading(QWidget):
    def __init__(self, theme: Theme, title: str, *buttons: IconButton) -> None:
        super().__init__()
        self._theme = theme
        layout = QHBoxLayout(self)
        set_margins(layout, _SIDE, _ABOVE, _BUTTON_MARGIN, 0)
        layout.setSpacing(4)
        layout.addWidget(Label(theme, title, font="small", weight=SEMIBOLD, role="text-muted"))
        layout.addStretch(1)
        for button in buttons:
            layout.addWidget(button)
        theme.changed.connect(self._apply_theme)
        self._apply_theme()

    def _apply_theme(self) -> None:
        self.setFixedHeight(self._theme.px(self._theme.tokens["size"]["sectionHeading"]) + _ABOVE)
