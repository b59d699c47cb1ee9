"""State machine of a log on the disk and a client: in any course of events the client holds what the log holds.

A kill leaves the files as they are at that moment: the log is opened again from a copy of them.
"""

import asyncio
import tempfile
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from chatdesk.log import disk_log, retention
from chatdesk.log.acts import Act, AlreadyDeleted, Delete, Edit, Pin, React, Remover
from chatdesk.log.as_message import as_message
from chatdesk.log.disk_store import open_store
from chatdesk.log.memory import MemoryLog
from chatdesk.log.retention import Retention
from chatdesk.log.room_log import ActRefusal, Draft, Duplicate, HistoryPage, IdReused, Record, Refusal
from chatdesk.protocol.limits import REACTION_NAMES
from chatdesk.server.catch_up import History
from chatdesk.server.stream_position import StreamPosition
from tests.log.following_client import FollowingClient, answer, read_since
from tests.log.harness import PATIENCE_SECONDS, RoomHarness, answered_at_once, copy_as_after_kill, draft, seqs
from tests.server import wire
from tests.waiting import until

PLACES = st.integers(0, 10**6)
"""Of a message among those that are held: how many these are depends on the disk."""
KINDS = st.sampled_from(["delete", "react", "react", "pin"])
PEOPLE = st.sampled_from(["kit", "ana", "bo", "cy", "di", "eli", "flo"])
EMOJI = st.sampled_from(["👍", "🎉"])
WORDS = st.sampled_from(["apple", "Äpfel", "banana", "cherry pie"])


def record_of(said: Draft, seq: int) -> Record:
    """Return the record of a draft, with an unknown time, change and author."""
    return Record(seq, seq, seq, "", said.nickname, said.content, 0, said.id)


