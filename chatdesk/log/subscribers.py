"""Any number of callbacks for the same news."""

from collections.abc import Callable

from chatdesk.log.room_log import Unsubscribe


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
