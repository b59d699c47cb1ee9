"""Claims to the name are judged by their data, and by whether this computer itself has sent them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

import pytest
from zeroconf import DNSIncoming, DNSOutgoing, ServiceInfo  # type: ignore[attr-defined]
from zeroconf.asyncio import AsyncZeroconf

from chatdesk.discovery import name_registration
from chatdesk.discovery.advert import Advert
from chatdesk.discovery.local_name import LocalName
from chatdesk.discovery.name_probing import defence, probe, record_data, records_of
from chatdesk.discovery.name_registration import NameRegistration

ADVERT = Advert("0a" * 8, "Robotics", "", 0, 1, False, 8080, "1")
OWN, OTHER, SECOND = "10.77.1.2", "10.77.1.9", "10.77.2.2"
NAME, SYSTEM = "robotics.local.", "late-pc.local."
STRANGER = "chatdesk-0b0b0b0b0b0b0b0b.local."


@dataclass
class FakeZeroconf:
    """Stands in for zeroconf: it records what is sent, and answers as others would."""

    sent: list[DNSIncoming] = field(default_factory=list)
    answers: dict[str, DNSOutgoing] = field(default_factory=dict)
    registration: NameRegistration | None = None

    @property
    def zeroconf(self) -> "FakeZeroconf":
        return self

    def async_send(self, packet: DNSOutgoing) -> None:
        message = DNSIncoming(packet.packets()[0])
        self.sent.append(message)
        for sender, answer in self.answers.items():
            asyncio.get_running_loop().call_soon(self.say, sender, answer)

    def say(self, sender: str, packet: DNSOutgoing) -> None:
        assert self.registration
        self.registration.handle_packet(sender, DNSIncoming(packet.packets()[0]))

    async def async_register_service(self, _info: ServiceInfo, **_options: bool) -> asyncio.Future[None]:
        return self._done()

    async def async_update_service(self, _info: ServiceInfo) -> asyncio.Future[None]:
        return self._done()

    async def async_unregister_service(self, _info: ServiceInfo) -> asyncio.Future[None]:
        return self._done()

    def _done(self) -> asyncio.Future[None]:
        done = asyncio.get_running_loop().create_future()
        done.set_result(None)
        return done


@pytest.fixture(autouse=True)
def short_delays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(name_registration, "_PROBE_SECONDS", 0.01)
    monkeypatch.setattr(name_registration, "_TIE_SECONDS", 0.01)
    monkeypatch.setattr(name_registration, "own_addresses", lambda: [OWN, SECOND, "fe80::1%eth0"])


def registration_in(fake: FakeZeroconf, name: LocalName) -> NameRegistration:
    fake.registration = NameRegistration(name, cast(AsyncZeroconf, fake), ADVERT.mdns_host, [OWN])
    return fake.registration


async def registered(fake: FakeZeroconf) -> tuple[LocalName, NameRegistration]:
    """A registered name, with nothing sent since."""
    name = LocalName("robotics", lambda _name: None)
    registration = registration_in(fake, name)
    await registration.maintain(ADVERT)
    assert name.is_in_use("robotics.local")
    fake.sent.clear()
    return name, registration


def probe_for(addresses: Sequence[str], machine: str = SYSTEM) -> DNSOutgoing:
    return probe(NAME, machine, record_data(addresses))


async def test_before_it_is_shown_it_is_asked_for_three_times() -> None:
    fake = FakeZeroconf()
    name = LocalName("robotics", lambda _name: None)
    await registration_in(fake, name).maintain(ADVERT)
    assert [records_of(NAME, message) for message in fake.sent] == [record_data([OWN])] * 3


@pytest.mark.parametrize(
    ("sender", "packet"),
    [
        (OTHER, defence(NAME, record_data([OTHER]))),
        (OTHER, defence(NAME, record_data(["fd77::9"]))),
        (OWN, defence(NAME, record_data([OWN]))),
        (OWN, probe_for([OWN])),
        (OTHER, probe_for([OTHER])),
    ],
    ids=["another machine", "by the other version of IP", "this computer's system", "which begins to", "a later wish"],
)
async def test_the_owner_or_the_winner_keeps_the_name(sender: str, packet: DNSOutgoing) -> None:
    fake = FakeZeroconf(answers={sender: packet})
    name = LocalName("robotics", lambda _name: None)
    await registration_in(fake, name).maintain(ADVERT)
    assert name.text == "robotics-2.local"


@pytest.mark.parametrize(
    ("sender", "packet"),
    [
        (OTHER, probe_for(["10.77.1.1"])),
        (OWN, probe(NAME, ADVERT.mdns_host, record_data([OWN]))),
        ("10.77.1.1", defence(NAME, record_data([OWN]))),
        ("10.77.1.1", probe_for([OWN])),
        ("10.77.1.1", probe_for([SECOND])),
    ],
    ids=["an earlier wish", "our voice", "our words, reflected", "our wish, reflected", "that in another network"],
)
async def test_nobody_else_gets_the_name(sender: str, packet: DNSOutgoing) -> None:
    fake = FakeZeroconf(answers={sender: packet})
    name = LocalName("robotics", lambda _name: None)
    await registration_in(fake, name).maintain(ADVERT)
    assert name.is_in_use("robotics.local")


async def test_a_probe_is_answered_at_once_and_a_flood_of_them_once() -> None:
    """Also one that claims this machine's host name."""
    fake = FakeZeroconf()
    name, _ = await registered(fake)
    fake.say(OTHER, probe_for([OTHER], ADVERT.mdns_host))
    assert len(fake.sent) == 1
    for machine in (SYSTEM, STRANGER, SYSTEM):
        fake.say(OTHER, probe_for([OTHER], machine))
    (answer,) = fake.sent
    assert answer.is_response()
    assert records_of(NAME, answer) == record_data([OWN])
    assert name.is_in_use("robotics.local")


@pytest.mark.parametrize("machine", [SYSTEM, STRANGER])
async def test_reflected_probes_and_another_local_chat_take_no_name(machine: str) -> None:
    fake = FakeZeroconf()
    name, _ = await registered(fake)
    fake.say(OWN, probe_for([OTHER], machine))
    fake.say(OWN, probe_for([SECOND], machine))
    fake.say(OWN, probe_for([OWN], STRANGER))
    assert name.is_in_use("robotics.local")
    assert len(fake.sent) == 1


async def test_the_name_is_left_to_this_computers_own_system() -> None:
    fake = FakeZeroconf()
    name, registration = await registered(fake)
    fake.say(OWN, probe_for([OWN, "fe80::1"]))
    assert name.text == "robotics-2.local"
    assert fake.sent == []
    await registration.maintain(ADVERT)
    assert name.is_in_use("robotics-2.local")


@pytest.mark.parametrize(("answers", "text"), [({}, "robotics.local"), ({OTHER: OTHER}, "robotics-2.local")])
async def test_a_conflict_is_probed_again_and_an_answer_releases_the_name(answers: dict[str, str], text: str) -> None:
    fake = FakeZeroconf()
    name, registration = await registered(fake)
    claim = defence(NAME, record_data([OTHER]))
    fake.say(OTHER, claim)
    fake.answers = dict.fromkeys(answers, claim)
    await registration.maintain(ADVERT)
    assert name.text == text
    assert len(fake.sent) >= 1
