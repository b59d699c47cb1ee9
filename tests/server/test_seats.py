"""A nickname is kept for whoever has dropped out: for five minutes, whatever their address, across a restart."""

import pytest

from chatdesk.log.memory import MemoryStore
from chatdesk.log.room_log import Reservation
from chatdesk.server import seats as module
from chatdesk.server.seats import KEPT_SECONDS, Seats

KIT, ANA = Reservation("kit", "a"), Reservation("ana", "b")
AN_HOUR = 3600.0


class Clock:
    """Goes when it is told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class Notebook(MemoryStore):
    """An archive that writes down who has a seat, as the one on disk does."""

    def __init__(self) -> None:
        super().__init__()
        self.written: dict[str, str] = {}

    def reservations(self) -> list[Reservation]:
        return [Reservation(key, identity) for key, identity in self.written.items()]

    def store_reservation(self, reservation: Reservation) -> None:
        self.written[reservation.key] = reservation.identity

    def delete_reservation(self, key: str) -> None:
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
    seats.keep(KIT, AN_HOUR)
    clock.now = KEPT_SECONDS - 0.1
    assert seats.kept_for("kit") == "a"
    clock.now = KEPT_SECONDS
    assert seats.kept_for("kit") is None
    assert archive.written == {}
    assert KEPT_SECONDS == 300


def test_who_comes_back_in_time_has_it_until_the_next_drop(seats: Seats, archive: Notebook, clock: Clock) -> None:
    seats.take(KIT)
    seats.keep(KIT, AN_HOUR)
    clock.now = 200
    seats.take(KIT)
    clock.now = 1000
    assert seats.kept_for("kit") is None
    assert archive.written == {"kit": "a"}, "in use, so that it is kept after a restart"
    seats.keep(KIT, AN_HOUR)
    clock.now = 1299
    assert seats.kept_for("kit") == "a"


def test_who_comes_back_under_another_name_gives_up_the_old_one(seats: Seats, archive: Notebook) -> None:
    seats.take(KIT)
    seats.keep(KIT, AN_HOUR)
    seats.take(Reservation("christopher", "a"))
    assert seats.kept_for("kit") is None
    assert archive.written == {"christopher": "a"}


def test_for_one_identity_only_the_last_name_is_kept(seats: Seats, archive: Notebook) -> None:
    for key in ("kit", "christopher"):
        seats.take(Reservation(key, "a"))
    for key in ("kit", "christopher"):
        seats.keep(Reservation(key, "a"), AN_HOUR)
    assert (seats.kept_for("kit"), seats.kept_for("christopher")) == (None, "a")
    assert archive.written == {"christopher": "a"}


def test_after_a_restart_all_that_were_in_use_or_kept_have_five_minutes(archive: Notebook, clock: Clock) -> None:
    before = Seats(archive, clock)
    before.take(KIT)
    before.take(ANA)
    before.keep(ANA, AN_HOUR)
    clock.now = 10_000
    after = Seats(archive, clock)
    assert (after.kept_for("kit"), after.kept_for("ana")) == ("a", "b")
    clock.now += KEPT_SECONDS
    assert (after.kept_for("kit"), after.kept_for("ana")) == (None, None)
    assert archive.written == {}


def test_of_two_names_of_one_identity_one_is_kept_after_a_restart(archive: Notebook, clock: Clock) -> None:
    before = Seats(archive, clock)
    before.take(KIT)
    before.take(Reservation("christopher", "a"))
    after = Seats(archive, clock)
    assert (after.kept_for("kit"), after.kept_for("christopher")) == (None, "a")
    clock.now = KEPT_SECONDS
    assert after.kept_for("christopher") is None
    assert archive.written == {}


def flood(seats: Seats, count: int, stayed: float = 0.01) -> None:
    """So many come and drop out, each under a new name and identity."""
    for number in range(count):
        seat = Reservation(f"guest {number}", f"identity {number}")
        seats.take(seat)
        seats.keep(seat, stayed)


def test_a_whole_school_behind_one_proxy_has_its_names_kept(seats: Seats) -> None:
    """They drop out at the same moment, and the server sees one address for all of them."""
    flood(seats, 2000, stayed=AN_HOUR)
    assert all(seats.kept_for(f"guest {number}") == f"identity {number}" for number in range(2000))


def test_a_flood_of_names_is_bounded_and_drives_out_none_but_its_own(
    archive: Notebook, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_KEPT", 250)
    seats = Seats(archive, clock)
    seats.take(KIT)
    seats.keep(KIT, AN_HOUR)
    flood(seats, 1000)
    seats.take(ANA)
    seats.keep(ANA, 60)
    assert (seats.kept_for("kit"), seats.kept_for("ana")) == ("a", "b")
    assert len(seats) == len(archive.written) == 250
    clock.now = KEPT_SECONDS
    seats.keep(KIT, AN_HOUR)
    assert (len(seats), seats.kept_for("kit")) == (1, "a")
    assert list(seats._key_of) == ["a"]


def test_for_how_long_it_is_kept_can_be_said(seats: Seats, clock: Clock) -> None:
    seats.keep(KIT, AN_HOUR)
    assert seats.minutes("kit") == 5
    clock.now = 241
    assert seats.minutes("kit") == 1
    assert seats.minutes("ana") == 0


def test_after_a_restart_all_names_are_kept_whoever_had_them(archive: Notebook, clock: Clock) -> None:
    for number in range(500):
        archive.store_reservation(Reservation(f"guest {number}", f"identity {number}"))
    after = Seats(archive, clock)
    assert len(after) == 500
    after.keep(KIT, 0.0)
    assert after.kept_for("kit") == "a"
