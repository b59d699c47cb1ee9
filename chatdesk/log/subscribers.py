"""Callbacks: any number for the same news, and what another server of the chat has changed."""

import asyncio
from collections.abc import Callable

from chatdesk.log.node_channel import NodeChannel
from chatdesk.log.room_log import Unsubscribe
from chatdesk.log.rooms import RoomSettings, StoredSubscription


class Subscribers[**News]:
    """Passes news on to all who have subscribed, in the order in which they did."""

    def __init__(self) -> None:
        self._callbacks: dict[object, Callable[News, None]] = {}
        self._current: tuple[Callable[News, None], ...] = ()

    def add(self, callback: Callable[News, None]) -> Unsubscribe:
        """Call it for all further news. Returns a function that ends this."""
        subscription = object()
        self._callbacks[subscription] = callback
        self._current = (*self._current, callback)

        def unsubscribe() -> None:
            self._callbacks.pop(subscription, None)
            self._current = tuple(self._callbacks.values())

        return unsubscribe

    def notify(self, *arguments: News.args, **keywords: News.kwargs) -> None:
        """Call all of them."""
        for callback in self._current:
            callback(*arguments, **keywords)


class ChangedElsewhere:
    """What a store tells of that another server of the chat has changed; a store of one server tells of nothing.

    See ``OtherServers``.
    """

    channel: NodeChannel | None = None
    on_settings: Callable[[str, RoomSettings], None] = staticmethod(lambda _room, _settings: None)
    on_restarted: Callable[[str], None] = staticmethod(lambda _room: None)
    on_deleted: Callable[[str], None] = staticmethod(lambda _room: None)
    on_subscription: Callable[[StoredSubscription, bool], None] = staticmethod(lambda _stored, _later: None)
    on_message: Callable[[str], None] = staticmethod(lambda _room: None)

    on_receipts: Callable[[str, bool], None] = staticmethod(lambda _identity, _off: None)
    on_said: Callable[[str, str, int, float], None] = staticmethod(lambda _identity, _room, _size, _ago: None)
    on_acted: Callable[[str, float], None] = staticmethod(lambda _identity, _ago: None)

    def settings_elsewhere(self, _room: str) -> RoomSettings | None:
        """See ``OtherServers``."""
        return None

    @property
    def better_elsewhere(self) -> bool:
        """See ``OtherServers``."""
        return False

    async def catch_up(self) -> None:
        """See ``OtherServers``."""

    async def way_back(self) -> None:
        """See ``OtherServers``. Nothing else fits the history of a chat of one server."""
        await asyncio.Event().wait()
