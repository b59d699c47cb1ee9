"""``python -m tests.conformance.autobahn``: Autobahn's fuzzing client against the chat's own connections.

The client is the Python 2 package ``autobahntestsuite``, so it takes a Python 2.7: ``--python`` names it, else it is
looked for. The package is installed once, into ``.cache``. All 247 cases of RFC 6455 have to be passed; those of
performance and of compression, which the chat does not offer, are left out. Ends with exit code 1 if a case fails, and
with 2 if the client cannot run here.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent.parent
_PACKAGES = ROOT / ".cache" / "autobahn"
_REQUIREMENT = "autobahntestsuite==0.8.2"
_CASES = ("1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "10.*")
_COUNT = 247
_PASSED = ("OK", "INFORMATIONAL")
"""What the chat does is right, or the case has no right and wrong (7.1.6, 7.13.1 and 7.13.2)."""
_CLIENT = """
import site, sys
site.addsitedir(sys.argv.pop(1))
from autobahntestsuite.wstest import run
run()
"""
_SECONDS = 600


class CannotRunError(Exception):
    """The client does not run on this machine. The message says why."""


def find_python(named: str | None) -> str:
    """The Python 2.7 to use. Raises CannotRunError if there is none."""
    places = [named] if named else ["python2.7", *map(str, Path.home().glob(".pyenv/versions/2.7*/bin/python2.7"))]
    for place in filter(None, map(shutil.which, places)):
        command = [place, "-c", "import sys; print(sys.version_info[:2])"]
        asked = subprocess.run(command, capture_output=True, text=True, check=False)
        if asked.stdout.strip() == "(2, 7)":
            return place
    raise CannotRunError("There is no Python 2.7 here: name one with --python.")


def install(python: str) -> None:
    """Install the client unless it is there. Raises CannotRunError if that fails."""
    if (_PACKAGES / "autobahntestsuite").is_dir():
        return
    command = [python, "-m", "pip", "install", "-qqq", "--target", str(_PACKAGES), _REQUIREMENT]
    if subprocess.run(command, check=False).returncode:
        shutil.rmtree(_PACKAGES, ignore_errors=True)
        raise CannotRunError(f"{_REQUIREMENT} cannot be installed for {python}.")


def run_cases(python: str, folder: Path) -> dict[str, Any]:
    """Run all cases, with reports in this folder. Returns what came of each."""
    echo = [sys.executable, "-m", "tests.conformance.autobahn.echo_server"]
    with subprocess.Popen(echo, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        port = int(server.stdout.readline())
        settings = {
            "outdir": str(folder),
            "servers": [{"agent": "chatdesk", "url": f"ws://localhost:{port}/ws"}],
            "cases": list(_CASES),
            "exclude-cases": [],
            "exclude-agent-cases": {},
        }
        (folder / "settings.json").write_text(json.dumps(settings))
        client = [python, "-c", _CLIENT, str(_PACKAGES), "-m", "fuzzingclient", "-s", str(folder / "settings.json")]
        done = subprocess.run(client, cwd=folder, capture_output=True, text=True, timeout=_SECONDS, check=False)
        server.communicate("")  # it ends with its standard input
    if not (folder / "index.json").is_file():
        raise CannotRunError(f"The client ended without a report: {done.stderr[-2000:]}")
    results: dict[str, Any] = json.loads((folder / "index.json").read_text())["chatdesk"]
    return results


def main() -> int:
    """Run, and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.conformance.autobahn", description=__doc__)
    parser.add_argument("--python", help="a Python 2.7")
    parser.add_argument("--reports", type=Path, help="a folder to keep the reports in")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="autobahn-") as temporary:
        folder = options.reports or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            python = find_python(options.python)
            install(python)
            results = run_cases(python, folder.resolve())
        except CannotRunError as error:
            print(f"Autobahn's client did not run, so nothing is known. {error}", file=sys.stderr)
            return 2
    failed = {case: told for case, told in results.items() if not _passed(told)}
    for case, told in sorted(failed.items()):
        print(f"{case}: {told['behavior']}, at the close {told['behaviorClose']}")
    print(f"{len(results) - len(failed)} of {_COUNT} passed")
    return 1 if failed or len(results) != _COUNT else 0


def _passed(told: dict[str, Any]) -> bool:
    return told["behavior"] in _PASSED and told["behaviorClose"] in _PASSED


if __name__ == "__main__":
    sys.exit(main())
