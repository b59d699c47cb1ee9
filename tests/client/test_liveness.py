"""A client notices that its server is gone, neither too late nor by mistake."""

import asyncio
import time

import pytest

from chatdesk.client import boot_clock, reconnecting
from chatdesk.client import client as module
from chatdesk.client import connection as connection_module
from chatdesk.client.changes import PeopleChanged, StatusChanged
from chatdesk.client.connection import CloseReason
from tests.client.person import Person, person
from tests.client.relay import relay
from tests.server.chat import chat
from tests.server.test_grace_period import LONG
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")  # for the loop of the window

SUSPENDED = 0.2


@pytest.fixture(autouse=True)
def short_delays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use fractions of a second for all delays."""
    monkeypatch.setattr(reconnecting, "_FIRST_SECONDS", 0.02)
    monkeypatch.setattr(module, "_TICK_SECONDS", 0.02)
    monkeypatch.setattr(module, "_SUSPENDED_SECONDS", SUSPENDED)
    monkeypatch.setattr(connection_module, "_PROBE_SECONDS", SUSPENDED)


def gone(somebody: Person) -> list[str]:
    """The nicknames of the people who left, as this person's client has reported."""
    return [person.nickname for change in somebody.changes_of(PeopleChanged) for person in change.left]


def hold_the_loop() -> None:
    """Block the program, as while the machine sleeps."""
    time.sleep(2 * SUSPENDED)


async def test_after_a_sleep_a_sound_connection_is_kept() -> None:
    """Behaviour 38."""
    async with chat() as c, person(c.server.port, "Kit") as kit:
        before = set(c.server.connections)
        for _ in range(3):
            hold_the_loop()
            await asyncio.sleep(SUSPENDED)
        assert c.server.connections == before
        assert len(kit.changes_of(StatusChanged)) == 1


async def test_a_probe_detects_a_dead_connection_and_the_client_reconnects_at_once() -> None:
    """Behaviour 38."""
    async with (
        chat(grace=LONG) as c,
        relay(c.server.port) as to_server,
        person(c.server.port, "Ana") as ana,
        person(to_server.port, "Kit") as kit,
    ):
        await until(lambda: len(ana.state.shown.people.here) == 2)
        before = set(c.server.connections)
        to_server.go_silent()
        kit.client._connection.probe()
        await until(lambda: len(c.server.connections - before) == 1 and kit.state.online)
        ana.client.send("Still here?")
        await until(lambda: kit.said == ["Still here?"])
        assert gone(ana) == []


@pytest.mark.parametrize("hours", [-1, 1])
async def test_setting_the_clock_closes_no_connection(monkeypatch: pytest.MonkeyPatch, hours: int) -> None:
    """Behaviour 39."""
    async with chat() as c, person(c.server.port, "Kit") as kit:
        before, wall = set(c.server.connections), time.time
        monkeypatch.setattr("time.time", lambda: wall() + hours * 3600)
        await asyncio.sleep(2 * SUSPENDED)
        assert c.server.connections == before
        assert len(kit.changes_of(StatusChanged)) == 1


async def test_a_client_that_reconnects_does_not_say_goodbye() -> None:
    async with chat(grace=LONG) as c, person(c.server.port, "Ana") as ana, person(c.server.port, "Kit") as kit:
        await until(lambda: len(ana.state.shown.people.here) == 2)
        before = set(c.server.connections)
        kit.client._connection.close(CloseReason("Not ready."))
        await until(lambda: len(c.server.connections - before) == 1 and kit.state.online)
        ana.client.send("Still here?")
        await until(lambda: kit.said == ["Still here?"])
        assert gone(ana) == []


async def test_the_boot_clock_ignores_the_wall_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Behaviours 38 and 39."""
    before = boot_clock.boot_seconds()
    monkeypatch.setattr("time.time", lambda: 0.0)
    assert before <= boot_clock.boot_seconds() < before + 5


async def test_the_default_timeouts_add_up_to_less_than_half_a_minute() -> None:
    assert 2 * connection_module._PING_SECONDS + connection_module._CLOSE_SECONDS + 1 < 30
