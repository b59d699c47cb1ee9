"""A token proves an identity to the server that made it, and nothing else does."""

import time

import pytest

from chatdesk.server.identity import HOST, Identities

SECRET = b"secret"


def test_a_token_leads_back_to_its_identity() -> None:
    identities = Identities(SECRET)
    identity = identities.new()
    assert identities.identity(identities.token(identity)) == identity
    assert identities.identity(identities.token(HOST)) == HOST


def test_a_token_outlives_the_server_that_keeps_its_secret() -> None:
    assert Identities(SECRET).identity(Identities(SECRET).token("kit")) == "kit"


def test_no_two_newcomers_are_the_same() -> None:
    identities = Identities(SECRET)
    assert len({identities.new() for _ in range(100)}) == 100


def test_another_servers_token_proves_nothing() -> None:
    assert Identities(SECRET).identity(Identities(b"another").token(HOST)) is None


@pytest.mark.parametrize(
    "token", ["", ".", "host", "host.", ".host", "host.0", "host." + "0" * 32, "é.ü", "\0", "a.b.c"]
)
def test_a_forged_token_proves_nothing(token: str) -> None:
    assert Identities(SECRET).identity(token) is None


def test_a_changed_token_proves_nothing() -> None:
    identities = Identities(SECRET)
    token = identities.token(identities.new())
    for place in range(len(token)):
        changed = token[:place] + ("0" if token[place] != "0" else "1") + token[place + 1 :]
        assert identities.identity(changed) is None


def test_a_newcomers_own_token_is_one_identity_on_each_server() -> None:
    own = "new." + "k" * 32
    identity = Identities(SECRET).identity(own)
    assert identity
    assert Identities(SECRET).identity(own) == identity
    assert Identities(b"another").identity(own) != identity
    assert Identities(SECRET).identity("new." + "l" * 32) != identity


def test_an_own_token_that_could_be_guessed_proves_nothing() -> None:
    assert Identities(SECRET).identity("new." + "k" * 31) is None


def test_a_doctors_token_is_good_for_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    identities = Identities(b"secret")
    token = identities.doctor_token()
    assert identities.is_doctor(token)
    assert not Identities(b"another").is_doctor(token)
    assert not identities.is_doctor(identities.token("host"))
    assert not identities.is_doctor(f"doctor-99999999999.{token.partition('.')[2]}")
    now = time.monotonic()
    clock = "chatdesk.server.identity.time.monotonic"
    monkeypatch.setattr(clock, lambda: now + 62)
    assert not identities.is_doctor(token)
    monkeypatch.setattr(clock, lambda: now - 3600)
    assert not identities.is_doctor(token), "from before the machine was started"


def test_a_doctors_minute_is_not_the_clocks_on_the_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    identities = Identities(b"secret")
    token = identities.doctor_token()
    now = time.time()
    for hours in (-1, 1):
        monkeypatch.setattr("time.time", lambda hours=hours: now + hours * 3600)
        assert identities.is_doctor(token)
