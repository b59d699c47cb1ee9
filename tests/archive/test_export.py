"""``chatdesk export``, in part as a real process: a whole room, or nothing and a sentence."""

import asyncio
import csv
import json
import os
import re
import resource
import signal
import subprocess
from pathlib import Path

import pytest

from chatdesk.archive import export as module
from chatdesk.archive.export import Export, export
from chatdesk.archive.history_file import ArchiveError
from chatdesk.export.formats import Format
from chatdesk.log.room_log import Record
from chatdesk.log.schema import SCHEMA_VERSION
from chatdesk.paths import chat_folder
from chatdesk.progress import Progress
from chatdesk.protocol import times
from tests import warm_program
from tests.archive.history import corrupt, execute, refusal_of, run, run_here, write_history, write_many
from tests.log.harness import lobby
from tests.log.test_schema import filled
from tests.warm_program import STRICT, WarmProgram


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_history(tmp_path / "chat", (f"message {number}" for number in range(1, 2501)))


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_many(tmp_path_factory.mktemp("large") / "chat", 60_000)


@pytest.mark.parametrize("form", Format)
def test_all_messages_of_the_room_in_order(folder: Path, tmp_path: Path, form: Format) -> None:
    file = tmp_path / f"evening.{form}"
    process = run("export", file, "--data-dir", folder, "--name", "Robotics")
    assert (process.returncode, process.stderr) == (0, "")
    assert process.stdout == f"2,500 messages of lobby exported to {file}.\n"
    with file.open(encoding="utf-8-sig", newline="") as text:
        read = {
            Format.JSONL: lambda: [json.loads(line)["content"] for line in [*text][2:]],
            Format.CSV: lambda: [row[3] for row in csv.reader(text)][1:],
            Format.HTML: lambda: re.findall(r"<span dir=\"auto\">(.*?)</span>", text.read()),
        }
        assert read[form]() == [f"message {number}" for number in range(1, 2501)]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["chat", file.name])


@pytest.mark.parametrize("at_version", range(1, SCHEMA_VERSION + 1))
def test_the_file_of_an_earlier_version_is_exported_without_being_changed(tmp_path: Path, at_version: int) -> None:
    filled(tmp_path / "chat", at_version)
    before = (tmp_path / "chat" / "chat.db").read_bytes()
    process = run_here("export", tmp_path / "a.jsonl", "--data-dir", tmp_path / "chat", "--room", "garden")
    assert (process.returncode, process.stderr) == (0, "")
    message = json.loads((tmp_path / "a.jsonl").read_text().splitlines()[-1])
    assert len(message["author"]) == 16
    assert (message["content"], message["seq"], message["change"]) == ("in the garden", 1, 1)
    assert (tmp_path / "chat" / "chat.db").read_bytes() == before


def test_edited_messages_are_exported_as_they_are_now(tmp_path: Path) -> None:
    async def talk() -> Record:
        async with lobby(tmp_path / "chat") as room:
            await room.fill(3)
            return await room.edit(2, "edited")

    edited = asyncio.run(talk())
    run_here("export", tmp_path / "a.jsonl", "--data-dir", tmp_path / "chat")
    messages = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text().splitlines()[2:]]
    assert [message["content"] for message in messages] == ["number 1", "edited", "number 3"]
    assert messages[1]["edited"] == times.timestamp(edited.edited)
    assert messages[1]["author"] == messages[0]["author"] == edited.author
    assert "edited" not in messages[0]


def test_a_dash_is_the_standard_output(folder: Path) -> None:
    process = run("export", "-", "--format", "jsonl", "--data-dir", folder)
    assert (process.returncode, process.stderr) == (0, "")
    assert [json.loads(line)["seq"] for line in process.stdout.splitlines()[2:]] == list(range(1, 2501))


def test_json_lines_hold_all_rooms_unless_one_is_named(folder: Path, tmp_path: Path) -> None:
    write_history(folder, ["deep"], room="attic")
    process = run_here("export", tmp_path / "a.jsonl", "--data-dir", folder)
    assert process.stdout == f"2,501 messages of 2 rooms exported to {tmp_path / 'a.jsonl'}.\n"
    head, *lines = map(json.loads, (tmp_path / "a.jsonl").read_text().splitlines())
    assert (head["type"], head["version"]) == ("chatdesk", 1)
    assert lines[:2] == [{"type": "room", "room": "attic"}, {"type": "room", "room": "lobby"}]
    assert [(line["room"], line["seq"]) for line in lines[2:5]] == [("attic", 1), ("lobby", 1), ("lobby", 2)]
    one = run_here("export", tmp_path / "b.jsonl", "--data-dir", folder, "--room", "attic")
    assert one.stdout.startswith("1 message of attic ")


