"""One chat in the window: applies the client's changes to models and screen."""

import asyncio
from datetime import date

from PySide6.QtCore import QObject, Signal

from chatdesk.client.changes import (
    AdmissionChanged,
    Appended,
    Change,
    Confirmed,
    Discarded,
    DraftRestored,
    EditRefused,
    Ended,
    FoundPeopleChanged,
    Jumped,
    MessageUpdated,
    NewestChanged,
    NewMessage,
    NoticeReceived,
    NotificationsChanged,
    NotSent,
    Online,
    OrderChanged,
    PaceChanged,
    PasswordAsked,
    PinsChanged,
    Prepended,
    QuotesChanged,
    ReactorsChanged,
    ReadersChanged,
    ReceiptSettingsChanged,
    RoomChanged,
    RoomOpened,
    SearchChanged,
    Sending,
    Status,
    StatusChanged,
    TranscriptReset,
    TypingChanged,
    UnreadChanged,
    Waits,
)
from chatdesk.client.client import ChatClient
from chatdesk.client.message_links import message_link
from chatdesk.client.saved_state import ClientStore
from chatdesk.client.search import SearchResults
from chatdesk.desktop.accessibility.announce import announce
from chatdesk.desktop.accessibility.message_announcer import MessageAnnouncer
from chatdesk.desktop.date_format import day_start
from chatdesk.desktop.drafts import Drafts
from chatdesk.desktop.entry_question import AskForEntry, nothing, take_entry
from chatdesk.desktop.idle_timer import IdleTimer
from chatdesk.desktop.models.people import PeopleModel
from chatdesk.desktop.models.quotes import words_of
from chatdesk.desktop.models.search_hits import SearchHitsModel
from chatdesk.desktop.models.timeline import TimelineModel
from chatdesk.desktop.screen_state import chat_name, concerns_people, concerns_rooms, show_changes, show_rooms
from chatdesk.desktop.shown_people import ShownPeople
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.chat.chat_screen import ChatScreen
from chatdesk.protocol.events import Message, SystemCode
from chatdesk.protocol.text import isolated, one_line

_TITLE_CHARS = 64
"""A longer name of a room is no name that a server of ours gives."""
_DELETED = "You have deleted the history."
_UNSENT = (Sending, Confirmed, NotSent, Discarded, Waits)


