"""Invitations by themselves: codes, uses, ends, and the one answer for all that let nobody in."""

import time
from pathlib import Path

import pytest

from chatdesk.log.disk_store import open_store
from chatdesk.log.invitation import Invitation
from chatdesk.log.room_log import LogError
from chatdesk.log.stored_invitations import NoInvitations
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.invitation_code import looks_like_code, split_invitation
from chatdesk.server import invitations as module
from chatdesk.server.invitation_code import digest, new_code
from chatdesk.server.invitations import Invitations, bad_invitation
from tests.waiting import until

SECRET = 32 * b"s"


def make(invitations: Invitations, uses: int = 1, seconds: int = 60) -> tuple[str, Invitation]:
    made: list[tuple[str, Invitation | LogError]] = []
    invitations.make(
        nickname="",
        role="member",
        room="",
        uses=uses,
        seconds=seconds,
        creator="Mara",
        reply=lambda code, it: made.append((code, it)),
    )
    [(code, invitation)] = made
    assert isinstance(invitation, Invitation)
    return code, invitation


def refusal(invitations: Invitations, code: str) -> ProtocolError:
    with pytest.raises(ProtocolError) as refused:
        invitations.find(code, "n")
    return refused.value


def test_codes_can_be_said_and_typed_in_any_spelling() -> None:
    code = new_code()
    assert len({new_code() for _ in range(100)}) == 100
    assert looks_like_code(code)
    for spelling in (code.upper(), code.replace("-", ""), code.replace("-", " "), code.replace("-", "\u2013")):
        assert looks_like_code(spelling)
        assert digest(spelling, SECRET) == digest(code, SECRET)
    assert not set("0o1lszbgqaeiu") & set(code), "none that looks like another one, and no words"
    for other in ("", "kite-42", code[:-1], f"{code}2", "new." + 32 * "k", "a" * 64, "\ud800"):
        assert not looks_like_code(other)
        assert digest(other, SECRET) != digest(code, SECRET)
    assert digest(code, SECRET) != digest(code, 32 * b"t"), "the digest is worth nothing without the key"


@pytest.mark.parametrize(
    ("typed", "address", "code"),
    [
        ("http://192.168.4.20:8080/#invite=k7f-m2x-4rw", "http://192.168.4.20:8080", "k7f-m2x-4rw"),
        ("192.168.4.20:8080#invite=k7f-m2x-4rw", "192.168.4.20:8080", "k7f-m2x-4rw"),
        ("kite-42 K7F M2X 4RW", "kite-42", "K7F M2X 4RW"),
        (" kite 42 ", " kite 42 ", ""),
        ("kite-42", "kite-42", ""),
        ("http://[::1]:8080/chat/", "http://[::1]:8080/chat/", ""),
    ],
)
def test_an_address_may_have_a_code_behind_it(typed: str, address: str, code: str) -> None:
    assert split_invitation(typed) == (address, code)


def test_all_bad_ones_get_the_same_answer() -> None:
    """Unknown, no code at all, used up, ended and revoked: nobody learns which it is."""
    invitations = Invitations(NoInvitations(), SECRET)
    used_up, first = make(invitations)
    invitations.use(first)
    ended, _ = make(invitations, seconds=0)
    revoked, gone = make(invitations, uses=0)
    invitations.revoke(gone.id, lambda _error: None)
    answers = [refusal(invitations, code) for code in (used_up, ended, revoked, new_code(), "", "\ud800", "x" * 64)]
    assert {(it.code, it.content, it.retry_after) for it in answers} == {
        (ErrorCode.BAD_INVITATION, bad_invitation().content, None)
    }


def test_of_two_who_come_at_once_by_the_last_use_one_is_let_in() -> None:
    """hostile.md: a replayed invitation."""
    invitations = Invitations(NoInvitations(), SECRET)
    code, _ = make(invitations, uses=2)
    invitations.use(invitations.find(code, "n"))
    one, other = invitations.find(code, "n"), invitations.find(code, "n")
    for _ in range(2):  # as one and the same person
        invitations.use(one, "kit")
    for _ in range(2):
        with pytest.raises(ProtocolError):
            invitations.use(other, "eve")
    assert [it.used for it in invitations.listed()] == [2]


def test_one_that_was_revoked_while_somebody_came_lets_nobody_in() -> None:
    invitations = Invitations(NoInvitations(), SECRET)
    code, made = make(invitations, uses=0)
    found = invitations.find(code, "n")
    invitations.revoke(made.id, lambda _error: None)
    with pytest.raises(ProtocolError):
        invitations.use(found)
    with pytest.raises(ProtocolError) as missing:
        invitations.revoke(made.id, lambda _error: None)
    assert missing.value.code == ErrorCode.NOT_FOUND


def test_who_guesses_waits_and_good_ones_are_refused_as_bad_ones_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """If a good one were let through, a network that has used up its guesses could go on guessing."""
    now = time.monotonic()
    monkeypatch.setattr("chatdesk.server.rate_limits.monotonic", lambda: now)
    invitations = Invitations(NoInvitations(), SECRET)
    code, _ = make(invitations, uses=0)
    answers = [refusal(invitations, new_code()) for _ in range(121)]
    assert [it.code for it in answers[-2:]] == [ErrorCode.BAD_INVITATION, ErrorCode.RATE_LIMITED]
    assert refusal(invitations, code).code == ErrorCode.RATE_LIMITED
    assert invitations.find(code, "another network")
    now += 10
    assert invitations.find(code, "n")


def test_there_are_never_too_many_and_old_ones_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_INVITATIONS", 2)
    invitations = Invitations(NoInvitations(), SECRET)
    _, first = make(invitations, seconds=1)
    _, second = make(invitations)
    assert [it.id for it in invitations.listed()] in ([second.id, first.id], [first.id, second.id])
    with pytest.raises(ProtocolError) as refused:
        make(invitations)
    assert refused.value.code == ErrorCode.TOO_MANY_INVITATIONS
    later = time.time_ns() + 90_000 * 1_000_000_000
    monkeypatch.setattr(time, "time_ns", lambda: later)
    assert invitations.listed() == []
    make(invitations)


def holds(folder: Path, data: bytes) -> bool:
    return any(data in file.read_bytes() for file in folder.iterdir() if file.is_file())


async def test_a_restart_keeps_invitations_and_what_was_used_of_them_but_no_code(tmp_path: Path) -> None:
    made: list[tuple[str, Invitation | LogError]] = []
    async with open_store(tmp_path) as store:
        invitations = Invitations(store.invitations, store.secret)
        invitations.make(
            nickname="Kit",
            role="guest",
            room="build",
            uses=3,
            seconds=60,
            creator="Mara",
            reply=lambda code, it: made.append((code, it)),
        )
        await until(lambda: bool(made))
        [(code, _)] = made
        invitations.use(invitations.find(code, "n"))
    assert holds(tmp_path, b"Kit")
    assert not holds(tmp_path, code.encode())
    async with open_store(tmp_path) as store:
        invitations = Invitations(store.invitations, store.secret)
        found = invitations.find(code, "n")
        assert (found.nickname, found.role, found.room, found.uses, found.used) == ("Kit", "guest", "build", 3, 1)
        gone: list[LogError | None] = []
        invitations.revoke(found.id, gone.append)
        await until(lambda: gone == [None])
    async with open_store(tmp_path) as store:
        assert store.invitations.all() == []
