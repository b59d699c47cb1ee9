"""The log in memory numbers without gaps, knows its senders' ids, and stays within its bounds."""

import asyncio
import time
from collections.abc import Coroutine
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdesk.log.memory import MemoryLog, MemoryStore
from chatdesk.log.pages import record_size
from chatdesk.log.reservation import Reservation
from chatdesk.log.room_log import Draft, Duplicate, HistoryPage, Hits, IdReused, Record, Refusal
from chatdesk.log.rooms import Reading
from chatdesk.log.search_query import SearchQuery
from chatdesk.protocol.limits import HISTORY_BYTES
from tests.log.harness import answered_at_once


def draft(content: str = "hello", message_id: str | None = None, identity: str = "kit") -> Draft:
    return Draft("Kit", content, identity, message_id)


def add(log: MemoryLog, said: Draft) -> Refusal | None:
    """Append a draft; return the refusal, if any."""
    refusals: list[Refusal] = []
    log.append(said, refusals.append)
    return refusals[0] if refusals else None


def filled(count: int, **bounds: int) -> MemoryLog:
    log = MemoryLog(str, **bounds)
    for number in range(1, count + 1):
        add(log, draft(f"number {number}"))
    return log


class SynchronousReader:
    """Reads from a log in memory, which answers at once."""

    def __init__(self, log: MemoryLog) -> None:
        self.log = log

    def latest(self, limit: int) -> HistoryPage:
        return self._answer(self.log.latest(limit))

    def before(self, seq: int, limit: int) -> HistoryPage:
        return self._answer(self.log.before(seq, limit))

    def after(self, seq: int, limit: int) -> HistoryPage:
        return self._answer(self.log.after(seq, limit))

    def around(self, seq: int, limit: int) -> HistoryPage:
        return self._answer(self.log.around(seq, limit))

    def at(self, moment: int, limit: int) -> HistoryPage:
        return self._answer(self.log.at(moment, limit))

    def search(self, query: str, before: int | None = None, limit: int = 50) -> Hits:
        return self._answer(self.log.search(query, before, limit))

    def _answer[Answer](self, question: Coroutine[Any, Any, Answer]) -> Answer:
        answer = answered_at_once(question)
        assert answer is not None
        return answer


def seqs(page: HistoryPage) -> list[int]:
    return [record.seq for record in page.records]


def found(hits: Hits) -> list[int]:
    return [hit.record.seq for hit in hits.hits]


def test_each_message_has_the_next_number() -> None:
    kept: list[Record] = []
    log = MemoryLog("author of {}".format)
    log.subscribe(kept.append, lambda _cleared: None)
    assert add(log, draft("one", "a1")) is None
    assert add(log, draft("two")) is None
    now = kept[0].at
    assert abs(now - time.time() * 1000) < 10_000
    assert kept == [
        Record(1, 1, 1, "author of kit", "Kit", "one", now, "a1"),
        Record(2, 2, 2, "author of kit", "Kit", "two", kept[1].at),
    ]
    assert (log.last_seq, log.seqs) == (2, range(1, 3))


def test_each_log_has_an_epoch_of_its_own() -> None:
    assert MemoryLog(str).epoch != MemoryLog(str).epoch


def test_pages_are_in_order_and_tell_whether_there_is_more() -> None:
    ask = SynchronousReader(filled(10))
    assert (seqs(ask.latest(3)), ask.latest(3).more) == ([8, 9, 10], True)
    assert (seqs(ask.latest(10)), ask.latest(10).more) == ([*range(1, 11)], False)
    assert (seqs(ask.before(4, 2)), ask.before(4, 2).more) == ([2, 3], True)
    assert (seqs(ask.before(4, 3)), ask.before(4, 3).more) == ([1, 2, 3], False)
    assert (seqs(ask.after(7, 2)), ask.after(7, 2).more) == ([8, 9], True)
    assert (seqs(ask.after(7, 3)), ask.after(7, 3).more) == ([8, 9, 10], False)


def test_a_page_around_a_message_has_as_many_before_it_as_from_it_on() -> None:
    ask = SynchronousReader(filled(20))
    assert (seqs(ask.around(10, 6)), ask.around(10, 6).more) == ([7, 8, 9, 10, 11, 12], True)
    assert seqs(ask.around(10, 5)) == [8, 9, 10, 11, 12]
    assert (seqs(ask.around(2, 6)), ask.around(2, 6).more) == ([1, 2, 3, 4], False)
    assert seqs(ask.around(20, 6)) == [17, 18, 19, 20]
    assert SynchronousReader(MemoryLog(str)).around(5, 6) == HistoryPage([], False)


