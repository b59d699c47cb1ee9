"""``chatdesk stats``: what it draws, and the real command beside a real server."""

import asyncio
import json
import os
import pty
import signal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import msgspec
import pytest

from chatdesk.terminal import watch as watching
from chatdesk.terminal.participant import Target, TerminalError
from chatdesk.terminal.stats_screen import Figures, curve, duration, screen, size
from tests.test_headless import run, say, serving, start

BEFORE = {
    "name": "Robotics\x1b[2J",
    "host": "Mara",
    "connections": 212,
    "users": 201,
    "rooms": 4,
    "messages_total": 1000,
    "messages_per_second": 4.5,
    "deliveries_total": 100_000,
    "bytes_in": 1000,
    "bytes_out": 1_000_000,
    "slow_clients": 3,
    "storage": "full",
    "max_connections": 1000,
    "uptime_seconds": 3600.0,
    "memory_bytes": 61_000_000,
    "loop_lag_ms": {"p50": 0.1, "p99": 12.0},
    "limits": {"requests": 5},
}


def figures(**changed: object) -> Figures:
    return msgspec.convert(BEFORE | changed, Figures)


def test_the_screen_has_rates_and_what_is_not_well_and_obeys_no_name() -> None:
    now = figures(deliveries_total=102_000, bytes_out=3_000_000, limits={"requests": 7})
    text = "\n".join(screen(now, figures(), 2.0, [0.0, 2.0, 4.0]))
    assert text.startswith("Robotics, hosted by Mara, open for 1 h\n")
    assert "\x1b" not in text
    for part in ("212 of at most 1,000, 3 of them", "1,000 a second", "1.0 MB out", "full: what is said waits"):
        assert part in text
    assert "requests 7, 2 just now" in text
    assert "▁▅█" in text


def test_sizes_durations_and_curves() -> None:
    assert [*map(size, (0, 999, 1000, 2_500_000, 7e10))] == ["0 B", "999 B", "1.0 KB", "2.5 MB", "70.0 GB"]
    assert [*map(duration, (7.9, 60, 90_061))] == ["7 s", "1 min", "1 d 1 h 1 min"]
    assert (curve([0, 0]), curve([]), curve([1, 8])) == ("▁▁", "", "▂█")


def test_where_no_terminal_reads_it_it_is_printed_once_or_line_by_line_as_json() -> None:
    with serving() as server, server.join("Kit") as kit:
        say(kit, "hello")
        address = f"127.0.0.1:{server.port}"
        once = run("stats", "--address", address)
        assert (once.returncode, once.stderr) == (0, "")
        assert "1 of at most 1,000" in once.stdout
        with start("stats", "--json", "--port", str(server.port), stderr=None) as reading:
            assert reading.stdout
            assert json.loads(reading.stdout.readline())["messages_total"] == 1
            reading.send_signal(signal.SIGINT)
            reading.stdout.close()
        assert reading.returncode == 130


def test_in_a_terminal_it_is_drawn_over_and_over_and_leaves_the_cursor_as_it_was() -> None:
    with serving() as server:
        own, its = pty.openpty()
        with start("stats", "--port", str(server.port), stdin=its, stdout=its, stderr=its) as drawing:
            os.close(its)
            seen = b""
            while seen.count(b"Connections") < 2:
                seen += os.read(own, 65536)
            assert b"\x1b[?25l" in seen
            drawing.send_signal(signal.SIGINT)
            try:
                while data := os.read(own, 65536):
                    seen += data
            except OSError:  # the other end is closed
                pass
        os.close(own)
        assert seen.rstrip().endswith(b"\x1b[?25h")


def test_where_nothing_answers_a_sentence_says_so(tmp_path: Path) -> None:
    process = run("stats", "--address", "127.0.0.1:9")
    assert (process.returncode, process.stdout) == (3, "")
    assert process.stderr == "The chat does not answer: see whether it is open there.\n"


def test_a_host_can_neither_break_the_lines_nor_reach_the_terminal_nor_end_it_in_a_fault(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "_PERIOD_SECONDS", 0.0)
    answers = [json.dumps(BEFORE | {"host": "Mara\x9b2J"}, indent=1, ensure_ascii=False), '{"x":' + "[" * 30_000]

    class Host(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answers.pop(0).encode())

        def log_message(self, *_said: object) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Host) as host:
        Thread(target=host.serve_forever, daemon=True).start()
        target = Target(f"ws://127.0.0.1:{host.server_port}/ws", "lobby", "Kit", named=True)
        with pytest.raises(TerminalError, match="does not answer"):
            asyncio.run(watching.watch(target, as_json=True))
        host.shutdown()
    (line,) = capsys.readouterr().out.splitlines()
    assert line.isascii()
    assert json.loads(line)["host"] == "Mara\x9b2J"
