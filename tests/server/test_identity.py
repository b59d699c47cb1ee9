"""A token proves an identity to the server that made it, and nothing else does."""

import time

import pytest

from chatdesk.server.auth import Principal, Role, Scope
from chatdesk.server.identity import HOST, Identities

SECRET = b"secret"


def identity(token: str, secret: bytes = SECRET) -> str | None:
    """Whose token it is on the server with this secret."""
    principal = Identities(secret).principal(token)
    return principal and principal.identity


def test_a_token_leads_back_to_its_identity() -> None:
    identities = Identities(SECRET)
    new = identities.new()
    assert identity(identities.token(new)) == new
    assert identity(identities.token(HOST)) == HOST


def test_a_token_for_proofs_opens_nothing() -> None:
    assert identity(Identities(SECRET).proof_token()) is None


def test_a_token_for_a_place_opens_nothing_and_is_soon_worthless() -> None:
    identities = Identities(SECRET)
    token = identities.place_token()
    assert identities.is_place_token(token)
    assert identity(token) is None
    others = (
        identities.token(HOST),
        identities.proof_token(),
        identities.doctor_token(),
        Identities(b"x").place_token(),
    )
    assert not any(map(identities.is_place_token, ("", "place", *others, identities.token("place"))))
    for until in ("1", "9" * 12, "", "now"):
        assert not identities.is_place_token(identities.token(f"place-{until}"))


def test_a_token_outlives_the_server_that_keeps_its_secret() -> None:
    assert identity(Identities(SECRET).token("kit")) == "kit"


def test_no_two_newcomers_are_the_same() -> None:
    identities = Identities(SECRET)
    assert len({identities.new() for _ in range(100)}) == 100


def test_another_servers_token_proves_nothing() -> None:
    assert identity(Identities(b"another").token(HOST)) is None


@pytest.mark.parametrize(
    "token", ["", ".", "host", "host.", ".host", "host.0", "host." + "0" * 32, "é.ü", "\0", "a.b.c"]
)
def test_a_forged_token_proves_nothing(token: str) -> None:
    assert identity(token) is None


def test_a_changed_token_proves_nothing() -> None:
    identities = Identities(SECRET)
    token = identities.token(identities.new())
    for place in range(len(token)):
        changed = token[:place] + ("0" if token[place] != "0" else "1") + token[place + 1 :]
        assert identity(changed) is None


def test_a_newcomers_own_token_is_one_identity_on_each_server() -> None:
    own = "new." + "k" * 32
    assert identity(own)
    assert identity(own) == identity(own)
    assert identity(own, b"another") != identity(own)
    assert identity("new." + "l" * 32) != identity(own)


def test_an_own_token_that_could_be_guessed_proves_nothing() -> None:
    assert identity("new." + "k" * 31) is None


def test_the_host_is_the_host_and_everybody_else_a_member() -> None:
    identities = Identities(SECRET)
    assert identities.principal(identities.token(HOST)) == Principal(HOST, role=Role.HOST)
    assert identities.principal(identities.token("kit")) == Principal("kit", role=Role.MEMBER)


def test_a_doctors_token_is_good_for_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 10_000.0  # seconds after the start of a machine, whatever the real one is
    monkeypatch.setattr("time.monotonic", lambda: now)
    identities = Identities(SECRET)
    token = identities.doctor_token()
    doctor = identities.principal(token)
    assert doctor
    assert (doctor.scope, doctor.expired) == (Scope.DOCTOR, False)
    assert Identities(b"another").principal(token) is None
    assert identities.principal(f"doctor-99999999999.{token.partition('.')[2]}") is None
    now += 62
    assert doctor.expired
    now -= 3662
    doctor = identities.principal(token)
    assert doctor
    assert doctor.expired, "from before the machine was started"


def test_a_doctors_minute_is_not_the_clocks_on_the_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    identities = Identities(SECRET)
    doctor = identities.principal(identities.doctor_token())
    assert doctor
    now = time.time()
    for hours in (-1, 1):
        monkeypatch.setattr("time.time", lambda hours=hours: now + hours * 3600)
        assert not doctor.expired
