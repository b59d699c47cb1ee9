"""What workers count together in the memory that they share, with the limits that hold for all of them."""

import multiprocessing
from http import HTTPStatus

import pytest

from chatdesk.workers import counts
from chatdesk.workers.counts import ORDER, Counts, WorkerCounts
from tests.server.test_places import Door


def doors(counts: Counts, places: int) -> list[Door]:
    """Two workers of a chat with so many places."""
    found = [Door(max_connections=places), Door(max_connections=places)]
    for number, door in enumerate(found, 1):
        door.places.others = counts.of(number)
    return found


def test_a_chat_has_its_places_once_and_those_of_a_worker_that_died_are_free() -> None:
    counts = Counts(2)
    first, second = doors(counts, 20)
    assert all(door.open() for door in (first, second) for _ in range(10))
    assert not first.open()
    assert not second.open()
    assert second.hits == {"places": 1}
    socket = first.sockets.pop()
    first.places.closed(socket)
    assert second.open()
    counts.ended(1)
    assert all(second.open() for _ in range(9))


def test_half_of_the_places_are_for_others_than_one_network_over_all_workers() -> None:
    first, second = doors(Counts(2), 600)
    assert all(door.open() for _ in range(150) for door in (first, second))
    assert not second.open()
    assert second.refusal
    assert second.refusal.status == HTTPStatus.SERVICE_UNAVAILABLE
    assert second.open("10.0.0.2")


def test_what_a_forked_process_counts_the_others_know(monkeypatch: pytest.MonkeyPatch) -> None:
    both = Counts(2)
    process = multiprocessing.get_context("fork").Process(target=_work, args=(both.of(2),))
    first = both.of(1)
    assert first.missing() == [2]
    process.start()
    process.join()
    assert (first.total(), first.of_network("10.0.0.1"), first.of_network("10.0.0.2")) == (1, 1, 0)
    assert (first.missing(), first.silent()) == ([], [])
    assert both.last_beat(ORDER) == 0 < both.last_beat(2)
    monkeypatch.setattr(counts, "_SILENT_SECONDS", -1.0)
    assert first.silent() == [2]


def _work(own: WorkerCounts) -> None:
    own.beat()
    own.opened("10.0.0.1")
