"""A chat one is in: the client tells what is new, and models and screen are brought up to date."""

import asyncio
from datetime import date

from PySide6.QtCore import QObject, Signal

from chatdesk.client.changes import (
    Appended,
    Change,
    Confirmed,
    Discarded,
    DraftRestored,
    Jumped,
    NewestChanged,
    NewMessage,
    NoticeReceived,
    NotSent,
    Online,
    PeopleChanged,
    PeopleReset,
    Prepended,
    RoomChanged,
    SearchChanged,
    Sending,
    StatusChanged,
    TranscriptReset,
    TypingChanged,
    UnreadChanged,
)
from chatdesk.client.client import ChatClient
from chatdesk.client.search import SearchResults
from chatdesk.client.store import ClientStore
from chatdesk.desktop.accessibility.announce import announce
from chatdesk.desktop.accessibility.message_announcer import MessageAnnouncer
from chatdesk.desktop.date_format import day_start
from chatdesk.desktop.models.people import PeopleModel
from chatdesk.desktop.models.search_hits import SearchHitsModel
from chatdesk.desktop.models.timeline import TimelineModel
from chatdesk.desktop.screen_state import chat_name, show_state
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.chat.chat_screen import ChatScreen
from chatdesk.protocol.events import HISTORY_DELETED
from chatdesk.protocol.text import isolated

_DELETED = "You have deleted the history."
_UNSENT = (Sending, Confirmed, NotSent, Discarded)


