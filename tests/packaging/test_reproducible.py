"""A second build in another folder and at another time has the same bytes."""

import filecmp
import os
from pathlib import Path

import bundle
import deb
import pytest
import wheel
from bundle import Bundle

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]  # it builds, and may first wait for the other build


@pytest.fixture(scope="module")
def again(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """A second build, by a user with a umask of 077."""
    before = os.umask(0o077)
    try:
        return bundle.build(tmp_path_factory.mktemp("a-longer-name-than-the-first-one-had"))
    finally:
        os.umask(before)


def test_the_folder_has_the_same_files_with_the_same_bytes(dist: Path, again: Bundle) -> None:
    first, second = listing(dist / "chatdesk"), listing(again.folder)
    assert second == first
    names = [name for name, kind in first.items() if kind != "folder"]
    _, different, unread = filecmp.cmpfiles(dist / "chatdesk", again.folder, names, shallow=False)
    assert (different, unread) == ([], [])


def test_the_one_file_has_the_same_bytes(one_file: Path, again: Bundle) -> None:
    assert filecmp.cmp(one_file, again.one_file, shallow=False)


def test_the_debian_package_has_the_same_bytes(dist: Path, again: Bundle, tmp_path: Path) -> None:
    (materials,) = dist.glob("*-sbom.cdx.json")
    made = []
    for number, folder in enumerate((dist / "chatdesk", again.folder)):
        to = tmp_path / str(number)
        to.mkdir()
        made.append(deb.build(folder, materials, to, to, packed=False))  # xz is deterministic anyway
    assert filecmp.cmp(made[0], made[1], shallow=False)


def test_wheel_and_source_distribution_have_the_same_bytes(dist: Path, tmp_path: Path) -> None:
    wheel.build(tmp_path)
    for file in tmp_path.iterdir():
        assert filecmp.cmp(file, dist / file.name, shallow=False), file.name


def listing(folder: Path) -> dict[str, str]:
    """Return the paths of everything in a folder, with type and mode."""
    return {
        str(path.relative_to(folder)): "folder" if path.is_dir() else f"file {path.lstat().st_mode:o}"
        for path in sorted(folder.rglob("*"))
    }
