"""Where the unread messages begin in the window: while one is away, over a restart, and further up."""

import asyncio
from pathlib import Path

from chatdesk.client.saved_state import ClientStore
from chatdesk.desktop.models.rows import UnreadSeparator, UnsentRow
from tests.desktop.hosted_chat import HostedChat
from tests.desktop.timelines import kinds, read, said, talk
from tests.waiting import until


async def test_an_inactive_window_shows_unread_messages_until_the_person_writes(hosted_chat: HostedChat) -> None:
    mara, priya = await hosted_chat.join(), await hosted_chat.join_as("Priya")
    mara.screen.timeline.read_tracker.last_seen_changed.connect(mara.client.mark_read)
    mara.screen.resize(900, 500)
    mara.screen.show()
    await talk(priya, 3)
    await until(lambda: len(said(mara)) == 3)
    mara.set_active(False)
    priya.send("While you were away")
    await until(lambda: len(said(mara)) == 4)
    assert "UnreadSeparator" not in kinds(mara)
    mara.set_active(True)
    await until(lambda: "UnreadSeparator" in kinds(mara))
    divider = mara.timeline.row(mara.timeline.unread_position or 0)
    assert isinstance(divider, UnreadSeparator)
    assert (divider.after, divider.count) == (3, 1)
    mara.client.send("I am back")
    await until(lambda: "UnreadSeparator" not in kinds(mara))
    mara.screen.close()


async def test_after_a_restart_it_opens_where_the_new_begins_and_what_was_unsent_is_there(
    hosted_chat: HostedChat, tmp_path: Path
) -> None:
    store, priya = ClientStore(tmp_path / "joined"), await hosted_chat.join_as("Priya")
    await talk(priya, 60)
    mara = await hosted_chat.join(store=store)
    mara.client.mark_read(60)
    mara.client.send("x" * 9000)
    await until(mara.timeline.rowCount)
    await until(lambda: isinstance(mara.timeline.row(mara.timeline.rowCount() - 1), UnsentRow))
    await until(lambda: mara.timeline.row(mara.timeline.rowCount() - 1).failed)
    mara.leave()
    await asyncio.wait_for(hosted_chat.running[-1], 15)
    for place in range(40):
        priya.send(f"New {place}")
    await until(lambda: priya.state.shown.transcript.newest == 100)
    again = await hosted_chat.join(store=ClientStore(tmp_path / "joined"))
    again.screen.timeline.read_tracker.unseen_count_changed.connect(again.screen.set_unseen)
    await until(lambda: "UnreadSeparator" in kinds(again))
    again.screen.resize(900, 500)
    again.screen.show()
    timeline = again.screen.timeline
    rect = timeline.visualRect(again.timeline.index(again.timeline.unread_position or 0))
    assert timeline.rect().contains(rect.center())
    assert again.screen.jump_pill.isVisible()
    assert again.screen.jump_pill.text().endswith(" new, jump to latest")
    last = again.timeline.row(again.timeline.rowCount() - 1)
    assert isinstance(last, UnsentRow)
    assert last.failed
    again.client.discard(last.entry.id)
    await until(lambda: kinds(again)[-1] == "MessageRow")
    again.screen.close()


async def test_what_was_marked_as_unread_is_unread_after_a_restart_although_it_is_in_view(
    hosted_chat: HostedChat, tmp_path: Path
) -> None:
    priya = await hosted_chat.join_as("Priya")
    await talk(priya, 3)
    mara = await hosted_chat.join(store=ClientStore(tmp_path / "joined"))
    await until(lambda: "MessageRow" in kinds(mara))
    mara.client.mark_read(3)
    mara.client.mark_unread(2)
    mara.leave()
    await asyncio.wait_for(hosted_chat.running[-1], 15)
    again = await hosted_chat.join(store=ClientStore(tmp_path / "joined"))
    tracker = again.screen.timeline.read_tracker
    tracker.last_seen_changed.connect(again.client.mark_read)
    again.screen.resize(900, 500)
    again.screen.show()
    await until(lambda: tracker.last_seen == 3)
    priya.send("one more")
    await until(lambda: tracker.last_seen == 4)
    assert again.client.state.unread == 3
    assert "UnreadSeparator" in kinds(again)
    again.client.send("I have seen it")
    await until(lambda: again.client.state.unread == 0)
    again.screen.close()


async def test_where_the_new_begins_further_back_there_is_a_way_to_it(hosted_chat: HostedChat, tmp_path: Path) -> None:
    store, priya = ClientStore(tmp_path / "joined"), await hosted_chat.join_as("Priya")
    await talk(priya, 2)
    mara = await hosted_chat.join(store=store)
    mara.client.mark_read(2)
    mara.leave()
    await asyncio.wait_for(hosted_chat.running[-1], 15)
    await talk(priya, 200)
    again = hosted_chat.open(store=ClientStore(tmp_path / "joined"))
    again.screen.timeline.read_tracker.unread_above_changed.connect(again.screen.show_unread_above)
    await until(lambda: again.joined)
    again.screen.resize(900, 500)
    again.screen.show()
    await until(again.screen.unread_pill.isVisible)
    assert again.screen.unread_pill.text() == "200 new"
    again.show_unread()
    await until(lambda: read(again) == "Message 0")
    await until(lambda: not again.screen.unread_pill.isVisible())
    assert again.timeline.unread_position is not None
    again.screen.close()
