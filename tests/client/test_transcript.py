"""However pages and messages arrive, the transcript is one run of numbers without a gap."""

import pytest

from chatdesk.client import transcript as module
from chatdesk.client.changes import Appended, Jumped, NewestChanged, Prepended, TranscriptReset
from chatdesk.client.validation import InvalidEventError
from chatdesk.protocol import commands
from chatdesk.protocol.events import History, Message
from chatdesk.protocol.times import timestamp
from tests.client.requesting_transcript import RequestingTranscript


def message(seq: int) -> Message:
    return Message("Kit", f"number {seq}", timestamp(seq * 1000), "lobby", seq)


def run(first: int, last: int) -> tuple[Message, ...]:
    return tuple(map(message, range(first, last + 1)))


def page(
    first: int, last: int, newest: int = 0, *, oldest: int = 1, ref: str | None = None, epoch: str = "one"
) -> History:
    """A page of a server that has the messages from ``oldest`` to ``newest``."""
    return History("lobby", epoch, list(run(first, last)), False, oldest, newest or last, ref)


def seqs(transcript: RequestingTranscript) -> list[int]:
    return [message.seq for message in transcript.messages]


def asked(transcript: RequestingTranscript) -> commands.History:
    """The only request that is sent now."""
    (request,) = transcript.pop_requests()
    return request


def answer(
    transcript: RequestingTranscript, first: int, last: int, newest: int = 0, *, oldest: int = 1
) -> list[object]:
    """Answer the only request that is sent now."""
    return [*transcript.receive_page(page(first, last, newest, oldest=oldest, ref=asked(transcript).id))]


def loaded(first: int = 1, last: int = 3, *, oldest: int = 1) -> RequestingTranscript:
    transcript = RequestingTranscript()
    assert transcript.receive_page(page(first, last, oldest=oldest)) == [TranscriptReset()]
    return transcript


def detached() -> RequestingTranscript:
    """Messages 41 to 60 of a hundred."""
    transcript = loaded(91, 100)
    transcript.go_to(50)
    assert answer(transcript, 41, 60, 100) == [Jumped(50)]
    return transcript


def test_the_first_page_begins_the_transcript() -> None:
    transcript = loaded(51, 100)
    assert seqs(transcript) == [*range(51, 101)]
    assert transcript.has_older
    assert transcript.live
    assert transcript.resume == commands.Resume("one", 100)
    assert transcript.pop_requests() == []


def test_an_empty_room_begins_too() -> None:
    transcript = RequestingTranscript()
    assert transcript.resume is None
    transcript.receive_page(page(1, 0))
    assert transcript.resume == commands.Resume("one", 0)
    assert not transcript.has_older
    assert transcript.receive(message(1)) == [Appended((message(1),))]


def test_a_room_whose_messages_were_all_cut_goes_on_with_the_next_number() -> None:
    transcript = RequestingTranscript()
    transcript.receive_page(page(1, 0, 70, oldest=71))
    assert (seqs(transcript), transcript.has_older, transcript.live) == ([], False, True)
    assert transcript.receive(message(71)) == [Appended((message(71),))]
    assert transcript.pop_requests() == []


def test_a_message_that_is_here_already_changes_nothing() -> None:
    transcript = loaded()
    assert transcript.receive(message(3)) == []
    assert transcript.receive(message(4)) == [Appended((message(4),))]
    assert transcript.receive(message(4)) == []


def test_a_gap_is_requested_once_and_closed() -> None:
    transcript = loaded()
    assert transcript.receive(message(6)) == []
    request = asked(transcript)
    assert (request.after, request.limit) == (3, 200)
    assert transcript.receive(message(7)) == []
    assert transcript.pop_requests() == []
    assert transcript.receive_page(page(4, 6, ref=request.id)) == [Appended(run(4, 7))]
    assert transcript.pop_requests() == []


def test_a_long_gap_is_closed_page_by_page() -> None:
    transcript = loaded()
    transcript.receive(message(10))
    answer(transcript, 4, 6, 10)
    answer(transcript, 7, 9, 10)
    assert seqs(transcript) == [*range(1, 11)]
    assert transcript.pop_requests() == []


def test_a_resumed_page_with_more_behind_it_asks_for_the_rest() -> None:
    transcript = loaded()
    transcript.disconnected()
    transcript.receive_page(page(4, 5, 9))
    assert asked(transcript).after == 5


def test_another_epoch_starts_over() -> None:
    transcript = loaded(1, 9)
    assert transcript.receive_page(page(1, 2, epoch="two")) == [TranscriptReset()]
    assert (transcript.epoch, seqs(transcript), transcript.newest) == ("two", [1, 2], 2)


def test_a_history_that_was_deleted_starts_over_and_forgets_what_was_wanted_of_it() -> None:
    transcript = detached()
    transcript.load_older()
    transcript.go_to_moment(timestamp(7000))
    assert transcript.receive_page(page(1, 0, epoch="two")) == [TranscriptReset()]
    assert (seqs(transcript), transcript.live, transcript.has_older) == ([], True, False)
    assert transcript.pop_requests() == []
    assert transcript.receive(message(1)) == [Appended((message(1),))]


