"""Draw every screen and state, and compare them with the approved pictures: ``python -m tests.gallery``."""

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # Qt reads it on first use

from tests.gallery.pictures import APPROVED, approve, draw, judge

_FOLDER = Path(tempfile.gettempdir()) / "chatdesk-gallery"


def main() -> int:
    """Draw, and compare or approve; returns the exit code."""
    arguments = _parse()
    folder: Path = arguments.folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    drawn = draw(arguments.names, folder)
    print(f"{len(drawn)} pictures, all of them in {folder / 'overview.png'}")
    whole = not arguments.names
    return approve(drawn, APPROVED, whole=whole) if arguments.approve else judge(drawn, APPROVED, folder, whole=whole)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.gallery", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only pictures whose name begins so")
    parser.add_argument("--approve", action="store_true", help="take what is drawn for right from now on")
    parser.add_argument("--folder", type=Path, default=_FOLDER, help="where the pictures go (default: %(default)s)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
