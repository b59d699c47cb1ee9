"""What the person does with the list of people: go further in it, and search it."""

from collections.abc import Callable

from chatdesk.client.changes import Change
from chatdesk.client.state import ChatState


class PeopleActions:
    """Acts on the list of the shown room. Who was found comes as ``FoundPeopleChanged``."""

    def __init__(
        self, state: ChatState, publish: Callable[[list[Change]], None], send_requests: Callable[[], None]
    ) -> None:
        self._state = state
        self._publish = publish
        self._send_requests = send_requests

    def load_more(self) -> None:
        """Request further people: of those found while somebody searches, otherwise of the list (``PeopleListed``)."""
        room = self._state.shown
        (room.people_search if room.people_search.found else room.people).load_more()
        self._send_requests()

    def find(self, query: str) -> None:
        """Search for people by name on the server, unless all are listed. An empty query ends the search."""
        room = self._state.shown
        self._publish(room.people_search.start("" if room.people.complete else query))
        self._send_requests()
