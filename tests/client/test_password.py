"""A client gives the password of a chat with its join, and forgets it once it is in."""

from chatdesk.client.changes import Ended
from chatdesk.client.state import ChatState
from chatdesk.desktop.entry_question import Given, take_entry
from chatdesk.protocol import events
from chatdesk.protocol.errors import ErrorCode


async def test_who_is_asked_for_the_password_joins_with_it() -> None:
    state = ChatState("Kit", "lobby", "new.token")
    state.join((), "window")
    asked: list[Ended] = []

    async def ask(ended: Ended) -> Given:
        asked.append(ended)
        return Given(password="copper-walrus")  # noqa: S106

    assert not await take_entry(state, ask)
    sentence = "This chat has a password: ask the host for it."
    state.apply(events.Error(ErrorCode.PASSWORD_REQUIRED, sentence, "join"), 0.0)
    assert isinstance(state.status, Ended)
    assert await take_entry(state, ask)
    assert asked == [Ended(sentence, password_needed=True)]
    assert state.join((), "window").password == "copper-walrus"  # noqa: S105
    welcome = events.Welcome(
        1, "e", "Kit", "token", "lobby", 1, events.Limits(1, 1, 1, 1, 0.0), events.ServerInfo("Chat", "", "1")
    )
    state.apply(welcome, 0.0)
    assert state.join((), "window").password is None