def test_a_page_beyond_a_gap_that_the_log_has_cut_starts_over() -> None:
    transcript = loaded()
    transcript.disconnected()
    assert transcript.receive_page(page(100, 149, oldest=80)) == [TranscriptReset()]
    assert seqs(transcript) == [*range(100, 150)]
    assert transcript.has_older


def test_a_gap_that_the_server_cannot_fill_resets_the_transcript_behind_it() -> None:
    transcript = loaded()
    transcript.receive(message(8))
    transcript.receive(message(9))
    assert answer(transcript, 1, 0, 3) == [TranscriptReset()]
    assert seqs(transcript) == [8, 9]
    assert transcript.pop_requests() == []


def test_a_log_that_has_lost_its_end_starts_over_with_the_latest() -> None:
    """Such as one restored from a backup: numbers are assigned again, to other messages."""
    transcript = loaded(1, 50)
    transcript.disconnected()
    assert transcript.receive_page(page(1, 0, 40)) == [TranscriptReset()]
    assert answer(transcript, 1, 40) == [Jumped(None)]
    assert transcript.receive(message(41)) == [Appended((message(41),))]


def test_older_pages_come_before_until_there_are_none() -> None:
    transcript = loaded(51, 60)
    transcript.load_older()
    request = asked(transcript)
    assert request.before == 51
    transcript.load_older()
    assert transcript.pop_requests() == []
    assert transcript.receive_page(page(31, 50, 60, ref=request.id)) == [Prepended(run(31, 50))]
    transcript.load_older()
    assert answer(transcript, 1, 30, 60) == [Prepended(run(1, 30))]
    assert seqs(transcript) == [*range(1, 61)]
    transcript.load_older()
    assert transcript.pop_requests() == []


def test_older_messages_that_are_gone_leave_nothing_to_ask_for() -> None:
    transcript = loaded(51, 60)
    transcript.load_older()
    assert answer(transcript, 1, 0, 60, oldest=51) == [Prepended(())]
    transcript.load_older()
    assert transcript.pop_requests() == []


def test_an_old_page_that_does_not_connect_is_left_out() -> None:
    transcript = loaded(51, 60)
    transcript.load_older()
    assert answer(transcript, 11, 20, 60) == [Prepended(())]
    assert seqs(transcript) == [*range(51, 61)]


def test_an_outdated_answer_changes_nothing() -> None:
    transcript = loaded(51, 60)
    assert transcript.receive_page(page(41, 50, 60, ref="older 1")) == []
    assert transcript.receive_page(page(1, 9, epoch="two", ref="jump 9")) == []
    assert seqs(transcript) == [*range(51, 61)]


@pytest.mark.parametrize("kind", ["older", "newer", "jump"])
def test_a_refused_request_is_sent_again_after_retry_only(kind: str) -> None:
    transcript = detached()
    wants = {"older": transcript.load_older, "newer": transcript.load_newer, "jump": transcript.go_to_latest}
    wants[kind]()
    request = asked(transcript)
    assert request.id
    assert transcript.request_refused(request.id, retryable=True)
    assert transcript.pop_requests() == []
    transcript.retry()
    assert asked(transcript).id != request.id
    assert not transcript.request_refused("nothing", retryable=True)


def test_a_jump_that_the_server_does_not_understand_is_given_up() -> None:
    transcript = loaded()
    transcript.go_to_moment("yesterday")
    assert transcript.request_refused(asked(transcript).id or "", retryable=False)
    transcript.retry()
    assert transcript.pop_requests() == []


def test_a_page_with_gaps_of_its_own_is_refused() -> None:
    transcript = loaded()
    broken = History("lobby", "one", [message(4), message(6)], False)
    with pytest.raises(InvalidEventError):
        transcript.receive_page(broken)


def test_a_jump_shows_another_window_that_new_messages_leave_as_it_is() -> None:
    transcript = detached()
    assert not transcript.live
    assert transcript.receive(message(101)) == [NewestChanged()]
    assert seqs(transcript) == [*range(41, 61)]
    assert (transcript.newest, transcript.last_seq) == (101, 60)
    assert transcript.resume == commands.Resume("one", 101)
    assert transcript.pop_requests() == []


def test_a_jump_to_what_is_here_needs_no_server() -> None:
    transcript = loaded(51, 60)
    assert transcript.go_to(55) == [Jumped(55)]
    assert transcript.pop_requests() == []


def test_a_jump_to_what_is_gone_ends_at_what_comes_next() -> None:
    transcript = loaded(91, 100, oldest=31)
    transcript.go_to(7)
    assert answer(transcript, 31, 60, 100, oldest=31) == [Jumped(31)]


def test_a_jump_to_a_moment_ends_at_the_first_message_from_then_on() -> None:
    transcript = loaded(91, 100)
    transcript.go_to_moment(timestamp(49_500))
    request = asked(transcript)
    assert request.at == timestamp(49_500)
    assert transcript.receive_page(page(41, 60, 100, ref=request.id)) == [Jumped(50)]
    transcript.go_to_moment(timestamp(500_000))
    assert answer(transcript, 81, 100) == [Jumped(100)]
    assert transcript.live


