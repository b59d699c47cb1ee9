"""``python -m tests.fuzz``: fuzzes what comes from the network, guided by coverage, with atheris.

Each target has its corpus in ``corpus``; what is found new in a run is kept in ``.cache/fuzz``, and what fails is
written there as ``crash-…``. A fault that was mended becomes a line of a test, not a file of bytes.

    .uv/bin/uv run --group dev --with "atheris>=3,<4" python -m tests.fuzz --seconds 60
"""

import argparse
import subprocess
import sys
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
_CORPUS = Path(__file__).resolve().parent / "corpus"
_FOUND = ROOT / ".cache" / "fuzz"
_NAMES = tuple(folder.name for folder in sorted(_CORPUS.iterdir()))
_LONGEST_BYTES = 4096


def fuzz(name: str, seconds: int) -> None:
    """Fuzz one target in this process; it does not return."""
    import atheris

    with atheris.instrument_imports(
        include=["chatdesk", "websockets", "h11", "markdown_it", "zeroconf", "precis_i18n"]
    ):
        from tests.fuzz.targets import TARGETS, timed
    found = _FOUND / name
    found.mkdir(parents=True, exist_ok=True)
    limits = [f"-max_total_time={seconds}", f"-max_len={_LONGEST_BYTES}", f"-artifact_prefix={found}/", "-timeout=20"]
    folders = [str(found), str(_CORPUS / name)]
    atheris.Setup([sys.argv[0], *limits, "-print_final_stats=1", *folders], partial(timed, TARGETS[name]))
    atheris.Fuzz()


def main() -> int:
    """Fuzz all targets that are named, one after the other. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(_NAMES)}; else all")
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        fuzz(options.names[0], options.seconds)
    failed = []
    for name in options.names or _NAMES:
        print(f"== {name}", flush=True)
        command = [sys.executable, "-m", "tests.fuzz", name, "--seconds", str(options.seconds), "--here"]
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            failed.append(name)
    print(f"failed: {', '.join(failed)}" if failed else "no fault found")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
