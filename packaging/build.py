# /// script
# requires-python = ">=3.12"
# dependencies = ["chatdesk", "pyinstaller>=6.16,<7", "cyclonedx-bom>=7,<8"]
# [tool.uv.sources]
# chatdesk = { path = "..", editable = true }
# ///
"""Build everything that is released, into ``dist``: ``uv run packaging/build.py``.

The results are the bundle as a packed folder and as one file; on Linux a Debian package and, if appimagetool is on the
path, an AppImage; the wheel and the source distribution; their bill of materials (SBOM), and checksums of all files.
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
    """Build, and print the results."""
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
    """Build everything into the folder ``to``."""
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
    """Build the packages for Linux."""
    if shutil.which("dpkg-deb"):
        deb.build(folder, materials, to, work)
    if appimage.build(folder, to, work) is None:
        print(f"No AppImage: {appimage.TOOL} is not on the path.")


if __name__ == "__main__":
    main()
