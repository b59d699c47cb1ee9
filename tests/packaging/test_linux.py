"""The metadata for Linux desktops is valid, according to their own tools."""

import subprocess
from pathlib import Path

import linux
from project import APPLICATION_ID


def test_the_menu_entry_is_valid() -> None:
    done = subprocess.run(
        ["desktop-file-validate", linux.FILES / "chatdesk.desktop"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_the_menu_entry_takes_links() -> None:
    lines = (linux.FILES / "chatdesk.desktop").read_text().splitlines()
    assert "MimeType=x-scheme-handler/chatdesk;" in lines
    assert "Exec=chatdesk %u" in lines


def test_the_appstream_data_is_valid(tmp_path: Path) -> None:
    file = tmp_path / f"{APPLICATION_ID}.metainfo.xml"
    file.write_text(linux.metainfo())
    done = subprocess.run(["appstreamcli", "validate", "--no-net", file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_appstream_data_names_version_and_day() -> None:
    assert '<release version="7.8.9" date="20' in linux.metainfo("7.8.9")
