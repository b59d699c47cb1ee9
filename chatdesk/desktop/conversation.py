"""A chat one is in: the client tells what is new, and models and screen are brought up to date."""

import asyncio

from PySide6.QtCore import QObject, Signal

from chatdesk.client.changes import (
    Appended,
    Change,
    Confirmed,
    Connecting,
    Discarded,
    Ended,
    Noticed,
    NotSent,
    Online,
    PeopleChanged,
    PeopleReset,
    Prepended,
    RoomChanged,
    Sending,
    StartedOver,
    StatusChanged,
    TypingChanged,
)
from chatdesk.client.client import ChatClient
from chatdesk.desktop.models.people import PeopleModel
from chatdesk.desktop.models.timeline import TimelineModel
from chatdesk.desktop.text import count, isolated
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.chat_screen import ChatScreen

_UNSENT = (Sending, Confirmed, NotSent, Discarded)


class Conversation(QObject):
    """Client, models and screen of one chat.

    ``page_url`` is the address that others are given; ``token`` is there when this window hosts. ``arrived`` tells that
    the chat has been joined for the first time, ``noticed`` what the server says to the person, ``counted`` how many
    people are here.
    """

    arrived = Signal()
    noticed = Signal(str)
    counted = Signal(int)

    def __init__(
        self,
        theme: Theme,
        socket_url: str,
        page_url: str,
        nickname: str,
        *,
        token: str | None = None,
    ) -> None:
        super().__init__()
        self.page_url = page_url
        self.hosting = token is not None
        self.client = ChatClient(socket_url, nickname, token=token, on_changes=self._take)
        self.timeline = TimelineModel(self.client.state)
        self.people = PeopleModel()
        self.screen = ChatScreen(theme, self.timeline, self.people, hosting=self.hosting)
        self.joined = False
        """Whether one has been in it."""
        self.left = False
        """Whether the person has had enough of it."""
        self._again = asyncio.Event()
        if self.hosting:
            self.screen.sidebar.plate.set_url(page_url)
            self.screen.empty.set_url(page_url)

    @property
    def name(self) -> str:
        """What the chat is called."""
        server = self.client.state.server
        return server.name if server else "ChatDesk"

    async def run(self) -> None:
        """Be in the chat until the person leaves it, or until it cannot be joined in the first place."""
        while True:
            await self.client.run()
            if not self.joined or not await self._wanted_again():
                return

    def join_again(self) -> None:
        """After the chat has ended for this window, try once more."""
        self._again.set()

    def leave(self) -> None:
        """Go, for good."""
        self.left = True
        self.client.stop()
        self._again.set()

    def show_older(self) -> None:
        """Load what was said before, from memory or else from the server."""
        if not self.timeline.show_older():
            self.client.load_older()

    async def _wanted_again(self) -> bool:
        """Wait for the person, who can join again, or leave."""
        if not self.left:
            self._again.clear()
            await self._again.wait()
        return not self.left

    # What is new

    def _take(self, changes: list[Change]) -> None:
        for change in changes:
            self._take_one(change)
        if any(isinstance(change, _UNSENT) for change in changes):
            self.timeline.take_outbox()
        if any(isinstance(change, Sending) for change in changes):
            self.screen.timeline.jump_to_latest()
        self._show_state()

    def _take_one(self, change: Change) -> None:
        state, screen = self.client.state, self.screen
        match change:
            case Appended():
                self.timeline.take_newer(following=screen.timeline.following)
            case Prepended():
                self.timeline.show_older()
            case StartedOver():
                self.timeline.start_over()
            case PeopleReset() | RoomChanged():
                self.people.show(state.people.values(), state.nickname)
            case PeopleChanged(joined=joined, left=left):
                self.people.change(joined, left)
                self.timeline.take_comings([person.nickname for person in joined], left)
            case TypingChanged():
                screen.typing.set_names(state.typing)
            case Noticed(sentence=sentence):
                self.noticed.emit(sentence)
            case StatusChanged(status=Online()) if not self.joined:
                self.joined = True
                self.arrived.emit()

    def _show_state(self) -> None:
        state, screen = self.client.state, self.screen
        screen.banner.show_status(state.status, state.outbox.waiting)
        screen.sidebar.place.set_chat(self.name, self._status(), lit=state.online)
        screen.sidebar.people.set_count(state.user_count, hosting=self.hosting)
        screen.sidebar.me.set_me(state.nickname, self._own_status(), online=state.online)
        screen.top_bar.set_room(state.room, f"You are {isolated(state.nickname)} in {isolated(self.name)}")
        screen.top_bar.set_people(state.user_count)
        self.counted.emit(state.user_count)
        screen.empty.set_people(state.user_count)
        screen.empty.set_open(state.online)
        self.people.set_reachable(state.online)
        screen.show_empty(not state.messages and not any(True for _ in state.outbox))
        if state.limits:
            screen.composer.set_limit(state.limits.content_chars)
        alone = self.hosting and state.user_count <= 1 and not state.messages
        screen.composer.set_hint("Write a first message. It waits for them." if alone else f"Message {state.room}")

    def _status(self) -> str:
        state = self.client.state
        if isinstance(state.status, Ended):
            return "Closed"
        if not state.online:
            return "Connecting" if isinstance(state.status, Connecting) else "Not connected"
        if self.hosting:
            people = count(state.user_count, "person", "people")
            return f"Hosting for {people}" if state.user_count > 1 else "Open, nobody else yet"
        host = isolated(state.server.host) if state.server else ""
        return f"{host} hosts, {state.user_count} here" if host else f"Open, {state.user_count} here"

    def _own_status(self) -> str:
        if self.hosting:
            return "You, hosting"
        return "You" if self.client.state.online else "You, offline"
