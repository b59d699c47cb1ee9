"""Runs programs of the operating system."""

import os
import subprocess
from collections.abc import Sequence
from functools import partial

from chatdesk.doctor.run_with_timeout import run_with_timeout

_SECONDS = 3.5
"""They answer within a fraction of this, or hang; on a small machine that is busy, two seconds were too short."""
_SYSTEM_PATHS = "/usr/sbin:/sbin"
"""Where such programs are on systems that do not have these folders on everybody's path."""
_BUNDLE_VARIABLES = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""Where a packaged ChatDesk finds its own libraries, which the system's programs must not use."""
_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # only Windows has it, and would show a console

Outcome = tuple[int, str] | None
"""Exit code and output of a program; None if it is missing, not allowed, or takes too long."""


async def run(*command: str) -> Outcome:
    """Run a program and return its outcome."""
    return await run_with_timeout(partial(_run, command), _SECONDS + 0.5, None)


async def output_of(*command: str) -> str | None:
    """Return the output of a program; None if it fails."""
    outcome = await run(*command)
    return outcome[1] if outcome and outcome[0] == 0 else None


def _run(command: Sequence[str]) -> Outcome:
    environment = {name: value for name, value in os.environ.items() if name not in _BUNDLE_VARIABLES}
    environment |= {"LC_ALL": "C", "PATH": f"{environment.get('PATH', os.defpath)}{os.pathsep}{_SYSTEM_PATHS}"}
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_SECONDS,
            env=environment,
            creationflags=_NO_WINDOW,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.returncode, done.stdout.decode(errors="replace")
