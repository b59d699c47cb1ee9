"""The start screen: the nickname for both, then two cards, Host and Join."""

from datetime import date

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from chatdesk.desktop.settings import RecentChat
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import IconButton
from chatdesk.desktop.widgets.common.field import Field
from chatdesk.desktop.widgets.common.icon import Icon
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.scroll_bar import ScrollBar
from chatdesk.desktop.widgets.start.found_chats import MIN_ROWS
from chatdesk.desktop.widgets.start.host_card import HostCard
from chatdesk.desktop.widgets.start.join_card import JoinCard
from chatdesk.desktop.widgets.start.nickname_edit import NicknameEdit
from chatdesk.discovery.found_host import FoundHost
from chatdesk.protocol.errors import ProtocolError
from chatdesk.protocol.names import clean_nickname

# Pixels of the design, at 100 percent text.
_SIDE = 32
_GAP = 20
_STACKED_BELOW = 760
"""Width in pixels, at 100 percent text, below which the cards stand one above the other."""

_STACKED_ROWS = 4
"""Found chats that are seen at once where the cards stack: there the screen scrolls, and the card may be higher."""

_STRETCHES = (384, 432)
"""How the width is shared between nickname and hint, and between Host and Join: the widths in the design."""

_NAME_HEIGHT = 48


