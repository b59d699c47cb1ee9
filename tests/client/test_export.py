"""An export writes the whole room to a file, or leaves no file."""

import asyncio
import csv
import json
from pathlib import Path

import pytest

from chatdesk.client import client as module
from chatdesk.client import requests
from chatdesk.client.changes import NoticeReceived
from chatdesk.client.export import ExportError
from chatdesk.export.formats import Format
from chatdesk.log.memory import MemoryLog
from chatdesk.log.room_log import Draft
from chatdesk.protocol.errors import ErrorCode
from tests.client.person import LastingStore, Person, cut, person
from tests.server.chat import chat
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")  # for the loop of the window


@pytest.fixture(autouse=True)
def short_delays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatdesk.client.reconnecting._FIRST_SECONDS", 0.02)
    monkeypatch.setitem(requests._RETRY_SECONDS, ErrorCode.RATE_LIMITED, 0.05)
    monkeypatch.setattr(module, "_TICK_SECONDS", 0.05)


@pytest.fixture
def store() -> LastingStore:
    """A room of 2 500 messages."""
    store = LastingStore()
    fill(store, 2500)
    return store


def fill(store: LastingStore, count: int) -> None:
    log = store.room("lobby")
    for number in range(log.last_seq + 1, log.last_seq + count + 1):
        log.append(Draft("Ana", f"number {number}", "ana"), lambda _refusal: None)


def files(folder: Path) -> list[Path]:
    return list(folder.iterdir())


class RunningExport:
    """A running export, and its progress."""

    def __init__(self, kit: Person, path: Path, form: Format = Format.JSONL) -> None:
        self.path = path
        self.progress: list[tuple[int, int]] = []
        self.task = asyncio.ensure_future(
            kit.client.export(path, form, lambda done, total: self.progress.append((done, total)))
        )

    @property
    def seqs(self) -> list[int]:
        _file, room, *lines = map(json.loads, self.path.read_text("utf-8").splitlines())
        assert room == {"type": "room", "room": "lobby"}
        return [line["seq"] for line in lines]


async def test_everything_is_there_in_order_whatever_is_shown(store: LastingStore, tmp_path: Path) -> None:
    """Behaviour 42: with progress."""
    async with chat(store=store) as c, person(c.server.port, "Kit") as kit:
        kit.client.go_to(100)
        running_export = RunningExport(kit, tmp_path / "room.jsonl")
        assert await running_export.task == 2500
        assert running_export.seqs == [*range(1, 2501)]
        assert running_export.progress == [(min(200 * page, 2500), 2500) for page in range(1, 14)]
        assert kit.seqs == [*range(50, 150)]
        assert files(tmp_path) == [tmp_path / "room.jsonl"]


async def test_other_formats_are_written_too(store: LastingStore, tmp_path: Path) -> None:
    async with chat(store=store, name="Robotics") as c, person(c.server.port, "Kit") as kit:
        await RunningExport(kit, tmp_path / "room.csv", Format.CSV).task
        rows = list(csv.reader((tmp_path / "room.csv").read_text("utf-8-sig").splitlines()))
        assert len(rows) == 2501
        await RunningExport(kit, tmp_path / "room.html", Format.HTML).task
        page = (tmp_path / "room.html").read_text("utf-8")
        assert "Robotics" in page
        assert page.count("<article") == 2500


async def test_an_empty_room_is_a_file_without_messages_and_a_file_of_that_name_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "room.jsonl").write_text("old")
    async with chat() as c, person(c.server.port, "Kit") as kit:
        running_export = RunningExport(kit, tmp_path / "room.jsonl")
        assert await running_export.task == 0
        assert running_export.seqs == []
        assert running_export.progress == [(0, 0)]


