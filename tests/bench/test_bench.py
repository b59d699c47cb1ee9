"""The benchmark itself: every part runs, and a message that does not arrive is not counted."""

import contextlib
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from tests.bench import frames, subscriptions, window_markup, window_memory
from tests.bench.contenders import ROOT, Contender
from tests.bench.crowd import Crowd, Person
from tests.bench.load import Run
from tests.bench.process import BenchError, Cores, Server, running
from tests.bench.statistics import gaps, percentile
from tests.bench.swarm import Swarm
from tests.bench.table import render
from tests.e2e.on_disk import OnDisk, StoredEntry
from tests.e2e.writer import Writer

ANYWHERE = Cores(*[min(os.sched_getaffinity(0))] * 2)


@pytest.mark.slow
def test_every_part_runs_for_us_and_beside_a_peer() -> None:
    small = ["--clients", "20", "--seconds", "0.3", "--idle", "10", "20", "--accepted", "20"]
    parts = ["deliveries", "saturation", "memory", "accept"]
    figures = bench("--servers", "headless", "websockets", "--only", *parts, *small)
    assert figures["400 msg/s: arrived, %"][:2] == ["100.00", "100.00"]
    assert figures.keys() >= {
        "100 msg/s: /health p99, ms",
        "saturation: deliveries/s",
        "memory per idle connection, KB",
        "connections accepted, s",
    }


@pytest.mark.slow
def test_the_log_is_measured_on_the_disk_and_beside_it_in_memory() -> None:
    short = ["--history", "4000", "--commits", "50", "--queries", "2"]
    figures = bench("--servers", "headless", "memory", "--only", "log", *short)
    assert figures["messages kept by the store, 2,000 under way, per second"][1] == "-"
    assert "-" not in figures["messages kept by the server per second"]
    assert figures.keys() >= {
        "how many times as many that is",
        "long history: a join, ms",
        "long history: 200 messages in the middle, ms",
        "long history: a search for two words, ms",
        "growth between these, MB",
        "difference, MB",
    }


@pytest.mark.slow
def test_large_rooms_are_measured_for_us_and_for_another_checkout() -> None:
    few = ["--rooms", "40", "--seconds", "0.3"]
    figures = bench("--servers", "headless", "--earlier", ".", "--only", "joins", "rooms", *few)
    assert figures["40 people, 20 msg/s: arrived, %"][:2] == ["100.00", "100.00"]
    assert "-" not in figures["40 people come: a message meanwhile, longest delay, ms"][:2]
    assert float(figures["40 people come: sent to them, MB"][0]) > 0


def bench(*arguments: str) -> dict[str, list[str]]:
    """The cells of the printed table, by their titles."""
    command = [sys.executable, "-m", "tests.bench", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False)
    assert "failed" not in done.stderr
    return {cells[0]: cells[1:] for cells in map(re.compile(r" {2,}").split, done.stdout.splitlines())}


def test_a_server_that_loses_messages_is_found_out() -> None:
    lossy = Contender("lossy", (sys.executable, "-m", "tests.bench.peers.lossy_chat"))
    with running(lossy, ANYWHERE) as server, contextlib.closing(Swarm(server.port)) as swarm:
        swarm.connect(5)
        swarm.join()
        outcome = Run(swarm, server, patience=1).steady(rate=100, seconds=0.5)
    assert (outcome.sent, outcome.missing, outcome.surplus) == (50, 5, 0)
    assert outcome.arrived == pytest.approx(98.0)


def test_a_server_that_does_not_start_is_said_so() -> None:
    with pytest.raises(BenchError, match="broken did not start"), running(Contender("broken", ("false",)), ANYWHERE):
        pass


def test_a_delivery_that_comes_in_pieces_is_counted_once(pieces: Server) -> None:
    with contextlib.closing(Swarm(pieces.port)) as swarm:
        swarm.connect(1)
        swarm.join()
        outcome = Run(swarm, pieces, patience=5).steady(rate=20, seconds=0.5)
    assert (outcome.sent, outcome.delivered, outcome.missing, outcome.surplus) == (10, 10, 0, 0)
    assert len(outcome.latencies) == 10
    assert outcome.latencies[0] >= 5


@pytest.fixture
def pieces() -> Iterator[Server]:
    """A server for one client that sends each message in two pieces, split within its stamp."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_serve_in_pieces, args=(listener,))
        thread.start()
        yield Server(os.getpid(), listener.getsockname()[1])
        thread.join(10)


def _serve_in_pieces(listener: socket.socket) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")
        connection.recv(4096)
        connection.sendall(b'\x81\x12{"type":"welcome"}')
        while data := connection.recv(4096):
            for payload in data.split(b"\x81")[1:]:
                cut = payload.index(frames.MARK) - 7
                connection.sendall(payload[:cut])
                time.sleep(0.005)
                connection.sendall(payload[cut:])


@pytest.mark.parametrize("parts", [[frames.PING], [b"\x89", b"\x00"], [b"\x81\x02{}" + frames.PING + b"\x81\x02{}"]])
def test_a_ping_is_answered_also_in_the_middle_of_a_read_and_in_two(parts: list[bytes]) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        contextlib.closing(Swarm(listener.getsockname()[1], joins=False)) as swarm,
    ):
        swarm._open()
        with listener.accept()[0] as connection:
            connection.settimeout(5)
            assert connection.recv(4096).startswith(b"GET")
            for part in parts:
                connection.sendall(part)
                swarm.receive(0.1)
            assert connection.recv(4096).startswith(frames.PONG)


def test_pings_come_with_an_answer_that_is_read_late_and_are_not_the_answer() -> None:
    """Clients that were read so late counted as without an answer, in a storm of 30,000."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_serve_among_pings, args=(listener,))
        thread.start()
        with contextlib.closing(Swarm(listener.getsockname()[1])) as swarm:
            assert swarm.arrive(1, lambda: None) < 5
        thread.join(10)


