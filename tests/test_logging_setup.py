"""Faults are logged for the person who repairs them, without anybody's messages; people see one sentence."""

import contextlib
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from websockets.sync.client import connect

from chatdesk import logging_setup
from tests.time_zones import WEST, LocalTimeZone

ROOT = Path(__file__).parents[1]
TOKEN = "5ed3ba6640ff435c.5574c6094055efac1f48ad788f679261"  # noqa: S105 - of nobody
FAULT = "ChatDesk has met a fault of its own"

SERVE_AND_FAIL = """
import sys
from chatdesk import cli, logging_setup
from chatdesk.server.dispatch import Dispatcher

sound = Dispatcher.receive

def receive(self, session, data):
    if "confidential" in str(data):
        raise ZeroDivisionError("not foreseen")
    sound(self, session, data)

Dispatcher.receive = receive
logging_setup.start()
sys.exit(cli.run(["serve", "--bind", "127.0.0.1", "--port", "0", "--in-memory"]))
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a program of this test writes its log."""
    return tmp_path / "state" / "ChatDesk" / "log" / "chatdesk.log"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "XDG_STATE_HOME": str(tmp_path / "state"), "QT_QPA_PLATFORM": "offscreen"}


@pytest.fixture
def log_file(file: Path) -> Iterator[logging_setup.LogFile]:
    written = logging_setup.LogFile(file)
    yield written
    written.close()


def test_a_service_gets_the_same_as_json_lines(environment: dict[str, str], file: Path) -> None:
    code = (
        "import logging; from chatdesk import logging_setup as setup; setup.start(); setup.use_json()\n"
        "log = logging.getLogger('chatdesk.test'); log.info('said by %s\\n\\b%s', 'Łukasz', 'a' * 40)\n"
        "raise ZeroDivisionError('f' * 40)"
    )
    process = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=20, check=False
    )
    said, fault = map(json.loads, process.stderr.splitlines())
    assert (said["level"], said["logger"], said["message"]) == ("info", "chatdesk.test", "said by Łukasz\n\b…")
    assert datetime.fromisoformat(said["time"]).utcoffset() == timedelta(0)
    assert (fault["level"], fault["exception"].splitlines()[-1]) == ("critical", "ZeroDivisionError: …")
    assert said["process"] == fault["process"]
    assert "said by Łukasz" in file.read_text(), "the file is written as well"


def line(text: str) -> logging.LogRecord:
    return logging.LogRecord("chatdesk.test", logging.INFO, "x.py", 1, text, None, None)


