"""However pages and messages arrive, what is shown is one run of numbers without a gap."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatdesk.client import transcript as module
from chatdesk.client.changes import Appended, Change, Prepended, StartedOver
from chatdesk.client.sanity import UnreadableEventError
from chatdesk.client.transcript import Transcript
from chatdesk.log.memory import MemoryLog
from chatdesk.log.room_log import Draft, LogError, Page
from chatdesk.protocol import commands
from chatdesk.protocol.events import History, Message
from chatdesk.protocol.limits import HISTORY_LATEST, HISTORY_PAGE


def message(seq: int) -> Message:
    return Message("Kit", f"number {seq}", "2024-01-01T12:00:00.000Z", "lobby", seq)


def page(first: int, last: int, more: bool = False, epoch: str = "one") -> History:
    return History("lobby", epoch, [message(seq) for seq in range(first, last + 1)], more)


def seqs(transcript: Transcript) -> list[int]:
    return [message.seq for message in transcript.messages]


def begun(first: int = 1, last: int = 3, more: bool = False) -> Transcript:
    transcript = Transcript()
    assert transcript.receive_page(page(first, last, more)) == [StartedOver()]
    return transcript


def test_the_first_page_begins_the_transcript() -> None:
    transcript = begun(51, 100, more=True)
    assert seqs(transcript) == [*range(51, 101)]
    assert transcript.older
    assert transcript.resume == commands.Resume("one", 100)


def test_an_empty_room_begins_too() -> None:
    transcript = Transcript()
    assert transcript.resume is None
    transcript.receive_page(page(1, 0))
    assert transcript.resume == commands.Resume("one", 0)
    assert transcript.receive(message(1)) == [Appended((message(1),))]


def test_a_message_that_is_here_already_changes_nothing() -> None:
    transcript = begun()
    assert transcript.receive(message(3)) == []
    assert transcript.receive(message(4)) == [Appended((message(4),))]
    assert transcript.receive(message(4)) == []


def test_a_gap_is_asked_for_once_and_closed() -> None:
    transcript = begun()
    assert transcript.take_request() is None
    assert transcript.receive(message(6)) == []
    assert transcript.take_request() == commands.History(after=3, limit=200)
    assert transcript.receive(message(7)) == []
    assert transcript.take_request() is None
    changes = transcript.receive_page(page(4, 6))
    assert changes == [Appended(tuple(message(seq) for seq in range(4, 8)))]
    assert transcript.take_request() is None


def test_a_long_gap_is_closed_page_by_page() -> None:
    transcript = begun()
    transcript.receive(message(10))
    transcript.take_request()
    transcript.receive_page(page(4, 6, more=True))
    assert transcript.take_request() == commands.History(after=6, limit=200)
    transcript.receive_page(page(7, 9))
    assert seqs(transcript) == [*range(1, 11)]
    assert transcript.take_request() is None


def test_a_resumed_page_with_more_behind_it_asks_for_the_rest() -> None:
    transcript = begun()
    transcript.disconnected()
    transcript.receive_page(page(4, 5, more=True))
    assert transcript.take_request() == commands.History(after=5, limit=200)


def test_another_epoch_starts_over() -> None:
    transcript = begun(1, 9)
    assert transcript.receive_page(page(1, 2, epoch="two")) == [StartedOver()]
    assert (transcript.epoch, seqs(transcript)) == ("two", [1, 2])


def test_a_page_beyond_a_gap_that_the_log_has_cut_starts_over() -> None:
    transcript = begun()
    assert transcript.receive_page(page(100, 149, more=True)) == [StartedOver()]
    assert seqs(transcript) == [*range(100, 150)]
    assert transcript.older


def test_a_gap_that_the_server_cannot_fill_starts_over_behind_it() -> None:
    transcript = begun()
    transcript.receive(message(8))
    transcript.receive(message(9))
    transcript.take_request()
    assert transcript.receive_page(page(1, 0)) == [StartedOver()]
    assert seqs(transcript) == [8, 9]
    assert transcript.older


def test_older_pages_come_before_until_there_are_none() -> None:
    transcript = begun(51, 60, more=True)
    assert transcript.take_older_request() == commands.History(before=51, limit=100)
    assert transcript.take_older_request() is None
    assert transcript.receive_page(page(31, 50, more=True)) == [Prepended(tuple(map(message, range(31, 51))))]
    assert transcript.take_older_request() == commands.History(before=31, limit=100)
    assert transcript.receive_page(page(1, 30)) == [Prepended(tuple(map(message, range(1, 31))))]
    assert seqs(transcript) == [*range(1, 61)]
    assert transcript.take_older_request() is None


def test_older_messages_that_are_gone_leave_nothing_to_ask_for() -> None:
    transcript = begun(51, 60, more=True)
    transcript.take_older_request()
    assert transcript.receive_page(page(1, 0)) == [Prepended(())]
    assert transcript.take_older_request() is None


def test_an_old_page_that_no_longer_connects_is_left_out() -> None:
    transcript = begun(51, 60, more=True)
    assert transcript.receive_page(page(11, 20, more=True)) == []
    assert seqs(transcript) == [*range(51, 61)]


def test_a_refused_question_is_asked_again_after_a_while_only() -> None:
    transcript = begun()
    transcript.receive(message(9))
    transcript.take_request()
    transcript.refused()
    assert transcript.take_request() is None
    transcript.retry()
    assert transcript.take_request() == commands.History(after=3, limit=200)


def test_a_page_with_gaps_of_its_own_is_refused() -> None:
    transcript = begun()
    broken = History("lobby", "one", [message(4), message(6)], False)
    with pytest.raises(UnreadableEventError):
        transcript.receive_page(broken)


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_KEPT", 50)
    monkeypatch.setattr(module, "_TRIM", 10)
    monkeypatch.setattr(module, "_MAX_AHEAD", 20)
    transcript = begun()
    for seq in range(4, 300):
        transcript.receive(message(seq))
    assert seqs(transcript) == [*range(seqs(transcript)[0], 300)]
    assert 40 <= len(transcript.messages) <= 50
    assert transcript.older
    for seq in range(400, 500):
        transcript.receive(message(seq))
    transcript.receive_page(page(300, 399))
    assert transcript.last_seq == 419


class Room:
    """A server's side of one reader: a log, a wire in both directions, and the rules of a resume."""

    def __init__(self) -> None:
        self.log = MemoryLog(max_entries=60)
        self.wire: list[Message | History] = []
        self.shown: list[int] = []
        self.transcript = Transcript()
        self.join()

    def say(self) -> None:
        self.log.append(Draft("lobby", "Kit", f"number {self.log.last_seq + 1}", "kit"), lambda _refusal: None)
        self.wire.append(message(self.log.last_seq))

    def lose_one(self) -> None:
        del self.wire[:1]

    def deliver(self) -> None:
        if self.wire:
            self.take(self.wire.pop(0))

    def take(self, event: Message | History) -> None:
        changes = self.transcript.receive(event) if isinstance(event, Message) else self.transcript.receive_page(event)
        for change in changes:
            self.show(change)
        if request := self.transcript.take_request():
            self.answer(request)

    def show(self, change: Change) -> None:
        if isinstance(change, Appended):
            self.shown += [message.seq for message in change.messages]
        elif isinstance(change, Prepended):
            self.shown[:0] = [message.seq for message in change.messages]
        elif isinstance(change, StartedOver):
            self.shown = seqs(self.transcript)

    def answer(self, request: commands.History) -> None:
        if request.after is not None:
            self.log.after(request.after, request.limit, self.send)
        elif request.before is not None:
            self.log.before(request.before, request.limit, self.send)

    def send(self, entries: Page | LogError) -> None:
        assert isinstance(entries, Page)
        messages = [message(entry.seq) for entry in entries.entries]
        self.wire.append(History("lobby", self.log.epoch, messages, entries.more))

    def scroll_up(self) -> None:
        if request := self.transcript.take_older_request():
            self.answer(request)

    def join(self) -> None:
        """A new connection: what was on the wire is lost, the join's answer comes first."""
        self.wire.clear()
        self.transcript.disconnected()
        resume = self.transcript.resume
        if resume and resume.epoch == self.log.epoch:
            pages: list[Page | LogError] = []
            self.log.after(resume.seq, HISTORY_PAGE, pages.append)
            entries = pages[0]
            if isinstance(entries, Page) and (not entries.entries or entries.entries[0].seq == resume.seq + 1):
                return self.send(entries)
        return self.log.latest(HISTORY_LATEST, self.send)

    def restart(self) -> None:
        self.log = MemoryLog(max_entries=60)
        self.join()


STEPS = st.lists(
    st.sampled_from(["say"] * 6 + ["deliver"] * 5 + ["lose_one", "scroll_up", "join", "restart"]), max_size=400
)


@settings(deadline=None)
@given(STEPS)
def test_any_course_of_events_ends_in_the_whole_conversation(steps: list[str]) -> None:
    """Losses, resumes, restarts, pages in between: no gap, nothing twice, nothing missing at the end."""
    room = Room()
    for step in steps:
        getattr(room, step)()
        numbers = seqs(room.transcript)
        assert numbers == [*range(numbers[0], numbers[0] + len(numbers))] if numbers else True
        assert room.shown == numbers
    room.join()
    room.say()
    for _ in range(500):
        room.deliver()
    assert room.transcript.last_seq == room.log.last_seq
    assert room.transcript.epoch == room.log.epoch
    assert not room.wire
