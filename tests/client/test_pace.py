"""What the pace of a room does to one's own messages in the client."""

from chatdesk.client.changes import Confirmed, NoticeReceived, NotSent, Waits
from chatdesk.client.outbox import Outbox, Outgoing
from chatdesk.client.own_identity import OwnIdentity
from chatdesk.client.pace import receive
from chatdesk.client.slash_commands import Invoked, pace_command
from chatdesk.protocol.pace_commands import Ask, Hand, Pace
from chatdesk.protocol.pace_events import Called, Decided, Hands, Held, HeldMessage

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


def test_hands_and_calls_are_told_in_sentences() -> None:
    outbox = Outbox()
    assert receive(Called("lobby", "Ana", "ana", "Mara", WRITTEN), outbox, own()) == []
    assert receive(Hands("lobby", [], 3, place=3), outbox, own()) == [NoticeReceived("Your hand is up. 2 before you.")]
    [called] = receive(Called("lobby", "Kit", "kit", "Mara", WRITTEN), outbox, own())
    assert isinstance(called, NoticeReceived)
    assert "Mara" in called.sentence


def test_commands_of_the_pace() -> None:
    cases = {
        ("slow", ""): Pace(slow=30, room="lobby"),
        ("slow", "60"): Pace(slow=60, room="lobby"),
        ("slow", "off"): Pace(slow=0, room="lobby"),
        ("hold", ""): Pace(hold=True, room="lobby"),
        ("announce", "off"): Pace(announce=False, room="lobby"),
        ("hand", "off"): Hand(False, "lobby"),
        ("ask", "Why?"): Ask("Why?", "lobby"),
    }
    for (name, argument), command in cases.items():
        assert pace_command(Invoked(name, argument), "lobby") == command
