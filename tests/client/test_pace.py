"""The pace of rooms in the client, beyond what the conformance scenarios show of both clients."""

import pytest

from chatdesk.client.changes import Change, NoticeReceived
from chatdesk.client.pace import Pace
from chatdesk.client.sanitize import sanitize
from chatdesk.client.state import ChatState
from chatdesk.protocol import events
from chatdesk.protocol.pace_commands import Ask, PaceCommand
from chatdesk.protocol.pace_events import Asked, Called, Hand, Hands, Held, HeldMessage
from tests.client.scripted_state import joined

WRITTEN = "2026-11-24T03:14:12.920Z"


class Company:
    """The pace of a state, what it sends, and what it says."""

    def __init__(self, state: ChatState) -> None:
        self.sent: list[PaceCommand] = []
        self.changes: list[Change] = []
        self.replies: list[str] = []
        self.pace = Pace(state, lambda _room, right: right == "approve", self.sent.append, self.changes.extend)

    def ask(self) -> str:
        self.pace.ask("Why?", self.replies.append)
        command = self.sent.pop()
        assert isinstance(command, Ask)
        return command.id or ""


@pytest.fixture
def company() -> Company:
    return Company(joined())


def held(number: int, nickname: str = "Ana") -> HeldMessage:
    return HeldMessage(number, nickname, nickname.lower(), f"text {number}", WRITTEN, f"m{number}")


def test_a_question_is_answered_once_whatever_happens(company: Company) -> None:
    assert company.pace.receive(Asked("lobby", "It is there.", ref=company.ask()))
    assert company.changes == [NoticeReceived("It is there.")]
    assert company.pace.receive(events.Error("slow_mode", "Wait.", ref=company.ask()))
    company.ask()
    company.pace.disconnected()
    company.pace.disconnected()
    assert company.replies == ["", "Wait.", "The connection was lost: look whether your question is there."]


def test_nothing_is_kept_of_rooms_that_nobody_knows_nor_without_end(company: Company) -> None:
    for room in range(50):
        company.pace.receive(Held(f"room {room}", [held(1)]))
        company.pace.receive(Hands(f"room {room}", [Hand("Ana", "ana", WRITTEN)], 1))
    assert not list(company.pace.waiting)
    for first in range(0, 3000, 500):
        company.pace.receive(Held("lobby", [held(first + number) for number in range(500)]))
    assert len(list(company.pace.waiting)) == 1000


def test_names_and_sentences_of_the_pace_can_be_shown() -> None:
    message = HeldMessage(1, "A\nna", "ana", "two\nlines\x07", WRITTEN, declined="no\u202e")
    cleaned = sanitize(Held("lobby", [message], "Ma\nra"))
    assert isinstance(cleaned, Held)
    [shown] = cleaned.messages
    assert (shown.nickname, shown.content, shown.declined, cleaned.waits_for) == ("A na", "two\nlines", "no", "Ma ra")
    called = sanitize(Called("lobby", "A\nna", "ana", "Ma\nra", WRITTEN))
    assert isinstance(called, Called)
    assert (called.nickname, called.by) == ("A na", "Ma ra")
    raised = sanitize(Hands("lobby", [Hand("", "ana", WRITTEN)] * 3000, 3000))
    assert isinstance(raised, Hands)
    assert (len(raised.hands), raised.hands[0].nickname) == (1000, "?")
