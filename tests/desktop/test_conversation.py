"""A conversation with a real server on loopback and other clients, and what the screen shows."""

import asyncio
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from chatdesk.client.changes import Ended
from chatdesk.client.saved_state import ClientStore
from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.models.rows import PresenceRow, UnsentRow
from tests.desktop.hosted_chat import HostedChat
from tests.desktop.inspection import texts
from tests.desktop.timelines import kinds, read, said, talk
from tests.hostile_host import HostileHost, Visit, message, user
from tests.hostile_scripts import names, presence
from tests.waiting import until


def people(conversation: Conversation) -> list[str]:
    return [conversation.people.index(place).data() for place in range(conversation.people.rowCount())]


async def test_the_host_of_an_empty_room_is_told_so(hosted_chat: HostedChat) -> None:
    mara = await hosted_chat.join(hosting=True)
    assert hosted_chat.arrivals == [1]
    assert mara.name == "Robotics Workshop"
    shown = texts(mara.screen)
    assert "Open, nobody else yet" in shown
    assert "You, hosting" in shown
    assert "You are Mara in Robotics Workshop" in shown
    assert "People show up here as they join." in shown
    assert mara.screen.composer.edit.placeholderText().startswith("Write a first")


@pytest.mark.parametrize("hosting", [True, False])
async def test_a_draft_is_restored_after_a_restart(hosted_chat: HostedChat, tmp_path: Path, *, hosting: bool) -> None:
    mara = await hosted_chat.join(hosting=hosting, store=ClientStore(tmp_path / "joined"))
    mara.screen.composer.edit.insertPlainText("half a sentence")
    mara.leave()
    await hosted_chat.running[-1]
    again = await hosted_chat.join(hosting=hosting, store=ClientStore(tmp_path / "joined"))
    await until(lambda: again.screen.composer.edit.text == "half a sentence")
    QTest.keyClicks(again.screen.composer.edit, " and the rest")
    QTest.keyClick(again.screen.composer.edit, Qt.Key.Key_Return)
    await until(lambda: said(again) == ["half a sentence and the rest"])
    again.leave()
    await hosted_chat.running[-1]
    last = await hosted_chat.join(hosting=hosting, store=ClientStore(tmp_path / "joined"))
    await until(lambda: said(last) == ["half a sentence and the rest"])
    assert last.screen.composer.edit.text == ""


async def test_people_come_and_go_and_are_counted(hosted_chat: HostedChat) -> None:
    mara = await hosted_chat.join(hosting=True)
    priya = await hosted_chat.join_as("Priya")
    await until(lambda: people(mara) == ["Mara", "Priya"])
    assert "Hosting for 2 people" in texts(mara.screen)
    mara.client.send("Hello")
    await until(lambda: "PresenceRow" in kinds(mara) and said(mara))
    priya.stop()
    await until(lambda: people(mara) == ["Mara"])
    lines = [mara.timeline.row(place) for place in range(mara.timeline.rowCount())]
    assert [line.sentence for line in lines if isinstance(line, PresenceRow)] == ["Priya joined", "Priya left"]


async def test_nobody_is_told_who_comes_and_goes_among_more_than_fifty_people(hosted_chat: HostedChat) -> None:
    """Behaviour 16."""

    def crowd(visit: Visit) -> None:
        visit.enter(user("Mara"), user("Robin"), said=(message(1),))
        visit.say(presence(names(48), count=50))
        visit.hear("typing")
        visit.say(presence(["Late 1", "Late 2"], names(1), count=51), message(2))
        visit.stay()

    with HostileHost(crowd) as host:
        robin = Conversation(hosted_chat.theme, host.websocket, host.url, "Robin")
        hosted_chat.running.append(asyncio.create_task(robin.run()))
        await until(lambda: kinds(robin) == ["DaySeparator", "MessageRow", "DaySeparator", "PresenceRow"])
        robin.client.presence.set_typing(True)
        await until(lambda: said(robin) == ["message 1", "message 2"])
        assert "Late 2" in people(robin)
        assert kinds(robin).count("PresenceRow") == 1
        presence_row = robin.timeline.row(kinds(robin).index("PresenceRow"))
        assert isinstance(presence_row, PresenceRow)
        assert len(presence_row.joined) == 48
        robin.leave()
        await hosted_chat.running[-1]


