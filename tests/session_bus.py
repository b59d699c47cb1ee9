"""A D-Bus session of a test's own, and a notification service on it that remembers what it is asked."""

import asyncio
import os
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from jeepney import (
    DBusAddress,
    HeaderFields,
    Message,
    MessageType,
    message_bus,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.io.asyncio import DBusConnection, DBusRouter, Proxy, open_dbus_connection

NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
_CONFIG = """
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
ALL = ("actions", "body", "body-markup")


@contextmanager
def session_bus() -> Iterator[str]:
    """A bus that starts no service by itself, whatever this machine has; yields its address."""
    reading, writing = os.pipe()
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as config:
        config.write(_CONFIG)
        config.flush()
        options = ["--nofork", "--nopidfile", f"--config-file={config.name}", f"--print-address={writing}"]
        daemon = subprocess.Popen(["dbus-daemon", *options], pass_fds=[writing], stderr=subprocess.DEVNULL)
        os.close(writing)
        with os.fdopen(reading) as answer:
            address = answer.readline().strip()
    try:
        assert address, "dbus-daemon did not start"
        yield address
    finally:
        daemon.terminate()
        daemon.wait(10)


@dataclass
class Shown:
    """What a service shows: title, body and actions of one notification."""

    title: str
    body: str
    actions: list[str]
    hints: dict[str, Any]


@dataclass
class Desktop:
    """A notification service as the specification describes it; ``shown`` is what is on the screen, by number."""

    connection: DBusConnection
    capabilities: tuple[str, ...]
    shown: dict[int, Shown] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    answers: bool = True
    """Whether it answers; one that hangs does not."""
    _last: int = 0

    async def serve(self) -> None:
        """Answer calls until cancelled, or until the bus is gone."""
        with suppress(EOFError, OSError):
            while True:
                message = await self.connection.receive()
                if message.header.message_type is MessageType.method_call and self.answers:
                    await self.connection.send(await self._answer(message))

    async def click(self, number: int) -> None:
        """The person clicks on a notification, which goes by that."""
        await self._signal("ActionInvoked", "us", (number, "default"))
        await self.close(number, 2)

    async def close(self, number: int, reason: int) -> None:
        """A notification goes: 1 after a time, 2 by the person, 3 because it was asked for."""
        del self.shown[number]
        await self._signal("NotificationClosed", "uu", (number, reason))

    async def _answer(self, call: Message) -> Message:
        method = call.header.fields[HeaderFields.member]
        self.calls.append(method)
        match method:
            case "GetCapabilities":
                return new_method_return(call, "as", (list(self.capabilities),))
            case "Notify":
                assert call.header.fields[HeaderFields.signature] == "susssasa{sv}i"
                _, replaced, _, title, body, actions, hints, _ = call.body
                self._last = max(self._last, replaced) if replaced in self.shown else self._last + 1
                number = replaced if replaced in self.shown else self._last
                self.shown[number] = Shown(title, body, actions, hints)
                return new_method_return(call, "u", (number,))
            case "CloseNotification":
                (number,) = call.body
                if number in self.shown:
                    await self.close(number, 3)
                return new_method_return(call)
        return new_error(call, "org.freedesktop.DBus.Error.UnknownMethod")

    async def _signal(self, name: str, signature: str, body: tuple[Any, ...]) -> None:
        await self.connection.send(new_signal(DBusAddress(PATH, interface=NAME), name, signature, body))


@asynccontextmanager
async def desktop(address: str, capabilities: tuple[str, ...] = ALL) -> AsyncIterator[Desktop]:
    """A notification service on the bus at this address."""
    connection = await open_dbus_connection(address)
    async with DBusRouter(connection) as router:
        await Proxy(message_bus, router).RequestName(NAME)
    made = Desktop(connection, capabilities)
    serving = asyncio.create_task(made.serve())
    try:
        yield made
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        with suppress(OSError):
            await connection.close()
