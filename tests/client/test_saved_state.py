"""What is stored is there after a kill; damaged files are set aside; two windows do not harm each other."""

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from chatdesk.client import saved_state as module
from chatdesk.client.outbox import Outgoing
from chatdesk.client.saved_state import ClientStore, Credentials, KnownRoom

AT = "2024-01-01T12:00:00.000Z"
HERE = "ws://192.168.4.20:8080/ws"
THERE = "ws://10.0.0.7:8080/ws"


def entry(message_id: str, error: str | None = None) -> Outgoing:
    return Outgoing(message_id, f"text of {message_id}", AT, error)


def credentials(server: str = "server", who: str = "token", address: str = HERE, nickname: str = "Kit") -> Credentials:
    return Credentials(address, server, "lobby", who, nickname)


def enter(folder: Path, who: Credentials | None = None) -> KnownRoom:
    known_room = ClientStore(folder).room(who or credentials())
    known_room.save_credentials()
    return known_room


def files(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file()]


def test_what_is_unsent_is_there_again_in_its_order_and_as_it_was(tmp_path: Path) -> None:
    known_room = enter(tmp_path)
    for message_id in ("b", "a", "c"):
        known_room.save_message(entry(message_id))
    known_room.save_message(entry("a", error="No."))
    known_room.delete_message("c")
    known_room.delete_message("nothing")
    assert enter(tmp_path).unsent == [entry("b"), entry("a", error="No.")]


def test_what_is_said_later_comes_after_what_was_left(tmp_path: Path) -> None:
    known_room = enter(tmp_path)
    for number in range(12):
        known_room.save_message(entry(f"{99 - number}"))
    known_room.delete_message("99")
    enter(tmp_path).save_message(entry("0"))
    assert [left.id for left in enter(tmp_path).unsent] == [*(f"{99 - number}" for number in range(1, 12)), "0"]


def test_two_windows_of_one_person_keep_what_each_of_them_says(tmp_path: Path) -> None:
    first, second = enter(tmp_path), enter(tmp_path)
    first.save_message(entry("a"))
    second.save_message(entry("b"))
    first.save_message(entry("c"))
    second.delete_message("b")
    second.save_message(entry("d"))
    assert {left.id for left in enter(tmp_path).unsent} == {"a", "c", "d"}
    third = enter(tmp_path)
    third.delete_message("a")
    first.delete_message("a")
    assert {left.id for left in enter(tmp_path).unsent} == {"c", "d"}


def test_another_server_or_identity_knows_nothing_of_it(tmp_path: Path) -> None:
    known_room = enter(tmp_path)
    known_room.save_message(entry("a"))
    known_room.credentials.epoch, known_room.credentials.read = "one", 7
    known_room.save_credentials()
    for other in (credentials(server="other"), credentials(who="other")):
        elsewhere = enter(tmp_path, other)
        assert (elsewhere.unsent, elsewhere.credentials.epoch, elsewhere.credentials.read) == ([], "", 0)
    for address in (HERE, THERE):  # what proves to be the same server is
        again = enter(tmp_path, credentials(address=address))
        assert (again.unsent, again.credentials.epoch, again.credentials.read) == ([entry("a")], "one", 7)


def test_a_token_is_found_where_it_was_issued_and_nowhere_else(tmp_path: Path) -> None:
    store = ClientStore(tmp_path / "not" / "there" / "yet")
    assert store.token_at(HERE, "Kit") is None
    store.room(credentials()).save_credentials()
    assert store.token_at(HERE, " kit") == "token"
    assert store.token_at(HERE, "Ana") is None
    assert store.token_at(THERE, "Kit") is None
    store.room(credentials(who="another", address=THERE)).save_credentials()
    assert (store.token_at(HERE, "Kit"), store.token_at(THERE, "Kit")) == ("token", "another")


def test_tokens_of_other_addresses_are_known_by_name_the_latest_first(tmp_path: Path) -> None:
    enter(tmp_path, credentials(who="here"))
    for number, who in enumerate(("first", "second")):
        known_room = enter(tmp_path, credentials(who=who, address=THERE))
        os.utime(known_room._folder / "identity.json", (time.time() + number,) * 2)
    enter(tmp_path, credentials(who="somebody else", address=THERE, nickname="Ana"))
    enter(tmp_path, credentials(who="the host's", address=""))
    assert ClientStore(tmp_path).tokens_elsewhere(HERE, " kit") == ["second", "first"]


def test_a_room_stored_by_an_earlier_version_is_found(tmp_path: Path) -> None:
    known_room = enter(tmp_path)
    known_room.save_message(entry("a"))
    known_room._folder.rename(tmp_path / "named otherwise")
    assert enter(tmp_path, credentials(address=THERE)).unsent == [entry("a")]


