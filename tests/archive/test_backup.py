"""``chatdesk backup``, in part as a real process: a sound copy that can be hosted, or nothing."""

import json
import resource
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from chatdesk.archive import backup as module
from chatdesk.archive.backup import Backup, backup
from chatdesk.archive.history_file import ArchiveError
from chatdesk.log.hook_file import HookFile
from chatdesk.log.revoked_tokens import RevokedTokens
from chatdesk.progress import Progress
from tests.archive.history import corrupt, execute, refusal_of, run, run_here, write_history, write_many

FORGOTTEN = "nobody shall read this again"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_history(tmp_path / "chat", (f"message {number}" for number in range(1, 501)))


def contents(file: Path, table: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as db:
        return db.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()


def test_the_copy_holds_everything_under_another_epoch(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "evening.db"
    process = run("backup", file, "--data-dir", folder)
    assert (process.returncode, process.stderr) == (0, "")
    assert process.stdout == f"The history is copied to {file} ({file.stat().st_size / 1e6:.1f} MB).\n"
    for table in ("entry", "about", "seat", "search_data"):
        assert contents(file, table) == contents(folder / "chat.db", table), table
    (old,), (new,) = contents(folder / "chat.db", "room"), contents(file, "room")
    assert (old[:2], old[3:]) == (new[:2], new[3:])
    assert old[2] != new[2], "a reader that has seen more must read it again"
    assert {path.name for path in tmp_path.iterdir()} == {"chat", "evening.db"}


def test_it_is_a_history_again_in_a_folder_of_its_own(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    assert run("backup", tmp_path / "again" / "chat.db", "--data-dir", folder).returncode == 0
    exported = [
        run_here("export", "-", "--format", "jsonl", "--data-dir", where) for where in (folder, tmp_path / "again")
    ]
    (head, *said), (other_head, *said_again) = (done.stdout.splitlines() for done in exported)
    assert said == said_again
    assert len(said) == 501
    assert _without_time(head) == _without_time(other_head)
    write_history(tmp_path / "again", ["and on it goes"], room="elsewhere")


def _without_time(head: str) -> dict[str, object]:
    """The first line of an export, without when it was made."""
    return {name: value for name, value in json.loads(head).items() if name != "exported_at"}


def test_only_the_owner_may_read_the_copy_of_any_history(folder: Path, tmp_path: Path) -> None:
    (folder / "chat.db").chmod(0o644)
    (tmp_path / "a.db").write_text("old, and for everybody")
    (tmp_path / "a.db").chmod(0o644)
    assert run_here("backup", tmp_path / "a.db", "--data-dir", folder, "--force").returncode == 0
    assert (tmp_path / "a.db").stat().st_mode & 0o777 == 0o600


def test_only_the_owner_may_read_the_copy_while_it_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While it is empty, and when it is complete but not yet checked."""
    seen: list[tuple[bool, int]] = []

    class ModeRecorder(Progress):
        def update(self, done: int) -> None:
            parts = [part.stat() for part in tmp_path.glob("*.part*")]
            seen.extend((part.st_size > 0, part.st_mode & 0o777) for part in parts)

        def show(self, text: str) -> None:
            self.update(0)

    monkeypatch.setattr(module, "Progress", ModeRecorder)
    backup(Backup(write_many(tmp_path / "chat", 20_000), tmp_path / "a.db"))
    assert set(seen) == {(False, 0o600), (True, 0o600)}


def test_what_was_deleted_does_not_come_along(tmp_path: Path) -> None:
    folder = write_history(tmp_path / "chat", [FORGOTTEN] * 500)
    execute(folder, "PRAGMA secure_delete = OFF", "DELETE FROM entry")
    assert run_here("backup", tmp_path / "a.db", "--data-dir", folder).returncode == 0
    assert FORGOTTEN.encode() in (folder / "chat.db").read_bytes()
    assert FORGOTTEN.encode() not in (tmp_path / "a.db").read_bytes()


def test_a_file_is_replaced_only_with_force(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    file.write_text("mine")
    assert "There is a file" in refusal_of(run_here("backup", file, "--data-dir", folder))
    assert file.read_text() == "mine"
    assert run_here("backup", file, "--data-dir", folder, "--force").returncode == 0
    assert len(contents(file, "entry")) == 500


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        ("{tmp}/chat/chat.db", "is where the history itself is kept"),
        ("{tmp}/nowhere/a.db", "There is no folder"),
        ("{tmp}", "is a folder"),
        ("/proc/a.db", "ChatDesk cannot write /proc/a.db"),
        ("/dev/null", "is no file that could be replaced"),
    ],
)
def test_where_no_copy_can_be_it_says_why(folder: Path, tmp_path: Path, file: str, sentence: str) -> None:
    assert sentence in refusal_of(run_here("backup", file.format(tmp=tmp_path), "--data-dir", folder, "--force"))
    assert len(contents(folder / "chat.db", "entry")) == 500


def test_a_link_to_the_history_is_not_written_through(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a.db").symlink_to(folder / "chat.db")
    sentence = refusal_of(run_here("backup", tmp_path / "a.db", "--data-dir", folder, "--force"))
    assert "is where the history itself is kept" in sentence
    assert len(contents(folder / "chat.db", "entry")) == 500


def test_a_chat_that_was_never_hosted_has_no_history(tmp_path: Path) -> None:
    sentence = refusal_of(run_here("backup", tmp_path / "a.db", "--name", "Nobody has ever called a chat this"))
    assert "There is no history in" in sentence
    assert "--name" in sentence


def test_a_damaged_history_is_no_backup(folder: Path, tmp_path: Path) -> None:
    corrupt(folder)
    assert "is damaged" in refusal_of(run("backup", tmp_path / "a.db", "--data-dir", folder))
    assert [path.name for path in tmp_path.iterdir()] == ["chat"]


def test_a_disk_that_takes_no_more_is_a_sentence_and_no_half_file(folder: Path, tmp_path: Path) -> None:
    def limit_file_size() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    process = run("backup", tmp_path / "a.db", "--data-dir", folder, limit=limit_file_size)
    assert refusal_of(process).startswith(f"ChatDesk cannot write {tmp_path}/a.db (")
    assert [path.name for path in tmp_path.iterdir()] == ["chat"]


def test_ctrl_c_while_the_database_works_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted(Progress):
        def update(self, done: int) -> None:
            raise KeyboardInterrupt

    monkeypatch.setattr(module, "Progress", Interrupted)
    folder = write_many(tmp_path / "chat", 20_000)
    with pytest.raises(KeyboardInterrupt):
        backup(Backup(folder, tmp_path / "a.db"))
    assert [path.name for path in tmp_path.iterdir()] == ["chat"]


def test_a_copy_that_is_not_sound_is_not_kept(folder: Path, tmp_path: Path) -> None:
    """An index that does not match its table is copied; only the check finds that."""
    execute(
        folder,
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_schema SET sql = 'CREATE TABLE entry (place INTEGER PRIMARY KEY, identity TEXT NOT NULL,"
        " id TEXT, nickname TEXT NOT NULL, content TEXT, time TEXT NOT NULL CHECK (time = 0))' WHERE name = 'entry'",
        "PRAGMA writable_schema = RESET",
    )
    with pytest.raises(ArchiveError, match="is damaged"):
        backup(Backup(folder, tmp_path / "a.db"))
    assert [path.name for path in tmp_path.iterdir()] == ["chat"]


def test_hooks_come_along_and_work_where_the_copy_is_hosted(folder: Path, tmp_path: Path) -> None:
    secret = HookFile(folder).add("CI", "build")
    RevokedTokens(folder).add("7")
    again = tmp_path / "again"
    again.mkdir()
    assert run_here("backup", again / "chat.db", "--data-dir", folder).returncode == 0
    assert not (again / "hooks.json").exists()
    write_history(again, ["and on it goes"], room="elsewhere")
    assert RevokedTokens(again).ids() == {"7"}
    hooks = HookFile(again)
    assert hooks.find(secret) == HookFile(folder).find(secret) is not None
    assert (again / "hooks.json").stat().st_mode & 0o777 == 0o600
    assert not [row for row in contents(again / "chat.db", "about") if row[0] == "hooks"], "it is in one place"
    hooks.remove(hooks.hooks()[0])
    write_history(again, ["and on"], room="yonder")
    assert hooks.find(secret) is None, "what is removed does not come back"


def test_what_is_left_of_a_room_that_was_just_deleted_is_not_copied(tmp_path: Path) -> None:
    folder = write_history(tmp_path / "chat", (f"xylophone {number}" for number in range(700)))
    execute(folder, "UPDATE room SET name = NULL")
    assert run_here("backup", tmp_path / "a.db", "--data-dir", folder).returncode == 0
    assert b"xylophone" not in (tmp_path / "a.db").read_bytes()


def test_what_is_left_of_a_deleted_room_is_removed_in_few_commits(tmp_path: Path) -> None:
    folder = write_history(tmp_path / "chat", (f"number {number}" for number in range(20)))
    execute(folder, "UPDATE room SET name = NULL")
    with closing(sqlite3.connect(folder / "chat.db", isolation_level=None)) as db:
        alone: list[str] = []

        def note(statement: str) -> None:
            if statement.startswith(("UPDATE", "DELETE", "INSERT")) and not db.in_transaction:
                alone.append(statement)

        db.set_trace_callback(note)
        module._remove_deleted(db)
        db.set_trace_callback(None)
        assert db.execute("SELECT count(*) FROM entry").fetchone() == (0,)
    assert not alone, "each has a commit of its own"