def test_only_the_newest_jump_counts() -> None:
    transcript = loaded(91, 100)
    transcript.go_to(50)
    forgotten = asked(transcript)
    transcript.go_to(20)
    assert transcript.pop_requests() == []
    assert transcript.receive_page(page(41, 60, 100, ref=forgotten.id)) == []
    assert answer(transcript, 11, 30, 100) == [Jumped(20)]


def test_a_refusal_of_what_is_not_wanted_any_more_is_no_refusal_of_what_is() -> None:
    transcript = loaded(91, 100)
    transcript.go_to_moment("yesterday")
    forgotten = asked(transcript)
    transcript.go_to(20)
    assert transcript.request_refused(forgotten.id or "", retryable=False)
    transcript.retry()
    assert answer(transcript, 11, 30, 100) == [Jumped(20)]


def test_a_jump_outlasts_a_lost_connection() -> None:
    transcript = loaded(91, 100)
    transcript.go_to(50)
    lost = asked(transcript)
    transcript.disconnected()
    transcript.receive_page(page(1, 0, 100))
    assert transcript.receive_page(page(41, 60, 100, ref=lost.id)) == []
    assert answer(transcript, 41, 60, 100) == [Jumped(50)]


def test_a_detached_window_grows_downwards_until_it_is_live_again() -> None:
    transcript = detached()
    transcript.load_newer()
    assert answer(transcript, 61, 90, 101) == [NewestChanged(), Appended(run(61, 90))]
    assert not transcript.live
    transcript.load_newer()
    assert answer(transcript, 91, 101) == [Appended(run(91, 101))]
    assert transcript.live
    assert transcript.receive(message(102)) == [Appended((message(102),))]
    transcript.load_newer()
    assert transcript.pop_requests() == []


def test_what_was_said_while_the_last_page_came_is_asked_for() -> None:
    transcript = detached()
    transcript.load_newer()
    request = asked(transcript)
    transcript.receive(message(101))
    transcript.receive_page(page(61, 100, ref=request.id))
    assert transcript.live
    assert asked(transcript).after == 100


def test_a_window_beyond_which_the_log_was_cut_starts_over() -> None:
    transcript = detached()
    transcript.load_newer()
    assert answer(transcript, 81, 100, oldest=81) == [TranscriptReset()]
    assert seqs(transcript) == [*range(81, 101)]
    assert not transcript.has_older


def test_going_to_the_latest_is_immediate_at_the_end() -> None:
    assert loaded().go_to_latest() == [Jumped(None)]
    transcript = detached()
    assert transcript.go_to_latest() == []
    assert answer(transcript, 51, 100) == [Jumped(None)]
    assert transcript.live


def test_a_detached_reader_keeps_the_place_across_a_reconnect() -> None:
    transcript = detached()
    transcript.disconnected()
    assert transcript.resume == commands.Resume("one", 100)
    assert transcript.receive_page(page(101, 120)) == [NewestChanged()]
    assert seqs(transcript) == [*range(41, 61)]
    assert transcript.newest == 120


def test_a_detached_reader_starts_over_in_another_log() -> None:
    transcript = detached()
    transcript.disconnected()
    assert transcript.receive_page(page(1, 5, epoch="two")) == [TranscriptReset()]
    assert (seqs(transcript), transcript.live) == ([1, 2, 3, 4, 5], True)


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_KEPT", 50)
    monkeypatch.setattr(module, "_TRIM", 10)
    monkeypatch.setattr(module, "_MAX_AHEAD", 20)
    transcript = loaded()
    for seq in range(4, 300):
        transcript.receive(message(seq))
    assert seqs(transcript) == [*range(seqs(transcript)[0], 300)]
    assert 40 <= len(transcript.messages) <= 50
    assert transcript.has_older
    for seq in range(400, 500):
        transcript.receive(message(seq))
    answer(transcript, 300, 399, 499)
    assert transcript.last_seq == 419
    assert asked(transcript).after == 419


def test_scrolling_back_without_end_drops_the_newest_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_KEPT", 50)
    monkeypatch.setattr(module, "_TRIM", 10)
    transcript = loaded(461, 500)
    transcript.load_older()
    assert answer(transcript, 441, 460, 500) == [Prepended(run(441, 460))]
    assert seqs(transcript) == [*range(441, 481)]
    assert not transcript.live
    assert transcript.receive(message(501)) == [NewestChanged()]
    transcript.load_newer()
    answer(transcript, 481, 501)
    assert transcript.live
    assert seqs(transcript) == [*range(462, 502)]


def test_a_loss_amid_a_gap_is_resumed_from_before_the_gap() -> None:
    transcript = loaded()
    transcript.receive(message(10))
    transcript.disconnected()
    assert transcript.resume == commands.Resume("one", 3)
    assert transcript.receive_page(page(4, 8)) == [Appended(run(4, 8))]  # the server lets the others follow
    assert transcript.pop_requests() == []
    transcript.receive(message(9))
    assert transcript.receive(message(10)) == [Appended((message(10),))]
