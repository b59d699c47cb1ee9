"""Who belongs to which room, whether or not they are connected: a subscription for each identity and room."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

from chatdesk.log.room_log import LogStore
from chatdesk.log.rooms import Reading, StoredSubscription, Subscription
from chatdesk.protocol.fields import Level

_NONE: Mapping[str, Subscription] = MappingProxyType({})


class Subscriptions:
    """All subscriptions of the chat, in memory; what changes one is stored."""

    def __init__(self, store: LogStore) -> None:
        self._store = store
        self._of_identity: dict[str, dict[str, Subscription]] = {}
        self._in_room: dict[str, dict[str, Subscription]] = {}
        self.receipts_off = store.receipts_off()
        """The identities that neither give nor see receipts."""
        self.receipts_allowed = True
        """Whether the host wants any."""
        self.on_change: Callable[[str], None] = _nobody_hears
        """Called with the name of a room when it is no longer the same who has read how far in it."""
        self.on_adopted: Callable[[str, str], None] = lambda _identity, _room: None
        """Called with an identity and a room whose subscription was changed on another server of the chat."""
        for stored in store.subscriptions():
            self._index(stored)
        store.on_subscription, store.on_receipts = self._adopt, self._receipts_turned

    def of(self, identity: str) -> Mapping[str, Subscription]:
        """The subscriptions of an identity, by room."""
        return self._of_identity.get(identity, _NONE)

    def known(self) -> Iterator[tuple[str, str]]:
        """All identities that belong to a room, with their nickname."""
        for identity, rooms in self._of_identity.items():
            if rooms:
                yield identity, next(iter(rooms.values())).nickname

    def in_room(self, room: str) -> Mapping[str, Subscription]:
        """The subscriptions to a room, by identity."""
        return self._in_room.get(room, _NONE)

    def get(self, identity: str, room: str) -> Subscription | None:
        """The subscription of an identity to a room, if there is one."""
        return self.of(identity).get(room)

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
            del self._of_identity[identity][room]
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

    def _index(self, stored: StoredSubscription) -> None:
        self._of_identity.setdefault(stored.identity, {})[stored.room] = stored.subscription
        self._in_room.setdefault(stored.room, {})[stored.identity] = stored.subscription

    def _changed(self, identity: str, room: str, subscription: Subscription) -> None:
        self._store.store_subscription(StoredSubscription(identity, room, subscription))


def _nobody_hears(_room: str) -> None:
    """There are no receipts."""
