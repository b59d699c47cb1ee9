"""A window without a network, with a simulated server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt
from PySide6.QtGui import QCursor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from chatdesk.app import host_beside_window
from chatdesk.client.changes import Change, Lost, Online, Status, UnreadChanged
from chatdesk.client.outbox import Outgoing
from chatdesk.client.read_position import Divider
from chatdesk.client.search import SearchResults
from chatdesk.config import ServerConfig
from chatdesk.desktop import wiring
from chatdesk.desktop.application import Application
from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.discovery_state import DiscoveryState
from chatdesk.desktop.settings import RecentChat, Settings
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.chat import connection_banner, countdown_ring
from chatdesk.desktop.widgets.common import scroll_bar
from chatdesk.protocol import events
from chatdesk.protocol.events import Message
from chatdesk.protocol.room_events import RoomInfo, Rooms
from tests.desktop.found_hosts import host
from tests.desktop.invitations import AT_CABLE, AT_WIFI, WIFI
from tests.gallery.content import GUEST, HOST, MESSAGES, PEOPLE, ROOMS, history, marked, users, welcome

_FAR = (5000, 5000)  # outside of any window
_HOUR = 3_600_000
"""In ms, for scroll bars: one that fades after a second would be in some pictures only, on a busy machine."""
_TURNS = 4
"""Turns of the event loop after which the layout is final."""


@dataclass(frozen=True, slots=True)
class Look:
    """The appearance of a window."""

    theme: str = "light"
    size: tuple[int, int] = (1200, 800)
    scale: float = 1.0
    leftwards: bool = False


class Stage:
    """A window with a look. ``monotonic`` is the clock of countdowns, in seconds."""

    def __init__(self, app: QApplication, folder: Path, look: Look) -> None:
        self.monotonic = 100.0
        QCursor.setPos(*_FAR)  # over nothing
        way = Qt.LayoutDirection.RightToLeft if look.leftwards else Qt.LayoutDirection.LeftToRight
        app.setLayoutDirection(way)
        self.theme = Theme(app, look.theme, look.scale)
        self.theme.tokens["motion"].update(quick=0, base=0, sheet=0)
        settings = Settings(folder / "settings.ini")
        self.application = Application(self.theme, settings, host_beside_window, ServerConfig(port=0))
        wiring.connect(self.application)
        self.window = self.application.window
        self._size = QSize(*look.size)
        self.conversation: Conversation | None = None

    @property
    def made(self) -> Conversation:
        """The current chat."""
        assert self.conversation
        return self.conversation

    async def settle(self) -> None:
        """Wait until the layout is final."""
        for _ in range(_TURNS):
            QApplication.processEvents()
            await asyncio.sleep(0)

    async def start(self, *found: tuple[str, str, int]) -> None:
        """Show the start screen with these chats nearby."""
        start = self.window.start
        recents = [RecentChat("Year 9 physics", "10.0.12.7:8080", date(2026, 11, 22))]
        recents.append(RecentChat("Mess deck", "172.16.0.4:8080", date(2026, 11, 12)))
        start.prefill(HOST, "Robotics Workshop", recents, date(2026, 11, 23))
        self.window.show_start()
        self.window.resize(self._size)
        start.join_card.show_state(DiscoveryState.FOUND if found else DiscoveryState.SEARCHING)
        start.join_card.searched_networks.show_networks([WIFI])
        asked = {2: ("password",)}
        hosts = [host(place, *chat, entry=asked.get(place, ())) for place, chat in enumerate(found, 1)]
        start.join_card.hosts.set_hosts(hosts)
        await self.settle()

    async def chat(
        self, *, hosting: bool = False, people: int = len(PEOPLE), messages: tuple[Message, ...] = MESSAGES
    ) -> None:
        """Enter the chat, as its host or as a guest."""
        made = await self.enter(hosting=hosting)
        self.hear(welcome(made.client.state.nickname, people), users(people), history(messages))
        self.be(Online())
        self.window.resize(self._size)
        await self.settle()

    async def enter(self, *, hosting: bool = False) -> Conversation:
        """Begin to enter the chat; nothing is heard of it yet."""
        nickname, token = (HOST, "token") if hosting else (GUEST, None)
        made = Conversation(self.theme, "ws://127.0.0.1:1/ws", "http://192.168.4.20:8080", nickname, token=token)
        self.conversation = self.application._conversation = made
        self.application.history.set_conversation(made)
        self.application.invitation.set_conversation(made)
        self.application.navigation.set_conversation(made)
        self.application.conversation_started.emit(made)
        made.screen.sidebar.address_card.set_invitation(AT_WIFI)
        made.screen.empty_room.set_invitation(AT_WIFI)
        self.window.resize(self._size)
        return made

    def hear(self, *heard: events.Event) -> None:
        """Receive an event from the server."""
        state = self.made.client.state
        self.take([change for event in heard for change in state.apply(event, self.monotonic)])

    def take(self, changes: list[Change]) -> None:
        """Pass changes to the window."""
        self.made._apply(changes)

    def be(self, status: Status) -> None:
        """Set the state of the connection."""
        self.take(self.made.client.state.set_status(status))

    def lose(self) -> None:
        """Lose the connection half a minute ago; two of the ten seconds until the next attempt are over."""
        self.theme.tokens["motion"]["base"] = 160
        self.take(self.made.client.state.disconnected())
        self.be(Lost(self.monotonic - 30, 3, self.monotonic + 10))
        self.monotonic += 2
        self.made.screen.banner._show_countdown()

    def join(self, *names: str) -> None:
        """Have these people join."""
        self.hear(
            *[
                events.UserJoined(name, MESSAGES[-1].timestamp, len(PEOPLE) + number)
                for number, name in enumerate(names, 1)
            ]
        )

    def leave(self, *names: str) -> None:
        """Have these people leave."""
        self.hear(*[events.UserLeft(name, MESSAGES[-1].timestamp, len(PEOPLE)) for name in names])

    def invite(self) -> None:
        """Open the invitation, with two networks."""
        sheet = self.application.invitation.sheet
        sheet.set_local_name("workshop.local")
        sheet.set_invitations((AT_WIFI, AT_CABLE), AT_WIFI)
        sheet.set_reached(True)
        sheet.show_sheet()

    def list_rooms(self, rooms: tuple[RoomInfo, ...] = ROOMS) -> None:
        """Hear of the rooms."""
        self.hear(Rooms(list(rooms), False))

    def search(self, words: str) -> None:
        """Show search hits."""
        screen = self.made.screen
        screen.open_search()
        screen.top_bar.search_field.setText(words)
        said = [message for message in reversed(MESSAGES) if words in message.content]
        hits = [events.Hit(message, marked(message.content, words)) for message in said]
        screen.show_search_panel(True)
        results = SearchResults(words, tuple(hits))
        self.made.search_hits.set_results(results, str, hits[0].message.room)
        screen.search_panel.show_results(results)

    def write(self, *words: str, refused: str = "") -> None:
        """Show messages that the host has not stored yet, and one that it refuses."""
        outbox = self.made.client.state.shown.outbox
        for number, content in enumerate((*words, refused) if refused else words):
            outbox.add(Outgoing(str(number), content, MESSAGES[-1].timestamp))
        if refused:
            outbox.fail(str(len(words)), "The host is away for lunch.")
        self.made.timeline.update_outbox()
        self.made.screen.timeline.scroll_to_end()

    def type(self, text: str) -> None:
        """Type into the composer."""
        self.made.screen.composer.setFocus()
        self.made.screen.composer.edit.insertPlainText(text)

    def be_new(self, after: int) -> None:
        """Make the messages after this one unread."""
        new = MESSAGES[after:]
        self.made.client.state.shown.read_position.divider = Divider(after, len(new), new[0].timestamp)
        self.take([UnreadChanged()])

    def point(self, place: int) -> None:
        """Move the pointer over a row of the timeline."""
        timeline = self.made.screen.timeline
        center = timeline.visualRect(timeline.model().index(place, 0)).center()
        QTest.mouseMove(timeline.viewport(), center)

    def picture(self) -> QImage:
        """Return the window, or the menu over it."""
        menu = next((menu for menu in self.window.findChildren(QMenu) if menu.isVisible()), None)
        return (menu or self.window).grab().toImage()


@asynccontextmanager
async def stage(app: QApplication, look: Look) -> AsyncIterator[Stage]:
    """Open a window for one picture."""
    with TemporaryDirectory() as folder, patch.object(scroll_bar, "_SHOWN_MS", _HOUR):
        made = Stage(app, Path(folder), look)
        try:
            with (
                patch.object(connection_banner, "monotonic", lambda: made.monotonic),
                patch.object(countdown_ring, "monotonic", lambda: made.monotonic),
            ):
                yield made
        finally:
            made.window.close()
            made.window.deleteLater()
            if made.conversation:
                made.conversation.screen.deleteLater()  # as long as one waits, the window does not have it yet
            for rest in (made.application, made.theme):  # the functions on their signals keep them alive
                rest.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # each style is set for all that exists
            await made.settle()
