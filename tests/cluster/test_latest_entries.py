"""What a node keeps in memory of the order, to put it back."""

import pytest

from chatdesk.cluster import latest_entries
from chatdesk.cluster.latest_entries import LatestEntries
from chatdesk.cluster.order_link import Entry, entry_text
from chatdesk.log.operations import Ordered, Say


def entry(number: int, content: str = "") -> Entry:
    ordered = Ordered(number, number, number, 1, f"key{number}", Say("lobby", "Kit", content, "kit"))
    return Entry(number, ordered, entry_text(ordered))


def kept(latest: LatestEntries, number: int, place: int = 99) -> list[tuple[int, str]]:
    return [(it.number, it.operation.content) for it in latest.between(number, place) if isinstance(it.operation, Say)]


def test_what_is_put_back_follows_what_is_there_and_was_told() -> None:
    latest = LatestEntries(3, "begun")
    latest.add([entry(4, "a"), entry(5, "b")])
    latest.add([entry(6, "c")])
    assert latest.between(3, 5) == [entry(4, "a").ordered, entry(5, "b").ordered]
    assert kept(latest, 5) == [(6, "c")]
    assert kept(latest, 6) == kept(latest, 9) == kept(latest, 2) == kept(latest, 3, 3) == []
    assert [latest.key_of(number) for number in range(2, 8)] == [None, "begun", "key4", "key5", "key6", None]
    latest.add([entry(5, "again")])
    assert kept(latest, 3) == [(4, "a"), (5, "again")]


def test_a_flood_of_long_messages_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(latest_entries, "_MOST", 5)
    monkeypatch.setattr(latest_entries, "_MOST_BYTES", 3 * len(entry(19, "x" * 100).text))
    latest = LatestEntries(0, "")
    latest.add(entry(number) for number in range(1, 10))
    assert kept(latest, 5) == [(number, "") for number in range(6, 10)]
    assert kept(latest, 4) == kept(latest, 0) == [], "the entry before is not known any more, so it may be another one"
    latest.add(entry(number, "x" * 100) for number in range(10, 20))
    assert [number for number, _ in kept(latest, 17)] == [18, 19]
    assert kept(latest, 16) == []