def test_another_room_is_found_by_its_name_in_any_case(folder: Path, tmp_path: Path) -> None:
    write_history(folder, ["deep"], room="build-floor")
    process = run_here("export", tmp_path / "a.csv", "--data-dir", folder, "--room", "Build-Floor")
    assert process.stdout.startswith("1 message of build-floor ")


def test_the_default_folder_is_that_of_the_chats_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    write_history(chat_folder("Café 7"), ["Hello"])
    process = run_here("export", tmp_path / "evening.html", "--name", "Café 7")
    assert process.stdout.startswith("1 message of lobby exported to ")
    assert "<h1><bdi>Café 7</bdi></h1>" in (tmp_path / "evening.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["{tmp}/a.csv", "--room", "attic"], "There is no room attic in this chat: it has lobby."),
        (["{tmp}/a.csv", "--room", "a b"], "A room's name is"),
        (["{tmp}/a.txt"], "Say what to write with --format: jsonl, csv, html."),
        (["-"], "Say what to write with --format"),
        (["{tmp}/a.csv", "--format", "xml"], "invalid choice: 'xml' (choose from 'jsonl', 'csv', 'html')"),
        (["{tmp}/there.csv"], "There is a file {tmp}/there.csv already: choose another name, or replace it"),
        (["{tmp}/nowhere/a.csv"], "There is no folder {tmp}/nowhere"),
        (["{tmp}", "--format", "csv"], "{tmp} is a folder"),
        (["/", "--format", "csv", "--force"], "/ is a folder"),
        (["/proc/a.csv"], "ChatDesk cannot write /proc/a.csv"),
        (["{tmp}/chat/chat.db", "--format", "csv", "--force"], "is where the history itself is kept"),
        (["{tmp}/a.csv", "--data-dir", "{tmp}"], "There is no history in {tmp}"),
        (["{tmp}/a.csv", "--name", " "], "The name of the chat is empty"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_a_sentence_and_exit_code_2(tmp_path: Path, arguments: list[str], sentence: str) -> None:
    folder = write_history(tmp_path / "chat", ["Hello"])
    (tmp_path / "there.csv").write_text("mine")
    given = [argument.format(tmp=tmp_path) for argument in arguments]
    own = [] if "--data-dir" in given else ["--data-dir", str(folder)]
    assert sentence.format(tmp=tmp_path) in refusal_of(run_here("export", *given, *own))
    assert (tmp_path / "there.csv").read_text() == "mine"
    assert {path.name for path in tmp_path.iterdir()} == {"chat", "there.csv"}


def test_with_force_the_file_is_replaced(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("old")
    assert run_here("export", tmp_path / "a.csv", "--data-dir", folder, "--force").returncode == 0
    assert len((tmp_path / "a.csv").read_text().splitlines()) == 2501


def test_a_link_to_the_history_is_not_written_through(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").symlink_to(folder / "chat.db")
    sentence = refusal_of(run_here("export", tmp_path / "x.jsonl", "--data-dir", folder, "--force"))
    assert sentence == f"{tmp_path}/x.jsonl is where the history itself is kept: choose another place.\n"
    assert run_here("export", tmp_path / "a.csv", "--data-dir", folder).stdout.startswith("2,500 messages")


def test_others_may_read_what_was_made_to_be_handed_on(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "any").touch()
    assert run_here("export", tmp_path / "a.csv", "--data-dir", folder).returncode == 0
    assert (tmp_path / "a.csv").stat().st_mode == (tmp_path / "any").stat().st_mode


@pytest.mark.parametrize(
    ("known", "heading"),
    [
        (("INSERT OR REPLACE INTO about VALUES ('name', 'Robotics <7b>')",), "Robotics &lt;7b&gt;"),
        (("DELETE FROM about WHERE name = 'name'",), "Given"),
    ],
)
def test_the_page_is_headed_by_the_name_that_the_history_knows_or_else_the_given_one(
    folder: Path, tmp_path: Path, known: tuple[str, ...], heading: str
) -> None:
    execute(folder, *known)
    assert run_here("export", tmp_path / "a.html", "--data-dir", folder, "--name", "Given").returncode == 0
    assert f"<h1><bdi>{heading}</bdi></h1>" in (tmp_path / "a.html").read_text()


def test_a_damaged_history_is_a_sentence_and_no_half_file(folder: Path, tmp_path: Path) -> None:
    corrupt(folder)
    assert "is damaged" in refusal_of(run("export", tmp_path / "a.csv", "--data-dir", folder))
    assert [path.name for path in tmp_path.iterdir()] == ["chat"]


def test_a_hole_in_a_history_is_damage(folder: Path, tmp_path: Path) -> None:
    execute(folder, "DELETE FROM entry WHERE id = 'lobby-1200'")
    assert "is damaged (messages are missing)" in refusal_of(
        run_here("export", tmp_path / "a.csv", "--data-dir", folder)
    )


def test_a_disk_that_takes_no_more_is_a_sentence_and_no_half_file(folder: Path, tmp_path: Path) -> None:
    def limit_file_size() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    process = run("export", tmp_path / "a.csv", "--data-dir", folder, limit=limit_file_size)
    assert refusal_of(process) == (
        f"ChatDesk cannot write {tmp_path}/a.csv (file too large): choose another place, or make room there.\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["chat"]


def test_a_full_standard_output_is_a_sentence(folder: Path) -> None:
    with Path("/dev/full").open("w") as full:
        process = warm_program.run("export", "-", "--format", "csv", "--data-dir", folder, stdout=full)
    assert process.returncode == 2
    assert process.stderr.startswith("ChatDesk cannot write the output (no space left on device)")


def test_a_reader_may_stop_early_as_head_does(large: Path) -> None:
    arguments = ("export", "-", "--format", "jsonl", "--data-dir", large)
    with WarmProgram(*arguments, options=STRICT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        assert json.loads(process.stdout.readline())["type"] == "chatdesk"
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(30) == 141


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ctrl_c_leaves_no_half_file_and_a_terminal_sees_how_far_it_is(
    large: Path, tmp_path: Path, number: signal.Signals
) -> None:
    arguments = ("export", tmp_path / "a.html", "--data-dir", large)
    ours, its = os.openpty()
    with WarmProgram(*arguments, options=STRICT, stderr=its) as process, os.fdopen(ours, "rb", 0) as screen:
        os.close(its)  # so that reading ends with the process
        seen = b""
        while b"%" not in seen:
            seen += screen.read(100)
        assert [path.suffix for path in tmp_path.iterdir()] == [".part"]
        process.send_signal(number)
        while b"Stopped before it was done." not in seen:
            seen += screen.read(100)
        assert process.wait(30) == 130
    assert re.match(rb"\r\d+ %(, \d+ s left)?\x1b\[K", seen)
    assert list(tmp_path.iterdir()) == []


class ChangingHistory(Progress):
    """Changes the history after the first batch, while the export goes on."""

    statements: tuple[str, ...] = ()
    folder = Path()

    def update(self, done: int) -> None:
        execute(self.folder, *self.statements)
        type(self).statements = ()


@pytest.fixture
def meanwhile(folder: Path, monkeypatch: pytest.MonkeyPatch) -> type[ChangingHistory]:
    monkeypatch.setattr(module, "Progress", ChangingHistory)
    ChangingHistory.folder = folder
    return ChangingHistory


def test_a_history_that_is_deleted_meanwhile_is_not_exported(
    folder: Path, tmp_path: Path, meanwhile: type[ChangingHistory]
) -> None:
    meanwhile.statements = (
        "UPDATE room SET name = NULL",
        "INSERT INTO room VALUES (7, 'lobby', 'another', 1, 0, 1, 0)",
    )
    with pytest.raises(ArchiveError, match="The host has deleted this history just now"):
        export(Export(folder, "Robotics", "lobby", Format.CSV, tmp_path / "a.csv"))
    assert [path.name for path in tmp_path.iterdir()] == ["chat"]


def test_what_retention_takes_meanwhile_is_left_out_and_marked(
    folder: Path, tmp_path: Path, meanwhile: type[ChangingHistory]
) -> None:
    last = "(SELECT min(place) + 1199 FROM entry)"
    meanwhile.statements = (
        f"UPDATE entry SET content = NULL WHERE place <= {last}",
        "UPDATE room SET first_seq = 1201",
    )
    file = tmp_path / "a.html"
    assert export(Export(folder, "Robotics", "lobby", Format.HTML, file)).startswith("2,300 messages")
    assert '<p class="gap">200 messages missing here</p>' in file.read_text()