async def test_messages_are_in_order_and_own_ones_are_confirmed_in_place(hosted_chat: HostedChat) -> None:
    mara, priya = await hosted_chat.join(), await hosted_chat.join_as("Priya")
    mara.client.send("One")
    assert {"MessageRow", "UnsentRow"}.isdisjoint(kinds(mara))  # that Priya joined may be there already
    await until(lambda: said(mara) == ["One"])
    priya.send("Two")
    await until(lambda: said(mara) == ["One", "Two"])
    assert "UnsentRow" not in kinds(mara)
    assert not mara.screen.empty_room.isVisibleTo(mara.screen)


async def test_a_refused_message_can_be_sent_again_or_discarded(hosted_chat: HostedChat) -> None:
    mara = await hosted_chat.join()
    message_id = mara.client.send("x" * 9000)
    await until(lambda: kinds(mara) == ["UnsentRow"])
    await until(lambda: mara.timeline.row(0).failed)
    mara.client.discard(message_id)
    await until(lambda: kinds(mara) == [])
    assert mara.screen.empty_room.isVisibleTo(mara.screen)


async def test_typing_is_shown_and_a_resting_draft_is_not_reported_for_ever(hosted_chat: HostedChat) -> None:
    mara, priya = await hosted_chat.join(), await hosted_chat.join_as("Priya")
    mara.screen.composer.typing.connect(mara.client.presence.set_typing)
    priya.presence.set_typing(True)
    await until(lambda: mara.screen.typing_indicator.accessibleName() == "Priya is typing")
    mara.screen.composer.edit.insertPlainText("A draft")
    await until(lambda: priya.state.shown.people.typing == ["Mara"])
    told: list[bool] = []
    mara.screen.composer.typing.connect(told.append)
    for number in range(3):
        priya.send(f"Message {number}")
    await until(lambda: len(said(mara)) == 3)
    assert told == []


async def test_older_messages_come_from_the_server(hosted_chat: HostedChat) -> None:
    priya = await hosted_chat.join_as("Priya")
    for number in range(130):
        priya.send(f"Message {number}")
    await until(lambda: len(priya.state.shown.transcript.messages) == 130)
    mara = await hosted_chat.join()
    await until(lambda: len(said(mara)) >= 50)
    mara.load_older()
    await until(lambda: said(mara) == [f"Message {number}" for number in range(130)])


async def test_a_name_that_is_taken_ends_it_before_it_begins(hosted_chat: HostedChat) -> None:
    await hosted_chat.join_as("Mara")
    mara = hosted_chat.open()
    await asyncio.wait_for(hosted_chat.running[-1], 15)
    status = mara.client.state.status
    assert isinstance(status, Ended)
    assert status.nickname_error
    assert (mara.joined, hosted_chat.arrivals) == (False, [])


async def test_leaving_is_for_good(hosted_chat: HostedChat) -> None:
    mara = await hosted_chat.join()
    mara.leave()
    await asyncio.wait_for(hosted_chat.running[-1], 15)
    assert mara.left


