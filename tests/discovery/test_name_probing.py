"""Packets alone decide who gets a name."""

import pytest
from zeroconf import DNSIncoming, DNSOutgoing  # type: ignore[attr-defined]

from chatdesk.discovery.name_probing import (
    defence,
    is_address,
    is_any_query,
    is_chat_probe,
    outranks,
    probe,
    record_data,
    records_of,
)

NAME, MACHINE = "robotics.local.", "chatdesk-0a0a0a0a0a0a0a0a.local."
OWN = record_data(["10.77.1.2", "fd77::2"])


def received(packet: DNSOutgoing) -> DNSIncoming:
    return DNSIncoming(packet.packets()[0])


def test_a_probe_carries_the_proposed_data_and_is_recognized() -> None:
    heard = received(probe(NAME, MACHINE, OWN))
    assert heard.is_probe()
    assert records_of(NAME, heard) == OWN
    assert is_any_query(heard, NAME)
    assert is_any_query(heard, MACHINE)
    assert not is_any_query(heard, "other.local.")
    assert is_chat_probe(heard)
    assert is_chat_probe(heard, MACHINE)
    assert not is_chat_probe(heard, "chatdesk-0b0b0b0b0b0b0b0b.local.")


def test_a_probe_of_a_system_is_not_taken_for_a_chats() -> None:
    for machine in ("late-pc.local.", "chatdesk-2.local."):
        assert not is_chat_probe(received(probe(NAME, machine, OWN)))


def test_a_defence_is_an_answer_and_asks_for_nothing() -> None:
    heard = received(defence(NAME, OWN))
    assert heard.is_response()
    assert records_of(NAME, heard) == OWN
    assert all(record.unique for record in heard.answers())
    assert not is_any_query(heard, NAME)
    assert records_of("other.local.", heard) == []


def test_names_are_compared_without_case() -> None:
    heard = received(probe("Robotics.LOCAL.", MACHINE.upper(), OWN))
    assert records_of(NAME, heard) == OWN
    assert is_any_query(heard, NAME)
    assert is_chat_probe(heard, MACHINE)


@pytest.mark.parametrize(
    ("theirs", "first"),
    [
        (["10.77.1.1"], False),
        (["10.77.1.2"], False),
        (["10.77.1.2", "fd77::2"], False),
        (["10.77.1.3"], True),
        (["10.77.1.200"], True),
        (["10.77.1.2", "fd77::3"], True),
        (["fd77::1"], True),
        (["10.77.1.2", "10.77.1.3", "fd77::2"], False),
        (["10.77.1.2", "fd77::2", "fd77::3"], True),
    ],
)
def test_of_simultaneous_probes_the_later_in_order_wins(theirs: list[str], first: bool) -> None:
    """As RFC 6762 says in section 8.2: by type, then by bytes, and who has more of the same."""
    assert outranks(record_data(theirs), OWN) is first


def test_what_is_no_address_counts_by_its_type() -> None:
    assert not is_address((13, b""))
    assert outranks([(13, b"")], record_data(["10.77.1.2"]))
    assert not outranks([(13, b"")], record_data(["fd77::2"]))
