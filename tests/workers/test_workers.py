"""Two real workers, whose processes are killed: what is confirmed is kept once, in one order for everybody."""

import asyncio
import itertools
import json
import os
import signal
import sqlite3
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, closing
from functools import partial
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from random import Random
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from websockets.exceptions import ConnectionClosed

from chatdesk.cluster.order_link import read_entry
from chatdesk.log.database import FILE
from chatdesk.log.operations import OrderedClear, Say, counts, encode_operation, operation_key
from chatdesk.workers.order_file import Beginning, OrderFile
from tests.bench.crowd import Crowd, crowd, talking
from tests.e2e import on_disk
from tests.e2e.peer import Peer
from tests.workers.processes import ORDER, Workers

_GUESTS = itertools.count()
_TOLD_SECONDS = 5.0
"""Workers tell each other once a second what they want, and what is wanted; no monitor asks more often than this."""


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers("--message-rate", "0") as serving:
        yield serving


async def talk_while(people: Crowd, *steps: Any) -> None:
    """Let everybody write while these things happen."""
    async with talking(people, Random(5)):
        for step in steps:
            await asyncio.sleep(0.3)
            await asyncio.to_thread(step)
        await asyncio.sleep(0.3)


def order(folder: Path) -> list[Any]:
    """What the file of a worker that has ended says of the order."""
    with closing(sqlite3.connect(folder / FILE)) as db:
        columns = "place & ((1 << 40) - 1), identity, id, nickname, content, time, change"
        return db.execute(f"SELECT {columns} FROM entry ORDER BY 1").fetchall()


async def test_nothing_that_was_confirmed_is_lost_or_doubled_by_kills() -> None:
    with Workers("--message-rate", "0") as serving:
        async with crowd(serving.websocket) as people:
            one_by_one = [partial(serving.kill_one, name) for name in ("worker 1", ORDER, "worker 2", ORDER)]
            await talk_while(people, *one_by_one, serving.kill, serving.start)
            await people.settle()
            confirmed = sum(len(writer.confirmed) for writer in people.writers)
        serving.stop()
        folders = (serving.folder, serving.folder / "workers" / "2")
        for folder in folders:
            left = on_disk.read(folder)
            assert [*people.compare(left), *people.compare_all(left, in_order=False)] == []
        assert order(folders[0]) == order(folders[1])
        assert confirmed > 100
        with closing(sqlite3.connect(folders[0] / "order.db")) as db:
            kept = db.execute("SELECT count(*) FROM entry").fetchone()[0]
        assert kept < confirmed  # nothing stays there that all workers have
        serving.start()


def test_figures_are_of_all_workers(workers: Workers) -> None:
    with ExitStack() as stack:
        one_on_each(workers, stack)
        for _ in range(40):
            stats = json.loads(asked(workers, "/stats"))
            families = text_string_to_metric_families(asked(workers, "/metrics"))
            samples = [sample for family in families for sample in family.samples]
            found = {it.labels["worker"]: it.value for it in samples if it.name == "chatdesk_connections"}
            if found.keys() == {"1", "2"} and stats["connections"] == stats["users"] == sum(found.values()):
                break
            time.sleep(0.2)
        assert (stats["processes"], stats["max_connections"]) == (2, 1000)
        assert min(found.values()) > 0
        assert stats["connections"] == stats["users"] == sum(found.values())


def test_once_one_worker_was_scraped_the_first_scrape_of_another_has_the_figures_of_both() -> None:
    """In place of a gap in the figures of the other at every first one."""
    with Workers() as serving, ExitStack() as stack:
        scraped, other = (stack.enter_context(closing(connected_to(serving, f"worker {number}"))) for number in (1, 2))
        assert workers_in_metrics(scraped) == {"1"}
        time.sleep(_TOLD_SECONDS)
        assert workers_in_metrics(other) == workers_in_metrics(scraped) == {"1", "2"}


def workers_in_metrics(connection: HTTPConnection) -> set[str]:
    """Of which workers the one at the other end of the connection has figures."""
    connection.request("GET", "/metrics")
    families = text_string_to_metric_families(connection.getresponse().read().decode())
    return {sample.labels["worker"] for family in families for sample in family.samples}


