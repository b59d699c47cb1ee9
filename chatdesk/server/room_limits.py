"""Which rooms may be made: how many there can be, how many of one person and one network, and under which names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from chatdesk.log.rooms import RoomSettings
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.names import LOBBY, is_private, nickname_key
from chatdesk.protocol.text import isolated
from chatdesk.server.alike_names import AlikeNames
from chatdesk.server.command_errors import rate_limited
from chatdesk.server.rate_limits import Budget, Spending

MAX_ROOMS = 10_000
"""Rooms of a chat: each costs a hundred bytes of memory as long as the server runs."""
MAX_PRIVATE_ROOMS = 20_000
"""Private rooms of a chat, which take the place of no other: with those of both people some 700 bytes each."""
ROOMS_OF_AN_IDENTITY = 30
"""Rooms that one identity can make: more than anybody has a use for."""
PRIVATE_ROOMS_OF_AN_IDENTITY = 300
"""People whom one identity can write to first: a large school."""

_TOO_MANY = f"There are {MAX_ROOMS:,} rooms already: use one of them."
_TOO_MANY_PRIVATE = f"There are {MAX_PRIVATE_ROOMS:,} private conversations already: write in a room."
_TOO_MANY_OF_ONE = "You have made {} rooms already: use one of them."
_LOOKS_THE_SAME = "There is a room whose name looks like {}: enter that one, or choose another name."


class RoomLimits:
    """Knows the names of all rooms and who has made them, from ``add`` until ``remove``."""

    def __init__(self) -> None:
        self.budgets: Mapping[Spending, Budget] = {}
        """Of ROOMS and PRIVATE_ROOMS by network; without them, rooms are made at any rate."""
        self._made: Counter[tuple[str, bool]] = Counter()
        self._count: Counter[bool] = Counter()
        """How many rooms there are that are private, and that are not."""
        self._by_key: dict[str, str] = {}
        self._alike = AlikeNames(self._by_key.get)
        """So that no room can pass for another."""

    def require(self, name: str, creator: str, network: str) -> None:
        """Let a room of this name be made, and take it out of the budget.

        ``creator`` is the identity that does, empty for no bound, and ``network`` where they are. Raises ProtocolError
        if there are too many, or its name looks like another one's.
        """
        private, limit = is_private(name), ROOMS_OF_AN_IDENTITY
        if private:
            limit = PRIVATE_ROOMS_OF_AN_IDENTITY
        most, sentence = (MAX_PRIVATE_ROOMS, _TOO_MANY_PRIVATE) if private else (MAX_ROOMS, _TOO_MANY)
        if name != LOBBY and self._count[private] >= most:
            raise ProtocolError(ErrorCode.TOO_MANY_ROOMS, sentence)
        if creator and self._made[creator, private] >= limit:
            raise ProtocolError(ErrorCode.TOO_MANY_ROOMS, _TOO_MANY_OF_ONE.format(limit))
        if not private and any(self._alike.find(name)):
            raise ProtocolError(ErrorCode.ROOM_EXISTS, _LOOKS_THE_SAME.format(isolated(name)))
        if creator and network:
            self._charge(Spending.PRIVATE_ROOMS if private else Spending.ROOMS, network)

    def add(self, name: str, settings: RoomSettings) -> None:
        """There is this room now."""
        self._count[is_private(name)] += 1
        self._made[settings.creator, is_private(name)] += 1
        self._by_key[nickname_key(name)] = name
        self._alike.add(name)

    def remove(self, name: str, settings: RoomSettings) -> None:
        """A room that was added is gone."""
        maker = settings.creator, is_private(name)
        self._count[is_private(name)] -= 1
        self._made[maker] -= 1
        if not self._made[maker]:
            del self._made[maker]
        if self._by_key.get(nickname_key(name)) == name:
            del self._by_key[nickname_key(name)]
        self._alike.discard(name)

    def _charge(self, spending: Spending, network: str) -> None:
        """Raises ProtocolError if too many rooms were made from this network."""
        budget = self.budgets.get(spending)
        if budget is not None and (wait := budget.spend(network)):
            raise rate_limited(spending, wait)
