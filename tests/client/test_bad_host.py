"""A host that breaks the rules is left with a sentence that says how, and is not tried again."""

import asyncio
from functools import partial

import pytest

from chatdesk.client.changes import Ended, Lost
from chatdesk.client.people import MAX_PEOPLE
from chatdesk.protocol.text import isolated
from tests.client.person import Person
from tests.hostile_host import HostileHost, Script, Visit
from tests.hostile_scripts import BREAKING, MANY, RAW, WRONG, crowd_at_once, out_of_turn, welcome_again, wrong
from tests.waiting import until


async def ended(script: Script) -> str:
    """The sentence with which the only connection to such a host ends."""
    with HostileHost(script) as host:
        somebody = Person(host.port, "Robin")
        await asyncio.wait_for(somebody.client.run(), 10)
        assert len(host.visits) == 1
    assert isinstance(somebody.state.status, Ended)
    return somebody.state.status.sentence


@pytest.mark.parametrize("kind", [WRONG, RAW], ids=["events", "frames"])
async def test_a_violation_is_named(kind: dict[str, object]) -> None:
    for what in kind:
        sentence = await ended(partial(wrong, what=what))
        assert sentence.startswith("This host sends "), (what, sentence)
        assert sentence.endswith("Tell its host to start ChatDesk again there."), (what, sentence)
        assert sentence == isolated(sentence)
        assert len(sentence) < 300


async def test_someone_else_may_not_be_welcomed_in_the_middle() -> None:
    def rename(visit: Visit) -> None:
        visit.enter()
        visit.say(visit.welcome(nickname="Somebody"))
        visit.stay()

    assert "a second welcome, to somebody else" in await ended(rename)


@pytest.mark.parametrize("script", [welcome_again, out_of_turn])
async def test_what_is_said_twice_or_out_of_turn_changes_nothing(script: Script) -> None:
    with HostileHost(script) as host:
        somebody = Person(host.port, "Robin")
        running = asyncio.create_task(somebody.client.run())
        last = [1, 2, 3, 4] if script is out_of_turn else [1]
        await until(lambda: somebody.seqs == last and len(somebody.state.shown.people.here) > 1)
        await asyncio.sleep(0.1)
        people = ["Robin", "Kit"] if script is out_of_turn else ["Robin", "Kit", "Ana"]
        assert list(somebody.state.shown.people.here) == people
        assert somebody.seqs == last
        assert somebody.state.shown.people.count == len(people)
        somebody.client.stop()
        await running
        assert len(host.visits) == 1


async def test_of_endless_people_some_are_listed_and_all_are_counted() -> None:
    with HostileHost(crowd_at_once) as host:
        somebody = Person(host.port, "Robin")
        running = asyncio.create_task(somebody.client.run())
        await until(lambda: somebody.state.shown.people.count == MANY)
        assert len(somebody.state.shown.people.here) == MAX_PEOPLE
        somebody.client.stop()
        await running


async def lost(script: Script, attempt: int) -> Lost:
    """How it stands when somebody waits before this attempt to come back."""
    with HostileHost(script) as host:
        somebody = Person(host.port, "Robin")
        running = asyncio.create_task(somebody.client.run())
        waits: list[Lost] = []

        def waiting() -> bool:
            status = somebody.state.status
            if isinstance(status, Lost) and status.retry_at and status.attempt == attempt:
                waits.append(status)
            return bool(waits)

        await until(waiting, 20)
        somebody.client.stop()
        await running
        assert len(host.visits) == attempt
        return waits[0]


async def test_a_host_that_disconnects_repeatedly_is_tried_less_and_less() -> None:
    """To be let in for a moment does not begin the delays again, and one that is busy is left alone for long."""
    scripts = BREAKING.copy()
    busy = await lost(scripts.pop("is busy"), 1)
    assert busy.retry_at
    assert busy.retry_at - busy.since > 5
    await asyncio.gather(*(lost(script, 2) for script in scripts.values()))
