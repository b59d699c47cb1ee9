"""Known faults are found by a file of advisories, without the internet."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import audit
import pytest
from audit import AuditError, Part

AT = "2026-11-30T00:00:00Z"


def entry(name: str, *events: dict[str, str], **fields: Any) -> dict[str, Any]:
    """An advisory as OSV has it."""
    package = {
        "package": {"ecosystem": "PyPI", "name": name},
        "ranges": [{"type": "ECOSYSTEM", "events": list(events)}],
    }
    return {"id": "TEST-1", "modified": AT, "summary": "A fault.", "affected": [{**package, **fields}]}


@pytest.mark.parametrize(
    ("version", "events", "expected"),
    [
        ("1.4", ({"introduced": "0"}, {"fixed": "1.5"}), True),
        ("1.5", ({"introduced": "0"}, {"fixed": "1.5"}), False),
        ("1.10", ({"introduced": "1.9"}, {"fixed": "2"}), True),
        ("1.8", ({"introduced": "1.9"}, {"fixed": "2"}), False),
        ("2.3", ({"introduced": "1"}, {"fixed": "2"}, {"introduced": "2.2"}, {"fixed": "2.4"}), True),
        ("2.1", ({"introduced": "1"}, {"fixed": "2"}, {"introduced": "2.2"}, {"fixed": "2.4"}), False),
        ("3.0", ({"introduced": "0"}, {"last_affected": "3.0"}), True),
        ("3.1", ({"introduced": "0"}, {"last_affected": "3.0"}), False),
        ("9.9", ({"introduced": "0"},), True),
    ],
)
def test_ranges_of_versions(version: str, events: tuple[dict[str, str], ...], *, expected: bool) -> None:
    found, newest = audit.affected([Part("Markdown_It.py", version)], iter([entry("markdown-it-py", *events)]))
    assert bool(found) == expected
    assert newest == AT


def test_listed_versions_count_and_what_was_withdrawn_or_is_of_others_does_not() -> None:
    listed = entry("h11", versions=["0.16.0"])
    withdrawn = {**entry("h11", {"introduced": "0"}), "withdrawn": AT}
    other = entry("h11", {"introduced": "0"}, package={"ecosystem": "npm", "name": "h11"})
    assert [found.advisory for found in audit.affected([Part("h11", "0.16.0")], iter([listed]))[0]] == ["TEST-1"]
    assert not audit.affected([Part("h11", "0.16.0")], iter([withdrawn, other]))[0]


def test_a_bill_is_compared_with_a_file_and_the_rest_is_named(tmp_path: Path) -> None:
    bill = tmp_path / "sbom.json"
    h11 = {"name": "h11", "version": "0.16.0", "purl": "pkg:pypi/h11@0.16.0"}
    bill.write_text(json.dumps({"components": [h11, {"name": "qt", "version": "6.12.0"}]}))
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("TEST-1.json", json.dumps(entry("h11", {"introduced": "0"}, {"fixed": "0.17"})))
    command = [sys.executable, audit.__file__, str(tmp_path / "all.zip"), str(bill)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "h11 0.16.0: TEST-1, mended in 0.17. A fault." in done.stdout
    assert "To be looked up by hand: qt 6.12.0" in done.stdout


def test_what_cannot_be_compared_is_no_pass(tmp_path: Path) -> None:
    (tmp_path / "all.zip").write_text("nothing")
    with pytest.raises(AuditError):
        list(audit.advisories(tmp_path / "all.zip"))
    with pytest.raises(AuditError):
        audit.affected([Part("h11", "1")], audit.advisories(tmp_path))
    with pytest.raises(AuditError):
        audit.parts_of(tmp_path / "all.zip")


def test_all_that_the_program_needs_is_among_what_is_compared() -> None:
    names = {part.name.lower() for part in audit.installed()}
    assert {"websockets", "h11", "msgspec", "zeroconf"} <= names
