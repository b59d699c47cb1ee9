"""The terminal of a server without a window shows that the search index is built, and how far that is."""

import os
import pty
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.archive.history import outdate_index, write_many
from tests.warm_program import STRICT, WarmProgram

PREPARING = "Search is being prepared: meanwhile it covers the newest messages. Everything else works."
READY = "Search covers all messages again."


@contextmanager
def serving(folder: Path, errors: int) -> Iterator[WarmProgram]:
    """A server with its messages to the person going there."""
    where = ("--bind", "127.0.0.1", "--port", "0", "--no-discovery", "--data-dir", str(folder))
    with WarmProgram("serve", *where, options=STRICT, stdout=subprocess.PIPE, stderr=errors) as process:
        try:
            yield process
        finally:
            process.terminate()
            process.communicate(timeout=20)


def test_a_terminal_shows_how_far_it_is(tmp_path: Path) -> None:
    outdate_index(write_many(tmp_path, 50_000))
    terminal, end = pty.openpty()
    said = ""
    with os.fdopen(terminal, "rb", buffering=0) as reader, serving(tmp_path, end) as process:
        os.close(end)
        while READY not in said:
            said += reader.read(4096).decode()
        assert process.poll() is None
    assert PREPARING in said
    shown = [int(percent) for percent in re.findall(r"\r(\d+) %", said)]
    assert shown == sorted(shown)
    assert 0 < shown[0] <= shown[-1] <= 100


def test_a_log_file_gets_a_line_at_both_ends_and_a_chat_that_is_up_to_date_none(tmp_path: Path) -> None:
    write_many(tmp_path, 20_000)
    for outdated in (True, False):
        if outdated:
            outdate_index(tmp_path)
        with (tmp_path / "errors").open("wb+") as errors, serving(tmp_path, errors.fileno()) as process:
            assert process.stdout
            process.stdout.readline()
            while outdated and READY not in (tmp_path / "errors").read_text():
                assert process.poll() is None
        assert (tmp_path / "errors").read_text() == (f"{PREPARING}\n{READY}\n" if outdated else "")
