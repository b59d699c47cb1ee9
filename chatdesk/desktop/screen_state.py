"""What the chat's screen says about the chat as a whole: own nickname, who is here, how the connection is."""

from collections.abc import Iterable

from chatdesk.client.changes import (
    Appended,
    Change,
    Confirmed,
    Connecting,
    Discarded,
    Ended,
    NotSent,
    PeopleChanged,
    PeopleListed,
    PeopleReset,
    PeopleUpdated,
    RoomChanged,
    Sending,
    StatusChanged,
    StorageChanged,
    TranscriptReset,
)
from chatdesk.client.state import ChatState
from chatdesk.desktop.text import pluralized
from chatdesk.desktop.widgets.chat.chat_screen import ChatScreen
from chatdesk.protocol.appearance import short_name
from chatdesk.protocol.text import isolated

_CHAT = {RoomChanged, StatusChanged, StorageChanged}
"""Changes that may concern all that the screen says."""
_PEOPLE = {PeopleChanged, PeopleListed, PeopleReset, PeopleUpdated}
_OUTBOX = {Confirmed, Discarded, NotSent, Sending}
_MESSAGES = {Appended, TranscriptReset}


def concerns_people(changes: Iterable[Change]) -> bool:
    """Return whether the number of people may have changed."""
    return not (_PEOPLE | _CHAT).isdisjoint(map(type, changes))


def chat_name(state: ChatState) -> str:
    """Return the chat's name."""
    return state.server.name if state.server else "ChatDesk"


def show_changes(
    screen: ChatScreen, state: ChatState, changes: Iterable[Change], *, hosting: bool, stored: bool
) -> None:
    """Update what these changes concern: most are messages, hundreds a second.

    ``stored``: the history of a hosted chat is stored.
    """
    kinds: set[type[Change]] = set(map(type, changes))
    chat = bool(kinds & _CHAT)
    people, messages = bool(kinds & _PEOPLE), bool(kinds & (_OUTBOX | _MESSAGES))
    if chat:
        _show_chat(screen, state, hosting=hosting, stored=stored)
    if chat or people:
        _show_people(screen, state, hosting=hosting)
    if chat or kinds & _OUTBOX:
        screen.banner.show_status(state.status, state.shown.outbox.waiting, state.storage_problem)
    if chat or messages:
        screen.show_empty(not state.shown.transcript.messages and not any(True for _ in state.shown.outbox))
    if chat or people or messages:
        screen.composer.set_hint(_hint(state, hosting=hosting))


def _show_chat(screen: ChatScreen, state: ChatState, *, hosting: bool, stored: bool) -> None:
    """Update the room, oneself, and what depends on the connection."""
    status = _own_status(state, hosting=hosting, stored=stored)
    screen.sidebar.user_bar.set_user(state.nickname, state.own.author, status, online=state.online)
    screen.sidebar.room_section.set_room(state.list.title_of(state.shown.name))
    topic = f"You are {isolated(state.nickname)} in {isolated(chat_name(state))}"
    screen.top_bar.set_room(state.list.title_of(state.shown.name), topic)
    screen.empty_room.set_open(state.online)
    if state.limits:
        screen.composer.set_max_chars(state.limits.content_chars)


def _show_people(screen: ChatScreen, state: ChatState, *, hosting: bool) -> None:
    people = state.shown.people
    screen.sidebar.header.set_chat(chat_name(state), _status(state, hosting=hosting), is_open=state.online)
    screen.sidebar.people_panel.set_count(people.count, listed=len(people.here), hosting=hosting)
    screen.top_bar.set_people(people.count)
    screen.empty_room.set_people(people.count)


def _hint(state: ChatState, *, hosting: bool) -> str:
    if hosting and state.shown.people.count <= 1 and not state.shown.transcript.messages:
        return "Write a first message. It waits for them."
    return f"Message {isolated(state.list.title_of(state.shown.name))}"


def _status(state: ChatState, *, hosting: bool) -> str:
    if isinstance(state.status, Ended):
        return "Closed"
    if not state.online:
        return "Connecting" if isinstance(state.status, Connecting) else "Not connected"
    if hosting:
        people = pluralized(state.shown.people.count, "person", "people")
        return f"Hosting for {people}" if state.shown.people.count > 1 else "Open, nobody else yet"
    host = isolated(short_name(state.server.host)) if state.server else ""
    return f"Hosted by {host}" if host else "Open"


def _own_status(state: ChatState, *, hosting: bool, stored: bool) -> str:
    if hosting:
        return "You, hosting" if stored else "You, hosting. Nothing is kept."
    return "You" if state.online else "You, offline"
