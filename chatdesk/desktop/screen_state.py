"""What the chat's screen says about the chat as a whole: own nickname, who is here, how the connection is."""

from collections.abc import Callable, Iterable

from chatdesk.client.changes import (
    Appended,
    Change,
    Confirmed,
    Connecting,
    Discarded,
    Ended,
    InRoom,
    NotSent,
    PeopleChanged,
    PeopleListed,
    PeopleReset,
    PeopleUpdated,
    RoomChanged,
    RoomsChanged,
    Sending,
    SignInRenewed,
    StatusChanged,
    StorageChanged,
    TranscriptReset,
    Waits,
)
from chatdesk.client.room_list import RoomSummary
from chatdesk.client.state import ChatState
from chatdesk.desktop.text import pluralized
from chatdesk.desktop.widgets.chat.chat_screen import ChatScreen
from chatdesk.desktop.widgets.chat.top_bar import RoomKind
from chatdesk.protocol.appearance import short_name
from chatdesk.protocol.events import User
from chatdesk.protocol.text import isolated, one_line

_CHAT = {RoomChanged, SignInRenewed, StatusChanged, StorageChanged}
"""Changes that may concern all that the screen says."""
_PEOPLE = {PeopleChanged, PeopleListed, PeopleReset, PeopleUpdated}
_OUTBOX = {Confirmed, Discarded, NotSent, Sending, Waits}
_MESSAGES = {Appended, TranscriptReset}
_ROOMS = {RoomChanged, RoomsChanged}
_STATUS_CHARS = 100
"""Longer than the server lets it be."""
_ARCHIVED = "This room is archived: it can be read, and nothing in it changes."


def concerns_people(changes: Iterable[Change]) -> bool:
    """Return whether the number of people may have changed."""
    return not (_PEOPLE | _CHAT).isdisjoint(map(type, changes))


def _concerns_people_elsewhere(changes: Iterable[Change]) -> bool:
    others = (change.changes for change in changes if isinstance(change, InRoom))
    return any(not _PEOPLE.isdisjoint(map(type, inside)) for inside in others)


def concerns_rooms(changes: Iterable[Change]) -> bool:
    """Return whether the list of rooms may have changed, or what is said of the shown one."""
    return not _ROOMS.isdisjoint(map(type, changes))


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
        _show_chat(screen, state)
    if chat or people:
        _show_people(screen, state, hosting=hosting)
        _show_own(screen, state, hosting=hosting, stored=stored)
    if chat or people or _concerns_people_elsewhere(changes):
        _show_partners(screen, state)
    if chat or kinds & _OUTBOX:
        screen.banner.show_status(
            state.status, state.shown.outbox.waiting, state.storage_problem, state.sign_in.ends_at
        )
    if chat or messages:
        _show_emptiness(screen, state)
    if chat or people or messages:
        screen.composer.set_hint(_hint(state, hosting=hosting))


def show_rooms(screen: ChatScreen, state: ChatState, has_draft: Callable[[str], bool], *, hosting: bool) -> None:
    """Update the list of rooms, and what is said of the one that is shown."""
    listed, shown = bool(state.list.rooms), state.shown_info
    rooms = state.summaries() if listed else [_only_room(state)]
    screen.sidebar.rooms_panel.show_rooms(rooms, state.shown.name, has_draft, listed=listed, more=state.list.has_more)
    _show_partners(screen, state)
    _show_emptiness(screen, state)
    topic = shown.topic or f"You are {isolated(state.nickname)} in {isolated(chat_name(state))}"
    screen.top_bar.set_waiting(any(room.waiting and room.name != shown.room for room in rooms))
    kind: RoomKind = "archive" if shown.archived else "lock" if shown.closed else "hash"
    screen.top_bar.set_room(state.list.title_of(state.shown.name), topic, None if shown.private_with else kind)
    screen.composer.setEnabled(not shown.archived)
    screen.composer.set_hint(_hint(state, hosting=hosting))


def _only_room(state: ChatState) -> RoomSummary:
    """The row of the only room of a server that lists none."""
    shown = state.shown
    return RoomSummary(shown.name, "", False, False, True, "all", "all", shown.unread, 0)


