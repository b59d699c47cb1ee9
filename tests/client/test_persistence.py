"""One room at a time is stored; a failing disk is reported once, and nothing else fails with it."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from chatdesk.client.changes import Confirmed, Discarded, NotSent, Sending
from chatdesk.client.outbox import Outgoing
from chatdesk.client.persistence import Persistence, SavedState
from chatdesk.client.saved_state import ClientStore, KnownRoom
from chatdesk.protocol import events

HERE = "ws://192.168.4.20:8080/ws"
AT = "2024-01-01T12:00:00.000Z"
INFO = events.ServerInfo("Chat", "", "1", "server")
LIMITS = events.Limits(65536, 8000, 32, 200, 5.0)
WELCOME = events.Welcome(1, "one", "Kit", "token", "lobby", 1, LIMITS, INFO)
STRANGER = events.Welcome(1, "one", "Kit", "new", "lobby", 1, LIMITS, INFO)
THERE = "ws://10.0.0.7:8080/ws"
NOTHING = SavedState([], [], "", 0)


def entry(message_id: str) -> Outgoing:
    return Outgoing(message_id, "hello", AT)


class Run:
    """What one run of the program stores, and the warnings that it shows."""

    def __init__(self, folder: Path | None, address: str = HERE, *, given: bool = False) -> None:
        self.said: list[str] = []
        store = ClientStore(folder) if folder else None
        self.persistence = Persistence(store, address, given=given, warn=self.said.append)

    def enter(self, welcome: events.Welcome = WELCOME, *waiting: Outgoing) -> SavedState | None:
        return self.persistence.enter_room(welcome, welcome.room, list(waiting))


def elsewhere(server: str = "another") -> events.Welcome:
    return replace(WELCOME, server=replace(INFO, id=server))


def test_without_a_store_nothing_is_saved() -> None:
    run = Run(None)
    assert run.enter() is None
    run.persistence.record([Sending(entry("a"))])
    run.persistence.save_read_position("one", 3)
    assert run.persistence.token("Kit") is None


def test_a_server_without_an_id_is_not_stored(tmp_path: Path) -> None:
    run = Run(tmp_path)
    assert run.enter(elsewhere("")) is None
    run.persistence.record([Sending(entry("a"))])
    assert not list(tmp_path.iterdir())


def test_the_next_run_finds_what_this_one_has_left(tmp_path: Path) -> None:
    run = Run(tmp_path)
    assert run.enter(WELCOME, entry("a")) == NOTHING
    assert run.enter() is None
    run.persistence.record([Sending(entry(name)) for name in "bcd"])
    failed = Outgoing("b", "hello", AT, "No.")
    run.persistence.record([NotSent(failed), Confirmed("c"), Discarded("d")])
    run.persistence.save_read_position("one", 7)
    again = Run(tmp_path)
    assert again.persistence.token("Kit") == "token"
    assert again.enter() == SavedState([entry("a"), failed], [], "one", 7)


def test_unsent_messages_stay_in_their_room_when_another_server_answers(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.enter(WELCOME, entry("a"))
    held = Outgoing("a", "hello", AT, "For whom?")
    assert run.enter(elsewhere(), entry("a")) == NOTHING
    run.persistence.record([NotSent(held)])
    run.persistence.record([Sending(entry("b"))])
    assert Run(tmp_path).enter(elsewhere()) == SavedState([entry("b")], [], "", 0)
    assert run.enter(WELCOME, held, entry("b")) == SavedState([entry("a")], [], "", 0)
    run.persistence.record([Confirmed("a")])
    assert Run(tmp_path).enter() == NOTHING


def test_messages_to_a_server_without_an_id_are_not_stored_for_the_previous_one(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.enter()
    assert run.enter(elsewhere("")) is None
    run.persistence.record([Sending(entry("a"))])
    run.persistence.save_read_position("other", 9)
    assert Run(tmp_path).enter() == NOTHING


def test_at_another_address_a_server_that_knows_the_token_is_the_same(tmp_path: Path) -> None:
    Run(tmp_path).enter(WELCOME, entry("a"))
    run = Run(tmp_path, THERE)
    assert run.persistence.other_tokens("Kit") == ["token"]
    assert run.enter(WELCOME) == SavedState([entry("a")], [], "", 0)
    assert (run.persistence.token("Kit"), run.persistence.other_tokens("Kit")) == ("token", [])


@pytest.mark.parametrize(("address", "welcome"), [(THERE, STRANGER), (HERE, STRANGER)])
def test_a_server_that_claims_a_known_id_gets_neither_token_nor_messages(
    tmp_path: Path, address: str, welcome: events.Welcome
) -> None:
    Run(tmp_path).enter(WELCOME, entry("a"), entry("b"), entry("c"))
    run = Run(tmp_path, address)
    assert run.persistence.token("Kit") == (None if address == THERE else "token")
    assert run.enter(welcome) == SavedState([], [entry("a"), entry("b"), entry("c")], "", 0)
    run.persistence.record([NotSent(Outgoing(name, "hello", AT, "For whom?")) for name in "abc"])
    run.persistence.record([Sending(entry("b")), Discarded("c")])
    assert Run(tmp_path).enter() == SavedState([entry("a")], [entry("b")], "", 0)
    assert Run(tmp_path, address).enter(welcome) == SavedState([entry("b")], [entry("a")], "", 0)


def test_a_given_token_is_stored_without_an_address(tmp_path: Path) -> None:
    Run(tmp_path, given=True).enter(WELCOME, entry("a"))
    assert Run(tmp_path).persistence.token("Kit") is None
    assert Run(tmp_path).enter() == NOTHING
    assert Run(tmp_path, THERE, given=True).enter() == SavedState([entry("a")], [], "", 0)


def test_a_failing_disk_is_reported_once_until_it_works_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    run = Run(tmp_path)
    run.enter()
    with monkeypatch.context() as broken:
        broken.setattr(KnownRoom, "save_message", full)
        broken.setattr(KnownRoom, "save_credentials", full)
        run.persistence.record([Sending(entry("a")), Sending(entry("b"))])
        run.persistence.save_read_position("one", 3)
    assert len(run.said) == 1
    assert run.said[0].startswith("Unsent messages cannot be kept on this computer (No space left on device)")
    run.persistence.record([Sending(entry("c"))])
    with monkeypatch.context() as broken:
        broken.setattr(KnownRoom, "save_message", full)
        run.persistence.record([Sending(entry("d"))])
    assert len(run.said) == 2


def test_a_folder_that_cannot_be_created_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    run = Run(tmp_path / "file" / "joined")
    assert run.enter(WELCOME, entry("a")) == NOTHING
    assert len(run.said) == 1
