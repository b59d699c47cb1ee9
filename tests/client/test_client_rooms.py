"""A client in several rooms, with a real server."""

import pytest

from chatdesk.client import client as module
from chatdesk.client.changes import Change, DraftRestored, InRoom, NoticeReceived, TranscriptReset
from chatdesk.client.saved_state import ClientStore
from tests.client.person import Person, cut, person
from tests.server.chat import chat
from tests.waiting import until


def drafts(somebody: Person) -> list[Change]:
    """The changes of the garden while another room is shown."""
    return [change for each in somebody.changes if isinstance(each, InRoom) for change in each.changes]


@pytest.fixture(autouse=True)
def short_delays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatdesk.client.backoff._FIRST_SECONDS", 0.02)
    monkeypatch.setattr(module, "_TICK_SECONDS", 0.05)


async def test_each_room_has_its_own_messages_and_is_resumed_by_itself() -> None:
    async with chat() as c, person(c.server.port, "Kit") as kit:
        ana = await c.join("Ana", room="garden")
        kit.client.enter("garden")
        garden = kit.state.rooms["garden"]
        await until(lambda: garden.stage == "inside")
        assert set(garden.people.here) == {"Kit", "Ana"}
        ana.send("message", content="roses")
        kit.client.send("robots")
        await until(lambda: garden.unread == 1 and kit.said == ["robots"])
        assert any(isinstance(change, InRoom) for change in kit.changes)
        cut(c, "Kit")
        ana.send("message", content="and bees")
        await until(lambda: [message.content for message in garden.transcript.messages] == ["roses", "and bees"])
        assert (garden.resumed, kit.said) == ("all", ["robots"])
        kit.client.show("garden")
        kit.client.send("thorns")
        await until(lambda: garden.transcript.last_seq == 3 and not garden.outbox.waiting)
        await until(lambda: kit.changes_of(TranscriptReset))
        kit.client.exit("garden")
        await until(lambda: not [it for it in c.server.connections if len(it.session.memberships) > 1])
        assert kit.state.shown is kit.state.home


async def test_what_was_not_sent_in_a_room_waits_for_that_room(
    store: ClientStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatdesk.client.backoff._FIRST_SECONDS", 60)
    async with chat() as c:
        async with person(c.server.port, "Kit", store=store) as kit:
            kit.client.enter("garden")
            await until(lambda: kit.state.rooms["garden"].stage == "inside")
            kit.client.show("garden")
            cut(c, "Kit")
            await until(lambda: not kit.state.online)
            kit.client.send("for the garden")
            kit.client.set_draft("half a senten")
        async with person(c.server.port, "Kit", store=store) as again:
            assert not list(again.state.shown.outbox)
            assert not again.changes_of(DraftRestored)
            again.client.enter("garden")
            garden = again.state.rooms["garden"]
            await until(lambda: [message.content for message in garden.transcript.messages] == ["for the garden"])
            assert not again.said
            await until(lambda: DraftRestored("half a senten") in drafts(again))


async def test_a_room_that_cannot_be_entered_is_a_notice_and_nothing_more() -> None:
    async with chat() as c, person(c.server.port, "Kit") as kit:
        kit.client.enter("no such name!")
        await until(lambda: kit.changes_of(NoticeReceived))
        assert list(kit.state.rooms) == ["lobby"]
        assert kit.state.online
