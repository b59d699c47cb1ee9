"""``python -m tests.packaging``: build everything that is released, test it on a bare Debian, print its figures."""

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.packaging.starts import measure

_ROOT = Path(__file__).parents[2]
_DIST = _ROOT / "dist"


def main() -> None:
    """Build, test and measure. Ends with the exit code of the first step that fails."""
    _step("Build", [sys.executable, _ROOT / "packaging" / "build.py"], {})
    _step("Test", [sys.executable, "-m", "pytest", "-q", "tests/packaging"], {"BUILT_PACKAGES": str(_DIST)})
    print("== Figures")
    for file in sorted(path for path in _DIST.iterdir() if path.is_file()):
        print(f"{file.name}: {file.stat().st_size / 1e6:.1f} MB")
    for what, times in measure(_DIST).items():
        source = times["the source tree"]
        for program, seconds in times.items():
            print(f"{what} is open, started from {program}: {seconds:.2f} s, {seconds / source:.2f} times")


def _step(name: str, command: list[str | Path], environment: dict[str, str]) -> None:
    print(f"== {name}", flush=True)
    begun = time.monotonic()
    code = subprocess.run(command, cwd=_ROOT, env={**os.environ, **environment}, check=False).returncode
    print(f"{name}: {time.monotonic() - begun:.0f} s", flush=True)
    if code:
        sys.exit(code)


if __name__ == "__main__":
    main()
