"""The log in memory numbers without gaps, remembers a sender's ids, and stays within its bounds."""

import json

from hypothesis import given
from hypothesis import strategies as st

from chatdesk.log.memory import MemoryLog
from chatdesk.log.room_log import Draft, Entry, Page
from chatdesk.protocol.limits import HISTORY_BYTES


def draft(content: str = "hello", message_id: str | None = None, identity: str = "kit") -> Draft:
    return Draft("lobby", "Kit", content, identity, message_id)


def filled(count: int, **bounds: int) -> MemoryLog:
    log = MemoryLog(**bounds)
    for number in range(1, count + 1):
        log.append(draft(f"number {number}"), lambda _entry: None)
    return log


def seqs(page: Page) -> list[int]:
    return [entry.seq for entry in page.entries]


def test_an_entry_is_the_encoded_message_event_with_the_next_number() -> None:
    kept: list[Entry] = []
    log = MemoryLog()
    log.append(draft("one", "a1"), kept.append)
    log.append(draft("two"), kept.append)
    first, second = (json.loads(entry.payload) for entry in kept)
    assert first.pop("timestamp").endswith("Z")
    assert first == {
        "type": "message",
        "nickname": "Kit",
        "content": "one",
        "room": "lobby",
        "seq": 1,
        "id": "a1",
    }
    assert "id" not in second
    assert [entry.seq for entry in kept] == [1, 2]
    assert log.last_seq == 2


def test_each_log_is_an_incarnation_of_its_own() -> None:
    assert MemoryLog().epoch != MemoryLog().epoch


def test_pages_are_in_order_and_tell_whether_there_is_more() -> None:
    log = filled(10)
    assert (seqs(log.latest(3)), log.latest(3).more) == ([8, 9, 10], True)
    assert (seqs(log.latest(10)), log.latest(10).more) == ([*range(1, 11)], False)
    assert (seqs(log.before(4, 2)), log.before(4, 2).more) == ([2, 3], True)
    assert (seqs(log.before(4, 3)), log.before(4, 3).more) == ([1, 2, 3], False)
    assert (seqs(log.after(7, 2)), log.after(7, 2).more) == ([8, 9], True)
    assert (seqs(log.after(7, 3)), log.after(7, 3).more) == ([8, 9, 10], False)


def test_what_is_beyond_either_end_is_an_empty_page() -> None:
    log = filled(3)
    for page in (log.before(1, 5), log.before(0, 5), log.after(3, 5), log.after(2**53 - 1, 5), MemoryLog().latest(5)):
        assert page == Page([], False)
    assert seqs(log.before(2**53 - 1, 2)) == [2, 3]


def test_a_senders_id_is_found_and_nobody_elses() -> None:
    log = MemoryLog()
    log.append(draft("mine", "a1", "kit"), lambda _entry: None)
    log.append(draft("hers", "a1", "ana"), lambda _entry: None)
    mine, hers = log.find("kit", "a1"), log.find("ana", "a1")
    assert mine
    assert hers
    assert (mine.seq, hers.seq) == (1, 2)
    assert log.find("kit", "a2") is None
    assert log.find("bo", "a1") is None


def test_only_the_newest_are_kept_and_the_numbers_go_on() -> None:
    log = filled(100, max_entries=10)
    assert log.last_seq == 100
    assert seqs(log.latest(50)) == [*range(91, 101)]
    assert not log.latest(50).more
    assert seqs(log.after(5, 2)) == [91, 92], "the first number tells of the cut"


def test_the_text_that_is_kept_is_bounded_in_bytes() -> None:
    log = MemoryLog(max_bytes=10_000)
    for _ in range(50):
        log.append(draft("x" * 900), lambda _entry: None)
    assert 5 < len(log.latest(50).entries) <= 10


def test_an_id_is_forgotten_with_its_entry() -> None:
    log = MemoryLog(max_entries=2)
    for message_id in ("a1", "a2", "a3"):
        log.append(draft(message_id=message_id), lambda _entry: None)
    assert log.find("kit", "a1") is None
    assert log.find("kit", "a3")


def test_a_page_is_bounded_in_bytes_and_goes_on_where_it_ended() -> None:
    log = MemoryLog()
    for _ in range(20):
        log.append(draft("x" * 50_000), lambda _entry: None)
    first = log.after(0, 20)
    assert 0 < sum(len(entry.payload) for entry in first.entries) <= HISTORY_BYTES
    assert first.more
    assert seqs(log.after(first.entries[-1].seq, 1)) == [first.entries[-1].seq + 1]
    latest = log.latest(20)
    assert latest.more
    assert seqs(latest)[-1] == 20
    assert seqs(log.before(latest.entries[0].seq, 1)) == [latest.entries[0].seq - 1]


@given(st.integers(0, 30), st.integers(1, 12), st.integers(0, 40), st.integers(1, 15))
def test_every_page_is_what_a_plain_list_would_give(count: int, kept: int, seq: int, limit: int) -> None:
    log = filled(count, max_entries=kept)
    held = [*range(1, count + 1)][-kept:]
    older, newer = [number for number in held if number < seq], [number for number in held if number > seq]
    assert seqs(log.before(seq, limit)) == older[-limit:]
    assert log.before(seq, limit).more == (len(older) > limit)
    assert seqs(log.after(seq, limit)) == newer[:limit]
    assert log.after(seq, limit).more == (len(newer) > limit)
