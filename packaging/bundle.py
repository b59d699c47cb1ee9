"""The bundle: the program with Python and Qt, as one folder and as one file."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import icons
import windows
from project import NAME, PACKAGING, XZ, reproducible, settle

_ZLIB_LEVEL = "6"
"""Of the one file. Level 9 takes three times as long and makes it half a percent smaller."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """The results of PyInstaller."""

    folder: Path
    one_file: Path


def build(work: Path) -> Bundle:
    """Build both in a folder that may be deleted afterwards."""
    made = work / "made"
    _prepare(made)
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level=ERROR"]
    command += ["--distpath", str(work / "built"), "--workpath", str(work / "steps"), str(PACKAGING / "chatdesk.spec")]
    settings = {
        "CHATDESK_MADE": str(made),
        "PYINSTALLER_CONFIG_DIR": str(work / "cache"),
        "PYINSTALLER_ZLIB_COMPRESSION_LEVEL": _ZLIB_LEVEL,
    }
    subprocess.run(command, env={**reproducible(), **settings}, check=True)
    suffix = ".exe" if sys.platform == "win32" else ""
    bundle = Bundle(work / "built" / NAME, work / "built" / f"one-file{suffix}")
    settle(bundle.folder)
    return bundle


def _prepare(made: Path) -> None:
    """Make the files that the spec needs and the source tree does not contain."""
    made.mkdir(parents=True)
    (made / "chatdesk.ico").write_bytes(icons.ico())
    (made / "chatdesk.icns").write_bytes(icons.icns())
    (made / "version.txt").write_text(windows.version_resource())


def pack(folder: Path, archive: Path) -> Path:
    """Pack a folder, sorted and without the builder's name. ``to`` is the archive's name without its ending."""
    if sys.platform == "win32":
        return Path(shutil.make_archive(str(archive), "zip", folder.parent, folder.name))
    packed = archive.with_name(f"{archive.name}.tar.xz")
    same = ["--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--format=gnu"]
    command = ["tar", "-c", *same, "-I", " ".join(XZ), "-f", str(packed), "-C", str(folder.parent), folder.name]
    subprocess.run(command, env=reproducible(), check=True)
    return packed
