"""A bundle does not contain the path of the Python with which it was built."""

import sys
from pathlib import Path

import pytest
from neutral import neutral, without

HOME = "/home/kit/.pyenv/versions/3.13.0"


def test_nothing_moves_and_the_ends_stay() -> None:
    content = f"\x7fELF {HOME}\0 {HOME}/lib\0 {HOME}/share\0 the rest".encode()
    changed = without(HOME, content)
    assert len(changed) == len(content)
    assert b"/home" not in changed
    assert b"kit" not in changed
    assert changed.count(b"3.13.0") == 3
    assert changed.endswith(b" the rest")


def test_the_library_path_is_empty_and_not_another_one() -> None:
    assert without(HOME, f"<{HOME}/lib\0>".encode()).startswith(b"<\0")


@pytest.mark.parametrize("content", [b"no path in here", b"/usr/lib\0/usr/share"])
def test_others_stay_as_they_are(content: bytes) -> None:
    assert without("/usr", content) == content


def test_only_files_with_the_path_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "base_prefix", HOME)
    (tmp_path / "plain").write_bytes(b"plain")
    (tmp_path / "telling").write_bytes(HOME.encode())
    entries = [("a/plain", str(tmp_path / "plain"), "BINARY"), ("a/telling", str(tmp_path / "telling"), "BINARY")]
    assert neutral(entries, tmp_path / "made") == [
        entries[0],
        ("a/telling", str(tmp_path / "made" / "a" / "telling"), "BINARY"),
    ]
    assert (tmp_path / "telling").read_bytes() == HOME.encode()
