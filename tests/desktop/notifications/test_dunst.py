"""A notification service that people use, dunst, on a screen and a bus of its own."""

import asyncio
import subprocess
import time
from collections.abc import Iterator

import pytest

from chatdesk.desktop.notifications.freedesktop import FreedesktopService, open_service
from chatdesk.desktop.notifications.service import Listener, ServiceError
from tests.e2e.screen import Screen
from tests.session_bus import session_bus
from tests.waiting import until

_START_SECONDS = 30


async def opened(listener: Listener) -> FreedesktopService:
    """Connect as soon as the service runs."""
    end = time.monotonic() + _START_SECONDS
    while True:
        try:
            return await open_service(listener)
        except ServiceError:
            assert time.monotonic() < end, "dunst did not start"
            await asyncio.sleep(0.05)


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """A screen and a bus with dunst on it."""
    with session_bus() as address, Screen(400, 300) as screen:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        made = {**screen.environment, "DBUS_SESSION_BUS_ADDRESS": address}
        dunst = subprocess.Popen(["dunst"], env=made, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        yield made
        dunst.terminate()
        dunst.wait(10)


async def test_dunst_shows_replaces_and_takes_back_and_tells_of_clicks(environment: dict[str, str]) -> None:
    heard: list[str] = []
    service = await opened(Listener(heard.append, heard.append))
    await service.show("build", "Ana in #build", "Is it <b>on</b> & running?")
    await service.show("build", "2 new messages in #build", "Ben: yes")
    await service.show("", "You missed 3 messages", "#lobby")
    assert len(set(service._ids.values())) == 2
    click = await asyncio.create_subprocess_exec("dunstctl", "action", env=environment)
    assert await click.wait() == 0
    await until(lambda: heard[:1] == ["build"])
    await service.hide("")
    assert not service.is_shown("")
    await service.close()