class Conversation(QObject):
    """Client, models and screen of one chat.

    ``page_url`` is the address that others are given; ``token`` is there when this window hosts; then ``kept`` tells
    whether what is said outlives it. ``arrived`` tells that the chat has been joined for the first time, ``noticed``
    what the server says to the person, ``counted`` how many people are here.
    """

    first_joined = Signal()
    notice_received = Signal(str)
    user_count_updated = Signal(object)

    def __init__(
        self,
        theme: Theme,
        socket_url: str,
        page_url: str,
        nickname: str,
        *,
        token: str | None = None,
        store: ClientStore | None = None,
        kept: bool = True,
    ) -> None:
        super().__init__()
        self.page_url = page_url
        self.hosting = token is not None
        self._persistent = kept
        self.client = ChatClient(socket_url, nickname, token=token, store=store, on_changes=self._apply)
        self.timeline = TimelineModel(self.client.state)
        self.people = PeopleModel()
        self.search_hits = SearchHitsModel()
        self.screen = ChatScreen(theme, self.timeline, self.people, self.search_hits, hosting=self.hosting)
        self._announcer = MessageAnnouncer(self.screen)
        self.screen.composer.edit.textChanged.connect(self._announcer.note_key)
        self.screen.composer.edit.textChanged.connect(self._save_draft)
        self.joined = False
        """Whether one has been in it."""
        self.left = False
        """Whether the person has had enough of it."""
        self._rejoin = asyncio.Event()

    @property
    def name(self) -> str:
        """What the chat is called."""
        return chat_name(self.client.state)

    async def run(self) -> None:
        """Be in the chat until the person leaves it, or until it cannot be joined in the first place."""
        while True:
            await self.client.run()
            if not self.joined or not await self._wait_for_rejoin():
                return

    def join_again(self) -> None:
        """After the chat has ended for this window, try once more."""
        self._rejoin.set()

    def leave(self) -> None:
        """Go, for good."""
        self.left = True
        self.client.stop()
        self._rejoin.set()

    def edit_refused(self, message_id: str) -> None:
        """Put what was refused back into the composer."""
        if content := self.client.withdraw(message_id):
            self.screen.composer.prepend_message(content)

    # What a reader wants

    def load_older(self) -> None:
        """Load what was said before, from memory or else from the server."""
        if not self.timeline.load_older():
            self.client.load_older()

    def load_newer(self) -> None:
        """Load what was said next."""
        if not self.timeline.load_newer():
            self.client.load_newer()

    def show_latest(self) -> None:
        """Go to the newest message."""
        if self.timeline.behind:
            self.client.go_to_latest()
        else:
            self.screen.timeline.scroll_to_end()

    def show_unread(self) -> None:
        """Go to where what is new begins."""
        if unread := self.client.state.unread:
            self.client.go_to(unread.after + 1)

    def show_day(self, day: date) -> None:
        """Go to the first message from this day on."""
        self.client.go_to_moment(day_start(day))

    def refresh_times(self) -> None:
        """It is another day, or another time zone: say again when everything was."""
        self.timeline.refresh_times()
        self.search_hits.refresh_times()
        self.screen.date_pill.update_day_name()

    def search(self, query: str) -> None:
        """Look for these words; for nothing, and what was found is put away."""
        self.screen.show_search_panel(bool(query))
        self.client.search(query)

    def set_active(self, watched: bool) -> None:
        """Whether the person looks at this window, and not elsewhere."""
        if watched:
            self.client.mark_present()
            self.client.mark_read(self.screen.timeline.read_tracker.last_seen)
        else:
            self.client.mark_away()

    async def _wait_for_rejoin(self) -> bool:
        """Wait for the person, who can join again, or leave."""
        if not self.left:
            self._rejoin.clear()
            await self._rejoin.wait()
        return not self.left

    # What is new

    def _apply(self, changes: list[Change]) -> None:
        joined = self.joined
        for change in changes:
            self._apply_one(change)
        if any(isinstance(change, _UNSENT) for change in changes):
            self.timeline.update_outbox()
        if any(isinstance(change, Sending) for change in changes):
            self.show_latest()
        if self.joined and not joined:
            self.screen.timeline.open_at_unread()
        self._show_state()

    def _apply_one(self, change: Change) -> None:
        state, screen = self.client.state, self.screen
        match change:
            case Appended():
                self.timeline.append_newest(following=screen.timeline.following)
            case NewestChanged():
                self.timeline.newest_changed.emit()
            case NewMessage(message=message):
                self._announcer.add(message)
            case Prepended():
                self.timeline.load_older()
            case TranscriptReset():
                self.timeline.reset_history()
            case Jumped(seq=seq):
                self._jump(seq)
            case UnreadChanged():
                self.timeline.update_unread()
            case SearchChanged():
                self._show_search(state.search)
            case PeopleReset() | RoomChanged():
                self.people.set_people(state.people.values(), state.nickname)
            case PeopleChanged(joined=joined, left=left, more=more):
                self.people.apply_changes(joined, left)
                if joined or left or more:
                    self.timeline.add_presence([person.nickname for person in joined], left, more)
            case NotSent(entry=entry) if self.joined:
                announce(screen, f"Not sent. {isolated(entry.error or '')}")
            case DraftRestored(text=text):
                screen.composer.restore_draft(text)
                self._save_draft()
            case TypingChanged():
                screen.typing_indicator.set_names([state.short_name(nickname) for nickname in state.typing])
            case NoticeReceived(sentence=sentence):
                self.notice_received.emit(_DELETED if self.hosting and sentence == HISTORY_DELETED else sentence)
            case StatusChanged(status=Online()) if not self.joined:
                self.joined = True
                self.first_joined.emit()

    def _save_draft(self) -> None:
        self.client.set_draft(self.screen.composer.edit.text)

    def _jump(self, seq: int | None) -> None:
        """The client has what somebody wanted to see."""
        place = None if seq is None else self.timeline.show_around(seq)
        if place is not None:
            self.screen.uncover_timeline()
            self.screen.timeline.show_message(place)
            return
        if self.timeline.behind:
            self.timeline.show_latest()
        self.screen.timeline.scroll_to_end()

    def _show_search(self, found: SearchResults) -> None:
        """What was found before stays until there is an answer."""
        if not found.busy or found.hits:
            self.search_hits.set_hits(found.query, found.hits)
        self.screen.search_panel.show_results(found)

    def _show_state(self) -> None:
        state = self.client.state
        show_state(self.screen, state, hosting=self.hosting, kept=self._persistent)
        self.user_count_updated.emit(state.user_count)
        self.people.set_online(state.online)
