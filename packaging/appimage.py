"""The AppImage: one file that runs on most Linux desktops without being installed."""

import platform
import shutil
import subprocess
from pathlib import Path

import linux
from project import NAME, VERSION, reproducible, settle

TOOL = "appimagetool"


def build(bundle: Path, to: Path, work: Path) -> Path | None:
    """Build it into the folder ``to``. Returns None if no appimagetool is on the path."""
    tool = shutil.which(TOOL)
    if tool is None:
        return None
    folder = write_appdir(work / "ChatDesk.AppDir", bundle)
    image = to / f"ChatDesk-{VERSION}-{platform.machine()}.AppImage"
    command = [tool, "--no-appstream", str(folder), str(image)]
    subprocess.run(command, env={**reproducible(), "ARCH": platform.machine()}, check=True)
    shutil.rmtree(folder)
    return image


def write_appdir(folder: Path, bundle: Path) -> Path:
    """Make the content of the image: the files of an installation and, at its top, launcher, desktop file and icon."""
    folder.mkdir(parents=True)
    linux.write_usr(folder / "usr", bundle)
    (folder / "AppRun").symlink_to(f"usr/lib/{NAME}/{NAME}")
    shutil.copy(linux.FILES / "chatdesk.desktop", folder)
    icons = folder / "usr" / "share" / "icons" / "hicolor"
    shutil.copy(icons / "scalable" / "apps" / "chatdesk.svg", folder)
    shutil.copy(icons / "256x256" / "apps" / "chatdesk.png", folder / ".DirIcon")
    settle(folder)
    return folder
