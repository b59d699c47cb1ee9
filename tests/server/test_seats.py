"""A nickname is kept for whoever has dropped out: for five minutes, for one of many, across a restart."""

import pytest

from chatdesk.log.memory import MemoryArchive
from chatdesk.log.room_log import Seat
from chatdesk.server import seats as module
from chatdesk.server.seats import KEPT_SECONDS, MAX_KEPT_FOR_ONE, Seats

KIT, ANA = Seat("kit", "a"), Seat("ana", "b")
LAN = "192.168.1.5"


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
    seats.keep(KIT, LAN)
    clock.now = KEPT_SECONDS - 0.1
    assert seats.kept_for("kit") == "a"
    clock.now = KEPT_SECONDS
    assert seats.kept_for("kit") is None
    assert archive.written == {}
    assert KEPT_SECONDS == 300


def test_who_comes_back_in_time_has_it_until_the_next_drop(seats: Seats, archive: Notebook, clock: Clock) -> None:
    seats.take(KIT)
    seats.keep(KIT, LAN)
    clock.now = 200
    seats.take(KIT)
    clock.now = 1000
    assert seats.kept_for("kit") is None
    assert archive.written == {"kit": "a"}, "in use, so that it is kept after a restart"
    seats.keep(KIT, LAN)
    clock.now = 1299
    assert seats.kept_for("kit") == "a"


def test_who_comes_back_under_another_name_gives_up_the_old_one(seats: Seats, archive: Notebook) -> None:
    seats.take(KIT)
    seats.keep(KIT, LAN)
    seats.take(Seat("christopher", "a"))
    assert seats.kept_for("kit") is None
    assert archive.written == {"christopher": "a"}


def test_for_one_identity_only_the_last_name_is_kept(seats: Seats, archive: Notebook) -> None:
    for key in ("kit", "christopher"):
        seats.take(Seat(key, "a"))
    for key in ("kit", "christopher"):
        seats.keep(Seat(key, "a"), LAN)
    assert (seats.kept_for("kit"), seats.kept_for("christopher")) == (None, "a")
    assert archive.written == {"christopher": "a"}


def test_after_a_restart_all_that_were_in_use_or_kept_have_five_minutes(archive: Notebook, clock: Clock) -> None:
    before = Seats(archive, clock)
    before.take(KIT)
    before.take(ANA)
    before.keep(ANA, LAN)
    clock.now = 10_000
    after = Seats(archive, clock)
    assert (after.kept_for("kit"), after.kept_for("ana")) == ("a", "b")
    clock.now += KEPT_SECONDS
    assert (after.kept_for("kit"), after.kept_for("ana")) == (None, None)
    assert archive.written == {}


def test_of_two_names_of_one_identity_one_is_kept_after_a_restart(archive: Notebook, clock: Clock) -> None:
    before = Seats(archive, clock)
    before.take(KIT)
    before.take(Seat("christopher", "a"))
    after = Seats(archive, clock)
    assert (after.kept_for("kit"), after.kept_for("christopher")) == (None, "a")
    clock.now = KEPT_SECONDS
    assert after.kept_for("christopher") is None
    assert archive.written == {}


def flood(seats: Seats, count: int, *addresses: str | None) -> None:
    """So many drop out under new names, from each of these addresses in turn."""
    for number in range(count):
        for address in addresses:
            seat = Seat(f"guest {number} of {address}", f"identity {number} of {address}")
            seats.take(seat)
            seats.keep(seat, address)


FLOODS = {
    "one address": ["10.0.0.1"],
    "one machine with many IPv6 addresses": ["2001:db8::1", "2001:db8::2:1", "2001:db8::ffff:ffff:ffff:ffff"],
    "one that comes over IPv6 too": ["10.0.0.1", "::ffff:10.0.0.1"],
    "no address": [None],
    "an address with a scope": ["fe80::1%eth0", "fe80::2%eth0"],
}


@pytest.mark.parametrize("name", FLOODS)
def test_from_one_address_so_many_names_are_kept_and_the_newest_are_not(
    seats: Seats, archive: Notebook, name: str
) -> None:
    seats.take(KIT)
    seats.keep(KIT, LAN)
    flood(seats, 200, *FLOODS[name])
    assert len(seats) == len(archive.written) == MAX_KEPT_FOR_ONE + 1
    assert seats.kept_for("kit") == "a"
    first = FLOODS[name][0]
    assert seats.kept_for(f"guest 0 of {first}") == f"identity 0 of {first}"
    assert seats.kept_for(f"guest 199 of {first}") is None


@pytest.mark.parametrize("others", [["10.0.0.1", "10.0.0.2"], ["2001:db8::1", "2001:db8:0:1::1"], ["::2", "10.0.0.1"]])
def test_another_address_has_its_own_number(seats: Seats, others: list[str]) -> None:
    flood(seats, 200, *others)
    assert len(seats) == 2 * MAX_KEPT_FOR_ONE


def test_what_has_had_its_time_or_was_taken_again_makes_place_for_the_address(seats: Seats, clock: Clock) -> None:
    flood(seats, MAX_KEPT_FOR_ONE, LAN)
    seats.keep(KIT, LAN)
    assert seats.kept_for("kit") is None
    seats.take(Seat("guest 7 again", f"identity 7 of {LAN}"))
    seats.keep(KIT, LAN)
    assert seats.kept_for("kit") == "a"
    seats.keep(ANA, LAN)
    assert seats.kept_for("ana") is None
    clock.now = KEPT_SECONDS
    seats.keep(ANA, LAN)
    assert seats.kept_for("ana") == "b"
    clock.now = 2 * KEPT_SECONDS
    assert seats.kept_for("ana") is None
    assert not seats._kept_for
    assert not seats._key_of


def test_who_has_one_of_the_last_places_may_have_another_name_for_it(seats: Seats) -> None:
    flood(seats, MAX_KEPT_FOR_ONE - 1, LAN)
    seats.keep(KIT, LAN)
    seats.keep(Seat("christopher", "a"), LAN)
    assert (seats.kept_for("kit"), seats.kept_for("christopher")) == (None, "a")


def test_a_flood_from_everywhere_is_bounded_and_drives_nobody_out(
    seats: Seats, archive: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_KEPT", 250)
    seats.take(KIT)
    seats.keep(KIT, LAN)
    flood(seats, 50, *(f"10.0.0.{number}" for number in range(50)))
    assert len(seats) == len(archive.written) == 250
    assert seats.kept_for("kit") == "a"


def test_after_a_restart_all_names_are_kept_however_many_and_whoever_had_them(archive: Notebook, clock: Clock) -> None:
    for number in range(500):
        archive.take_seat(Seat(f"guest {number}", f"identity {number}"))
    after = Seats(archive, clock)
    assert len(after) == 500
    after.keep(KIT, LAN)
    assert after.kept_for("kit") == "a"
