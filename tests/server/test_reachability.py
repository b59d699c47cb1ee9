"""Which clients are asked to call which addresses, and what is recorded of the calls."""

import time
from collections.abc import Callable

import pytest

from chatdesk.ip import canonical_address
from chatdesk.server import reachability as module
from chatdesk.server.person import Person
from chatdesk.server.reachability import ReachabilityProbe
from chatdesk.server.session import Session
from tests.server.recording_connection import RecordingConnection

OWN = ["192.168.4.20", "10.8.0.2", "fd77::2", "127.0.0.1", "169.254.3.4", "141.20.5.6"]
CALLED = ["192.168.4.20", "10.8.0.2", "fd77::2"]


class Participants:
    """The people in a chat, and a probe for them."""

    def __init__(self, own: Callable[[], list[str]] = lambda: OWN) -> None:
        self.people: dict[str, Person] = {}
        self.sessions: list[Session] = []
        self.probe = ReachabilityProbe(own, lambda: self.sessions)

    def connect(
        self, nickname: str, address: str, *, can_probe: bool = True, by: str = "192.168.4.20"
    ) -> RecordingConnection:
        """A person connects from this address."""
        connection = RecordingConnection()
        connection.address, connection.local_address = address, by
        session = Session(connection)
        session.can_probe = can_probe
        newcomer = Person(nickname, nickname.lower(), nickname, "author", "window", host=False)
        session.person = self.people.setdefault(nickname, newcomer)
        self.sessions.append(session)
        return connection

    @property
    def callers(self) -> list[tuple[str, list[str], float | None]]:
        """Name, addresses and clock of each, as the host is told."""
        return [(it["name"], it["reached"], it["skew"]) for it in self.probe.report()["callers"]]


