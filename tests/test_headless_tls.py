"""``chatdesk serve`` with certificates: https, read again on SIGHUP, and bad ones refused in a sentence."""

import contextlib
import os
import pty
import re
import shutil
import signal
import ssl
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.reverse_proxy import certificate
from tests.test_headless import ANYWHERE, COMMAND, ROOT, run, start


class Serving:
    """A running server that is encrypted."""

    def __init__(self, process: subprocess.Popen[Any]) -> None:
        self.process = process
        assert process.stdout
        self.url = process.stdout.readline().removeprefix("ChatDesk is open at ").strip()
        assert re.fullmatch(r"https://127\.0\.0\.1:\d+", self.url), self.url

    def certificate(self) -> bytes:
        """What it shows now."""
        port = int(self.url.rpartition(":")[2])
        return ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate(("127.0.0.1", port)))

    def said(self) -> str:
        """The next line of its error output."""
        assert self.process.stderr
        while (line := self.process.stderr.readline()).startswith("Executing <"):
            pass  # what asyncio's development mode says on a busy machine
        return line


@contextlib.contextmanager
def serving(*options: str) -> Iterator[Serving]:
    with start("serve", *ANYWHERE, "--no-discovery", *options) as process:
        try:
            yield Serving(process)
        finally:
            process.kill()


def test_its_own_authority_is_what_browsers_have_to_trust_and_stays_over_a_restart(tmp_path: Path) -> None:
    authorities = []
    for _ in range(2):
        with serving("--tls", "--data-dir", str(tmp_path / "data")) as server:
            trusting = ssl.create_default_context(cafile=tmp_path / "data" / "authority.pem")
            with urllib.request.urlopen(f"{server.url}/health", context=trusting) as answer:
                assert answer.status == 200
            authorities.append((tmp_path / "data" / "authority.pem").read_bytes())
    assert authorities[0] == authorities[1]


def test_a_hangup_reads_the_certificate_again_and_a_bad_one_changes_nothing(tmp_path: Path) -> None:
    certificate(tmp_path)
    new = tmp_path / "new"
    new.mkdir()
    certificate(new)
    files = "--tls-cert", str(tmp_path / "cert.pem"), "--tls-key", str(tmp_path / "key.pem")
    with serving(*files, "--in-memory") as server:
        before = server.certificate()
        shutil.copy(new / "cert.pem", tmp_path / "cert.pem")
        server.process.send_signal(signal.SIGHUP)
        assert "belongs to another certificate" in server.said()
        assert server.certificate() == before
        shutil.copy(new / "key.pem", tmp_path / "key.pem")
        server.process.send_signal(signal.SIGHUP)
        assert "was read again" in server.said()
        assert server.certificate() != before
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(10) == 0


def test_it_still_ends_with_its_terminal(tmp_path: Path) -> None:
    controller, terminal = pty.openpty()
    take = f"import fcntl, os, sys, termios; fcntl.ioctl({terminal}, termios.TIOCSCTTY, 0); "
    take += "os.execv(sys.argv[1], sys.argv[1:])"
    arguments = [
        COMMAND[0],
        "-c",
        take,
        *COMMAND,
        "serve",
        "--tls",
        "--in-memory",
        "--bind",
        "127.0.0.1",
        "--port",
        "0",
    ]
    with subprocess.Popen(
        [*arguments, "--no-discovery"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        pass_fds=[terminal],
        start_new_session=True,
    ) as process:
        try:
            Serving(process)
            os.close(terminal)
            os.close(controller)
            assert process.wait(20) == 0
        finally:
            process.kill()


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--tls-cert", "gone.pem"], "gone.pem, given with --tls-cert, cannot be read"),
        (["--tls-key", "gone.pem"], "give that with --tls-cert, too"),
    ],
)
def test_what_cannot_be_used_is_one_sentence_and_exit_code_2(options: list[str], reason: str) -> None:
    ended = run("serve", "--in-memory", "--port", "0", "--bind", "127.0.0.1", *options)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert reason in ended.stderr
    assert ended.stderr.count("\n") == 1
