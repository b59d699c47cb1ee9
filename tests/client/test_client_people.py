"""People in a room of hundreds, with a real server: the list page by page, a search, and who comes meanwhile."""

import pytest

from chatdesk.client import client as module
from chatdesk.client import people as people_module
from chatdesk.client.changes import FoundPeopleChanged, PeopleListed
from tests.client.person import person
from tests.server.chat import Chat, chat
from tests.waiting import until

CROWD = 230


@pytest.fixture(autouse=True)
def short_delays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_TICK_SECONDS", 0.05)
    monkeypatch.setattr(people_module, "_REFRESH_SECONDS", 0.2)


async def fill(c: Chat, count: int = CROWD) -> None:
    for number in range(count):
        await c.join(f"Guest {number:03}")


async def test_the_list_is_loaded_page_by_page_and_searched_on_the_server() -> None:
    async with chat(message_rate=0) as c:
        await fill(c)
        async with person(c.server.port, "Zoe") as zoe:
            room = zoe.state.shown
            assert (len(room.people.here), room.people.complete, room.people.count) == (200, False, CROWD + 1)
            zoe.client.find_people("t 22")
            await until(lambda: zoe.changes_of(FoundPeopleChanged) and room.people_search.found)
            await until(lambda: room.people_search.found and not room.people_search.found.busy)
            assert room.people_search.found
            found = {person.nickname for person in room.people_search.found.people}
            assert found == {f"Guest {number}" for number in range(220, 230)}
            zoe.client.find_people("")
            zoe.client.load_more_people()
            await until(lambda: room.people.complete)
            await until(lambda: zoe.changes_of(PeopleListed))
            assert len(room.people.here) == room.people.count == CROWD + 1
            assert zoe.state.is_mine(room.people.here["Zoe"])


async def test_whoever_comes_meanwhile_is_counted_and_found_again_in_the_list() -> None:
    async with chat(message_rate=0) as c:
        await fill(c)
        async with person(c.server.port, "Zoe") as zoe:
            people = zoe.state.shown.people
            zoe.client.show_people(True)
            for number in range(40):
                await c.join(f"Abe {number:02}")
            await until(lambda: people.count == CROWD + 41, 10)
            await until(lambda: sum(name.startswith("Abe") for name in people.here) == 40, 10)