def test_of_several_identities_at_an_address_the_latest_counts(tmp_path: Path) -> None:
    for number, server in enumerate(("first", "second")):
        enter(tmp_path, credentials(server, who=server))
        for file in tmp_path.glob("*/identity.json"):
            os.utime(file, (file.stat().st_mtime - 60 * (1 - number),) * 2)
    assert ClientStore(tmp_path).token_at(HERE, "Kit") == "second"


def test_the_hosts_own_token_is_not_given_to_a_guest(tmp_path: Path) -> None:
    enter(tmp_path, credentials(address=""))
    assert ClientStore(tmp_path).token_at(HERE, "Kit") is None
    assert ClientStore(tmp_path).similar_rooms(credentials()) == []


def test_rooms_that_may_belong_to_the_same_person_are_found(tmp_path: Path) -> None:
    mine = credentials()
    others = [
        credentials(who="forgotten"),
        credentials(who="moved", address=THERE),
        credentials(who="renamed", address=THERE, nickname="Kit 2"),
        credentials(who="somebody else", nickname="Ana"),
        credentials(server="other", who="in another chat"),
    ]
    for other in [mine, *others]:
        enter(tmp_path, other).save_message(entry(other.token))
    similar = ClientStore(tmp_path).similar_rooms(mine)
    assert {known_room.unsent[0].id for known_room in similar} == {"forgotten", "moved", "renamed"}


def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    enter(tmp_path / "joined").save_message(entry("a"))
    kept = files(tmp_path)
    assert len(kept) == 2
    assert {stat.S_IMODE(file.stat().st_mode) for file in kept} == {0o600}
    assert {stat.S_IMODE(file.parent.stat().st_mode) for file in kept} == {0o700}


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"\xff\xfe", b"[]", b'{"id": 7}', b'{"server": "s"}', b"[" * 100_000, b"\0" * 4096]
)
def test_damaged_files_are_put_aside_and_the_rest_is_used(tmp_path: Path, damage: bytes) -> None:
    known_room = enter(tmp_path)
    for message_id in ("a", "b"):
        known_room.save_message(entry(message_id))
    (first, _) = sorted(tmp_path.rglob("*.unsent.json"))
    first.write_bytes(damage)
    assert enter(tmp_path).unsent == [entry("b")]
    (identity,) = tmp_path.rglob("identity.json")
    identity.write_bytes(damage)
    assert ClientStore(tmp_path).token_at(HERE, "Kit") is None
    assert sorted(file.read_bytes() for file in tmp_path.rglob("*.damaged")) == [damage, damage]
    assert enter(tmp_path).credentials == credentials()


def test_the_oldest_rooms_are_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_ROOMS", 3)
    for number in range(5):
        enter(tmp_path, credentials(who=f"token {number}", address=f"ws://{number}/ws"))
        (file,) = (file for file in tmp_path.glob("*/identity.json") if f"token {number}" in file.read_text())
        os.utime(file, (number, number))
    store = ClientStore(tmp_path)
    store.delete_oldest()
    known = [store.token_at(f"ws://{number}/ws", "Kit") for number in range(5)]
    assert known == [None, None, "token 2", "token 3", "token 4"]


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known_room = enter(tmp_path)
    known_room.save_message(entry("a"))

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        known_room.save_message(entry("a", error="No."))
    with pytest.raises(OSError, match="No space left"):
        known_room.save_message(entry("b"))
    monkeypatch.undo()
    assert enter(tmp_path).unsent == [entry("a")]
    known_room.save_message(entry("b"))
    assert enter(tmp_path).unsent == [entry("a"), entry("b")]


SAVE_AND_REPORT = """
import sys
import time
from pathlib import Path
from chatdesk.client.saved_state import Credentials, ClientStore
from chatdesk.client.outbox import Outgoing

store = ClientStore(Path(sys.argv[1]))
known_room = store.room(Credentials("ws://192.168.4.20:8080/ws", "server", "lobby", "token", "Kit"))
known_room.save_credentials()
number = 0
while True:
    known_room.save_message(Outgoing(str(number), "x" * 5000, "now"))
    print(number, flush=True)
    number += 1
"""


def test_a_killed_program_has_stored_everything_that_it_reported_as_stored(tmp_path: Path) -> None:
    for kills in range(1, 6):
        folder = tmp_path / str(kills)
        command = [sys.executable, "-c", SAVE_AND_REPORT, str(folder)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            told = [process.stdout.readline() for _ in range(kills * 7)]
            process.send_signal(signal.SIGKILL)
            told += process.stdout.readlines()
        kept = [left.id for left in enter(folder).unsent]
        assert kept == [str(number) for number in range(len(kept))]
        assert len(kept) >= len([line for line in told if line.endswith("\n")])
        assert not list(folder.rglob("*.damaged"))
