"""Who belongs to which room, whether or not they are connected: a subscription for each identity and room."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

from chatdesk.log.log_store import LogStore
from chatdesk.log.rooms import Reading, StoredSubscription, Subscription
from chatdesk.protocol.fields import Level
from chatdesk.protocol.names import is_private
from chatdesk.server.kept_people import KeptPeople

_NONE: Mapping[str, Subscription] = MappingProxyType({})


class Subscriptions:
    """All subscriptions of the chat, in memory; what changes one is stored.

    Of very many people who are away, some are newcomers again; see ``KeptPeople``. A private room keeps its two.
    """

    def __init__(self, store: LogStore) -> None:
        self._store = store
        self._people = KeptPeople(self._is_here, self._forget)
        self._private_rooms: dict[str, tuple[str, ...]] = {}
        """Of each identity that has any."""
        self._in_room: dict[str, dict[str, Subscription]] = {}
        self.receipts_off = store.receipts_off()
        """The identities that neither give nor see receipts."""
        self.receipts_allowed = True
        """Whether the host wants any."""
        self.on_change: Callable[[str], None] = _nobody_hears
        """Called with the name of a room when it is no longer the same who has read how far in it."""
        self.on_adopted: Callable[[str, str], None] = lambda _identity, _room: None
        """Called with an identity and a room whose subscription was changed on another server of the chat."""
        self.is_here: Callable[[str], bool] = lambda _identity: False
        """Whether somebody is here, and so loses nothing."""
        self.on_forgotten: Callable[[str], None] = lambda _identity: None
        """Called with an identity that is a newcomer again."""
        for stored in store.subscriptions():
            self._index(stored, lasting=True)  # for how long somebody stayed is not stored
        for identity in tuple(self.receipts_off):
            self.keep(identity, lasting=True)
        store.on_subscription, store.on_receipts = self._adopt, self._receipts_turned

    def of(self, identity: str) -> Mapping[str, Subscription]:
        """The subscriptions of an identity, by room."""
        rooms = (*self._people.rooms(identity), *self._private_rooms.get(identity, ()))
        return {room: self._in_room[room][identity] for room in rooms}

    def known(self) -> Iterator[tuple[str, str]]:
        """All identities that belong to a room, with their nickname."""
        for identity in {*self._people, *self._private_rooms}:
            if rooms := self.of(identity):
                yield identity, next(iter(rooms.values())).nickname

    def in_room(self, room: str) -> Mapping[str, Subscription]:
        """The subscriptions to a room, by identity."""
        return self._in_room.get(room, _NONE)

    def get(self, identity: str, room: str) -> Subscription | None:
        """The subscription of an identity to a room, if there is one."""
        return self.in_room(room).get(identity)

    def keep(self, identity: str, *, lasting: bool = False) -> None:
        """Something is kept of an identity besides its rooms; ``lasting`` as for ``KeptPeople.keep``."""
        self._people.keep(identity, self._people.rooms(identity), lasting=lasting)

    def left(self, identity: str, stayed_seconds: float) -> None:
        """Somebody is not here any more, after so many seconds."""
        self._people.left(identity, stayed_seconds)

    def add(self, identity: str, room: str, subscription: Subscription) -> Subscription:
        """An identity belongs to a room from now on."""
        stored = StoredSubscription(identity, room, subscription)
        self._index(stored)
        self._store.store_subscription(stored)
        self.on_change(room)
        return subscription

    def set_joined(self, identity: str, room: str, joined: bool) -> None:
        """The identity has entered the room, or left it for good."""
        subscription = self.get(identity, room)
        if subscription and subscription.joined != joined:
            subscription.joined = joined
            self._changed(identity, room, subscription)
            self.on_change(room)

    def set_level(self, identity: str, room: str, level: Level) -> None:
        """The identity wants to be told of this much."""
        subscription = self.get(identity, room)
        if subscription and subscription.level != level:
            subscription.level = level
            self._changed(identity, room, subscription)

    def mark_read(self, identity: str, room: str, seq: int) -> None:
        """The identity has read so far; a mark does not go back by this."""
        subscription = self.get(identity, room)
        if subscription is None or subscription.read >= seq:
            return
        subscription.read = seq
        if subscription.furthest < seq:
            subscription.furthest = seq
            if self.gives_receipts(identity):
                self._store.store_reading(Reading(identity, room, int(time.time()) // 60, seq))
            else:
                subscription.start = seq  # nobody is told, not once receipts are on again either
            self.on_change(room)
        self._changed(identity, room, subscription)

    def set_back(self, identity: str, room: str, seq: int) -> None:
        """What comes after this message is unread again for the identity; to others it stays read."""
        subscription = self.get(identity, room)
        if subscription and subscription.read > seq:
            subscription.read = seq
            self._changed(identity, room, subscription)

    def gives_receipts(self, identity: str) -> bool:
        """Whether others are told what this identity reads."""
        return self.receipts_allowed and identity not in self.receipts_off

    def set_receipts(self, identity: str, *, off: bool) -> None:
        """The identity gives and sees no receipts any more, or does again."""
        if (identity in self.receipts_off) != off:
            self._store.store_receipts_off(identity, off=off)
            self._receipts_turned(identity, off)

    def _receipts_turned(self, identity: str, off: bool) -> None:
        (self.receipts_off.add if off else self.receipts_off.discard)(identity)
        if off:
            self.keep(identity)
        for room in self.of(identity):
            self.on_change(room)

    async def read_minutes(self, room: str, seq: int, identities: Sequence[str]) -> dict[str, int]:
        """See ``LogStore``."""
        return await self._store.read_minutes(room, seq, identities)

    def set_nickname(self, identity: str, nickname: str) -> None:
        """The identity has this nickname now, in all of its rooms."""
        for room, subscription in self.of(identity).items():
            if subscription.nickname != nickname:
                subscription.nickname = nickname
                self._changed(identity, room, subscription)

    def restart(self, room: str, last_seq: int) -> None:
        """The room has another log, in which nothing is unread; its newest message has this number."""
        for subscription in self.in_room(room).values():
            subscription.restart(last_seq)
        self._store.restart_subscriptions(room, last_seq)
        self.on_change(room)

    def forget_room(self, room: str) -> None:
        """The room is gone."""
        for identity in self._in_room.pop(room, {}):
            self._set_rooms(identity, room, there=False)
        self.on_change(room)

    def _adopt(self, stored: StoredSubscription, later: bool) -> None:
        """Another server of the chat has changed a subscription; see ``Subscription.merge``."""
        known = self.get(stored.identity, stored.room)
        if known is None:
            self._index(stored)
        else:
            known.merge(stored.subscription, later=later)
        self.on_change(stored.room)
        self.on_adopted(stored.identity, stored.room)

    def _index(self, stored: StoredSubscription, *, lasting: bool = False) -> None:
        identity, room, subscription = stored
        is_new = identity not in self.in_room(room)
        self._in_room.setdefault(room, {})[identity] = subscription
        if is_new:
            self._set_rooms(identity, room, there=True, lasting=lasting)

    def _set_rooms(self, identity: str, room: str, *, there: bool, lasting: bool = False) -> None:
        """The identity belongs to a room, or does not any more."""
        kept = self._private_rooms.get(identity, ()) if is_private(room) else self._people.rooms(identity)
        rooms = (*kept, room) if there else tuple(other for other in kept if other != room)
        if not is_private(room):
            self._people.keep(identity, rooms, lasting=lasting)
        elif rooms:
            self._private_rooms[identity] = rooms
        else:
            del self._private_rooms[identity]

    def _is_here(self, identity: str) -> bool:
        return self.is_here(identity)

    def _forget(self, identity: str, rooms: tuple[str, ...]) -> None:
        """Too much is kept of people who are away. Who has private rooms keeps those, and gives no receipts in them."""
        for room in rooms:
            del self._in_room[room][identity]
            self.on_change(room)
        choice = identity in self.receipts_off and identity not in self._private_rooms
        if choice:
            self.receipts_off.remove(identity)
        self._store.forget_person(identity, rooms, choice=choice)
        self.on_forgotten(identity)

    def _changed(self, identity: str, room: str, subscription: Subscription) -> None:
        self._store.store_subscription(StoredSubscription(identity, room, subscription))


def _nobody_hears(_room: str) -> None:
    """There are no receipts."""
