"""What others say of the name is weighed by what they say, and by whether this computer itself has said it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

import pytest
from zeroconf import DNSIncoming, DNSOutgoing, ServiceInfo  # type: ignore[attr-defined]
from zeroconf.asyncio import AsyncZeroconf

from chatdesk.discovery import nameplate
from chatdesk.discovery.advert import Advert
from chatdesk.discovery.claim import data_for, defence, probe, said_of
from chatdesk.discovery.local_name import LocalName
from chatdesk.discovery.nameplate import Nameplate

ADVERT = Advert("0a" * 8, "Robotics", "", 0, 1, False, 8080, "1")
OWN, OTHER, SECOND = "10.77.1.2", "10.77.1.9", "10.77.2.2"
NAME, SYSTEM = "robotics.local.", "late-pc.local."
STRANGER = "chatdesk-0b0b0b0b0b0b0b0b.local."


@dataclass
class Air:
    """What stands for zeroconf: it keeps what is sent, and tells ``hear`` of it as others would."""

    sent: list[DNSIncoming] = field(default_factory=list)
    answers: dict[str, DNSOutgoing] = field(default_factory=dict)
    plate: Nameplate | None = None

    @property
    def zeroconf(self) -> "Air":
        return self

    def async_send(self, packet: DNSOutgoing) -> None:
        message = DNSIncoming(packet.packets()[0])
        self.sent.append(message)
        for sender, answer in self.answers.items():
            asyncio.get_running_loop().call_soon(self.say, sender, answer)

    def say(self, sender: str, packet: DNSOutgoing) -> None:
        assert self.plate
        self.plate.overhear(sender, DNSIncoming(packet.packets()[0]))

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
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nameplate, "_PROBE_SECONDS", 0.01)
    monkeypatch.setattr(nameplate, "_TIE_SECONDS", 0.01)
    monkeypatch.setattr(nameplate, "own_addresses", lambda: [OWN, SECOND, "fe80::1%eth0"])


def plate_in(air: Air, name: LocalName) -> Nameplate:
    air.plate = Nameplate(name, cast(AsyncZeroconf, air), ADVERT.machine, [OWN])
    return air.plate


async def shown(air: Air) -> tuple[LocalName, Nameplate]:
    """The name, shown, with nothing said since."""
    name = LocalName("robotics", lambda _name: None)
    plate = plate_in(air, name)
    await plate.look_after(ADVERT)
    assert name.is_taken("robotics.local")
    air.sent.clear()
    return name, plate


def wish(addresses: Sequence[str], machine: str = SYSTEM) -> DNSOutgoing:
    return probe(NAME, machine, data_for(addresses))


async def test_before_it_is_shown_it_is_asked_for_three_times() -> None:
    air = Air()
    name = LocalName("robotics", lambda _name: None)
    await plate_in(air, name).look_after(ADVERT)
    assert [said_of(NAME, message) for message in air.sent] == [data_for([OWN])] * 3


@pytest.mark.parametrize(
    ("sender", "packet"),
    [
        (OTHER, defence(NAME, data_for([OTHER]))),
        (OTHER, defence(NAME, data_for(["fd77::9"]))),
        (OWN, defence(NAME, data_for([OWN]))),
        (OWN, wish([OWN])),
        (OTHER, wish([OTHER])),
    ],
    ids=["another machine", "by the other version of IP", "this computer's system", "which begins to", "a later wish"],
)
async def test_who_has_it_or_comes_first_keeps_it(sender: str, packet: DNSOutgoing) -> None:
    air = Air(answers={sender: packet})
    name = LocalName("robotics", lambda _name: None)
    await plate_in(air, name).look_after(ADVERT)
    assert name.text == "robotics-2.local"


@pytest.mark.parametrize(
    ("sender", "packet"),
    [
        (OTHER, wish(["10.77.1.1"])),
        (OWN, probe(NAME, ADVERT.machine, data_for([OWN]))),
        ("10.77.1.1", defence(NAME, data_for([OWN]))),
        ("10.77.1.1", wish([OWN])),
        ("10.77.1.1", wish([SECOND])),
    ],
    ids=["an earlier wish", "our voice", "our words, reflected", "our wish, reflected", "that in another network"],
)
async def test_nobody_else_does(sender: str, packet: DNSOutgoing) -> None:
    air = Air(answers={sender: packet})
    name = LocalName("robotics", lambda _name: None)
    await plate_in(air, name).look_after(ADVERT)
    assert name.is_taken("robotics.local")


async def test_who_wishes_for_it_is_answered_at_once_and_a_flood_of_them_once() -> None:
    """Also one that calls itself by this machine's name."""
    air = Air()
    name, _ = await shown(air)
    air.say(OTHER, wish([OTHER], ADVERT.machine))
    assert len(air.sent) == 1
    for machine in (SYSTEM, STRANGER, SYSTEM):
        air.say(OTHER, wish([OTHER], machine))
    (answer,) = air.sent
    assert answer.is_response()
    assert said_of(NAME, answer) == data_for([OWN])
    assert name.is_taken("robotics.local")


@pytest.mark.parametrize("machine", [SYSTEM, STRANGER])
async def test_what_this_computer_reflects_or_another_chat_on_it_wishes_takes_no_name(machine: str) -> None:
    air = Air()
    name, _ = await shown(air)
    air.say(OWN, wish([OTHER], machine))
    air.say(OWN, wish([SECOND], machine))
    air.say(OWN, wish([OWN], STRANGER))
    assert name.is_taken("robotics.local")
    assert len(air.sent) == 1


async def test_this_computers_own_system_is_left_the_name() -> None:
    air = Air()
    name, plate = await shown(air)
    air.say(OWN, wish([OWN, "fe80::1"]))
    assert name.text == "robotics-2.local"
    assert air.sent == []
    await plate.look_after(ADVERT)
    assert name.is_taken("robotics-2.local")


@pytest.mark.parametrize(("answers", "text"), [({}, "robotics.local"), ({OTHER: OTHER}, "robotics-2.local")])
async def test_where_two_have_it_it_is_asked_for_again_and_who_is_answered_yields(
    answers: dict[str, str], text: str
) -> None:
    air = Air()
    name, plate = await shown(air)
    claim = defence(NAME, data_for([OTHER]))
    air.say(OTHER, claim)
    air.answers = dict.fromkeys(answers, claim)
    await plate.look_after(ADVERT)
    assert name.text == text
    assert len(air.sent) >= 1
