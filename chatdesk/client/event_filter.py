"""What a host may say when: the order in which a visit goes, whatever else it says."""

from chatdesk.client.validation import InvalidEventError
from chatdesk.protocol import events

_BEFORE_A_WELCOME = events.Welcome | events.System | events.Error | events.Storage | events.Proof
"""What a host says to who is not in the room, or not yet."""


class EventFilter:
    """Follows one visit after the other; ``begin`` with each one."""

    def __init__(self) -> None:
        self._welcome: events.Welcome | None = None

    def reset(self) -> None:
        """The host knows nobody yet."""
        self._welcome = None

    def accepts(self, event: events.Event) -> bool:
        """Whether the event is for the room that one is in; what comes before one is in any is for nobody.

        Raises UnreadableEventError for a host that takes one for somebody else in the middle of a visit.
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
        """The same welcome once more tells of another name of the chat, or of other limits, at most."""
        if self._welcome and _identity(welcome) != _identity(self._welcome):
            raise InvalidEventError("a second welcome, to somebody else or to another room")


def _identity(welcome: events.Welcome) -> tuple[str, ...]:
    return welcome.nickname, welcome.token, welcome.room, welcome.server.id
