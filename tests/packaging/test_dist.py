"""``dist`` has all files, they are small enough, and they contain nothing about the machine that built them."""

import marshal
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from contents import is_wanted
from project import ROOT
from PyInstaller.archive.readers import CArchiveReader

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]  # the first test waits for the build

_MOST_PACKED = 41_000_000  # bytes: a few more than today, so that a new large library is noticed


def test_everything_is_there(dist: Path) -> None:
    endings = (".deb", ".whl", ".tar.gz", "-folder.tar.xz", "-sbom.cdx.json", "SHA256SUMS")
    names = [path.name for path in dist.iterdir()]
    for ending in endings:
        assert len([name for name in names if name.endswith(ending)]) == 1, (ending, names)
    assert (dist / "chatdesk" / "chatdesk").is_file()


def test_the_checksums_are_right(dist: Path) -> None:
    subprocess.run(["sha256sum", "--quiet", "--check", "--strict", "SHA256SUMS"], cwd=dist, check=True)
    summed = {line.split("  ")[1] for line in (dist / "SHA256SUMS").read_text().splitlines()}
    assert summed == {path.name for path in dist.iterdir() if path.is_file()} - {"SHA256SUMS"}


@pytest.mark.parametrize("kind", ["*-folder.tar.xz", "*.deb"])
def test_packed_it_is_small(dist: Path, kind: str) -> None:
    (packed,) = dist.glob(kind)
    assert packed.stat().st_size <= _MOST_PACKED


def test_only_wanted_files_are_in_the_bundle(dist: Path) -> None:
    inside = dist / "chatdesk" / "_internal"
    places = [str(path.relative_to(inside)) for path in inside.rglob("*")]
    assert [place for place in places if not is_wanted(place)] == []


def test_the_archive_is_the_folder(dist: Path) -> None:
    """All files, with neutral owners."""
    (packed,) = dist.glob("*-folder.tar.xz")
    command = ["tar", "-tvf", str(packed), "--numeric-owner"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert len(lines) == 1 + len(list((dist / "chatdesk").rglob("*")))
    assert {line.split()[1] for line in lines} == {"0/0"}


def test_nothing_names_a_folder_of_this_machine(dist: Path) -> None:
    told = re.compile(b"|".join(re.escape(path.encode()) for path in _private_paths()))
    telling = [name for name, content in _contents(dist) if told.search(content)]
    assert telling == []


def test_the_wheel_has_page_and_icons(dist: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {"chatdesk/resources/web/index.html", "chatdesk/resources/icons/mark.svg", "chatdesk/cli.py"} <= set(names)


def _private_paths() -> list[str]:
    """Return the paths of the source tree and of a Python that is not the system's."""
    paths = [str(ROOT)]
    return paths if sys.base_prefix == "/usr" else [*paths, str(Path(sys.base_prefix).parent)]


def _contents(dist: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the name and content of each file in the folder, and of each file packed into the program."""
    for path in (path for path in dist.rglob("*") if path.is_file()):
        yield str(path), path.read_bytes()
    modules = CArchiveReader(str(dist / "chatdesk" / "chatdesk")).open_embedded_archive("PYZ.pyz")
    for name in modules.toc:
        if code := modules.extract(name):
            yield name, marshal.dumps(code)
