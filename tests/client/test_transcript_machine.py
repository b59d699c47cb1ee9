"""A reader against a log, in any order of events: losses, jumps, reconnects, trims, restarts, a restored backup."""

import copy
from collections.abc import Coroutine
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from chatdesk.client import transcript as module
from chatdesk.client.changes import Appended, Change, Jumped, Prepended, TranscriptReset
from chatdesk.log.as_message import as_message
from chatdesk.log.memory import MemoryLog
from chatdesk.log.room_log import Draft, HistoryPage
from chatdesk.protocol import commands
from chatdesk.protocol.events import History, Message
from tests.client.requesting_transcript import RequestingTranscript

PAGE = 6
MAX_KEPT = 40
LOG_KEEPS = 60


def now[Answer](question: Coroutine[Any, Any, Answer]) -> Answer:
    """Return the answer of a log in memory, which does not suspend."""
    with pytest.raises(StopIteration) as end:
        question.send(None)
    answer: Answer = end.value.value
    return answer


class Reading(RuleBasedStateMachine):
    """A server's side of one reader: a log, a wire in both directions, and the rules of a resume.

    ``shown`` is what a view holds that only listens to the changes.
    """

    def __init__(self) -> None:
        super().__init__()
        self._patch = pytest.MonkeyPatch()
        for name, value in {"MAX_KEPT": MAX_KEPT, "_TRIM": 8, "_PAGE": PAGE, "_MAX_AHEAD": 10}.items():
            self._patch.setattr(module, name, value)
        self.log = MemoryLog(str, max_records=LOG_KEEPS)
        self.said = 0
        self.backup: MemoryLog | None = None
        self.wire: list[Message | History] = []
        self.asked: list[commands.History] = []
        self.shown: list[Message] = []
        self.jumps: list[int | None] = []
        self.transcript = RequestingTranscript()
        self.join()

    def teardown(self) -> None:
        try:
            self.join()
            self.say(1)
            self.settle()
            self.read_everything()
        finally:
            self._patch.undo()

    # The room

    @rule(count=st.integers(1, 12))
    def say(self, count: int) -> None:
        for _ in range(count):
            self.said += 1
            self.log.append(Draft("Kit", f"number {self.said}", "kit"), lambda _refusal: None)
            self.wire.append(as_message(now(self.log.latest(1)).records[0], "lobby"))

    @rule()
    def clear(self) -> None:
        now(self.log.clear())
        self.send(HistoryPage([], more=False))

    @rule()
    def drop_message(self) -> None:
        """Drop a message that the fan-out has left out."""
        if self.wire and isinstance(self.wire[0], Message):
            del self.wire[0]

    @rule()
    def restart(self) -> None:
        """Replace the log by one of another epoch."""
        self.log = MemoryLog(str, max_records=LOG_KEEPS)
        self.join()

    @rule()
    def back_up(self) -> None:
        self.backup = copy.deepcopy(self.log)

    @precondition(lambda self: self.backup is not None)
    @rule()
    def restore(self) -> None:
        """Restore the backup: the same epoch, without the end of the log."""
        self.log = copy.deepcopy(self.backup) or self.log
        self.join()

    # The wire

    @rule()
    def join(self) -> None:
        """Connect again: what was on the wire is lost, and the answer to the join comes first."""
        self.wire.clear()
        self.asked.clear()
        self.transcript.disconnected()
        resume = self.transcript.resume
        if resume and resume.epoch == self.log.epoch and resume.seq + 1 >= self.log.seqs.start:
            self.send(now(self.log.after(resume.seq, 2 * PAGE)))
        else:
            self.send(now(self.log.latest(PAGE)))
        self.deliver()

    @rule()
    def answer(self) -> None:
        """Answer the oldest request."""
        if self.asked:
            question = self.asked.pop(0)
            self.send(now(self.find(question)), question.id)

    def find(self, question: commands.History) -> Coroutine[Any, Any, HistoryPage]:
        if question.before is not None:
            return self.log.before(question.before, question.limit)
        if question.after is not None:
            return self.log.after(question.after, question.limit)
        if question.around is not None:
            return self.log.around(question.around, question.limit)
        return self.log.latest(PAGE)

    def send(self, page: HistoryPage, ref: str | None = None) -> None:
        messages = [as_message(record, "lobby") for record in page.records]
        seqs = self.log.seqs
        self.wire.append(History("lobby", self.log.epoch, messages, page.more, seqs.start, seqs.stop - 1, ref))

    @rule()
    def refuse(self) -> None:
        """Refuse the oldest request because it came too fast."""
        if self.asked:
            self.transcript.request_refused(self.asked.pop(0).id or "", retryable=True)

    @rule()
    def wait(self) -> None:
        self.transcript.retry()
        self.ask()

    @rule()
    def deliver(self) -> None:
        if self.wire:
            event = self.wire.pop(0)
            transcript = self.transcript
            self.show(transcript.receive_page(event) if isinstance(event, History) else transcript.receive(event))
        self.ask()

    def ask(self) -> None:
        self.asked += self.transcript.pop_requests()

    # The reader

    @rule()
    def scroll_up(self) -> None:
        self.transcript.load_older()
        self.ask()

    @rule()
    def scroll_down(self) -> None:
        self.transcript.load_newer()
        self.ask()

    @rule(seq=st.integers(1, 150))
    def jump(self, seq: int) -> None:
        self.show(self.transcript.go_to(seq))
        self.ask()

    @rule()
    def jump_to_latest(self) -> None:
        self.show(self.transcript.go_to_latest())
        self.ask()

    def show(self, changes: list[Change]) -> None:
        """Apply changes as a view does, which drops what the transcript has dropped."""
        for change in changes:
            match change:
                case Appended(messages):
                    self.shown += messages
                case Prepended(messages):
                    self.shown[:0] = messages
                case TranscriptReset():
                    self.shown = list(self.transcript.messages)
                case Jumped(seq):
                    self.shown = list(self.transcript.messages)
                    self.jumps.append(seq)
        window = range(self.transcript.start, self.transcript.last_seq + 1)
        self.shown = [message for message in self.shown if message.seq in window]

    # Invariants

    @invariant()
    def there_is_no_gap_and_nothing_twice(self) -> None:
        transcript = self.transcript
        assert [message.seq for message in transcript.messages] == [*range(transcript.start, transcript.last_seq + 1)]
        said = [message.content for message in transcript.messages]
        assert len(set(said)) == len(said)

    @invariant()
    def what_is_shown_is_what_is_here(self) -> None:
        assert self.shown == self.transcript.messages

    @invariant()
    def memory_is_bounded(self) -> None:
        assert len(self.transcript.messages) <= MAX_KEPT

    @invariant()
    def a_detached_window_ends_before_the_newest(self) -> None:
        assert self.transcript.live or self.transcript.last_seq < self.transcript.newest

    @invariant()
    def a_resume_is_never_ahead_of_what_was_heard(self) -> None:
        resume = self.transcript.resume
        assert resume is None or resume.seq <= self.transcript.newest

    # Final checks

    def settle(self) -> None:
        """Deliver everything that is pending."""
        for _ in range(500):
            self.wait()
            self.answer()
            self.deliver()
            self.what_is_shown_is_what_is_here()
            if not self.wire and not self.asked:
                return
        raise AssertionError("it asks without end")

    def read_everything(self) -> None:
        """Read from the newest message to the oldest and back: everything in the log appears."""
        log, transcript = self.log, self.transcript
        assert (transcript.epoch, transcript.newest) == (log.epoch, log.last_seq)
        self.jump_to_latest()
        self.settle()
        assert (transcript.live, transcript.last_seq) == (True, log.last_seq)
        passed = set(self.contents())
        while transcript.has_older:
            self.scroll_up()
            self.settle()
            passed |= set(self.contents())
        assert passed >= set(self.kept())
        while not transcript.live:
            self.scroll_down()
            self.settle()
        assert self.contents()[-len(log.seqs) :] == self.kept()[-len(transcript.messages) :]

    def contents(self) -> list[str]:
        return [message.content for message in self.transcript.messages]

    def kept(self) -> list[str]:
        """The messages in the log."""
        return [record.content for record in now(self.log.latest(LOG_KEEPS)).records]


TestReading = Reading.TestCase
TestReading.settings = settings(deadline=None, stateful_step_count=60)
