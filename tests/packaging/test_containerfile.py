"""The Containerfile: its steps are done here as it says them, and what comes out is a server without Qt."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from chatdesk.options import OPTIONS
from tests.test_headless import ROOT, Serve

CONTAINERFILE = (ROOT / "packaging" / "Containerfile").read_text()
LINES = [line for line in CONTAINERFILE.splitlines() if line and not line.startswith("#")]


def arguments(instruction: str) -> list[str]:
    """What stands behind each instruction of this name."""
    return [line.partition(" ")[2] for line in LINES if line.partition(" ")[0] == instruction]


@pytest.mark.slow
def test_the_steps_make_a_server_without_qt_that_its_own_check_finds_alive(tmp_path: Path) -> None:
    build, home = tmp_path / "build", tmp_path / "data"
    for folder in (build, home):
        folder.mkdir()
    for step in arguments("COPY"):
        if not step.startswith("--from"):
            *sources, to = step.split()
            for source in sources:
                copied = ROOT / source
                (shutil.copytree if copied.is_dir() else shutil.copy)(copied, build / to)
    (build / ".uv").symlink_to(ROOT / ".uv")
    [sync] = [step for step in arguments("RUN") if "uv sync" in step]
    environment = {**os.environ, "UV_PYTHON": sys.executable}
    environment.pop("VIRTUAL_ENV", None)
    subprocess.run(shlex.split(sync), cwd=build, env=environment, check=True)
    programs = build / ".venv" / "bin"
    assert not [*programs.parent.glob("lib/*/site-packages/PySide6*")]
    setup = dict(word.split("=", 1) for word in arguments("ENV")[0].split())
    environment |= setup | {"CHATDESK_HOME": str(home), "PATH": f"{programs}:{os.environ['PATH']}"}
    start = [*json.loads(arguments("ENTRYPOINT")[0]), *json.loads(arguments("CMD")[0])]
    command = [*start, "--bind", "127.0.0.1", "--port", "0"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, env=environment, text=True, **pipes) as process:
        server = Serve(process)
        check = json.loads(arguments("HEALTHCHECK")[0].removeprefix("CMD "))
        try:
            subprocess.run([word.replace("8080", str(server.port)) for word in check], env=environment, check=True)
        finally:
            process.terminate()
        process.communicate(timeout=10)
    assert [*home.rglob("chat.db")], "the history is where the volume is"


def test_it_names_only_options_that_there_are_and_files_that_are_there() -> None:
    names = set(re.findall(r"CHATDESK_\w+", CONTAINERFILE)) - {"CHATDESK_HOME"}
    assert names <= {option.variable for option in OPTIONS}
    for step in arguments("COPY"):
        assert step.startswith("--from") or all((ROOT / source).exists() for source in step.split()[:-1])
    assert arguments("USER") == ["chatdesk"], "nothing runs as root"