class Conversation(QObject):
    """Client, models and screen of one chat.

    ``page_url`` is the address given to others. ``token`` is set if this window hosts; ``stored`` then tells
    whether the history is. ``first_joined`` is emitted once, ``notice_received`` carries a sentence from the server.
    When it may have changed, ``nickname_known`` carries the person's nickname, ``user_count_updated`` the number of
    people, ``unread_updated`` how many messages of all rooms wait for the person. Others: see the client.
    """

    first_joined = Signal()
    nickname_known = Signal(str)
    notice_received = Signal(str)
    notifications_changed = Signal()
    user_count_updated = Signal(object)
    found_people_changed = Signal()
    reactors_changed = Signal()
    rooms_changed = Signal()
    order_changed = Signal()
    pace_changed = Signal()
    readers_changed = Signal()
    receipt_settings_changed = Signal()
    unread_updated = Signal(object)
    key_changed = Signal(object)
    status_changed = Signal(object)
    admission_changed = Signal()
    password_asked = Signal(object)

    def __init__(
        self,
        theme: Theme,
        socket_url: str,
        page_url: str,
        nickname: str,
        *,
        token: str | None = None,
        store: ClientStore | None = None,
        stored: bool = True,
        authority: bytes = b"",
    ) -> None:
        super().__init__()
        self.socket_url, self.page_url = socket_url, page_url
        self.hosting = token is not None
        self._stored = stored
        self.client = ChatClient(
            socket_url, nickname, token=token, store=store, authority=authority, on_changes=self._apply
        )
        self.timeline = TimelineModel(self.client.state)
        self.people = PeopleModel()
        self._shown_people = ShownPeople(self.client.state, self.people, self.timeline)
        self.search_hits = SearchHitsModel()
        self.screen = ChatScreen(theme, self.timeline, self.people, self.search_hits, hosting=self.hosting)
        self._room = ""
        self._announcer = MessageAnnouncer(self.screen)
        self.screen.composer.edit.textChanged.connect(self._announcer.note_key)
        self.drafts = Drafts(self.client, self.screen.composer)
        self.joined = False
        """Whether the chat has been joined at least once."""
        self.left = False
        """Whether the person has left for good."""
        self._idle_timer = IdleTimer(self.client.presence)
        self._rejoin = asyncio.Event()
        self.ask_for_entry: AskForEntry = nothing

    @property
    def name(self) -> str:
        """The chat's name."""
        return chat_name(self.client.state)

    async def run(self) -> None:
        """Run the client until the person leaves, or until the first join fails."""
        while True:
            await self.client.run()
            if self.client.admission.comes_back():
                continue
            if self.joined and not await self._wait_for_rejoin():
                return
            if await take_entry(self.client.state, self.ask_for_entry) or self.joined:
                continue
            if not self.client.admission.waits_again():
                return

    def join_again(self) -> None:
        """Join again after the connection has ended for good, as after being removed."""
        self._rejoin.set()

    def leave(self) -> None:
        """Leave for good."""
        self.left = True
        self.client.stop()
        self._rejoin.set()

    def show_room(self, name: str) -> None:
        """Show this room, which is entered if need be, for the person to write there."""
        self.client.rooms.show(name)
        self.screen.columns.close_drawer()
        self.screen.setFocus()
        announce(self.screen, isolated(self._room_title(name)))

    def load_older(self) -> None:
        """Load older messages, from the client's state or else from the server."""
        if not self.timeline.load_older():
            self.client.load_older()

    def load_newer(self) -> None:
        """Load newer messages, after a jump back."""
        if not self.timeline.load_newer():
            self.client.load_newer()

    def show_latest(self) -> None:
        """Go to the newest message; what the person has marked as unread counts as seen from then on."""
        if self.timeline.behind or self.client.state.shown.read_position.held:
            self.client.go_to_latest()
        else:
            self.screen.timeline.scroll_to_end()

    def show_unread(self) -> None:
        """Go to the first unread message."""
        if unread := self.client.state.shown.read_position.divider:
            self.client.go_to(unread.after + 1)

    def show_day(self, day: date) -> None:
        """Go to the first message on or after this day."""
        self.client.go_to_moment(day_start(day))

    def refresh_times(self) -> None:
        """Update all texts with dates and times: the date or the time zone has changed."""
        self.timeline.refresh_times()
        self.search_hits.refresh_times()
        self.screen.date_pill.update_day_name()

    def go_to_message(self, message: Message) -> None:
        """Show a message that was found, in its room."""
        self.go_to(message.room, message.seq)

    def follow(self, url: str) -> bool:
        """Go to the message that a link leads to; False if it leads out of this chat."""
        place = message_link(url, self.page_url)
        if place:
            self.go_to(*place)
        return place is not None

    def go_to(self, room: str, seq: int) -> None:
        """Show this message of a room; by default of the one that is shown."""
        if room:
            self.client.rooms.show(room)
        self.client.go_to(seq)

    def search(self, query: str) -> None:
        """Search all rooms for these words; an empty query closes the results."""
        self.screen.show_search_panel(bool(query))
        self.client.search(query)

    def set_active(self, active: bool) -> None:
        """Set whether this is the active window; only then are messages marked as read.

        Somebody who has not come back to it for five minutes is away.
        """
        if active:
            self._idle_timer.stop()
            self.client.presence.set_idle(False)
            self.client.mark_present()
            self.client.mark_read(self.screen.timeline.read_tracker.last_seen)
        else:
            self._idle_timer.start()
            self.client.mark_away()

    async def _wait_for_rejoin(self) -> bool:
        """Wait until the person joins again or leaves; returns whether to join again."""
        if not self.left:
            self._rejoin.clear()
            await self._rejoin.wait()
        return not self.left

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
            self.drafts.show()
        show_changes(self.screen, self.client.state, changes, hosting=self.hosting, stored=self._stored)
        if concerns_rooms(changes):
            show_rooms(self.screen, self.client.state, self.client.rooms.has_draft, hosting=self.hosting)
            self.unread_updated.emit(self.client.state.unread)
            self.rooms_changed.emit()
        if concerns_people(changes):
            self.user_count_updated.emit(self.client.state.shown.people.count)

    def _apply_one(self, change: Change) -> None:
        state, screen = self.client.state, self.screen
        match change:
            case StatusChanged(status=Ended(untrusted=True)) if self.joined:
                self.key_changed.emit(self)
            case Appended():
                self.timeline.append_newest(following=screen.timeline.following)
            case NewestChanged():
                self.timeline.newest_changed.emit()
            case NewMessage(message=message):
                self._announcer.add(message)
            case Prepended():
                self.timeline.load_older()
            case TranscriptReset():
                self._reset_timeline()
            case MessageUpdated(message=message):
                self.timeline.update_message(message)
            case QuotesChanged(seqs=seqs):
                self.timeline.update_quotes(seqs)
                self.drafts.quotes_changed(seqs)
            case PinsChanged():
                self._show_pins()
            case EditRefused(seq=seq):
                self.drafts.edit_refused(seq)
            case Jumped(seq=seq):
                self._jump_to(seq)
            case RoomOpened(room=room):
                self.show_room(room)
            case UnreadChanged():
                self.timeline.update_unread()
            case SearchChanged():
                self._show_search(state.search.results)
            case NotSent(entry=entry) if self.joined:
                announce(screen, f"Not sent. {isolated(entry.error or '')}")
            case DraftRestored(text=text):
                self.drafts.restore(text)
            case TypingChanged():
                self._show_typing()
            case NoticeReceived(sentence=sentence, code=code):
                own = self.hosting and code == SystemCode.HISTORY_DELETED
                self.notice_received.emit(_DELETED if own else sentence)
            case StatusChanged(status=status):
                self._show_status(status)
            case RoomChanged():
                self._shown_people.show()
                if self.joined:
                    self.nickname_known.emit(state.nickname)
            case FoundPeopleChanged():
                screen.sidebar.people_panel.show_found(state.shown.people_search.found)
                self.found_people_changed.emit()
            case _:
                self._shown_people.apply(change)
                self._tell(change)

    def _tell(self, change: Change) -> None:
        """Tell others of a change that means nothing to the screen itself."""
        match change:
            case NotificationsChanged():
                self.notifications_changed.emit()
            case ReactorsChanged():
                self.reactors_changed.emit()
            case OrderChanged():
                self.order_changed.emit()
            case PaceChanged():
                self.pace_changed.emit()
            case ReadersChanged():
                self.readers_changed.emit()
            case ReceiptSettingsChanged():
                self.receipt_settings_changed.emit()
            case AdmissionChanged():
                self.admission_changed.emit()
            case PasswordAsked():
                self.password_asked.emit(change)

    def _show_status(self, status: Status) -> None:
        self.status_changed.emit(status)
        self.people.set_online(self.client.state.online)
        if isinstance(status, Online) and not self.joined:
            self.joined = True
            self.first_joined.emit()

    def _show_typing(self) -> None:
        people = self.client.state.shown.people
        self.screen.typing_indicator.set_names([people.short_name(nickname) for nickname in people.typing])

    def _reset_timeline(self) -> None:
        """Show the messages of the room; if it is another than before, also what is pinned and written there."""
        rooms, shown = self.client.state.rooms, self.client.state.shown
        before, self._room = self._room, shown.name
        if before == self._room:
            self.timeline.reset_history()
            self.drafts.log_changed()
            return
        if before in rooms:
            rooms[before].people.show(False)
        shown.people.show(True)
        self.screen.timeline.open_room()
        self.client.acts.show_pins()
        self._show_pins()
        if before:
            self.drafts.show()

    def _show_pins(self) -> None:
        pinned = self.client.acts.pinned
        self.screen.pinned_bar.show_pins(len(pinned), words_of(pinned[0]) if pinned else "")
        self.screen.pins_card.show_pins(pinned)

    def _jump_to(self, seq: int | None) -> None:
        """Scroll to a message that the client has loaded; to the newest one for None."""
        position = None if seq is None else self.timeline.show_around(seq)
        if position is not None:
            self.screen.uncover_timeline()
            self.screen.timeline.show_message(position)
            return
        if self.timeline.behind:
            self.timeline.show_latest()
        self.screen.timeline.scroll_to_end()
        self.client.mark_read(self.screen.timeline.read_tracker.last_seen)

    def _room_title(self, room: str) -> str:
        """What a room is called in lists."""
        return one_line(self.client.state.list.title_of(room), _TITLE_CHARS)

    def _show_search(self, found: SearchResults) -> None:
        """Show the results; those of the query before stay until there is an answer."""
        if not found.busy or found.hits:
            self.search_hits.set_results(found, self._room_title, self.client.state.shown.name)
        self.screen.search_panel.show_results(found)