@pytest.fixture
def advance_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Lets time pass."""
    clock = [1000.0]
    monkeypatch.setattr("chatdesk.server.reachability.time.monotonic", lambda: clock[0])

    def pass_time(seconds: float) -> None:
        clock[0] += seconds

    return pass_time


def nonce_of(connection: RecordingConnection) -> str:
    nonce: str = connection.events[-1]["nonce"]
    return nonce


def test_people_on_other_devices_are_asked_to_call_the_private_addresses() -> None:
    company = Participants()
    kit = company.connect("Kit", "192.168.4.21")
    mara = company.connect("Mara", "127.0.0.1")
    lin = company.connect("Lin", "192.168.4.20")
    eva = company.connect("Eva", "192.168.4.22", can_probe=False)
    company.probe.ask_clients()
    (asked,) = kit.events
    assert (asked["type"], asked["addresses"]) == ("reach", CALLED)
    assert not mara.events, "who sits at the host's computer proves nothing"
    assert not lin.events, "nor does a caller by its address in the network"
    assert not eva.events, "an old client would not know what is meant"
    assert company.callers == [("Kit", ["192.168.4.20"], None), ("Eva", ["192.168.4.20"], None)]


def test_each_has_a_secret_of_their_own() -> None:
    company = Participants()
    kit, eva = company.connect("Kit", "192.168.4.21"), company.connect("Eva", "192.168.4.22")
    company.probe.ask_clients()
    assert nonce_of(kit) != nonce_of(eva)
    assert len(nonce_of(kit)) == 32


def test_a_call_counts_for_whose_secret_it_has_at_the_address_where_it_comes_in() -> None:
    company = Participants()
    kit, _ = company.connect("Kit", "192.168.4.21"), company.connect("Eva", "192.168.4.22")
    company.probe.ask_clients()
    in_two_hours = str(int(time.time() * 1000) + 7_200_000)
    call = company.probe.record_call(nonce_of(kit), "::ffff:10.8.0.2", in_two_hours)
    assert call
    kit_called, eva_called = company.callers
    assert kit_called[:2] == ("Kit", ["10.8.0.2", "192.168.4.20"])
    assert kit_called[2] == pytest.approx(7200, abs=5)
    assert eva_called == ("Eva", ["192.168.4.20"], None)


@pytest.mark.parametrize("clock", ["", "now", "-5", "1e9", "9" * 16, "９" * 400])
def test_a_clock_that_is_none_is_not_taken(clock: str) -> None:
    company = Participants()
    kit = company.connect("Kit", "192.168.4.21")
    company.probe.ask_clients()
    assert company.probe.record_call(nonce_of(kit), "10.8.0.2", clock)
    assert company.callers == [("Kit", ["10.8.0.2", "192.168.4.20"], None)]


def test_nobody_calls_with_a_secret_of_nobody() -> None:
    company = Participants()
    assert company.probe.record_call("0" * 32, "10.8.0.2", "") is None
    assert company.callers == []


def test_of_somebodys_windows_one_that_can_call_is_asked() -> None:
    company = Participants()
    terminal = company.connect("Kit", "192.168.4.21", can_probe=False)
    window = company.connect("Kit", "192.168.4.21")
    company.probe.ask_clients()
    assert not terminal.events
    assert len(window.events) == 1


def test_people_are_not_asked_again_at_once(advance_clock: Callable[[float], None]) -> None:
    company = Participants()
    kit = company.connect("Kit", "192.168.4.21")
    company.probe.ask_clients()
    advance_clock(9.9)
    company.probe.ask_clients()
    assert len(kit.events) == 1
    advance_clock(0.2)
    company.probe.ask_clients()
    assert len(kit.events) == 2
    assert company.probe.record_call(kit.events[0]["nonce"], "10.8.0.2", "") is None, "only the latest secret counts"


def test_no_more_than_so_many_are_asked_at_once() -> None:
    company = Participants()
    connections = [company.connect(f"Guest {number}", f"192.168.5.{number}") for number in range(100)]
    company.probe.ask_clients()
    assert sum(len(connection.events) for connection in connections) == 20


def test_no_more_than_so_many_addresses_are_called() -> None:
    company = Participants(lambda: [f"10.0.0.{number}" for number in range(50)])
    kit = company.connect("Kit", "192.168.4.21")
    company.probe.ask_clients()
    assert kit.events[0]["addresses"] == [f"10.0.0.{number}" for number in range(8)]


def test_the_addresses_are_those_of_the_moment(advance_clock: Callable[[float], None]) -> None:
    own = ["10.0.0.1"]
    company = Participants(lambda: own)
    assert company.probe.addresses == ["10.0.0.1"]
    own[:] = ["192.168.9.9"]
    advance_clock(2.5)
    assert company.probe.addresses == ["192.168.9.9"]


def test_test_pages_of_one_address_live_side_by_side_for_a_while(advance_clock: Callable[[float], None]) -> None:
    """In two windows, or behind one router."""
    company = Participants()
    first, second = company.probe.open_test_page("192.168.4.30"), company.probe.open_test_page("192.168.4.30")
    company.probe.open_test_page("192.168.4.31")
    assert company.callers == [], "who never calls may be no page at all"
    assert company.probe.record_call(first, "10.8.0.2", "")
    assert company.probe.record_call(second, "192.168.4.20", "")
    company.probe.ask_clients()
    assert company.callers == [("Test page", ["10.8.0.2", "192.168.4.20"], None)]
    assert [caller["joined"] for caller in company.probe.report()["callers"]] == [False]
    advance_clock(601)
    assert company.callers == []
    assert company.probe.record_call(first, "10.8.0.2", "") is None


def test_a_device_that_reloads_the_test_page_takes_no_memory_and_evicts_no_other() -> None:
    company = Participants()
    kit = company.connect("Kit", "192.168.4.21")
    company.probe.ask_clients()
    other = company.probe.open_test_page("192.168.4.30")
    nonces = [company.probe.open_test_page("192.168.4.31") for _ in range(1000)]
    assert company.probe.record_call(other, "10.8.0.2", "")
    assert company.probe.record_call(nonce_of(kit), "10.8.0.2", "")
    most = module._MAX_TEST_PAGES_OF_ONE_ADDRESS
    known = [company.probe.record_call(nonce, "10.8.0.2", "") is not None for nonce in nonces[-most - 1 :]]
    assert known == [False, *[True] * most]


def test_a_class_behind_a_proxy_may_open_the_test_page_at_once() -> None:
    company = Participants()
    nonces = [company.probe.open_test_page("127.0.0.1") for _ in range(60)]
    assert all(company.probe.record_call(nonce, "127.0.0.1", "") for nonce in nonces)


def test_many_devices_that_open_the_test_page_take_no_memory() -> None:
    company = Participants()
    for number in range(3000):
        company.probe.open_test_page(f"10.1.{number // 250}.{number % 250}")
    assert len(company.probe._test_pages) == module._MAX_TEST_PAGES


def test_a_device_with_many_addresses_takes_no_more_places_than_one() -> None:
    """It may use all addresses of its /64; callers from other networks keep their entries."""
    company = Participants()
    other = company.probe.open_test_page("192.168.4.30")
    for number in range(2 * module._MAX_TEST_PAGES):
        company.probe.open_test_page(f"fd77::{number:x}")
    assert company.probe.record_call(other, "10.8.0.2", "")
    assert len(company.probe._test_pages) == module._MAX_TEST_PAGES


def test_the_test_page_on_the_hosts_own_computer_proves_nothing() -> None:
    company = Participants()
    for address in ("127.0.0.1", "::1", "192.168.4.20", "141.20.5.6", ""):
        assert company.probe.record_call(company.probe.open_test_page(address), "192.168.4.20", "")
    assert company.callers == []


@pytest.mark.parametrize(
    ("address", "plain"),
    [("", ""), ("::ffff:10.0.0.1", "10.0.0.1"), ("fe80::1%eth0", "fe80::1"), ("FD77:0::2", "fd77::2")],
)
def test_every_address_has_one_spelling(address: str, plain: str) -> None:
    assert canonical_address(address) == plain
