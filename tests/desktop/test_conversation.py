"""A chat one is in: a real server on loopback, real others, and what the screen then shows."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import pytest
import pytest_asyncio
from PySide6.QtWidgets import QApplication

from chatdesk.app import host_beside_window
from chatdesk.client.changes import Ended
from chatdesk.client.client import ChatClient
from chatdesk.config import ServerConfig
from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.hosting import Hosted
from chatdesk.desktop.models.rows import Comings, Said, Unsent
from chatdesk.desktop.theme import Theme
from tests.desktop.looking import texts
from tests.waiting import until

CONFIG = ServerConfig(bind="127.0.0.1", port=0, name="Robotics Workshop", message_rate=0)


@dataclass
class House:
    """A hosted chat, and whoever is in it."""

    theme: Theme
    hosted: Hosted
    stack: AsyncExitStack
    notices: list[str] = field(default_factory=list)
    arrivals: list[int] = field(default_factory=list)
    running: list["asyncio.Task[None]"] = field(default_factory=list)

    def open(self, nickname: str = "Mara", *, hosting: bool = False) -> Conversation:
        """A conversation that runs."""
        conversation = Conversation(
            self.theme,
            self.hosted.socket_url,
            self.hosted.page_url,
            nickname,
            token=self.hosted.token if hosting else None,
        )
        conversation.arrived.connect(lambda: self.arrivals.append(1))
        conversation.noticed.connect(self.notices.append)
        conversation.screen.composer.sent.connect(conversation.client.send)
        self.running.append(asyncio.create_task(conversation.run()))
        return conversation

    async def enter(self, nickname: str = "Mara", *, hosting: bool = False) -> Conversation:
        conversation = self.open(nickname, hosting=hosting)
        await until(lambda: conversation.joined)
        return conversation

    async def other(self, nickname: str) -> ChatClient:
        """Somebody else, who is in the chat."""
        client = ChatClient(self.hosted.socket_url, nickname, client="browser", on_changes=lambda _: None)
        self.running.append(asyncio.create_task(client.run()))
        await until(lambda: client.state.online)
        return client

    async def close(self) -> None:
        for task in self.running:
            task.cancel()
        await asyncio.gather(*self.running, return_exceptions=True)
        await self.stack.aclose()


@pytest_asyncio.fixture
async def house(qapp: QApplication) -> AsyncIterator[House]:
    stack = AsyncExitStack()
    hosted = await stack.enter_async_context(host_beside_window(CONFIG))
    made = House(Theme(qapp, "light"), hosted, stack)
    yield made
    await made.close()
    assert asyncio.all_tasks() == {asyncio.current_task()}


def said(conversation: Conversation) -> list[str]:
    rows = [conversation.timeline.row(place) for place in range(conversation.timeline.rowCount())]
    return [row.text for row in rows if isinstance(row, Said)]


def kinds(conversation: Conversation) -> list[str]:
    return [type(conversation.timeline.row(place)).__name__ for place in range(conversation.timeline.rowCount())]


def people(conversation: Conversation) -> list[str]:
    return [conversation.people.index(place).data() for place in range(conversation.people.rowCount())]


async def test_who_hosts_sees_how_others_come_in(house: House) -> None:
    mara = await house.enter(hosting=True)
    assert house.arrivals == [1]
    assert mara.name == "Robotics Workshop"
    shown = texts(mara.screen)
    assert "Open, nobody else yet" in shown
    assert "You, hosting" in shown
    assert "You are Mara in Robotics Workshop" in shown
    assert "Nobody here yet." in shown
    assert "People show up here as they join." in shown
    assert mara.screen.composer.edit.placeholderText().startswith("Write a first")


async def test_people_come_and_go_and_are_counted(house: House) -> None:
    mara = await house.enter(hosting=True)
    priya = await house.other("Priya")
    await until(lambda: people(mara) == ["Mara", "Priya"])
    assert "Hosting for 2 people" in texts(mara.screen)
    mara.client.send("Hello")
    await until(lambda: "Comings" in kinds(mara) and said(mara))
    priya.stop()
    await until(lambda: people(mara) == ["Mara"])
    lines = [mara.timeline.row(place) for place in range(mara.timeline.rowCount())]
    assert [line.sentence for line in lines if isinstance(line, Comings)] == ["Priya joined", "Priya left"]


async def test_what_is_said_stands_in_order_and_ones_own_is_confirmed_in_place(house: House) -> None:
    mara, priya = await house.enter(), await house.other("Priya")
    mara.client.send("One")
    assert kinds(mara) == []
    await until(lambda: said(mara) == ["One"])
    priya.send("Two")
    await until(lambda: said(mara) == ["One", "Two"])
    assert "Unsent" not in kinds(mara)
    assert not mara.screen.empty.isVisibleTo(mara.screen)


async def test_what_is_refused_can_be_sent_again_or_discarded(house: House) -> None:
    mara = await house.enter()
    message_id = mara.client.send("x" * 9000)
    await until(lambda: kinds(mara) == ["Unsent"])
    await until(lambda: mara.timeline.row(0).failed)
    mara.client.discard(message_id)
    await until(lambda: kinds(mara) == [])
    assert mara.screen.empty.isVisibleTo(mara.screen)


async def test_typing_is_shown_and_no_draft_that_rests_is_told_for_ever(house: House) -> None:
    mara, priya = await house.enter(), await house.other("Priya")
    mara.screen.composer.typing.connect(mara.client.set_typing)
    priya.set_typing(True)
    await until(lambda: mara.screen.typing.accessibleName() == "Priya is typing")
    mara.screen.composer.edit.insertPlainText("A draft")
    await until(lambda: priya.state.typing == ["Mara"])
    told: list[bool] = []
    mara.screen.composer.typing.connect(told.append)
    for number in range(3):
        priya.send(f"Message {number}")
    await until(lambda: len(said(mara)) == 3)
    assert told == []


async def test_older_messages_come_from_the_server(house: House) -> None:
    priya = await house.other("Priya")
    for number in range(130):
        priya.send(f"Message {number}")
    await until(lambda: len(priya.state.messages) == 130)
    mara = await house.enter()
    await until(lambda: len(said(mara)) >= 50)
    mara.show_older()
    await until(lambda: said(mara) == [f"Message {number}" for number in range(130)])


async def test_a_name_that_is_taken_ends_it_before_it_begins(house: House) -> None:
    await house.other("Mara")
    mara = house.open()
    await asyncio.wait_for(house.running[-1], 5)
    status = mara.client.state.status
    assert isinstance(status, Ended)
    assert status.nickname_error
    assert (mara.joined, house.arrivals) == (False, [])


async def test_leaving_is_for_good(house: House) -> None:
    mara = await house.enter()
    mara.leave()
    await asyncio.wait_for(house.running[-1], 5)
    assert mara.left


async def test_thrown_out_one_can_join_again_or_leave(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    mara = await house.enter()
    for _ in range(2):
        mara.client.stop()
        await until(
            lambda: (
                "Join again"
                in [
                    b.text()
                    for b in mara.screen.banner.findChildren(type(mara.screen.banner._again))
                    if b.isVisibleTo(mara.screen)
                ]
            )
        )
        assert "Closed" in texts(mara.screen)
        assert "You, offline" in texts(mara.screen)
        mara.join_again()
        await until(lambda: mara.client.state.online)
    mara.client.stop()
    await until(lambda: isinstance(mara.client.state.status, Ended))
    mara.leave()
    await asyncio.wait_for(house.running[-1], 5)


async def test_the_server_gone_it_waits_and_keeps_what_is_said(house: House) -> None:
    mara = await house.enter()
    await house.stack.aclose()
    await until(lambda: not mara.client.state.online)
    mara.screen.composer.sent.emit("Later")
    await until(lambda: kinds(mara) == ["Unsent"])
    assert isinstance(mara.timeline.row(0), Unsent)
    assert "Not connected" in texts(mara.screen)
    mara.leave()
    await asyncio.wait_for(house.running[-1], 5)


async def test_who_sends_is_taken_to_the_end(house: House) -> None:
    mara, priya = await house.enter(), await house.other("Priya")
    mara.screen.resize(900, 500)
    mara.screen.show()
    for number in range(60):
        priya.send(f"Message {number}")
    await until(lambda: len(said(mara)) == 60)
    mara.screen.timeline.verticalScrollBar().setValue(50)
    assert not mara.screen.timeline.following
    mara.client.send("Mine")
    await until(lambda: mara.screen.timeline.following)
    mara.screen.close()


async def test_names_that_read_leftwards_turn_no_sentence(house: House) -> None:
    mara = await house.enter("نور")
    assert "You are \u2068نور\u2069 in Robotics Workshop" in texts(mara.screen)
