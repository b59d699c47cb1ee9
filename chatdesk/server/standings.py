"""What holds for whom: roles that the host has given, mutes, removals and bans, until they end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator

from chatdesk.log.bots import owner_of
from chatdesk.log.order import OrderStore, Standing, StandingKind
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.names import nickname_key
from chatdesk.protocol.text import isolated
from chatdesk.server.alike_names import AlikeNames
from chatdesk.server.auth import Principal, Role
from chatdesk.server.banned_names import BannedNames
from chatdesk.server.order_sentences import order_error
from chatdesk.server.permissions import at_most_member

MAX_STANDINGS = 5_000
"""At most, so that nobody can fill the memory with them: more than a school has pupils."""
_LONGEST_WAIT_SECONDS = 30.0
"""An end is a time of day: it comes with the wall clock, which may be set meanwhile."""


class RoomStandings:
    """What holds in a room: mutes, and the roles of those who have another one here; None: they may not be here."""

    __slots__ = ("muted", "roles")

    def __init__(self) -> None:
        self.roles: dict[str, Role | None] = {}
        self.muted: dict[str, Standing] = {}


class Standings:
    """All standings of the chat. ``clock`` is in seconds since 1970."""

    def __init__(self, store: OrderStore, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._all: dict[tuple[str, str, str], Standing] = {}
        self._rooms: dict[str, RoomStandings] = {}
        self._banned: dict[str, Standing] = {}
        """The bans by the key of the name that each holds."""
        self._banned_names = AlikeNames(self._banned_name)
        self.names = BannedNames()
        """The names that nobody may have."""
        self.on_ended: Callable[[Standing], None] = _nobody_hears
        """Called with a standing whose time is over."""
        for standing in store.standings():
            self._begin(standing)
        self._schedule()

    def __iter__(self) -> Iterator[Standing]:
        return iter(self._all.values())

    def __len__(self) -> int:
        return len(self._all)

    def now(self) -> int:
        """The time in milliseconds since 1970."""
        return int(self._clock() * 1000)

    def get(self, identity: str, kind: StandingKind, room: str = "") -> Standing | None:
        """What of this kind holds for an identity, in a room or in the whole chat."""
        return self._all.get((identity, room, kind))

    def room(self, name: str) -> RoomStandings:
        """What holds in a room, now and as it changes."""
        return self._rooms.get(name) or self._rooms.setdefault(name, RoomStandings())

    def idle_room(self, name: str) -> RoomStandings:
        """What holds in a room that is not in memory, now."""
        return self._rooms.get(name) or _NOTHING

    def release(self, name: str) -> None:
        """The room is not in memory any more."""
        room = self._rooms.get(name)
        if room and not (room.roles or room.muted):
            del self._rooms[name]

    def begin(self, standing: Standing) -> None:
        """It holds from now on, in the place of another one of its key."""
        self._begin(standing)
        if standing.until:
            self._schedule()

    def _begin(self, standing: Standing) -> None:
        self.end(standing)
        self._all[standing.key] = standing
        if standing.kind is StandingKind.BANNED:
            self._banned[nickname_key(standing.nickname)] = standing
            self._banned_names.add(standing.nickname)
        elif standing.kind is StandingKind.NAME:
            self.names.add(standing.nickname)
        self._set_room(standing)

    def end(self, standing: Standing) -> None:
        """It holds no more, and neither does another one of its key."""
        held = self._all.pop(standing.key, None)
        if held is None:
            return
        if held.kind is StandingKind.BANNED:
            self._banned.pop(nickname_key(held.nickname), None)
            self._banned_names.discard(held.nickname)
        elif held.kind is StandingKind.NAME:
            self.names.discard(held.nickname)
        self._set_room(held)

    def _of(self, identity: str, kind: StandingKind, room: str = "") -> Standing | None:
        """What holds for an identity or, if it is a bot, for the person who owns it."""
        return self.get(identity, kind, room) or self.get(owner_of(identity), kind, room)

    def applied(self, principal: Principal) -> Principal:
        """The principal with the role that the host has given, and muted if so: themselves, or the owner of a bot."""
        if not self._all and principal.muted is None:
            return principal
        given, identity = principal.role, principal.identity
        if own := self.get(identity, StandingKind.ROLE):
            given = Role[own.value.upper()]
        elif role := self._of(identity, StandingKind.ROLE):
            given = at_most_member(Role[role.value.upper()])
        return principal._replace(role=given, muted=self._of(identity, StandingKind.MUTED))

    def admitted(self, principal: Principal, nickname: str, network: str) -> Principal:
        """The principal who joins under a nickname, as it is here; see ``applied``.

        Raises ProtocolError for somebody who is removed or banned, or comes under the name of somebody who is. Host and
        moderators are let in from a network that is banned.
        """
        principal = self.applied(principal)
        trusted = principal.role in (Role.HOST, Role.MODERATOR)
        if standing := self.keeping_out(principal.identity, "" if trusted else network):
            raise order_error(standing, self.now())
        if self.is_banned_name(nickname, principal.identity):
            sentence = f"Somebody who is banned has the name {isolated(nickname)}: choose another one."
            raise ProtocolError(ErrorCode.NICKNAME_TAKEN, sentence)
        return principal

    def entry_error(self, identity: str, room: str) -> ProtocolError | None:
        """The refusal for somebody who was removed from a room; None for anybody else."""
        removed = self._of(identity, StandingKind.REMOVED, room)
        return order_error(removed, self.now()) if removed else None

    def keeping_out(self, identity: str, network: str = "") -> Standing | None:
        """The ban or removal that keeps an identity out of the chat, or the ban of its network."""
        if not self._all:
            return None
        banned = self._of(identity, StandingKind.BANNED) or self._of(identity, StandingKind.REMOVED)
        return banned or (self.ban_of_network(network) if network else None)

    def ban_of_network(self, network: str) -> Standing | None:
        """The ban that holds for everybody in a network."""
        bans = (standing for standing in self if standing.kind is StandingKind.BANNED and standing.value)
        return next((ban for ban in bans if network in ban.value.split()), None)

    def is_banned_name(self, nickname: str, identity: str) -> bool:
        """Whether a nickname, or one that people could take for it, is that of somebody else, who is banned."""
        if not self._banned:
            return False
        held = (self._banned.get(nickname_key(name)) for name in self._banned_names.find(nickname))
        return any(ban and ban.identity != identity for ban in held)

    def _banned_name(self, key: str) -> str | None:
        ban = self._banned.get(key)
        return ban.nickname if ban else None

    def forget_room(self, name: str) -> None:
        """The room is gone."""
        for standing in [standing for standing in self if standing.room == name]:
            self.end(standing)
        self._rooms.pop(name, None)

    def close(self) -> None:
        """Nothing ends any more."""
        if self._timer:
            self._timer.cancel()

    def _set_room(self, standing: Standing) -> None:
        """Let the room have what holds there now for the identity."""
        identity, name = standing.identity, standing.room
        if not name:
            return
        room = self.room(name)
        role, muted = self.get(identity, StandingKind.ROLE, name), self.get(identity, StandingKind.MUTED, name)
        if self.get(identity, StandingKind.REMOVED, name):
            room.roles[identity] = None
        elif role:
            room.roles[identity] = Role[role.value.upper()]
        else:
            room.roles.pop(identity, None)
        if muted:
            room.muted[identity] = muted
        else:
            room.muted.pop(identity, None)

    def _schedule(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        ends = [standing.until for standing in self if standing.until]
        if ends:
            wait = max(0.0, min(ends) / 1000 - self._clock())
            self._timer = self._loop.call_later(min(wait, _LONGEST_WAIT_SECONDS), self._end_those_over)

    def _end_those_over(self) -> None:
        now = self.now()
        for standing in [standing for standing in self if 0 < standing.until <= now]:
            self.end(standing)
            self.on_ended(standing)
        self._schedule()


_NOTHING = RoomStandings()


def _nobody_hears(_standing: Standing) -> None:
    """Nobody has to be told."""
