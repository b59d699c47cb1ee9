"""One's own messages that wait for approval, in the outbox."""

from chatdesk.client.changes import Confirmed, NotSent, Waits
from chatdesk.client.outbox import Outbox, Outgoing
from chatdesk.client.own_held import receive
from chatdesk.client.own_identity import OwnIdentity
from chatdesk.protocol.pace_events import Decided, Held, HeldMessage

WRITTEN = "2026-11-24T03:14:12.920Z"


def own() -> OwnIdentity:
    identity = OwnIdentity("Kit")
    identity.welcomed("Kit", "kit")
    return identity


def held(number: int, author: str = "kit", declined: str = "") -> HeldMessage:
    return HeldMessage(number, "Kit", author, f"text {number}", WRITTEN, f"m{number}", declined=declined)


def test_what_waits_is_in_nobodys_way_and_goes_once_it_is_decided() -> None:
    outbox = Outbox()
    for number in (1, 2, 3):
        outbox.add(Outgoing(f"m{number}", f"text {number}", WRITTEN))
    event = Held("lobby", [held(1), held(2, author="ana")], "Mara")
    [waits] = receive(event, outbox, own())
    assert isinstance(waits, Waits)
    assert (waits.entry.waits, outbox.next and outbox.next.id, outbox.waiting) == ("Waits for Mara", "m2", 2)
    [refused] = receive(
        Decided("lobby", 1, declined=True, content="Mara has not let this through.", id="m1"), outbox, own()
    )
    assert isinstance(refused, NotSent)
    assert refused.entry.error == "Mara has not let this through."
    assert outbox.resend("m1").id != "m1"
    receive(Held("lobby", [held(3)], "Mara"), outbox, own())
    assert receive(Decided("lobby", 3, id="m3"), outbox, own()) == [Confirmed("m3")]


def test_what_waits_comes_back_with_the_list_on_another_device() -> None:
    outbox = Outbox()
    declined = held(2, declined="No.")
    assert len(receive(Held("lobby", [held(1), declined], "Mara", all=True), outbox, own())) == 1
    assert [entry.content for entry in outbox] == ["text 1"]
    assert outbox.next is None