def _show_chat(screen: ChatScreen, state: ChatState) -> None:
    """Update what depends on the connection and the server."""
    screen.empty_room.set_open(state.online)
    if state.limits:
        screen.composer.set_max_chars(state.limits.content_chars)


def _show_own(screen: ChatScreen, state: ChatState, *, hosting: bool, stored: bool) -> None:
    """Show oneself as the others do: whether one is there, and what one says about it."""
    own = state.shown.people.here.get(state.nickname)
    presence = _presence(own) if own else "online"
    said = one_line(own.status_text, _STATUS_CHARS) if own else ""
    words = _own_status(state, hosting=hosting, stored=stored)
    if state.online and (said or presence != "online"):
        words = ": ".join(
            filter(None, (presence.capitalize() if presence != "online" else "", isolated(said) if said else ""))
        )
    screen.sidebar.user_bar.set_user(state.nickname, state.own.author, words, presence if state.online else "offline")


def _show_partners(screen: ChatScreen, state: ChatState) -> None:
    """Show who of the people in private conversations is in the chat: everybody in it is in the room of the join."""
    partners = {info.private_with.author for info in state.list.rooms.values() if info.private_with}
    if not partners:
        return
    here = {person.author: person for person in state.home.people.here.values() if person.author in partners}
    others = "offline" if state.home.people.complete or not state.online else None
    presence = {author: _presence(person) for author, person in here.items()} if state.online else {}
    screen.sidebar.rooms_panel.show_presence(presence, others)


def _presence(person: User) -> str:
    return person.status if person.status in ("away", "busy", "offline") else "online"


def _show_people(screen: ChatScreen, state: ChatState, *, hosting: bool) -> None:
    people = state.shown.people
    screen.sidebar.header.set_chat(chat_name(state), _status(state, hosting=hosting), is_open=state.online)
    screen.sidebar.people_panel.set_count(people.count, listed=len(people.here), hosting=hosting)
    screen.top_bar.set_people(people.count)
    screen.empty_room.set_people(people.count)


def _show_emptiness(screen: ChatScreen, state: ChatState) -> None:
    """Say in place of the timeline that nobody has written yet, once that is known."""
    shown = state.shown
    is_empty = not shown.transcript.messages and not any(True for _ in shown.outbox)
    if is_empty and shown is not state.home:
        screen.empty_room.set_room(*_words_of_empty_room(state))
    elif is_empty:
        screen.empty_room.set_room()
    screen.show_empty(is_empty and (shown is state.home or shown.stage == "inside"))


def _words_of_empty_room(state: ChatState) -> tuple[str, str]:
    """Return what an empty room says of itself, and what can be done about it."""
    info, title = state.shown_info, isolated(state.list.title_of(state.shown.name))
    if info.private_with:
        return f"Nothing said between you and {title} yet", f"Only the two of you read it. {title} finds it on return."
    heading = f"Nobody has written in #{title} yet"
    if info.archived:
        return heading, _ARCHIVED
    return heading, "Write the first message below. Everybody in the chat can read it."


def _hint(state: ChatState, *, hosting: bool) -> str:
    if state.shown_info.archived:
        return _ARCHIVED
    is_alone = state.shown is state.home and state.shown.people.count <= 1
    if hosting and is_alone and not state.shown.transcript.messages:
        return "Write a first message. It waits for them."
    return f"Message {isolated(state.list.title_of(state.shown.name))}"


def _status(state: ChatState, *, hosting: bool) -> str:
    if isinstance(state.status, Ended):
        return "Closed"
    if not state.online:
        return "Connecting" if isinstance(state.status, Connecting) else "Not connected"
    if hosting:
        count = state.home.people.count  # everybody, whichever room is shown
        return f"Hosting for {pluralized(count, 'person', 'people')}" if count > 1 else "Open, nobody else yet"
    host = isolated(short_name(state.server.host)) if state.server else ""
    return f"Hosted by {host}" if host else "Open"


def _own_status(state: ChatState, *, hosting: bool, stored: bool) -> str:
    if hosting:
        return "You, hosting" if stored else "You, hosting. Nothing is kept."
    return "You" if state.online else "You, offline"
