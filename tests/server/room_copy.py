"""What a client makes of the events of one room: a copy of it, from which it resumes."""

from typing import NamedTuple

from tests.server.wire import Event

STREAM = {"message", "updated", "history", "users", "user_joined", "user_left", "presence"}
"""Events of a room, if they answer no question."""


class Held(NamedTuple):
    """A message as a client shows it; ``change`` is the number of its last change."""

    content: str
    change: int
    edited: str | None


def held(message: Event) -> Held:
    """A message of an event, as a client keeps it."""
    return Held(message["content"], message["change"], message.get("edited"))


class RoomCopy:
    """One room in a client. It asserts that messages come without gaps, once and in order, and changes in order.

    ``position`` is the last change that it has received.
    """

    def __init__(self) -> None:
        self.epoch = ""
        self.position = 0
        self.last_seq = 0
        self.messages: dict[int, Held] = {}
        self.older: dict[int, Held] = {}
        """What it has asked for, as far as it is not among these."""
        self.people: set[str] = set()
        self.jumps = 0
        """How often a page made it start over although the epoch was the same."""

    @property
    def resume(self) -> dict[str, object]:
        """From where it would continue."""
        return {"epoch": self.epoch, "change": self.position, "seq": self.last_seq}

    @property
    def first_seq(self) -> int:
        """The oldest message that it holds, or else the next one."""
        return min(self.messages, default=self.last_seq + 1)

    def receive(self, event: Event) -> None:
        """Apply an event of this room; answers to questions are no part of the stream."""
        match event["type"]:
            case "message":
                self._on_message(event)
            case "updated":
                self._on_update(event["message"])
            case "history":
                self._on_page(event)
            case "users":
                self.people = {user["nickname"] for user in event["users"]}
            case "user_joined":
                self.people.add(event["nickname"])
            case "user_left":
                self.people.discard(event["nickname"])
            case "presence":
                self.people |= {user["nickname"] for user in event["joined"]}
                self.people -= {gone["nickname"] for gone in event["left"]}

    def receive_older(self, page: Event) -> None:
        """Keep the messages of a page that was asked for; of two states of one the newer wins."""
        for message in page["messages"] if page["epoch"] == self.epoch else ():
            seq, new = message["seq"], held(message)
            shown = self.messages if seq in self.messages else self.older
            if seq not in shown or new.change > shown[seq].change:
                shown[seq] = new

    def _on_message(self, message: Event) -> None:
        if "id" in message and message["seq"] <= self.last_seq:
            assert held(message).change <= self.position, "the answer to a repetition tells nothing new"
            return
        assert message["seq"] == self.last_seq + 1, (message, self.last_seq)
        assert message["change"] > self.position, (message, self.position)
        self.last_seq, self.position = message["seq"], message["change"]
        self._add(message)

    def _add(self, message: Event) -> None:
        """Continue the messages; an answer may have brought this one before."""
        self.messages[message["seq"]] = held(message)
        self.older.pop(message["seq"], None)

    def _on_update(self, message: Event) -> None:
        assert message["seq"] <= self.last_seq, (message, self.last_seq)
        assert message["change"] > self.position, (message, self.position)
        self.position = message["change"]
        shown = self.messages if message["seq"] in self.messages else self.older
        if message["seq"] in shown:
            shown[message["seq"]] = held(message)

    def _on_page(self, page: Event) -> None:
        messages = page["messages"]
        first = messages[0]["seq"] if messages else page.get("last_seq", 0) + 1
        if page["epoch"] != self.epoch or first > self.last_seq + 1:
            self.jumps += page["epoch"] == self.epoch
            self.epoch, self.position, self.last_seq = page["epoch"], 0, first - 1
            self.messages, self.older = {}, {}
        for message in messages:
            assert message["seq"] == self.last_seq + 1, (message, self.last_seq)
            self.last_seq = message["seq"]
            self._add(message)
        assert page.get("change", 0) >= self.position, (page, self.position)
        self.position = page.get("change", 0)
        assert page.get("last_seq", 0) == self.last_seq, "what is newer follows by itself"


def copy_of(events: list[Event]) -> RoomCopy:
    """What a client makes of all events since its join, if it is in one room and asks for no history."""
    copy = RoomCopy()
    for event in events:
        if event["type"] in STREAM:
            copy.receive(event)
    return copy
