"""Where a person goes by keys: the switcher, the rooms above and below, and the sheet of all keys."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from chatdesk.client.room_list import RoomSummary
from chatdesk.client.switcher import SwitcherAction, SwitcherRow, switcher_rows
from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.dialogs.keys import KeysSheet
from chatdesk.desktop.dialogs.switcher import Switcher
from chatdesk.desktop.theme import Theme

NamedAction = tuple[SwitcherAction, Callable[[], object]]


class NavigationController(QObject):
    """Works on one conversation at a time. ``actions`` returns what the switcher can do besides."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__()
        self._conversation: Conversation | None = None
        self.actions: Callable[[Conversation], Sequence[NamedAction]] = lambda _conversation: ()
        self.switcher = Switcher(theme, window, self._rows)
        self.keys = KeysSheet(theme, window)
        self.switcher.chosen.connect(self._go)
        self.switcher.typed.connect(self._find)
        shortcuts: tuple[tuple[str, Callable[[], object]], ...] = (
            ("Ctrl+K", self.toggle_switcher),
            ("Ctrl+/", self.show_keys),
            ("Ctrl+.", self._pick_emoji),
            ("Alt+Up", partial(self._step, -1)),
            ("Alt+Down", partial(self._step, 1)),
            ("Alt+Shift+Up", partial(self._step, -1, unread=True)),
            ("Alt+Shift+Down", partial(self._step, 1, unread=True)),
        )
        for keys, act in shortcuts:
            QShortcut(QKeySequence(keys), window, act)

    def set_conversation(self, conversation: Conversation | None) -> None:
        """Set the conversation to work on; None when there is none."""
        self._conversation = conversation
        if conversation:
            conversation.rooms_changed.connect(self.switcher.refresh)
        self.switcher.dismiss()
        self.keys.dismiss()

    def toggle_switcher(self) -> None:
        """Show the switcher, or close it."""
        if not self.switcher.isHidden():
            self.switcher.dismiss()
        elif self._conversation and self._conversation.joined:
            self.switcher.show_switcher()

    def show_keys(self) -> None:
        """Show all keys."""
        if self.keys.isHidden():
            self.switcher.dismiss()
            self.keys.show_keys()

    def _pick_emoji(self) -> None:
        if self._conversation and self.switcher.isHidden() and self.keys.isHidden():
            self._conversation.screen.composer.emoji_button.click()

    def _find(self, typed: str) -> None:
        """Search the server, too: not all rooms may be in the list."""
        if self._conversation:
            self._conversation.client.rooms.find(typed)

    def _rows(self, typed: str) -> list[SwitcherRow]:
        if self._conversation is None:
            return []
        state = self._conversation.client.state
        others = [person for person in state.shown.people.here.values() if not state.is_mine(person)]
        actions = [action for action, _ in self.actions(self._conversation)]
        rooms = [*state.summaries(), *state.found_rooms()]
        return switcher_rows(typed, rooms, others, actions, state.shown.name)

    def _go(self, row: SwitcherRow) -> None:
        conversation = self._conversation
        if conversation is None:
            return
        if row.kind == "room":
            conversation.show_room(row.target)
        elif row.kind == "person":
            conversation.client.rooms.open_private(f"@{row.target}" if row.person and row.person.author else row.target)
        elif row.kind == "search":
            conversation.screen.open_search()
            conversation.screen.top_bar.search_field.setText(row.target)
        else:
            acts = {action.name: act for action, act in self.actions(conversation)}
            acts[row.target]()

    def _step(self, step: int, *, unread: bool = False) -> None:
        """Show the room above or below in the list, or the next one with something unread."""
        conversation = self._conversation
        if conversation is None or not self.switcher.isHidden():
            return
        state, shown = conversation.client.state, conversation.client.state.shown.name
        # One that is being entered is shown before it is joined.
        rooms = [room for room in state.summaries() if room.name == shown or (room.joined and not room.archived)]
        names = [room.name for room in rooms]
        start = names.index(shown) if shown in names else 0
        others = [rooms[(start + step * distance) % len(rooms)] for distance in range(1, len(rooms))]
        wanted = next((room for room in others if not unread or _asks(room)), None)
        if wanted:
            conversation.show_room(wanted.name)


def _asks(room: RoomSummary) -> bool:
    return room.counts and bool(room.unread or room.mentions)
