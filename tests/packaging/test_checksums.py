"""Checksums that ``sha256sum`` reads."""

import subprocess
from pathlib import Path

import checksums


def test_the_usual_tool_confirms_them(tmp_path: Path) -> None:
    (tmp_path / "one").write_text("1")
    (tmp_path / "two words").write_text("2")
    (tmp_path / "folder").mkdir()
    checksums.write(tmp_path)
    checksums.write(tmp_path)  # again, to see that the list does not contain itself
    check = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    done = subprocess.run(check, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout == "one: OK\ntwo words: OK\n"
    (tmp_path / "one").write_text("l")
    assert subprocess.run(check, cwd=tmp_path, capture_output=True, check=False).returncode == 1
