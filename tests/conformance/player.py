"""Plays a scenario with a client, and compares what it sends and shows with what the scenario says."""

from typing import Any, Protocol

from chatdesk.protocol.proof import make_proof
from tests.conformance.scenarios import Json, Scenario

_TOKEN = "kit.token"  # noqa: S105
"""Of the ``welcome`` in ``defaults.json``."""
SILENT = frozenset({"ping", "prove", "leave"})
"""Commands that the scenarios leave open: a browser pings where a window does not."""


class Subject(Protocol):
    """A client that a scenario is played with. Times are seconds of its own clock, which stands still between calls."""

    def open(self) -> None:
        """Let time pass until the client tries to connect, and let it succeed."""

    def lose(self, code: int) -> None:
        """End the connection with this close code; 1006 is a broken line."""

    def receive(self, event: Json) -> None:
        """The server sends an event."""

    def act(self, act: str, value: Any, room: str) -> None:
        """The person does something; the README lists the acts."""

    def wait(self, seconds: float) -> None:
        """Let time pass."""

    def restart(self) -> None:
        """End the program, and start it again with what it has stored."""

    def sent(self) -> list[Json]:
        """Return the commands sent since the last call."""

    def state(self, room: str) -> Json:
        """Return everything that the person can see; the README lists the keys."""


def play(scenario: Scenario, subject: Subject) -> None:
    """Play all steps. Raises AssertionError at the first difference."""
    player = _Player(subject)
    for number, step in enumerate(scenario.steps, 1):
        try:
            player.play(step)
        except AssertionError as error:
            raise AssertionError(f"step {number}, {step}: {error}") from None


class _Player:
    """Plays steps, and remembers what the scenario's ``$names`` stand for."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._bound: dict[str, str] = {}
        self._heard: dict[str, list[Any]] = {}
        self._asked: Json | None = None
        """The latest ``prove`` that nobody has answered."""

    def play(self, step: Json) -> None:
        ((kind, value),) = step.items()
        match kind:
            case "open":
                self._subject.open()
            case "lost":
                self._subject.lose(value.get("code", 1006))
            case "server":
                for event in value:
                    self._subject.receive(self._filled(event))
            case "person":
                self._act(dict(value))
            case "seconds":
                self._subject.wait(value)
            case "restart":
                self._subject.restart()
            case "sent":
                self._compare_sent(value)
            case "proof":
                self._prove(**value)
            case "expect":
                self._compare_state(dict(value))
            case _:
                raise AssertionError(f"there is no step {kind!r}")

    def _act(self, act: Json) -> None:
        room = act.pop("room", "lobby")
        ((name, value),) = act.items()
        self._subject.act(name, value, room)

    def _compare_sent(self, expected: list[Json]) -> None:
        commands = self._subject.sent()
        self._asked = next((command for command in commands if command["type"] == "prove"), self._asked)
        sent = [command for command in commands if command["type"] not in SILENT]
        kinds = [command["type"] for command in sent]
        assert kinds == [command["type"] for command in expected], f"sent {sent}"
        for command, wanted in zip(sent, expected, strict=True):
            for key, value in wanted.items():
                self._bind(value, command.get(key))
                assert matches(command.get(key), self._filled(value)), (
                    f"{key} of {command} is not {self._filled(value)!r}"
                )

    def _prove(self, address: str, port: int, token: str = _TOKEN) -> None:
        """The server proves that it has issued this token, and is reached at this address."""
        asked, self._asked = self._asked, None
        assert asked, "the client has not asked for a proof"
        assert asked["identities"] == [token.partition(".")[0]]
        proofs = [make_proof(token, asked["nonce"], "10.9.8.7", 1), make_proof(token, asked["nonce"], address, port)]
        self._subject.receive({"type": "proof", "proofs": proofs})

    def _bind(self, wanted: Any, value: Any) -> None:
        """A name that is new stands for what was sent; different names never stand for the same."""
        if isinstance(wanted, str) and wanted.startswith("$") and wanted not in self._bound:
            assert value, f"nothing was sent that {wanted} could stand for"
            assert value not in self._bound.values(), f"{wanted} is {value!r}, which was sent before"
            self._bound[wanted] = value

    def _filled(self, value: Any) -> Any:
        """The value with all ``$names`` replaced by what they stand for."""
        if isinstance(value, dict):
            return {key: self._filled(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return list(map(self._filled, value))
        return self._bound[value] if isinstance(value, str) and value.startswith("$") else value

    def _compare_state(self, expected: Json) -> None:
        state = self._subject.state(expected.pop("room", "lobby"))
        for key, wanted in expected.items():
            assert key in state, f"no client shows {key!r}"
            assert matches(state[key], wanted), f"{key} is {state[key]!r}"


def matches(shown: Any, wanted: Any) -> bool:
    """Whether what is shown has all that is wanted. A text stands for a message with this text, or for a person."""
    if isinstance(wanted, list):
        return len(shown) == len(wanted) and all(map(matches, shown, wanted))
    if isinstance(wanted, dict):
        return isinstance(shown, dict) and all(key in shown and matches(shown[key], wanted[key]) for key in wanted)
    if isinstance(shown, dict) and isinstance(wanted, str):
        return bool(shown.get("text", shown.get("nickname")) == wanted)
    return bool(shown == wanted)
