"""A nickname is reserved for a lost person: for five minutes, from any address, across a restart."""

import pytest

from chatdesk.log.memory import MemoryStore
from chatdesk.log.reservation import Reservation
from chatdesk.server import nickname_reservations as module
from chatdesk.server.nickname_reservations import RESERVED_SECONDS, NicknameReservations

KIT, ANA = Reservation("kit", "a"), Reservation("ana", "b")
AN_HOUR = 3600.0


class Clock:
    """Goes when it is told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class PersistentStore(MemoryStore):
    """A log store that keeps reservations, as the one on disk does."""

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
def store() -> PersistentStore:
    return PersistentStore()


@pytest.fixture
def reservations(store: PersistentStore, clock: Clock) -> NicknameReservations:
    return NicknameReservations(store, clock)


def test_a_nickname_in_use_is_stored_and_not_reserved(
    reservations: NicknameReservations, store: PersistentStore
) -> None:
    reservations.claim(KIT)
    assert store.written == {"kit": "a"}
    assert reservations.holder("kit") is None


def test_leaving_frees_the_nickname_at_once(reservations: NicknameReservations, store: PersistentStore) -> None:
    reservations.claim(KIT)
    reservations.release("kit")
    assert store.written == {}
    assert reservations.holder("kit") is None


def test_a_lost_persons_nickname_is_reserved_for_five_minutes(
    reservations: NicknameReservations, store: PersistentStore, clock: Clock
) -> None:
    reservations.claim(KIT)
    reservations.reserve(KIT, AN_HOUR)
    clock.now = RESERVED_SECONDS - 0.1
    assert reservations.holder("kit") == "a"
    clock.now = RESERVED_SECONDS
    assert reservations.holder("kit") is None
    assert store.written == {}
    assert RESERVED_SECONDS == 300


def test_a_person_who_is_back_in_time_has_it_until_the_next_loss(
    reservations: NicknameReservations, store: PersistentStore, clock: Clock
) -> None:
    reservations.claim(KIT)
    reservations.reserve(KIT, AN_HOUR)
    clock.now = 200
    reservations.claim(KIT)
    clock.now = 1000
    assert reservations.holder("kit") is None
    assert store.written == {"kit": "a"}, "in use, so that it is kept after a restart"
    reservations.reserve(KIT, AN_HOUR)
    clock.now = 1299
    assert reservations.holder("kit") == "a"


def test_a_person_who_is_back_under_another_nickname_gives_up_the_old_one(
    reservations: NicknameReservations, store: PersistentStore
) -> None:
    reservations.claim(KIT)
    reservations.reserve(KIT, AN_HOUR)
    reservations.claim(Reservation("christopher", "a"))
    assert reservations.holder("kit") is None
    assert store.written == {"christopher": "a"}


def test_for_one_identity_only_the_last_name_is_kept(
    reservations: NicknameReservations, store: PersistentStore
) -> None:
    for key in ("kit", "christopher"):
        reservations.claim(Reservation(key, "a"))
    for key in ("kit", "christopher"):
        reservations.reserve(Reservation(key, "a"), AN_HOUR)
    assert (reservations.holder("kit"), reservations.holder("christopher")) == (None, "a")
    assert store.written == {"christopher": "a"}


def test_after_a_restart_all_that_were_in_use_or_kept_have_five_minutes(store: PersistentStore, clock: Clock) -> None:
    before = NicknameReservations(store, clock)
    before.claim(KIT)
    before.claim(ANA)
    before.reserve(ANA, AN_HOUR)
    clock.now = 10_000
    after = NicknameReservations(store, clock)
    assert (after.holder("kit"), after.holder("ana")) == ("a", "b")
    clock.now += RESERVED_SECONDS
    assert (after.holder("kit"), after.holder("ana")) == (None, None)
    assert store.written == {}


def test_of_two_names_of_one_identity_one_is_kept_after_a_restart(store: PersistentStore, clock: Clock) -> None:
    before = NicknameReservations(store, clock)
    before.claim(KIT)
    before.claim(Reservation("christopher", "a"))
    after = NicknameReservations(store, clock)
    assert (after.holder("kit"), after.holder("christopher")) == (None, "a")
    clock.now = RESERVED_SECONDS
    assert after.holder("christopher") is None
    assert store.written == {}


def flood(reservations: NicknameReservations, count: int, stayed_seconds: float = 0.01) -> None:
    """So many come and drop out, each under a new name and identity."""
    for number in range(count):
        reservation = Reservation(f"guest {number}", f"identity {number}")
        reservations.claim(reservation)
        reservations.reserve(reservation, stayed_seconds)


def test_a_whole_school_behind_one_proxy_has_its_names_kept(reservations: NicknameReservations) -> None:
    """They drop out at the same moment, and the server sees one address for all of them."""
    flood(reservations, 2000, stayed_seconds=AN_HOUR)
    assert all(reservations.holder(f"guest {number}") == f"identity {number}" for number in range(2000))


def test_a_flood_of_names_is_bounded_and_drives_out_none_but_its_own(
    store: PersistentStore, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_RESERVED", 250)
    reservations = NicknameReservations(store, clock)
    reservations.claim(KIT)
    reservations.reserve(KIT, AN_HOUR)
    flood(reservations, 1000)
    reservations.claim(ANA)
    reservations.reserve(ANA, 60)
    assert (reservations.holder("kit"), reservations.holder("ana")) == ("a", "b")
    assert len(reservations) == len(store.written) == 250
    clock.now = RESERVED_SECONDS
    reservations.reserve(KIT, AN_HOUR)
    assert (len(reservations), reservations.holder("kit")) == (1, "a")
    assert list(reservations._key_of) == ["a"]


def test_for_how_long_it_is_kept_can_be_said(reservations: NicknameReservations, clock: Clock) -> None:
    reservations.reserve(KIT, AN_HOUR)
    assert reservations.minutes_left("kit") == 5
    clock.now = 241
    assert reservations.minutes_left("kit") == 1
    assert reservations.minutes_left("ana") == 0


def test_after_a_restart_all_nicknames_are_reserved(store: PersistentStore, clock: Clock) -> None:
    for number in range(500):
        store.store_reservation(Reservation(f"guest {number}", f"identity {number}"))
    after = NicknameReservations(store, clock)
    assert len(after) == 500
    after.reserve(KIT, 0.0)
    assert after.holder("kit") == "a"
