"""``chatdesk token``: what is issued is what the chat takes, and what is revoked is not."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from chatdesk import cli
from chatdesk.log.revoked_tokens import FILE, RevokedTokens
from chatdesk.server.auth import Role
from chatdesk.server.jwt_keys import read_keys
from chatdesk.server.jwt_sign_in import FixedKeys, JwtSignIn
from tests.server.tokens import SECRET, private_pem, public_pem, token

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def key(tmp_path: Path) -> str:
    file = tmp_path / "chat.key"
    file.write_bytes(SECRET)
    return str(file)


def run(*arguments: str) -> int:
    return cli.run(["token", *arguments])


def test_an_issued_token_says_what_was_asked_for_in_words_too(key: str, capsys: Captured) -> None:
    asked = ("--nickname", "Kit", "--role", "moderator", "--rooms", "Build", "--rooms", "dev", "--expires", "2h")
    assert run("issue", "kit", "--jwt-key", key, *asked) == 0
    issued, words = capsys.readouterr()
    principal = JwtSignIn(FixedKeys(read_keys(Path(key)))).principal(issued.strip())
    assert principal
    assert principal.grant
    assert (principal.nickname, principal.role, principal.grant.rooms) == ("Kit", Role.MODERATOR, ("build", "dev"))
    assert 7190 < (principal.expires_in or 0) <= 7200
    for word in (
        "for kit",
        "name in the chat is Kit",
        "role is moderator",
        "Rooms: build, dev",
        principal.grant.token_id,
    ):
        assert word in words


def test_a_private_key_issues_and_the_public_one_checks(tmp_path: Path, capsys: Captured) -> None:
    private, public = tmp_path / "private.pem", tmp_path / "public.pem"
    private.write_bytes(private_pem("EdDSA"))
    public.write_bytes(public_pem("EdDSA"))
    assert run("issue", "kit", "--jwt-key", str(private)) == 0
    issued = tmp_path / "token"
    issued.write_text(capsys.readouterr().out)
    assert run("show", str(issued), "--jwt-key", str(public)) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "It is valid."
    assert run("issue", "kit", "--jwt-key", str(public)) == cli.EXIT_USAGE
    assert "signs none" in capsys.readouterr().err


def test_what_is_wrong_with_a_token_is_said(key: str, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(token(exp=5, name="Kit\x1b[2J", iss="school")))
    assert run("show", "--jwt-key", key) == 1
    out = capsys.readouterr().out
    assert "Ends 1970-01-01T00:00:05" in out
    assert "\x1b" not in out
    assert "It has no id" in out
    assert out.splitlines()[-1] == "It is not valid. This token has expired: get a new one."


def test_a_token_is_revoked_by_its_id_or_by_itself(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    folder = ("--data-dir", str(tmp_path / "new"))
    assert run("revoke", "7", *folder) == 0
    monkeypatch.setattr("sys.stdin", io.StringIO(token(jti="8")))
    assert run("revoke", *folder) == 0
    assert RevokedTokens(tmp_path / "new").ids() == {"7", "8"}
    assert (tmp_path / "new" / FILE).stat().st_mode & 0o777 == 0o600
    monkeypatch.setattr("sys.stdin", io.StringIO(token(jti="8")))
    assert run("show", "--jwt-key", key, *folder) == 1
    assert "It is not valid. This token was revoked" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("issue",), "Say for whom"),
        (("issue", "kit"), "--jwt-key"),
        (("issue", "kit", "--jwt-key", "http://127.0.0.1/keys"), "--jwt-key FILE"),
        (("issue", "kit", "--jwt-key", "/nowhere/chat.key"), "no such file"),
        (("show", "/nowhere/token"), "cannot be read"),
        (("show", "--jwt-key", "http://127.0.0.1:1/keys"), "There is no key set"),
    ],
)
def test_what_cannot_be_says_why(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], words: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(token()))
    assert run(*arguments) == cli.EXIT_USAGE
    assert words in capsys.readouterr().err


def test_a_broken_file_of_revoked_tokens_is_named_and_a_token_without_an_id_cannot_be_one(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(token()))
    assert run("revoke", "--data-dir", str(tmp_path)) == cli.EXIT_USAGE
    assert "has no id" in capsys.readouterr().err
    (tmp_path / FILE).write_text("[")
    assert run("revoke", "7", "--data-dir", str(tmp_path)) == cli.EXIT_USAGE
    assert f"remove {FILE}" in capsys.readouterr().err
