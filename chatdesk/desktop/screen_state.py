"""What the chat's screen says about the chat as a whole: own nickname, who is here, how the connection is."""

from chatdesk.client.changes import Connecting, Ended
from chatdesk.client.state import ChatState
from chatdesk.desktop.text import pluralized
from chatdesk.desktop.widgets.chat.chat_screen import ChatScreen
from chatdesk.protocol.appearance import short_name
from chatdesk.protocol.text import isolated


def chat_name(state: ChatState) -> str:
    """Return the chat's name."""
    return state.server.name if state.server else "ChatDesk"


def show_state(screen: ChatScreen, state: ChatState, *, hosting: bool, stored: bool) -> None:
    """Update the screen; cheap if nothing has changed. ``stored``: the history of a hosted chat is stored."""
    name = chat_name(state)
    screen.banner.show_status(state.status, state.shown.outbox.waiting, state.storage_problem)
    screen.sidebar.header.set_chat(name, _status(state, hosting=hosting), is_open=state.online)
    screen.sidebar.people_panel.set_count(
        state.shown.people.count, listed=len(state.shown.people.here), hosting=hosting
    )
    screen.sidebar.user_bar.set_user(
        state.nickname, state.own.author, _own_status(state, hosting=hosting, stored=stored), online=state.online
    )
    screen.sidebar.room_section.set_room(state.shown.name)
    screen.top_bar.set_room(state.shown.name, f"You are {isolated(state.nickname)} in {isolated(name)}")
    screen.top_bar.set_people(state.shown.people.count)
    screen.empty_room.set_people(state.shown.people.count)
    screen.empty_room.set_open(state.online)
    screen.show_empty(not state.shown.transcript.messages and not any(True for _ in state.shown.outbox))
    if state.limits:
        screen.composer.set_max_chars(state.limits.content_chars)
    alone = hosting and state.shown.people.count <= 1 and not state.shown.transcript.messages
    screen.composer.set_hint(
        "Write a first message. It waits for them." if alone else f"Message {isolated(state.shown.name)}"
    )


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