def test_a_worker_that_hangs_is_named_and_ended_so_that_its_people_come_back(workers: Workers) -> None:
    with ExitStack() as stack:
        first, second = one_on_each(workers, stack)
        other = stack.enter_context(closing(connected_to(workers, "worker 2")))
        before = workers.pid("worker 1")
        os.kill(before, signal.SIGSTOP)
        ready = until_ready_says(other, "worker")
        assert ready["problem"].startswith("Worker 1 of the chat hangs")
        with pytest.raises(ConnectionClosed):
            first.wait_for(lambda _event: False, seconds=120)
        workers.wait_for_another("worker 1", before)
        back = stack.enter_context(Peer(workers.websocket, first.nickname, token=first.welcome["token"]))
        back.say("back")
        second.hear("back")
        until_ready_says(other, "ready")


def connected_to(workers: Workers, name: str) -> HTTPConnection:
    """A connection to this worker, which stays open."""
    while True:
        connection = HTTPConnection("127.0.0.1", workers.port, timeout=30)
        until_ready_says(connection, "ready")
        if workers.worker_of(connection.sock.getsockname()[1]) == name:
            return connection
        connection.close()


def until_ready_says(connection: HTTPConnection, status: str) -> Any:
    """Ask, until the worker at the other end says so."""
    while True:
        connection.request("GET", "/ready")
        answer = connection.getresponse()
        said = json.load(answer)
        if said["status"] == status:
            assert answer.status == (HTTPStatus.OK if status == "ready" else HTTPStatus.SERVICE_UNAVAILABLE)
            return said
        time.sleep(0.1)


def asked(workers: Workers, path: str) -> str:
    """What one of the workers answers."""
    with urllib.request.urlopen(workers.url + path, timeout=15) as answer:
        text: str = answer.read().decode()
        return text


def one_on_each(workers: Workers, stack: ExitStack) -> tuple[Peer, Peer]:
    """People on the first and the second worker, each with a name that nobody has had."""
    found: dict[str, Peer] = {}
    for number in itertools.islice(_GUESTS, 30):
        peer = stack.enter_context(Peer(workers.websocket, f"Guest{number}"))
        found.setdefault(workers.worker_of(peer.port), peer)
        if len(found) == 2:
            break
    return found["worker 1"], found["worker 2"]


def is_left_by(event: Any, peer: Peer) -> bool:
    """Whether this tells that they have left: guests of the test before may still be leaving."""
    return bool(event["type"] == "user_left" and event["nickname"] == peer.nickname)


def test_people_of_a_killed_worker_come_back_without_being_seen_to_leave(workers: Workers) -> None:
    with ExitStack() as stack:
        first, second = one_on_each(workers, stack)
        second.say("before")
        before = first.hear("before")["seq"]
        workers.kill_one("worker 1")
        back = stack.enter_context(Peer(workers.websocket, first.nickname, token=first.welcome["token"]))
        back.say("again")
        left = second.wait_for(lambda event: is_left_by(event, first) or event.get("content") == "again")
        assert left["type"] == "message"
        second.say("after")
        assert back.hear("after")["seq"] == before + 2


def test_a_chat_of_one_process_goes_on_with_workers_and_back() -> None:
    with Workers() as serving:
        serving.stop()
        serving.use(workers=1)
        with Peer(serving.websocket, "Ana") as ana:
            ana.send(type="message", content="alone", id="1")
            ana.hear("alone")
        token = ana.welcome["token"]
        for workers in (2, 1, 2):
            serving.use(workers=workers)
            with Peer(serving.websocket, "Ana", token=token) as ana:
                ana.send(type="message", content="alone", id="1")  # again, as it was not heard of
                ana.wait_for(lambda event: event["type"] == "message")
                ana.say(f"with {workers}")
            assert (serving.folder / "order.db").exists() == (workers > 1)
            assert (serving.folder / "workers").exists() == (workers > 1)
        serving.stop()
        said = [entry.content for entry in on_disk.read(serving.folder / "workers" / "2").entries]
        assert said == ["alone", "with 2", "with 1", "with 2"]


def test_the_numbers_of_a_room_begin_again_when_its_history_is_deleted(tmp_path: Path) -> None:
    said = [Say("lobby", "Kit", content, "kit", content) for content in ("one", "two", "three")]
    operations = [*said[:2], OrderedClear("lobby"), said[2]]
    rows = [(operation_key(it), it.room, *counts(it), encode_operation(it).decode()) for it in operations]
    with OrderFile(tmp_path) as file:
        file.begin(Beginning("chat", b"", "key", [], []))
        numbers = [*file.order(rows[:2]), *file.order(rows[2:])]
        entries = [read_entry(*entry) for entry in file.entries(numbers[0] - 1, 10)]
    assert [(entry.seq, entry.change) for entry in entries if entry] == [(1, 1), (2, 2), (0, 0), (1, 1)]
