"""A file is recognised by what is in it; what is none, or broken, or hostile, is a sentence."""

import json
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from chatdesk.archive.history_file import ArchiveError
from chatdesk.archive.importers import reading
from chatdesk.archive.importers.recognise import open_export
from chatdesk.archive.importers.stream import ImportedMessage
from tests.archive.importers.items import of
from tests.archive.importers.test_mattermost import LINES
from tests.archive.importers.test_slack import export as slack_export
from tests.archive.importers.test_zulip import export as zulip_export


def said_in(file: Path) -> int:
    with open_export(file) as items:
        return len(of(items, ImportedMessage))


def refusal(file: Path) -> str:
    with pytest.raises(ArchiveError) as refused:
        said_in(file)
    return str(refused.value)


def test_every_format_is_recognised_whatever_its_name(tmp_path: Path) -> None:
    file = tmp_path / "export.dat"
    bulk = "\n".join(map(json.dumps, LINES))
    with slack_export() as archive:
        assert archive.fp
        archive.fp.seek(0)
        file.write_bytes(archive.fp.read())
    assert said_in(file) == 7
    file.write_text(bulk)
    assert said_in(file) == 6
    with ZipFile(file, "w") as packed:
        packed.writestr("data/a.png", b"x" * 100_000)
        packed.writestr("import.jsonl", bulk)
    assert said_in(file) == 6
    assert said_in(zulip_export(tmp_path).rename(file)) == 7
    file.write_text("\ufeff" + json.dumps({"guild": {}, "channel": {"id": "1"}, "messages": []}, indent=2))
    assert said_in(file) == 0
    file.write_text('{"type":"chatdesk","version":1}\n')
    assert said_in(file) == 0


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is none of the exports that ChatDesk knows"),
        (b"Hello", "is none of the exports"),
        (b'{"type": "letter"}\n', "is none of the exports"),
        (b"\xff\xfe" * 100, "is none of the exports"),
        (b"[" * 100_000, "is none of the exports"),
        (b'{"guild": {}, "channel": {"id": "1"}, "messages": [', "'a' is not what its format says"),
        (b'{"guild": {}, "channel": [], "messages": []}', "'a' is not what its format says"),
        (b'{"guild": {}, "channel": {"id": "1"}, "x": ' + b"[" * 100_000, "'a' is not what its format says"),
    ],
)
def test_what_is_no_export_is_a_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "a").write_bytes(content)
    assert sentence in refusal(tmp_path / "a")


def test_what_cannot_be_read_is_a_sentence(tmp_path: Path) -> None:
    assert "is a folder" in refusal(tmp_path)
    assert "ChatDesk cannot read" in refusal(tmp_path / "nowhere")
    with ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("photo.jpg", b"x")
    assert "neither of Slack nor of Mattermost" in refusal(tmp_path / "a.zip")


def test_a_torn_archive_is_a_sentence(tmp_path: Path) -> None:
    with ZipFile(tmp_path / "a.zip", "w", ZIP_DEFLATED) as archive:
        archive.writestr("users.json", json.dumps([{"id": f"U{number}"} for number in range(1000)]))
    data = bytearray((tmp_path / "a.zip").read_bytes())
    data[100:200] = bytes(100)
    (tmp_path / "a.zip").write_bytes(data)
    assert "is damaged, or only a part" in refusal(tmp_path / "a.zip")
    whole = zulip_export(tmp_path)
    whole.write_bytes(whole.read_bytes()[:300])
    assert "is damaged, or only a part" in refusal(whole)


def test_what_is_too_large_is_refused_before_it_fills_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ZipFile(tmp_path / "a.zip", "w", ZIP_DEFLATED) as archive:
        archive.writestr("users.json", b"[]" + b" " * 17_000_000)
    assert "'users.json' in it is larger than any chat makes it" in refusal(tmp_path / "a.zip")
    monkeypatch.setattr(reading, "MEMBER_BYTES", 100)
    assert "'realm.json' in it is larger" in refusal(zulip_export(tmp_path))
    monkeypatch.setattr(reading, "LINE_BYTES", 100)
    (tmp_path / "a.jsonl").write_text('{"type":"version"}\n' + json.dumps({"type": "x" * 100}))
    assert "Line 2 is longer than any chat makes it" in refusal(tmp_path / "a.jsonl")
