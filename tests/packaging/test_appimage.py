"""The AppImage's content runs wherever it is mounted, and describes itself."""

import os
import subprocess
from pathlib import Path

import appimage
import pytest
from project import VERSION

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]  # the first test waits for the build


@pytest.fixture(scope="module")
def appdir(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return appimage.write_appdir(tmp_path_factory.mktemp("image") / "ChatDesk.AppDir", dist / "chatdesk")


def test_its_program_runs_wherever_it_lies(appdir: Path) -> None:
    moved = appdir.rename(appdir.with_name("mounted elsewhere"))
    said = subprocess.run([moved / "AppRun", "--version"], capture_output=True, text=True, check=True).stdout
    moved.rename(appdir)
    assert said == f"chatdesk {VERSION}\n"


def test_desktops_find_entry_and_icon_at_its_top(appdir: Path) -> None:
    entry = (appdir / "chatdesk.desktop").read_text()
    assert "Icon=chatdesk\n" in entry
    assert (appdir / "chatdesk.svg").is_file()
    assert (appdir / ".DirIcon").read_bytes().startswith(b"\x89PNG")


def test_no_link_leads_out_of_it(appdir: Path) -> None:
    links = [path for path in appdir.rglob("*") if path.is_symlink()]
    assert links
    assert all(path.resolve().is_relative_to(appdir.resolve()) for path in links)


def test_the_tool_is_given_the_folder_and_the_name(dist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real tool cannot be downloaded in these tests, so a substitute packs the content."""
    tool = tmp_path / appimage.TOOL
    tool.write_text('#!/bin/sh\nexec mksquashfs "$2" "$3" -quiet -no-progress -noappend -noI -noD -noF -noX\n')
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    image = appimage.build(dist / "chatdesk", tmp_path, tmp_path)
    assert image
    listed = subprocess.run(["unsquashfs", "-l", image], capture_output=True, text=True, check=True).stdout
    assert "squashfs-root/AppRun" in listed


def test_without_the_tool_there_is_none(dist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert appimage.build(dist / "chatdesk", tmp_path, tmp_path) is None