async def test_nobody_waits_for_a_server_that_answers_all_questions(
    store: LastingStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatdesk.client.export._PAUSE_SECONDS", 3600)
    async with chat(store=store) as c, person(c.server.port, "Kit") as kit, asyncio.timeout(20):
        assert await RunningExport(kit, tmp_path / "room.jsonl").task == 2500


async def test_a_client_that_used_up_its_requests_waits_and_gets_all(store: LastingStore, tmp_path: Path) -> None:
    async with chat(store=store) as c, person(c.server.port, "Kit") as kit:
        both = [RunningExport(kit, tmp_path / f"{number}.jsonl") for number in range(2)]
        for running_export in both:
            async with asyncio.timeout(20):
                assert await running_export.task == 2500
            assert running_export.seqs == [*range(1, 2501)]
        assert not kit.changes_of(NoticeReceived)


async def test_a_lost_connection_does_not_end_it_and_what_is_said_meanwhile_is_not_in_it(
    store: LastingStore, tmp_path: Path
) -> None:
    async with chat(store=store) as c, person(c.server.port, "Kit") as kit:
        running_export = RunningExport(kit, tmp_path / "room.jsonl")
        await until(lambda: len(running_export.progress) >= 2)
        cut(c, "Kit")
        fill(store, 300)
        assert await running_export.task == 2500
        assert running_export.seqs == [*range(1, 2501)]


async def test_a_history_that_is_deleted_meanwhile_leaves_no_file(store: LastingStore, tmp_path: Path) -> None:
    async with chat(store=store) as c, person(c.server.port, "Kit") as kit:
        running_export = RunningExport(kit, tmp_path / "room.jsonl")
        await until(lambda: running_export.progress)
        await store.room("lobby").clear()
        with pytest.raises(ExportError, match="The history was deleted meanwhile"):
            await running_export.task
        assert files(tmp_path) == []


async def test_a_cancelled_export_leaves_no_file(store: LastingStore, tmp_path: Path) -> None:
    async with chat(store=store) as c, person(c.server.port, "Kit") as kit:
        running_export = RunningExport(kit, tmp_path / "room.jsonl")
        await until(lambda: running_export.progress)
        running_export.task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running_export.task
        assert files(tmp_path) == []


async def test_leaving_the_chat_ends_the_export_without_a_file(store: LastingStore, tmp_path: Path) -> None:
    async with chat(store=store) as c:
        async with person(c.server.port, "Kit") as kit:
            running_export = RunningExport(kit, tmp_path / "room.jsonl")
            await until(lambda: running_export.progress)
        with pytest.raises(ExportError, match="You are no longer in the chat"):
            await running_export.task
        assert files(tmp_path) == []


async def test_a_failing_disk_is_reported_in_a_sentence(
    store: LastingStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with chat(store=store) as c, person(c.server.port, "Kit") as kit:
        with pytest.raises(ExportError, match="There is no folder"):
            await RunningExport(kit, tmp_path / "nowhere" / "room.jsonl").task

        def full(_descriptor: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("os.fsync", full)
        with pytest.raises(ExportError, match=r"no space left on device"):
            await RunningExport(kit, tmp_path / "room.jsonl").task
        assert files(tmp_path) == []


async def test_a_log_that_was_cut_is_taken_from_where_it_begins(tmp_path: Path) -> None:
    store = LastingStore()
    store.rooms["lobby"] = MemoryLog(store.author, max_records=400)
    fill(store, 1000)
    async with chat(store=store) as c, person(c.server.port, "Kit") as kit:
        running_export = RunningExport(kit, tmp_path / "room.jsonl")
        assert await running_export.task == 400
        assert running_export.seqs == [*range(601, 1001)]
        assert running_export.progress[-1] == (400, 400)


async def test_a_room_is_exported_with_its_topic_and_a_private_one_under_the_other_persons_name(tmp_path: Path) -> None:
    async with chat() as c, person(c.server.port, "Kit") as kit, person(c.server.port, "Ana"):
        kit.client.rooms.create("plans", "What next?")
        kit.client.rooms.show("plans")
        await until(lambda: kit.state.shown_info.topic)
        await kit.client.export(tmp_path / "plans.jsonl", Format.JSONL, lambda _done, _total: None)
        rooms = [json.loads(line) for line in (tmp_path / "plans.jsonl").read_text().splitlines()][1:]
        assert rooms == [{"type": "room", "room": "plans", "topic": "What next?"}]
        kit.client.rooms.open_private("Ana")
        await until(lambda: any(row.partner for row in kit.state.summaries()))
        (private,) = (row.name for row in kit.state.summaries() if row.partner)
        kit.client.rooms.show(private)
        await until(lambda: kit.state.rooms[private].stage == "inside")
        await kit.client.export(tmp_path / "ana.html", Format.HTML, lambda _done, _total: None)
        assert '<p class="room"># <bdi>Ana</bdi></p>' in (tmp_path / "ana.html").read_text("utf-8")
