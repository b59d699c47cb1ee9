"""A nickname is kept for whoever has dropped out: for five minutes, for one of many, across a restart."""

import pytest

from chatdesk.log.memory import MemoryArchive
from chatdesk.log.room_log import Seat
from chatdesk.server import seats as module
from chatdesk.server.seats import KEPT_SECONDS, Seats

KIT, ANA = Seat("kit", "a"), Seat("ana", "b")


class Clock:
    """Goes when it is told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class Notebook(MemoryArchive):
    """An archive that writes down who has a seat, as the one on disk does."""

    def __init__(self) -> None:
        super().__init__()
        self.written: dict[str, str] = {}

    def seats(self) -> list[Seat]:
        return [Seat(key, identity) for key, identity in self.written.items()]

    def take_seat(self, seat: Seat) -> None:
        self.written[seat.key] = seat.identity

    def leave_seat(self, key: str) -> None:
        self.written.pop(key, None)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def archive() -> Notebook:
    return Notebook()


@pytest.fixture
def seats(archive: Notebook, clock: Clock) -> Seats:
    return Seats(archive, clock)


def test_a_name_in_use_is_written_down_and_not_kept(seats: Seats, archive: Notebook) -> None:
    seats.take(KIT)
    assert archive.written == {"kit": "a"}
    assert seats.kept_for("kit") is None


def test_who_leaves_gives_the_name_up_at_once(seats: Seats, archive: Notebook) -> None:
    seats.take(KIT)
    seats.leave("kit")
    assert archive.written == {}
    assert seats.kept_for("kit") is None


def test_who_drops_out_has_five_minutes(seats: Seats, archive: Notebook, clock: Clock) -> None:
    seats.take(KIT)
    seats.keep(KIT)
    clock.now = KEPT_SECONDS - 0.1
    assert seats.kept_for("kit") == "a"
    clock.now = KEPT_SECONDS
    assert seats.kept_for("kit") is None
    assert archive.written == {}
    assert KEPT_SECONDS == 300


def test_who_comes_back_in_time_has_it_until_the_next_drop(seats: Seats, archive: Notebook, clock: Clock) -> None:
    seats.take(KIT)
    seats.keep(KIT)
    clock.now = 200
    seats.take(KIT)
    clock.now = 1000
    assert seats.kept_for("kit") is None
    assert archive.written == {"kit": "a"}, "in use, so that it is kept after a restart"
    seats.keep(KIT)
    clock.now = 1299
    assert seats.kept_for("kit") == "a"


def test_who_comes_back_under_another_name_gives_up_the_old_one(seats: Seats, archive: Notebook) -> None:
    seats.take(KIT)
    seats.keep(KIT)
    seats.take(Seat("christopher", "a"))
    assert seats.kept_for("kit") is None
    assert archive.written == {"christopher": "a"}


def test_for_one_identity_only_the_last_name_is_kept(seats: Seats, archive: Notebook) -> None:
    for key in ("kit", "christopher"):
        seats.take(Seat(key, "a"))
    for key in ("kit", "christopher"):
        seats.keep(Seat(key, "a"))
    assert (seats.kept_for("kit"), seats.kept_for("christopher")) == (None, "a")
    assert archive.written == {"christopher": "a"}


def test_after_a_restart_all_that_were_in_use_or_kept_have_five_minutes(archive: Notebook, clock: Clock) -> None:
    before = Seats(archive, clock)
    before.take(KIT)
    before.take(ANA)
    before.keep(ANA)
    clock.now = 10_000
    after = Seats(archive, clock)
    assert (after.kept_for("kit"), after.kept_for("ana")) == ("a", "b")
    clock.now += KEPT_SECONDS
    assert (after.kept_for("kit"), after.kept_for("ana")) == (None, None)
    assert archive.written == {}


def test_a_flood_of_names_is_bounded_and_the_oldest_go(
    seats: Seats, archive: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_KEPT", 10)
    for number in range(100):
        seat = Seat(f"guest {number}", f"identity {number}")
        seats.take(seat)
        seats.keep(seat)
    assert len(seats) == len(archive.written) == 10
    assert seats.kept_for("guest 89") is None
    assert seats.kept_for("guest 90") == "identity 90"
    assert len(seats._key_of) == 10
