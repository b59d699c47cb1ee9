"""A client's state that has joined, what it is told, and what it asks for: for tests of what it makes of that."""

from chatdesk.client.changes import Change
from chatdesk.client.outbox import Outgoing
from chatdesk.client.state import ChatState
from chatdesk.client.wanted_commands import commands_to_send
from chatdesk.protocol import commands, events

AT = "2024-01-01T12:00:00.000Z"
WELCOME = events.Welcome(
    1,
    "one",
    "Kit",
    "kit.token",
    "lobby",
    2,
    events.Limits(65536, 8000, 32, 200, 5.0),
    events.ServerInfo("Robotics Workshop", "Mara", "0.1"),
)
MARA = events.User("Mara", "online", AT, "window", True)
KIT = events.User("Kit", "online", AT)
ANA = events.User("Ana", "online", AT, "phone")


def said(seq: int, nickname: str = "Ana", message_id: str | None = None) -> events.Message:
    """A message; by default Ana's."""
    return events.Message(nickname, f"number {seq}", AT, "lobby", seq, message_id)


def page(*messages: events.Message, epoch: str = "one", newest: int = 0, ref: str | None = None) -> events.History:
    """A page of these messages."""
    last = max([newest, *(message.seq for message in messages)])
    return events.History("lobby", epoch, list(messages), False, 1, last, ref)


def apply(state: ChatState, *happened: events.Event, now: float = 0.0) -> list[Change]:
    """The changes that these events make."""
    return [change for event in happened for change in state.apply(event, now)]


def sent(state: ChatState, now: float = 0.0) -> list[str]:
    """The ids of the commands that are sent now."""
    return [command.id or "" for command in commands_to_send(state, now)]


def asked(state: ChatState) -> commands.History:
    """The only request that is sent now."""
    (command,) = commands_to_send(state, 0.0)
    assert isinstance(command, commands.History)
    return command


def joined(*messages: events.Message) -> ChatState:
    """The state of Kit, who has joined a room with these messages."""
    state = ChatState("Kit")
    people = events.Users("lobby", [MARA, KIT], 2)
    apply(state, WELCOME, events.System("Welcome to the chat!", AT), people, page(*messages))
    assert state.online
    return state


def entry(message_id: str) -> Outgoing:
    """A message that Kit writes."""
    return Outgoing(message_id, "hello", AT)