class StartScreen(QScrollArea):
    """Emits ``host`` with the room's name, ``join`` with an address or a code, ``join_found`` with a FoundHost.

    The last argument of each is a valid nickname. ``dark_requested`` carries whether the dark theme is wanted.
    """

    host = Signal(str, str)
    join = Signal(str, str)
    join_found = Signal(object, str)
    dark_requested = Signal(bool)
    settings_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._name = Field(
            theme,
            "Your name",
            placeholder="What the others call you",
            height=_NAME_HEIGHT,
            font="title",
            edit=NicknameEdit(theme),
        )
        hint = "Everyone in the room sees it.\nChatDesk remembers it."
        self._hint = Label(theme, hint, font="label", weight=400, role="text-muted", wrap=True)
        self._join_again = False
        self._host_card = HostCard(theme)
        self.join_card = JoinCard(theme)
        self._dark = IconButton(theme, "moon", "Dark theme")
        self._settings = IconButton(theme, "sliders", "Settings")
        self._name_row = _row(self._name, self._hint)
        for part in (self._name, self._hint):
            self._name_row.setAlignment(part, Qt.AlignmentFlag.AlignTop)
        self._cards = _row(self._host_card, self.join_card)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        ScrollBar(theme, self)
        self.setWidget(self._content())
        self._arrange()
        self._name.edit.returnPressed.connect(self._nickname_submitted)
        self._host_card.host.connect(self._host)
        self.join_card.join.connect(self._join)
        self.join_card.found_chats.chosen.connect(self._join_found)
        self._dark.clicked.connect(self._request_dark)
        self._settings.clicked.connect(self.settings_requested)
        theme.changed.connect(self._apply_theme)
        self._apply_theme()

    def prefill(self, nickname: str, room: str, recents: list[RecentChat], today: date) -> None:
        """Fill in the values of the last time."""
        self.set_nickname(nickname)
        self.set_room_name(room)
        self.join_card.set_recents(recents, today)

    def set_nickname(self, nickname: str) -> None:
        """Set the text of the nickname's field."""
        self._name.edit.setText(nickname)

    def set_room_name(self, room: str) -> None:
        """Set the text of the field for the room's name."""
        self._host_card.set_room_name(room)

    def set_address(self, address: str) -> None:
        """Set the text of the address field in the Join card."""
        self.join_card.set_address(address)

    def set_busy(self, *, hosting: bool = False, joining: bool = False) -> None:
        """Disable everything while a room is being opened or joined; without arguments, enable it again."""
        busy = hosting or joining
        if busy:
            self._join_again = False
            self._name.set_error("")
            self._host_card.set_error("")
            self.join_card.set_error("")
        self._name.setEnabled(not busy)
        self._host_card.set_locked(busy, "Opening" if hosting else "Host")
        self.join_card.set_locked(busy, "Joining" if joining else "Join")

    def show_nickname_error(self, sentence: str, *, joining: bool = False) -> None:
        """Show an error below the nickname, and select the nickname; with ``joining``, Enter tries to join again."""
        self._join_again = joining
        self._name.set_error(sentence)
        self._name.edit.setFocus()
        self._name.edit.selectAll()

    def show_room_error(self, sentence: str) -> None:
        """Show below the room's name why hosting failed."""
        self._host_card.set_error(sentence)
        self._host_card.set_focus()

    def show_address_error(self, sentence: str) -> None:
        """Show below the address why joining failed."""
        self.join_card.set_error(sentence)
        self.join_card.set_focus()

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """Focus the nickname. A focus proxy would make Tab skip what comes after this widget."""
        self._name.edit.setFocus(reason)

    def sizeHint(self) -> QSize:
        return QSize(*self._theme.tokens["size"]["window"]["start"])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _content(self) -> QWidget:
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(_SIDE, 22, _SIDE, 20)
        layout.setSpacing(0)
        layout.addLayout(self._header())
        layout.addSpacing(16)
        label = Label(self._theme, "Your name", font="label")
        label.setBuddy(self._name.edit)
        layout.addWidget(label)
        layout.addSpacing(6)
        layout.addLayout(self._name_row)
        layout.addSpacing(_GAP)
        layout.addLayout(self._cards, 1)
        layout.addSpacing(14)
        layout.addWidget(Label(self._theme, "Nothing leaves this network.", font="small", role="text-muted"))
        return content

    def _header(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(Icon(self._theme, "mark", size=30))
        row.addWidget(Label(self._theme, "ChatDesk", font="title", size=17))
        row.addStretch(1)
        row.addWidget(self._dark)
        row.addWidget(self._settings)
        return row

    def _arrange(self) -> None:
        """Use two columns, or one where there is no room for two."""
        stacked = self.viewport().width() < self._theme.px(_STACKED_BELOW)
        direction = QBoxLayout.Direction.TopToBottom if stacked else QBoxLayout.Direction.LeftToRight
        for row, gap, stretches in ((self._name_row, 8, (0, 0)), (self._cards, _GAP, (1, 0))):
            row.setDirection(direction)
            row.setSpacing(gap if stacked else _GAP)
            for index, stretch in enumerate(stretches if stacked else _STRETCHES):
                row.setStretch(index, stretch)
        self.join_card.found_chats.set_min_rows(_STACKED_ROWS if stacked else MIN_ROWS)
        # The hint is centred beside the nickname's field, and stays there when an error appears below the field.
        self._hint.setMinimumHeight(0 if stacked else self._theme.px(_NAME_HEIGHT))

    def _nickname_submitted(self) -> None:
        """On Enter, join again if only the nickname was refused; else go on to the room's name."""
        if self._join_again:
            self.join_card.submit()
        else:
            self._host_card.set_focus()

    def _host(self, room: str) -> None:
        if nickname := self._nickname():
            self.host.emit(room, nickname)

    def _join(self, address: str) -> None:
        if nickname := self._nickname():
            self.join.emit(address, nickname)

    def _join_found(self, host: FoundHost) -> None:
        if nickname := self._nickname():
            self.join_found.emit(host, nickname)

    def _request_dark(self) -> None:
        self.dark_requested.emit(self._theme.name == "light")

    def _nickname(self) -> str:
        """Return the nickname as others will see it; empty, with an error shown, if it is not allowed."""
        try:
            return clean_nickname(self._name.text)
        except ProtocolError as error:
            self.show_nickname_error(error.content)
            return ""

    def _apply_theme(self) -> None:
        light = self._theme.name == "light"
        self._dark.set_icon("moon" if light else "sun")
        self._dark.set_name("Dark theme" if light else "Light theme")
        self._arrange()


def _row(first: QWidget, second: QWidget) -> QBoxLayout:
    row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
    row.addWidget(first)
    row.addWidget(second)
    return row