def run(program: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-c", program]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=30, check=False)


def test_the_log_is_bounded_and_its_owners_alone(
    file: Path, log_file: logging_setup.LogFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_file, "maxBytes", 2000)
    before = os.umask(0)
    try:
        for number in range(1000):
            log_file.handle(line(f"This is line {number}."))
    finally:
        os.umask(before)
    files = sorted(file.parent.iterdir())
    assert [each.name for each in files] == ["chatdesk.log", *(f"chatdesk.log.{number}" for number in range(1, 5))]
    assert all(each.stat().st_mode & 0o777 == 0o600 and each.stat().st_size <= 2000 for each in files)
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert file.read_text().splitlines()[-1].endswith("INFO chatdesk.test: This is line 999.")
    assert logging_setup.FILE_BYTES * (logging_setup.OLD_FILES + 1) <= 5_000_000


def test_it_stays_bounded_where_the_old_file_cannot_be_put_aside(
    file: Path, log_file: logging_setup.LogFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows, while another ChatDesk writes into it; here a folder is in the way."""
    (file.parent / "chatdesk.log.1" / "full").mkdir(parents=True)
    (file.parent / "chatdesk.log.2" / "full").mkdir(parents=True)
    monkeypatch.setattr(log_file, "maxBytes", 2000)
    for number in range(1000):
        log_file.handle(line(f"This is line {number}."))
    assert 0 < file.stat().st_size <= 2000
    assert file.read_text().splitlines()[-1].endswith("This is line 999.")
    assert not log_file.problem


def test_several_programs_write_the_same_log(
    file: Path, log_file: logging_setup.LogFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    with contextlib.closing(logging_setup.LogFile(file)) as other:
        for written in (log_file, other):
            monkeypatch.setattr(written, "maxBytes", 2000)
        for number in range(400):
            log_file.handle(line(f"One says {number}."))
            other.handle(line(f"The other says {number}."))
        assert [words.split(": ")[1] for words in file.read_text().splitlines()[-2:]] == [
            "One says 399.",
            "The other says 399.",
        ]
        assert len(list(file.parent.iterdir())) == 5
        assert all(each.stat().st_size <= 2000 for each in file.parent.iterdir())
        file.unlink()
        other.handle(line("Somebody has tidied up."))
        assert file.read_text().endswith("Somebody has tidied up.\n")


def test_to_be_ready_makes_nothing(file: Path, log_file: logging_setup.LogFile) -> None:
    assert not file.parent.exists()


def test_a_token_is_left_out_wherever_it_comes_from(file: Path, log_file: logging_setup.LogFile) -> None:
    log_file.handle(line(f"Seen {TOKEN} and {TOKEN[:16]}, at port 8080 of café-abcdef."))
    assert file.read_text(encoding="utf-8").endswith("Seen … and …, at port 8080 of café-abcdef.\n")
    log_file.handle(
        line("A Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJraXQifQ.eT4cnRx-n4lg_bh has posted to /hooks/bD2sefD-Yol_w.")
    )
    assert file.read_text(encoding="utf-8").endswith("A Bearer … has posted to /hooks/….\n")


def test_letters_that_no_encoding_knows_are_written_all_the_same(file: Path, log_file: logging_setup.LogFile) -> None:
    log_file.handle(line("Caf\udce9"))
    assert file.read_text(encoding="utf-8").endswith("Caf\\udce9\n")


@contextlib.contextmanager
def faulty_server(environment: dict[str, str]) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """A server that fails over one message, and the address of its chat."""
    command = [sys.executable, "-W", "error", "-c", SERVE_AND_FAIL]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout
            yield process, process.stdout.readline().split()[-1].replace("http", "ws", 1) + "/ws"
        finally:
            process.kill()


def provoke(url: str) -> str:
    """Say what the server fails over; the result is the token of who said it."""
    with connect(url, proxy=None) as client:
        client.send(json.dumps({"type": "join", "nickname": "Kit"}))
        welcome = json.loads(client.recv(15))
        client.send(json.dumps({"type": "message", "content": "This is confidential."}))
        with contextlib.suppress(Exception):
            while True:
                client.recv(15)
    return str(welcome["token"])


def end(process: "subprocess.Popen[str]") -> list[str]:
    """Let it end in order; the result is what it has said to people."""
    process.terminate()
    output, errors = process.communicate(timeout=15)
    assert (process.returncode, output) == (0, "")
    return errors.splitlines()


def test_a_fault_of_the_server_is_in_the_log_and_one_sentence_for_people(
    file: Path, environment: dict[str, str]
) -> None:
    with faulty_server(environment) as (process, url):
        token = provoke(url)
        assert end(process) == [f"{FAULT}: {file} says more."]
    log = file.read_text(encoding="utf-8")
    assert "ZeroDivisionError: not foreseen" in log
    assert "in receive" in log
    assert "confidential" not in log
    assert token not in log
    assert "INFO chatdesk.cli: ChatDesk " in log


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "state").write_text("no folder")
    with faulty_server(environment) as (process, url):
        provoke(url)
        first, second, *rest = end(process)
    assert first == (
        f"ChatDesk cannot write its log {tmp_path}/state/ChatDesk/log/chatdesk.log (file exists): it does without."
    )
    assert second == f"{FAULT}."
    assert rest[-1] == "ZeroDivisionError: not foreseen", "else nobody would ever learn of it"
    assert "confidential" not in "".join(rest)


def test_a_full_disk_is_told_once(file: Path, environment: dict[str, str]) -> None:
    file.parent.mkdir(parents=True)
    file.symlink_to("/dev/full")
    program = (
        "import logging; from chatdesk import logging_setup; logging_setup.start(); " + "logging.warning('Well.'); " * 2
    )
    process = run(program, environment)
    words = f"ChatDesk cannot write its log {file} (no space left on device): it does without.\nWell.\nWell.\n"
    assert (process.returncode, process.stderr) == (0, words)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("raise ZeroDivisionError('not foreseen')", 1),
        ("import threading; thread = threading.Thread(target=lambda: 1 / 0); thread.start(); thread.join()", 0),
        ("type('X', (), {'__del__': lambda x: 1 / 0})()", 0),
    ],
    ids=["main", "thread", "garbage"],
)
def test_a_fault_anywhere_is_one_sentence(file: Path, environment: dict[str, str], fault: str, code: int) -> None:
    process = run(f"from chatdesk import logging_setup; logging_setup.start(); {fault}", environment)
    assert (process.returncode, process.stderr) == (code, f"{FAULT}: {file} says more.\n")
    assert "ZeroDivisionError" in file.read_text()


def test_ctrl_c_is_no_fault(file: Path, environment: dict[str, str]) -> None:
    process = run("from chatdesk import logging_setup; logging_setup.start(); raise KeyboardInterrupt", environment)
    assert process.stderr == ""
    assert process.returncode
    assert not file.exists()


def test_a_program_without_a_terminal_writes_its_log(file: Path, environment: dict[str, str]) -> None:
    """On Windows, a program with a window has no stderr at all."""
    process = run(
        "import sys; sys.stderr = None; from chatdesk import logging_setup; logging_setup.start(); 1 / 0", environment
    )
    assert (process.returncode, process.stderr) == (1, "")
    assert "ZeroDivisionError" in file.read_text()


WINDOW_THAT_FAILS = """
import os, signal, sys
from PySide6.QtCore import QTimer
from chatdesk import app, cli, logging_setup
from chatdesk.desktop.widgets.common.toast import Toast

def show_text(toast, text, **others):
    print(text)
    os.kill(os.getpid(), signal.SIGTERM)
    1 / 0

Toast.show_text = show_text

def announce(config, port):
    QTimer.singleShot(0, lambda: 1 / 0)

app.print_address = announce
logging_setup.start()
sys.exit(cli.run(["host", "--nickname", "Mara", "--bind", "127.0.0.1", "--port", "0", "--in-memory"]))
"""


def test_a_fault_of_the_window_is_in_the_log_and_the_person_is_told(file: Path, environment: dict[str, str]) -> None:
    """Once, also where the telling itself fails."""
    process = run(WINDOW_THAT_FAILS, environment)
    assert process.stdout == f"{logging_setup.FAULT_NOTICE}\n"
    sentences = [words for words in process.stderr.splitlines() if not words.startswith("This plugin does not support")]
    assert (process.returncode, sentences) == (0, [f"{FAULT}: {file} says more."] * 2)
    assert file.read_text().count("ZeroDivisionError") == 2


def test_a_line_tells_the_time_of_where_the_computer_is(tmp_path: Path, local_zone: LocalTimeZone) -> None:
    file = logging_setup.LogFile(tmp_path / "log" / "chatdesk.log")
    record = logging.LogRecord("chatdesk", logging.INFO, __file__, 1, "Here.", None, None)
    record.created = datetime(2026, 11, 24, 12, tzinfo=UTC).timestamp()
    file.handle(record)
    local_zone.set_unnoticed(WEST)
    file.handle(record)
    file.close()
    lines = Path(file.baseFilename).read_text().splitlines()
    assert [line.partition(f" {os.getpid()} ")[0] for line in lines] == [
        "2026-11-25 02:00:00.000+14:00",
        "2026-11-24 01:00:00.000-11:00",
    ]