def test_a_page_at_a_moment_stands_around_the_first_message_from_then_on() -> None:
    ask = SynchronousReader(filled(20))
    now = ask.latest(1).records[0].at
    assert seqs(ask.at(0, 4)) == [1, 2]
    assert seqs(ask.at(now + 10_000, 4)) == [18, 19, 20], "later than all: the latest"
    assert SynchronousReader(MemoryLog(str)).at(0, 4) == HistoryPage([], False)


def test_a_moment_is_found_among_others(monkeypatch: pytest.MonkeyPatch) -> None:
    log = MemoryLog(str, max_records=8)
    for now in range(1_000, 11_000, 1_000):
        monkeypatch.setattr(time, "time_ns", lambda now=now: now * 1_000_000)
        add(log, draft())
        monkeypatch.undo()
    ask = SynchronousReader(log)
    for moment, first in ((0, 3), (3_000, 3), (3_001, 4), (7_000, 7), (9_999, 10), (10_000, 10), (10_001, 10)):
        assert seqs(ask.at(moment, 1)) == [first]


def test_what_is_beyond_either_end_is_an_empty_page() -> None:
    ask = SynchronousReader(filled(3))
    beyond = (ask.before(1, 5), ask.before(0, 5), ask.after(3, 5), ask.after(2**53 - 1, 5))
    for page in (*beyond, SynchronousReader(MemoryLog(str)).latest(5)):
        assert page == HistoryPage([], False)
    assert seqs(ask.before(2**53 - 1, 2)) == [2, 3]


def test_the_same_again_is_the_stored_message_and_another_text_a_refusal() -> None:
    kept: list[Record] = []
    log = MemoryLog(str)
    log.subscribe(kept.append, lambda _cleared: None)
    assert add(log, draft("mine", "a1", "kit")) is None
    assert add(log, draft("mine", "a1", "kit")) == Duplicate(kept[0])
    assert add(log, draft("other", "a1", "kit")) == IdReused()
    assert add(log, draft("other", "a1", "ana")) is None, "to somebody else the id means nothing"
    assert add(log, draft("mine", "a2", "kit")) is None
    assert [record.seq for record in kept] == [1, 2, 3]


def test_only_the_newest_are_kept_and_the_numbers_go_on() -> None:
    ask = SynchronousReader(filled(100, max_records=10))
    assert (ask.log.last_seq, ask.log.seqs) == (100, range(91, 101))
    assert seqs(ask.latest(50)) == [*range(91, 101)]
    assert not ask.latest(50).more
    assert seqs(ask.after(5, 2)) == [91, 92], "the first number tells of the cut"


def test_the_text_that_is_kept_is_bounded_in_bytes() -> None:
    log = MemoryLog(str, max_bytes=40_000)
    for _ in range(50):
        add(log, draft("\u00ad" * 900))
    assert len(SynchronousReader(log).latest(50).records) == 18
    for _ in range(50):
        add(log, draft("x" * 1_900))
    assert len(SynchronousReader(log).latest(50).records) == 5, "its words count too"


def test_a_letter_that_stands_for_many_words_takes_no_more_room_than_others() -> None:
    log = MemoryLog(str, max_bytes=40_000)
    for number in range(20):
        add(log, draft("\ufdfa" * 100, f"id {number}"))
    assert log.seqs == range(18, 21)
    assert add(log, draft("\ufdfa" * 100, "id 16")) is None, "it is forgotten with its record"
    assert isinstance(add(log, draft("\ufdfa" * 100, "id 19")), Duplicate)
    assert found(SynchronousReader(log).search("\ufdfa" * 2)) == [21, 20, 19]
    add(log, draft("\ufdfa" * 1_000))
    assert log.seqs == range(23, 23), "one that does not fit at all"


def test_an_id_is_forgotten_with_its_entry() -> None:
    log = MemoryLog(str, max_records=2)
    for message_id in ("a1", "a2", "a3"):
        add(log, draft(message_id=message_id))
    assert isinstance(add(log, draft(message_id="a3")), Duplicate)
    assert add(log, draft(message_id="a1")) is None


def test_a_page_is_bounded_in_bytes_and_goes_on_where_it_ended() -> None:
    log = MemoryLog(str)
    for _ in range(20):
        add(log, draft("x" * 50_000))
    ask = SynchronousReader(log)
    first = ask.after(0, 20)
    assert 0 < sum(map(record_size, first.records)) <= HISTORY_BYTES
    assert first.more
    assert seqs(ask.after(first.records[-1].seq, 1)) == [first.records[-1].seq + 1]
    latest = ask.latest(20)
    assert latest.more
    assert seqs(latest)[-1] == 20
    assert seqs(ask.before(latest.records[0].seq, 1)) == [latest.records[0].seq - 1]
    around = ask.around(10, 20)
    assert 10 in seqs(around)
    assert sum(map(record_size, around.records)) <= HISTORY_BYTES