def _serve_among_pings(listener: socket.socket) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 101 Switching Protocols\r\n\r\n" + 2 * frames.PING)
        while b"join" not in connection.recv(4096):
            pass
        connection.sendall(2 * frames.PING)
        time.sleep(0.05)
        connection.sendall(2 * frames.PING + b'\x81\x12{"type":"welcome"}')
        while connection.recv(4096):
            pass


def test_the_mark_stands_nowhere_else() -> None:
    said = frames.message(time.monotonic_ns())
    assert said.count(frames.MARK) == 1
    assert frames.MARK not in frames.join(96)
    assert all(frames.MARK[0] not in size.to_bytes(2) for size in range(126, 256))


def test_gaps_include_a_window_that_stops_painting() -> None:
    assert gaps([1.0, 1.5, 9.0], start=1.25, end=3.5) == [0.25, 2.0]


def test_percentile_of_a_hundred_values() -> None:
    values = [float(value) for value in range(1, 101)]
    assert (percentile(values, 50), percentile(values, 99)) == (51, 100)


OURS, PEER = Contender("headless", ours=True), Contender("websockets")


@pytest.mark.parametrize(("ours", "verdict"), [(999.0, "NOT MET: headless"), (1000.0, "met")])
def test_the_table_says_whether_a_target_is_met(ours: float, verdict: str) -> None:
    text = render([OURS, PEER], {"headless": {"saturation": ours}, "websockets": {"saturation": 100.0}})
    assert text.splitlines()[1].endswith(verdict)


def test_the_table_claims_nothing_without_a_peer() -> None:
    absent = Contender("Node ws", missing="no npm here")
    text = render([OURS, absent], {"headless": {"saturation": 1e6}, "Node ws": {}})
    assert "no npm here" in text
    assert text.splitlines()[1].endswith("needs websockets or Node ws")


ONE, TWO = StoredEntry(1, "Mara-0", "one"), StoredEntry(2, "Mara-1", "two")


@pytest.mark.parametrize(
    ("left", "faults"),
    [
        (OnDisk([ONE, TWO], "ok", True), []),
        (OnDisk([ONE], "ok", True), ["Mara-1 is confirmed as number 2, and is not there"]),
        (OnDisk([ONE, TWO, StoredEntry(3, "Mara-2", "one")], "ok", True), ["1 doubled"]),
        (OnDisk([ONE, TWO, StoredEntry(4, None, "three")], "ok", True), ["the numbers have gaps"]),
        (OnDisk([ONE, TWO], "row 1 missing", False), ["integrity_check: row 1 missing", "the search index is wrong"]),
    ],
)
async def test_what_a_kill_has_spoilt_is_found(left: OnDisk, faults: list[str]) -> None:
    mara = Writer("ws://127.0.0.1:9/ws", "Mara")
    mara.said, mara.confirmed = {"Mara-0": "one", "Mara-1": "two"}, {"Mara-0": 1, "Mara-1": 2}
    assert list(Crowd([mara], Person(mara.url, "Kit")).compare(left)) == faults


async def test_who_has_heard_something_else_is_found() -> None:
    mara = Writer("ws://127.0.0.1:9/ws", "Mara")
    mara.said, mara.heard = {"Mara-0": "Mara 0: one"}, [{"content": "Mara 0: another"}]
    left = OnDisk([StoredEntry(1, "Mara-0", "Mara 0: one")], "ok", True)
    assert list(Crowd([mara], Person(mara.url, "Kit")).compare_all(left)) == [
        "Mara has heard something else",
        "Kit shows something else",
    ]


def test_a_view_of_200_messages_with_markup_is_drawn_from_the_pictures_of_its_rows(qapp: QApplication) -> None:
    """Painted again each time, it would take a multiple: rows of five lines three times as long, and more."""
    figures = window_markup.measure(qapp, marked=True, times=4)
    assert figures["further pictures"] < figures["first picture"] / 2


def test_the_memory_of_the_window_is_measured_before_and_after_messages() -> None:
    allowed = os.sched_getaffinity(0)
    try:
        found = window_memory.measure((20, 40))
    finally:
        os.sched_setaffinity(0, allowed)
    assert list(found) == [0, 20, 40]
    assert all(30 < megabytes < 300 for megabytes in found.values())


async def test_who_belongs_to_which_room_takes_less_than_300_bytes_for_each() -> None:
    memory, size = await subscriptions.measure(rooms=300, members=100, people=300)
    assert memory < 300
    assert size < 100
