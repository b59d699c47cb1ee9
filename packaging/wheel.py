"""The wheel and the source distribution, for people who have Python."""

import os
import shutil
import subprocess
from pathlib import Path

from project import ROOT, reproducible


def build(to: Path) -> None:
    """Build both into the folder ``to``."""
    command = [_uv(), "build", "--quiet", "--out-dir", str(to), str(ROOT)]
    subprocess.run(command, env=reproducible(), check=True)
    (to / ".gitignore").unlink(missing_ok=True)


def _uv() -> str:
    """Return the uv that runs this script, or else the project's, or else the system's."""
    own = shutil.which("uv", path=str(ROOT / ".uv" / "bin"))
    return os.environ.get("UV") or own or "uv"
