"""Files that options name: what cannot be used is said when the chat starts, and so is a secret that all can read."""

import os
import secrets
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_headless import ANYWHERE, start, without_slow_turns

OPTIONS = ["--debug-secret", "--password-file", "--jwt-key", "--tls-cert", "--config"]
SECRETS = ["--debug-secret", "--password-file", "--jwt-key"]


def first_words(*options: str | Path) -> tuple[str, str]:
    """What ``serve`` prints with these options until it is open, and why it does not open if so."""
    with start("serve", "--in-memory", *ANYWHERE, *map(str, options)) as process:
        assert process.stdout
        opened = process.stdout.readline()
        process.terminate()
        _, errors = process.communicate(timeout=15)
        assert process.returncode == (0 if opened else 2), errors
        return opened, without_slow_turns(errors)


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder whose files all users can reach."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize("kind", ["missing", "folder", "pipe", "device"])
def test_what_is_no_file_is_said_at_the_start(tmp_path: Path, option: str, kind: str) -> None:
    file = Path("/dev/zero") if kind == "device" else tmp_path / kind
    if kind == "folder":
        file.mkdir()
    elif kind == "pipe":
        os.mkfifo(file)
    opened, errors = first_words(option, file)
    assert not opened
    assert errors.count("\n") == 1
    assert str(file) in errors


@pytest.mark.parametrize("text", ["", "fifteen letters", f"\n{'x' * 32}", "x" * 5000])
def test_a_debug_secret_that_would_open_nothing_is_said_at_the_start(tmp_path: Path, text: str) -> None:
    file = tmp_path / "secret"
    file.write_text(text)
    opened, errors = first_words("--debug-secret", file)
    assert not opened
    assert "has to be a secret of 16 characters or more" in errors


@pytest.mark.parametrize("option", SECRETS)
def test_a_secret_that_every_user_can_read_is_told_and_one_of_few_is_not(public_folder: Path, option: str) -> None:
    file = public_folder / "secret"
    file.write_text(secrets.token_hex(32))
    for mode, told in ((0o644, 1), (0o640, 0), (0o600, 0)):
        file.chmod(mode)
        opened, errors = first_words(option, file)
        assert opened
        assert errors.count(f"can read the secret in {file}, given with {option}") == told, errors
    file.chmod(0o644)
    public_folder.chmod(0o700)
    assert first_words(option, file)[1] == ""


def test_who_has_the_public_key_alone_or_no_password_has_no_secret(public_folder: Path) -> None:
    key, public, empty = (public_folder / name for name in ("key.pem", "public.pem", "empty"))
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", key], check=True)
    subprocess.run(["openssl", "pkey", "-in", key, "-pubout", "-out", public], check=True)
    empty.touch()
    for file in (key, public, empty):
        file.chmod(0o644)
    assert "can read the secret" in first_words("--jwt-key", key)[1]
    assert first_words("--jwt-key", public)[1] == ""
    assert first_words("--password-file", empty)[1] == ""


def test_several_workers_tell_of_a_secret_once(public_folder: Path) -> None:
    file = public_folder / "secret"
    file.write_text(secrets.token_hex(32))
    file.chmod(0o644)
    folder = public_folder / "chat"
    with start("serve", *ANYWHERE, "--workers", "2", "--data-dir", str(folder), "--debug-secret", str(file)) as process:
        assert process.stdout
        assert process.stdout.readline()
        process.terminate()
        assert process.communicate(timeout=20)[1].count("can read the secret") == 1