async def test_after_removal_the_person_can_join_again_or_leave(
    hosted_chat: HostedChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    mara = await hosted_chat.join()
    for _ in range(2):
        mara.client.stop()
        await until(
            lambda: (
                "Join again"
                in [
                    b.text()
                    for b in mara.screen.banner.findChildren(type(mara.screen.banner._join_again_button))
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
    await asyncio.wait_for(hosted_chat.running[-1], 15)


async def test_the_server_gone_it_waits_and_keeps_what_is_said(hosted_chat: HostedChat) -> None:
    mara = await hosted_chat.join()
    await hosted_chat.stack.aclose()
    await until(lambda: not mara.client.state.online)
    mara.screen.composer.sent.emit("Later")
    await until(lambda: kinds(mara) == ["UnsentRow"])
    assert isinstance(mara.timeline.row(0), UnsentRow)
    assert "Not connected" in texts(mara.screen)
    mara.leave()
    await asyncio.wait_for(hosted_chat.running[-1], 15)


async def test_sending_scrolls_to_the_end(hosted_chat: HostedChat) -> None:
    mara, priya = await hosted_chat.join(), await hosted_chat.join_as("Priya")
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


async def test_names_that_read_leftwards_turn_no_sentence(hosted_chat: HostedChat) -> None:
    mara = await hosted_chat.join("نور")
    assert "You are \u2068نور\u2069 in Robotics Workshop" in texts(mara.screen)


async def test_a_jump_shows_what_only_the_server_has_and_the_pill_leads_back(hosted_chat: HostedChat) -> None:
    priya = await hosted_chat.join_as("Priya")
    await talk(priya, 300)
    mara = await hosted_chat.join()
    mara.screen.timeline.read_tracker.far_from_latest_changed.connect(mara.screen.set_far_from_latest)
    mara.screen.resize(900, 500)
    mara.screen.show()
    mara.client.go_to(10)
    await until(lambda: read(mara) == "Message 9")
    assert mara.timeline.behind
    assert not mara.client.state.shown.transcript.live
    assert mara.screen.jump_pill.isVisible()
    priya.send("Meanwhile")
    await until(lambda: mara.timeline.newest == 301)
    assert read(mara) == "Message 9"
    mara.show_latest()
    await until(lambda: "Meanwhile" in said(mara) and mara.screen.timeline.following)
    assert not mara.screen.jump_pill.isVisible()
    mara.screen.close()


async def test_after_a_jump_scrolling_reaches_both_ends(hosted_chat: HostedChat) -> None:
    priya = await hosted_chat.join_as("Priya")
    await talk(priya, 400)
    mara = await hosted_chat.join()
    timeline = mara.screen.timeline
    timeline.newer_requested.connect(mara.load_newer)
    timeline.older_requested.connect(mara.load_older)
    mara.screen.resize(900, 500)
    mara.screen.show()
    mara.client.go_to(200)
    await until(lambda: read(mara) == "Message 199")
    bar = timeline.verticalScrollBar()

    def reached(end: int) -> bool:
        bar.setValue(bar.minimum() if end == 1 else bar.maximum())
        return mara.timeline.position_of(end) is not None

    await until(lambda: reached(1), 10)
    await until(lambda: reached(400), 20)
    await until(lambda: not mara.timeline.behind)
    mara.screen.close()


async def test_search_hits_are_shown_and_lead_into_the_timeline(hosted_chat: HostedChat) -> None:
    priya = await hosted_chat.join_as("Priya")
    await talk(priya, 130)
    mara = await hosted_chat.join()
    mara.screen.search_panel.more_requested.connect(mara.client.search_more)
    mara.screen.search_panel.chosen.connect(mara.go_to_message)
    mara.screen.resize(1200, 700)
    mara.screen.show()
    mara.search("message")
    await until(lambda: mara.search_hits.rowCount() == 50)
    assert mara.search_hits.hits[0].message.content == "Message 129"
    found = mara.screen.search_panel.hits_list
    await until(lambda: (found.scroll_to_end(), mara.search_hits.rowCount() == 130)[1])
    mara.screen.search_panel.choose_current()
    await until(lambda: read(mara) == "Message 129")
    mara.search("message 11")
    await until(lambda: mara.search_hits.rowCount() == 11)
    mara.search("nothing of the kind")
    await until(lambda: "No message holds all of these words." in texts(mara.screen))
    mara.search("")
    await until(lambda: mara.client.state.search.results.query == "")
    assert not mara.screen.search_panel.isVisible()
    mara.screen.close()
