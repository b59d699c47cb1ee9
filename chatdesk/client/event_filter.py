"""Decides which events of the server the client takes in: which ones before the welcome, and of which room."""

from chatdesk.client.validation import InvalidEventError
from chatdesk.protocol import events

_BEFORE_A_WELCOME = events.Welcome | events.System | events.Error | events.Storage | events.Proof
"""What a server may send to a client that has not joined yet."""


class EventFilter:
    """Follows one connection after the other; ``reset`` starts the next one."""

    def __init__(self) -> None:
        self._welcome: events.Welcome | None = None

    def reset(self) -> None:
        """There is a new connection: no welcome has come on it."""
        self._welcome = None

    def accepts(self, event: events.Event) -> bool:
        """Whether the event is for the room that the client is in; before the welcome most events are for nobody.

        Raises InvalidEventError for a second welcome to somebody else or to another room.
        """
        if isinstance(event, events.Welcome):
            self._check_repeated_welcome(event)
            self._welcome = event
            return True
        if self._welcome is None:
            return isinstance(event, _BEFORE_A_WELCOME)
        room = getattr(event, "room", "")
        return not room or room == self._welcome.room

    def _check_repeated_welcome(self, welcome: events.Welcome) -> None:
        """A repeated welcome may only change the name of the chat or the limits."""
        if self._welcome and _identity(welcome) != _identity(self._welcome):
            raise InvalidEventError("a second welcome, to somebody else or to another room")


def _identity(welcome: events.Welcome) -> tuple[str, ...]:
    return welcome.nickname, welcome.token, welcome.room, welcome.server.id