def test_a_search_finds_the_newest_first_and_goes_on_before_the_last_hit() -> None:
    log = MemoryLog(str)
    for number in range(1, 31):
        add(log, draft("Hällo Wörld" if number % 3 == 0 else "nothing"))
    ask = SynchronousReader(log)
    first = ask.search("hallo world", limit=4)
    assert (found(first), first.more) == ([30, 27, 24, 21], True)
    assert first.hits[0].parts == ["", "Hällo", " ", "Wörld", ""]
    rest = ask.search("hallo world", before=21, limit=6)
    assert (found(rest), rest.more) == ([18, 15, 12, 9, 6, 3], False)


def test_of_long_messages_fewer_are_found_at_a_time_and_no_one_is_missed() -> None:
    ask = SynchronousReader(MemoryLog(str))
    for _ in range(100):
        add(ask.log, draft("a b c " * 1_333))
    seen: list[int] = []
    more, before, turns = True, None, 0
    while more:
        hits = ask.search("a b", before)
        seen += found(hits)
        more, before, turns = hits.more, seen[-1], turns + 1
        assert len(hits.hits) < 5
    assert seen == [*range(100, 0, -1)]


def test_a_search_is_of_one_opinion_with_its_excerpts() -> None:
    ask = SynchronousReader(MemoryLog(str))
    texts = [
        "the quick",
        "quick the",
        "Grüße aus Łódź",
        "日本語で",
        "the-quick",
        "thequick",
        "the quicker",
        "good 👍🏽",
    ]
    for text in texts:
        add(ask.log, draft(text))
    for query in ("the.quick", "quick", "the qui", "gru", "grusse", "本語", "👍", "t", "quick the", "the.quick aus"):
        said = [seq for seq, text in enumerate(texts, 1) if SearchQuery(query).excerpt(text)]
        assert found(ask.search(query)) == said[::-1]


def test_a_search_for_nothing_finds_nothing() -> None:
    ask = SynchronousReader(filled(3))
    for query in ("", "  ", '"', "AND", "*", "missing"):
        assert ask.search(query) == Hits([], False)


def test_after_a_clear_the_log_begins_another_epoch() -> None:
    log = filled(5)
    add(log, draft("again", "a1"))
    epoch = log.epoch
    kept: list[Record] = []
    told: list[str] = []
    log.subscribe(kept.append, lambda _cleared: told.append(log.epoch))
    asyncio.run(log.clear())
    assert told == [log.epoch]
    assert log.epoch != epoch
    assert (log.last_seq, log.seqs) == (0, range(1, 1))
    assert SynchronousReader(log).latest(5) == HistoryPage([], False)
    assert add(log, draft("again", "a1")) is None
    assert [record.seq for record in kept] == [1], "who follows goes on following"


def test_a_store_in_memory_is_new_each_time_and_keeps_no_reservations() -> None:
    first, second = MemoryStore(), MemoryStore()
    assert first.server_id != second.server_id
    assert first.secret != second.secret
    first.store_reservation(Reservation("kit", "a"))
    assert first.reservations() == []
    assert first.problem is None
    assert first.room("lobby") is not second.room("lobby")


@given(st.integers(0, 30), st.integers(1, 12), st.integers(0, 40), st.integers(1, 15))
def test_every_page_is_what_a_plain_list_would_give(count: int, kept: int, seq: int, limit: int) -> None:
    ask = SynchronousReader(filled(count, max_records=kept))
    held = [*range(1, count + 1)][-kept:]
    older, newer = [number for number in held if number < seq], [number for number in held if number > seq]
    assert seqs(ask.before(seq, limit)) == older[-limit:]
    assert ask.before(seq, limit).more == (len(older) > limit)
    assert seqs(ask.after(seq, limit)) == newer[:limit]
    assert ask.after(seq, limit).more == (len(newer) > limit)
    around = ask.around(seq, limit)
    from_it = [number for number in held if number >= seq]
    assert seqs(around) == older[len(older) - min(len(older), limit // 2) :] + from_it[: (limit + 1) // 2]
    assert around.more == bool(around.records and around.records[0].seq > held[0])


async def test_nothing_is_known_of_who_read_what_in_a_deleted_room() -> None:
    store = MemoryStore()
    store.store_reading(Reading("ana", "plans", 1_000, 3))
    store.delete_room("plans", lambda _error: None)
    assert await store.read_minutes("plans", 1, ["ana"]) == {}
