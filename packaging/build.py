# /// script
# requires-python = ">=3.12"
# dependencies = ["chatdesk", "pyinstaller>=6.16,<7", "cyclonedx-bom>=7,<8"]
# [tool.uv.sources]
# chatdesk = { path = "..", editable = true }
# ///
"""Everything that is handed out, into ``dist``: ``uv run packaging/build.py``.

The bundle as a folder, packed, and as one file; on Linux a Debian package and, where appimagetool is on the path, an
AppImage; the wheel and the source distribution; what is in them (SBOM), and checksums of all.
"""

import argparse
import platform
import shutil
import sys
import tempfile
from pathlib import Path

import appimage
import bundle
import checksums
import deb
import sbom
import wheel
from project import NAME, ROOT, VERSION


def main() -> None:
    """Build, and print what has come out."""
    parser = argparse.ArgumentParser(description="Build everything that is handed out.")
    parser.add_argument("--to", type=Path, default=ROOT / "dist", metavar="DIR", help="where (default: dist)")
    to: Path = parser.parse_args().to.resolve()
    shutil.rmtree(to, ignore_errors=True)
    to.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="chatdesk-build-") as work:
        build(to, Path(work))
    checksums.write(to)
    for file in sorted(path for path in to.iterdir() if path.is_file()):
        print(f"{file.stat().st_size / 1e6:8.2f} MB  {file.name}")


def build(to: Path, work: Path) -> None:
    """Build all of it into the folder ``to``."""
    materials = sbom.write(to / f"{NAME}-{VERSION}-sbom.cdx.json")
    made = bundle.build(work)
    system = f"{sys.platform}-{platform.machine()}".lower()
    shutil.move(
        made.one_file, to / f"{NAME}-{VERSION}-{system}{made.one_file.suffix if sys.platform == 'win32' else ''}"
    )
    bundle.pack(made.folder, to / f"{NAME}-{VERSION}-{system}-folder")
    if sys.platform == "linux":
        build_for_linux(made.folder, materials, to, work)
    shutil.move(made.folder, to / NAME)
    wheel.build(to)


def build_for_linux(folder: Path, materials: Path, to: Path, work: Path) -> None:
    """What only Linux has."""
    if shutil.which("dpkg-deb"):
        deb.build(folder, materials, to, work)
    if appimage.build(folder, to, work) is None:
        print(f"No AppImage: {appimage.TOOL} is not on the path.")


if __name__ == "__main__":
    main()