class LogMachine(RuleBasedStateMachine):
    """A server's log, one client, and the expected state: ``told``, all that was confirmed in this epoch."""

    def __init__(self) -> None:
        super().__init__()
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(disk_log, "_RECENT_RECORDS", 20)  # so that reads soon need the disk
        self.patch.setattr(retention, "STEP", 10)
        self.loop = asyncio.new_event_loop()
        self.folders = tempfile.TemporaryDirectory(prefix="chatdesk-")
        self.folder = Path(self.folders.name) / "0"
        self.runs = 0
        self.keep = Retention()
        self.first = 1
        self.epoch = ""
        self.told: list[Record] = []
        self.model = MemoryLog(str)
        self.said: list[Draft] = []
        self.pending: list[asyncio.Future[Record | Refusal]] = []
        self.unsettled: list[Draft] = []
        self.online = False
        self.client = FollowingClient()
        self.open()

    def teardown(self) -> None:
        self.run(self.stack.aclose())
        self.loop.close()
        self.patch.undo()
        self.folders.cleanup()

    def run[Result](self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        return self.loop.run_until_complete(asyncio.wait_for(coroutine, PATIENCE_SECONDS))

    # The server

    def open(self) -> None:
        async def enter() -> None:
            self.stack = AsyncExitStack()
            store = await self.stack.enter_async_context(open_store(self.folder, self.keep))
            self.room = RoomHarness(store.room("lobby"))
            self.unsubscribe = self.room.log.subscribe(self.changed, self.begun)
            self.history = History("lobby", self.room.log)

        self.run(enter())
        assert self.epoch in ("", self.room.log.epoch)
        self.epoch = self.room.log.epoch

    def changed(self, record: Record) -> None:
        if record.is_update:
            before, self.told[record.seq - 1] = self.told[record.seq - 1], record
            if record.removed:
                self.model.amend(Delete(record.seq, "kit", "Kit"), self.fail)
            elif record.content != before.content:
                self.model.amend(Edit(record.seq, record.content, "kit"), self.fail)
        else:
            assert record.seq == len(self.told) + 1
            self.told.append(record)
            self.model.append(Draft("Kit", record.content, "kit", record.id), self.fail)
        self.tell(record)

    def tell(self, record: Record) -> None:
        if self.online:
            self.client.hear_message(as_message(record, "lobby"))

    def begun(self, _cleared: bool) -> None:
        assert self.room.log.epoch != self.epoch
        self.epoch = self.room.log.epoch
        self.told.clear()
        answered_at_once(self.model.clear())
        self.first = 1
        if self.online:
            self.client.hear(self.history.event(HistoryPage([], more=False)))

    def fail(self, outcome: Record | Refusal | ActRefusal) -> None:
        assert isinstance(outcome, Record), outcome

    @rule(contents=st.lists(WORDS, min_size=1, max_size=30))
    def publish(self, contents: list[str]) -> None:
        """Append messages at once and wait for all of them."""
        self.say(contents)
        self.settle()

    @rule(contents=st.lists(WORDS, min_size=1, max_size=30))
    def say(self, contents: list[str]) -> None:
        """Append messages without waiting."""
        for content in contents:
            self.said.append(draft(content, f"id {len(self.said)}"))
            self.put(self.said[-1])

    def put(self, said: Draft) -> None:
        async def put() -> None:
            self.pending.append(self.room.start_append(said))

        self.unsettled.append(said)
        self.run(put())

    @precondition(lambda self: self.said)
    @rule(data=st.data())
    def retry(self, data: st.DataObject) -> None:
        """Append a message again, as if its confirmation was lost."""
        self.put(data.draw(st.sampled_from(self.said[-40:])))

    @precondition(lambda self: self.said)
    @rule(data=st.data())
    def misuse(self, data: st.DataObject) -> None:
        """Append another text with a known id."""
        self.settle()
        if held := self.told[self.first - 1 :]:
            known = data.draw(st.sampled_from(held))
            (said,) = [said for said in self.said if said.id == known.id]
            assert self.run(self.room.try_append(said.content + "!", said.id)) == IdReused()
            repeated = self.run(self.room.try_append(said.content, said.id))
            assert repeated == Duplicate(known), "as it is now"

    @precondition(lambda self: self.said)
    @rule(place=PLACES, content=WORDS)
    def edit(self, place: int, content: str) -> None:
        """Edit one of the messages that are held."""
        self.settle()
        if held := [record for record in self.told[self.first - 1 :] if not record.removed]:
            before = held[place % len(held)]
            text = f"{content} again" if before.content == content else content
            after = self.run(self.room.edit(before.seq, text))
            assert after == before._replace(content=text, change=self.room.log.last_change, edited=after.edited)

    @precondition(lambda self: self.said)
    @rule(place=PLACES, kind=KINDS, identity=PEOPLE, emoji=EMOJI, active=st.booleans())
    def act(self, place: int, kind: str, identity: str, emoji: str, active: bool) -> None:
        """Delete one of the messages that are held, react to it or pin it; what is deleted stays so."""
        self.settle()
        if held := self.told[self.first - 1 :]:
            before = held[place % len(held)]
            acts: dict[str, Act] = {
                "delete": Delete(before.seq, identity, identity.title(), Remover.HOST),
                "react": React(before.seq, emoji, active, identity, identity.title()),
                "pin": Pin(before.seq, active),
            }
            act = acts[kind]
            after = self.run(self.room.try_act(act))
            if before.removed:
                assert after in (AlreadyDeleted(), Duplicate(before))
            else:
                assert after == self.told[before.seq - 1] or after == Duplicate(before)
                assert bool(self.told[before.seq - 1].removed) == isinstance(act, Delete)

    @rule(identity=PEOPLE, emoji=EMOJI)
    def ask_about_acts(self, identity: str, emoji: str) -> None:
        """Pins and reactions are what the messages say; who is not named is known by a question."""
        self.settle()
        log, held = self.room.log, self.told[self.first - 1 :]
        pins = self.run(log.pins(None, 100))
        assert pins.records == [record for record in held if record.pinned]
        own = self.run(log.own_reactions(identity, log.seqs))
        for record in held:
            counts = {reaction.emoji: reaction.count for reaction in record.reactions}
            people = self.run(log.reactors(record.seq, emoji, 0, 100)).people
            assert len(people) == counts.get(emoji, 0)
            assert (identity.title() in [person.nickname for person in people]) == (emoji in own.get(record.seq, []))
            named = [tuple(reaction.people) for reaction in record.reactions if reaction.emoji == emoji]
            assert named in ([], [tuple(people[:REACTION_NAMES])])

    def settle(self) -> None:
        """Wait for the outcome of everything that was appended."""

        async def wait() -> None:
            outcomes = await asyncio.gather(*self.pending)
            for outcome in outcomes:
                assert isinstance(outcome, (Record, Duplicate)), outcome
            await until(lambda: self.room.log.seqs == self.seqs)

        self.run(wait())
        self.forget_pending()
        self.first = self.seqs.start

    @property
    def seqs(self) -> range:
        """The numbers that the log should hold."""
        last = len(self.told)
        return range(max(self.first, last - self.keep.messages + 1 if self.keep.messages else 1), last + 1)

    @rule()
    def clear(self) -> None:
        self.settle()
        self.run(self.room.clear())
        assert self.room.log.last_seq == 0

    @rule(contents=st.lists(WORDS, max_size=10))
    def clear_amid(self, contents: list[str]) -> None:
        """Clear the history between messages that are being appended."""
        self.settle()
        self.say(contents)
        cleared = self.loop.create_task(self.room.log.clear())
        self.say(contents)
        self.run(asyncio.wait_for(cleared, PATIENCE_SECONDS))

    @rule(messages=st.sampled_from([0, 1, 7, 40]))
    def change_retention(self, messages: int) -> None:
        """Continue with another retention, after the one before was applied."""
        self.settle()
        self.keep = Retention(messages=messages)
        self.restart()
        self.settle()

    @rule()
    def restart(self) -> None:
        """Close and open the log; everything that waits is written."""
        self.online = False
        self.run(self.stack.aclose())
        self.run(asyncio.sleep(0))
        self.settle_pending()
        self.open()

    @rule()
    def kill(self) -> None:
        """Continue with a copy of the files, as after a kill: what was announced before must be in it."""
        self.runs += 1
        told = list(self.told)
        copy = copy_as_after_kill(self.folder, Path(self.folders.name) / str(self.runs))
        self.unsubscribe()
        self.online = False
        self.run(self.stack.aclose())
        self.folder = copy
        self.epoch = ""
        self.open()
        self.find_unannounced(told)
        self.forget_pending()

    def settle_pending(self) -> None:
        for outcome in self.pending:
            assert outcome.done()
        self.forget_pending()

    def forget_pending(self) -> None:
        self.pending.clear()
        self.unsettled.clear()

    def find_unannounced(self, told: list[Record]) -> None:
        """Add what was written and not announced before the kill; retention may have deleted some of it."""
        held = self.run(self.room.all())
        start = self.room.log.seqs.start
        common = max(0, len(told) - start + 1)
        assert held[:common] == told[start - 1 :], "what was confirmed is lost"
        self.first = start
        for record in [*self.deleted_unannounced(start - len(told) - 1, held), *held[common:]]:
            self.changed(record)

    def deleted_unannounced(self, count: int, held: list[Record]) -> list[Record]:
        """Return what retention deleted before it was announced: the records just before the first one held."""
        if count <= 0:
            return []
        known = {record.id for record in self.told}
        new = list({said.id: said for said in self.unsettled if said.id not in known}.values())
        first = [said.id for said in new].index(held[0].id)
        return [record_of(said, held[0].seq - count + place) for place, said in enumerate(new[first - count : first])]

    # The client

    @rule()
    def drop(self) -> None:
        self.online = False
        self.client.transcript.disconnected()

    @rule()
    def resume(self) -> None:
        self.settle()
        self.client.transcript.disconnected()
        resume = self.client.transcript.resume
        start = StreamPosition(resume.epoch, self.client.position.change) if resume else None
        catch_up = self.run(read_since(self.history, start))
        self.online = True
        for event in self.history.entry_events(catch_up):
            self.client.hear(event)
        while catch_up.end != self.history.latest_position:
            catch_up = self.run(read_since(self.history, catch_up.end))
            for frame in wire.take_frames(bytearray(self.history.catch_up_frames(catch_up))):
                self.client.hear(frame.payload)

    @precondition(lambda self: self.online)
    @rule()
    def scroll_up(self) -> None:
        self.client.transcript.load_older()
        self.ask()

    def ask(self) -> None:
        """Answer the client's requests until it has none."""
        while questions := self.client.transcript.pop_requests():
            for question in questions:
                self.client.hear(self.history.event(self.run(answer(self.room, question)), question.id))

    # What must always be true

    @rule(word=WORDS)
    def search(self, word: str) -> None:
        self.settle()
        found = answered_at_once(self.model.search(word, None, 50))
        assert found
        expected = [hit.record.seq for hit in found.hits if hit.record.seq in self.room.log.seqs]
        assert self.run(self.room.search(word)) == expected

    @rule(back=st.integers(0, 150), limit=st.integers(1, 60))
    def follow(self, back: int, limit: int) -> None:
        """A subscriber that has received everything up to a change gets what has changed since, as it is now."""
        self.settle()
        log = self.room.log
        position = max(log.changes.start - 1, log.last_change - back)
        held = [record for record in self.told if record.seq in log.seqs]
        new = [record._replace(change=record.first_change) for record in held if record.first_change > position]
        updated = [record for record in held if record.is_update and record.change > position]
        expected = sorted([*new, *updated], key=lambda record: record.change)
        assert self.run(self.room.all_since(position, limit)) == expected
        if position:
            assert self.run(log.since(log.changes.start - 2, limit)) is None

    @rule(seq=st.integers(0, 150), limit=st.integers(1, 60))
    def read(self, seq: int, limit: int) -> None:
        self.settle()
        held = [record for record in self.told if record.seq in self.room.log.seqs]
        older = [record for record in held if record.seq < seq]
        newer = [record for record in held if record.seq > seq]
        assert self.run(self.room.before(seq, limit)) == HistoryPage(older[-limit:], len(older) > limit)
        assert self.run(self.room.after(seq, limit)) == HistoryPage(newer[:limit], len(newer) > limit)

    @invariant()
    def the_log_holds_what_was_announced(self) -> None:
        if not self.pending:
            self.settle()
            held = self.run(self.room.all())
            assert held == self.told[self.first - 1 :]
            assert seqs(held) == [*self.room.log.seqs]

    @invariant()
    def nothing_is_there_twice(self) -> None:
        ids = [record.id for record in self.told]
        assert len(ids) == len(set(ids))

    @invariant()
    def the_client_holds_what_the_log_holds(self) -> None:
        if self.online and not self.pending:
            self.settle()
            self.ask()
            held = [as_message(record, "lobby") for record in self.told]
            assert self.client.transcript.live
            assert self.client.transcript.epoch == self.epoch
            assert self.client.transcript.messages == held[self.client.transcript.start - 1 :]
            assert self.client.transcript.last_seq == self.room.log.last_seq


LogMachine.TestCase.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
TestLogMachine = LogMachine.TestCase
