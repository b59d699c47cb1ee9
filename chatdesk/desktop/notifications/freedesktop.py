"""The desktop's service for notifications, by D-Bus: https://specifications.freedesktop.org/notification-spec.

Not with Qt's own D-Bus: PySide cannot send a 32-bit unsigned number, which the number of a notification is.
"""

import asyncio
import html
import os
from collections.abc import Coroutine
from contextlib import AsyncExitStack, suppress
from functools import partial
from typing import Any

from jeepney import DBusAddress, DBusErrorResponse, HeaderFields, MatchRule, message_bus, new_method_call
from jeepney.io.asyncio import DBusRouter, open_dbus_connection
from jeepney.io.common import RouterClosed
from jeepney.wrappers import unwrap_msg

from chatdesk.desktop.notifications.service import Listener, ServiceError
from chatdesk.paths import resources

_NAME = "org.freedesktop.Notifications"
_ADDRESS = DBusAddress("/org/freedesktop/Notifications", bus_name=_NAME, interface=_NAME)
_ANSWER_SECONDS = 5.0
"""A service that takes longer hangs: the window then calls for attention by itself."""
_FAILURES = (OSError, EOFError, RouterClosed, TimeoutError, KeyError, ValueError, RuntimeError)
"""What jeepney raises where there is no bus, an address of a kind that it does not know, or the connection ends."""
_BY_PERSON = 2
"""Why a notification was closed: the person has put it away."""
_OPEN = ["default", "Open"]
_HINTS = {
    "urgency": ("y", 1),
    "category": ("s", "im.received"),
    "desktop-entry": ("s", "chatdesk"),
    "suppress-sound": ("b", True),
}


class FreedesktopService:
    """A ``NotificationService`` on the session's bus; ``open_service`` makes it."""

    def __init__(self, router: Any, capabilities: list[str], listener: Listener) -> None:
        self._router = router
        self._capabilities = frozenset(capabilities)
        self._listener = listener
        self._ids: dict[str, int] = {}
        """The numbers of the notifications that are shown, by key."""
        self.closing = AsyncExitStack()
        """Ends the connection."""

    async def show(self, key: str, title: str, body: str) -> None:
        """As ``NotificationService``."""
        if "body-markup" in self._capabilities:
            body = html.escape(body, quote=False)
        actions = _OPEN if "actions" in self._capabilities else []  # without them a service may show a dialog instead
        icon = (resources() / "icons" / "mark.svg").as_uri()
        arguments = ("ChatDesk", self._ids.get(key, 0), icon, title, body, actions, _HINTS, -1)
        (self._ids[key],) = await _call(self._router, "Notify", "susssasa{sv}i", arguments)

    async def hide(self, key: str) -> None:
        """As ``NotificationService``."""
        if number := self._ids.pop(key, 0):
            await _call(self._router, "CloseNotification", "u", (number,))

    def is_shown(self, key: str) -> bool:
        """As ``NotificationService``."""
        return key in self._ids

    async def close(self) -> None:
        """As ``NotificationService``."""
        with suppress(ServiceError):
            for key in list(self._ids):
                await self.hide(key)
        await self.closing.aclose()

    async def listen(self, signals: asyncio.Queue[Any]) -> None:
        """Pass on what the person does, until cancelled."""
        while True:
            signal = await signals.get()
            number, *told = signal.body
            key = next((key for key, shown in self._ids.items() if shown == number), None)
            if key is not None:
                self._take(signal.header.fields[HeaderFields.member], key, *told)

    def _take(self, member: str, key: str, told: int | str) -> None:
        match member:
            case "ActivationToken":
                os.environ["XDG_ACTIVATION_TOKEN"] = str(told)  # with it Qt may raise the window, on Wayland
            case "ActionInvoked":
                self._listener.clicked(key)
            case "NotificationClosed":
                del self._ids[key]
                if told == _BY_PERSON:
                    self._listener.dismissed(key)


async def open_service(listener: Listener) -> FreedesktopService:
    """Connect to the service. Raises ServiceError where there is none."""
    async with AsyncExitStack() as stack:
        connection = await _answer(open_dbus_connection())
        router = DBusRouter(connection)
        stack.push_async_callback(_disconnect, connection, router)
        (capabilities,) = await _call(router, "GetCapabilities")
        service = FreedesktopService(router, capabilities, listener)
        signals = stack.enter_context(router.filter(MatchRule(type="signal", interface=_NAME), bufsize=0))
        await _send(router, message_bus.AddMatch(MatchRule(type="signal", interface=_NAME, sender=_NAME)))
        stack.push_async_callback(_end, asyncio.create_task(service.listen(signals)))
        service.closing = stack.pop_all()
    return service


async def _call(router: Any, method: str, signature: str = "", arguments: tuple[object, ...] = ()) -> tuple[Any, ...]:
    return await _send(router, new_method_call(_ADDRESS, method, signature, arguments))


async def _send(router: Any, call: Any) -> tuple[Any, ...]:
    """Call the service or the bus, and return the answer. Raises ServiceError."""
    reply = await _answer(router.send_and_get_reply(call))
    try:
        body: tuple[Any, ...] = unwrap_msg(reply)
    except DBusErrorResponse as error:
        raise ServiceError(str(error)) from None
    return body


async def _answer(work: Coroutine[Any, Any, Any]) -> Any:
    """Wait for the bus. Raises ServiceError if it fails or takes too long."""
    try:
        return await asyncio.wait_for(work, _ANSWER_SECONDS)
    except _FAILURES as error:
        raise ServiceError(repr(error)) from None


async def _disconnect(connection: Any, router: Any) -> None:
    """End the connection, also if the bus has failed: then the router raises that once more."""
    for close in (partial(router.__aexit__, None, None, None), connection.close):
        with suppress(*_FAILURES):
            await close()


async def _end(listening: asyncio.Task[None]) -> None:
    listening.cancel()
    with suppress(asyncio.CancelledError):
        await listening
