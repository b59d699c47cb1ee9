"""The static checks of the Python code and of the page's scripts: ``python3 tests/checks.py [NAME ...]``.

They run side by side, all of them or those that are named. ``tests/run.py`` runs them beside the tests, and
``.pre-commit-config.yaml`` runs them before a commit: the commands stand only here. Ends with exit code 1 when a check
fails, and with 2 for a name that no check has. ``tests/run.py`` has to have installed the tools once.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NODE_MODULES = ROOT / ".cache" / "node" / "node_modules"

_PYTHON_TOOL = (str(ROOT / ".uv" / "bin" / "uv"), "run", "--no-sync")
_TSC = ("node", str(NODE_MODULES / "typescript" / "bin" / "tsc"))
_ESLINT = ("node", str(NODE_MODULES / "eslint" / "bin" / "eslint.js"))

CHECKS: dict[str, tuple[str, ...]] = {
    "ruff-check": (*_PYTHON_TOOL, "ruff", "check", "."),
    "ruff-format": (*_PYTHON_TOOL, "ruff", "format", "--check", "."),
    "mypy": (*_PYTHON_TOOL, "mypy"),
    "tsc": (*_TSC, "--project", "tests/page"),
    "eslint": (*_ESLINT, "--config", "tests/page/eslint.config.mjs", "--max-warnings", "0", "resources/web/js"),
}


def run(names: Sequence[str]) -> bool:
    """Run these checks in parallel, and print each one's output when it ends. Returns whether all have passed."""
    started = time.monotonic()
    outputs = {name: tempfile.TemporaryFile("w+") for name in names}  # noqa: SIM115 - closed with the process
    processes = {
        name: subprocess.Popen(CHECKS[name], cwd=ROOT, stdout=outputs[name], stderr=subprocess.STDOUT) for name in names
    }
    failed = False
    while processes:
        for name in [name for name, process in processes.items() if process.poll() is not None]:
            code = processes.pop(name).returncode
            failed |= code != 0
            outputs[name].seek(0)
            verdict = "failed" if code else "passed"
            print(f"== {name} {verdict} after {time.monotonic() - started:.1f} s\n{outputs[name].read()}", flush=True)
        time.sleep(0.02)
    return not failed


def main() -> int:
    """Run the checks that the command line names, or all."""
    names = sys.argv[1:] or list(CHECKS)
    if unknown := set(names) - set(CHECKS):
        print(f"No check is called {', '.join(sorted(unknown))}. There are: {', '.join(CHECKS)}.", file=sys.stderr)
        return 2
    return 0 if run(names) else 1


if __name__ == "__main__":
    sys.exit(main())
