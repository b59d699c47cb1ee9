"""The protocol of the desktop's notifications, on a real bus."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from chatdesk.desktop.notifications import freedesktop
from chatdesk.desktop.notifications.freedesktop import FreedesktopService, open_service
from chatdesk.desktop.notifications.service import Listener, ServiceError
from tests.session_bus import Desktop, desktop, session_bus
from tests.waiting import until


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with session_bus() as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        yield address


@pytest_asyncio.fixture
async def shown_by(bus: str) -> AsyncIterator[Desktop]:
    async with desktop(bus) as made:
        yield made


@pytest.fixture
def heard() -> list[tuple[str, str]]:
    return []


@pytest_asyncio.fixture
async def service(shown_by: Desktop, heard: list[tuple[str, str]]) -> AsyncIterator[FreedesktopService]:
    listener = Listener(lambda key: heard.append(("clicked", key)), lambda key: heard.append(("dismissed", key)))
    made = await open_service(listener)
    yield made
    await made.close()


async def test_a_notification_is_shown_replaced_and_taken_back(
    shown_by: Desktop, service: FreedesktopService, heard: list[tuple[str, str]]
) -> None:
    await service.show("build", "Ana in #build", "Is it <b>on</b> & running?")
    ((number, shown),) = shown_by.shown.items()
    assert (shown.title, shown.body) == ("Ana in #build", "Is it &lt;b&gt;on&lt;/b&gt; &amp; running?")
    assert shown.actions == ["default", "Open"]
    assert shown.hints["suppress-sound"] == ("b", True)
    await service.show("build", "2 new messages in #build", "Ben: yes")
    assert {number: shown.title for number, shown in shown_by.shown.items()} == {number: "2 new messages in #build"}
    await service.show("", "You missed 3 messages", "#lobby")
    assert len(shown_by.shown) == 2
    await service.hide("build")
    await service.hide("")
    assert not shown_by.shown
    assert heard == []


async def test_a_click_and_putting_away_are_told_and_time_is_not(
    shown_by: Desktop, service: FreedesktopService, heard: list[tuple[str, str]]
) -> None:
    for key in ("", "build", "garden"):
        await service.show(key, key, "")
    missed, build, garden = shown_by.shown
    await shown_by.close(garden, 1)
    await until(lambda: not service.is_shown("garden"))
    await shown_by.close(build, 2)
    await shown_by.click(missed)
    await until(lambda: len(heard) == 3)
    assert heard == [("dismissed", "build"), ("clicked", ""), ("dismissed", "")]
    await service.show("garden", "again", "")
    assert service.is_shown("garden")
    assert [shown.title for shown in shown_by.shown.values()] == ["again"]


async def test_a_service_without_actions_and_markup_gets_none(bus: str) -> None:
    async with desktop(bus, ("body",)) as shown_by:
        service = await open_service(Listener(print, print))
        await service.show("build", "<Ana>", "a < b & c")
        (shown,) = shown_by.shown.values()
        assert (shown.title, shown.body, shown.actions) == ("<Ana>", "a < b & c", [])
        await service.close()
        assert not shown_by.shown


async def test_where_nobody_shows_notifications_it_says_so(bus: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ServiceError, match="Notifications"):
        await open_service(Listener(print, print))
    for address in ("unix:path=/nowhere", "tcp:host=127.0.0.1,port=1", "nonsense"):
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        with pytest.raises(ServiceError):
            await open_service(Listener(print, print))


async def test_a_service_that_hangs_is_given_up(
    shown_by: Desktop, service: FreedesktopService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freedesktop, "_ANSWER_SECONDS", 0.05)
    shown_by.answers = False
    with pytest.raises(ServiceError, match="Timeout"):
        await service.show("build", "Ana", "")


def sockets() -> set[str]:
    """The open ones, by their inodes."""
    found = set[str]()
    for descriptor in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # it was closed meanwhile
            found.add(str(descriptor.readlink()))
    return {target for target in found if target.startswith("socket:")}


async def test_a_bus_that_goes_leaves_no_task_and_no_connection_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    before = sockets()
    with session_bus() as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        async with desktop(address):
            service = await open_service(Listener(print, print))
            await service.show("build", "Ana", "")
    with pytest.raises(ServiceError):
        await service.show("build", "Ben", "")
    await service.close()
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert sockets() <= before
