"""Real disks that a test can fill, take away, and make unwritable.

Where this process may not mount, ``disk_fixtures.py`` runs the test in a child process, as root of its own namespace.
"""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MAY_MOUNT = os.geteuid() == 0


def run(*command: str | Path) -> None:
    """Run a system program."""
    subprocess.run(command, check=True, capture_output=True)


class Disk:
    """A small disk in memory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self, left: int = 0) -> None:
        """Fill the disk but for ``left`` bytes, or fewer if somebody else writes meanwhile."""
        free = os.statvfs(self.folder).f_bavail * os.statvfs(self.folder).f_frsize
        missing = max(0, free - left)
        with self._ballast.open("ab", buffering=0) as file:
            try:
                while missing:
                    missing -= file.write(bytes(missing))
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise

    def free(self) -> None:
        """Free what ``fill`` has taken."""
        self._ballast.unlink()

    def make_readonly(self) -> None:
        """Make the disk read-only; works only while no file is open for writing."""
        run("mount", "-o", "remount,ro", self.folder)

    def make_writable(self) -> None:
        """Make the disk writable again."""
        run("mount", "-o", "remount,rw", self.folder)


@contextmanager
def small_disk(folder: Path, size: str = "12m") -> Iterator[Disk]:
    """Mount a small disk at this folder."""
    folder.mkdir()
    run("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder)
    try:
        yield Disk(folder)
    finally:
        run("umount", "-l", folder)


class FailingDisk:
    """A disk that can fail like hardware: after that nothing can be written, not even to open files."""

    def __init__(self, folder: Path, image: Path) -> None:
        self.folder = folder
        self._image = image

    def plug_in(self) -> None:
        run("mount", "-o", "loop", self._image, self.folder)

    def fail(self) -> None:
        run("mount", "-o", "remount,abort", self.folder)

    def unplug(self) -> None:
        run("umount", "-l", self.folder)

    def repair(self) -> None:
        """Mount a copy of the disk in its place: the failed one stays as it is while files are open on it."""
        self.unplug()
        self._image = Path(shutil.copy(self._image, self._image.with_suffix(".copy")))
        subprocess.run(["e2fsck", "-fy", self._image], check=False, capture_output=True)
        self.plug_in()


@contextmanager
def failing_disk(folder: Path) -> Iterator[FailingDisk]:
    """Mount a disk that can fail at this folder."""
    image = folder.with_suffix(".img")
    with image.open("wb") as file:
        file.truncate(32 * 1024 * 1024)
    run("mkfs.ext4", "-q", "-F", image)
    folder.mkdir()
    disk = FailingDisk(folder, image)
    disk.plug_in()
    try:
        yield disk
    finally:
        disk.unplug()
