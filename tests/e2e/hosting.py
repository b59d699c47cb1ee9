"""A window that hosts a chat, on the display named by its environment."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

from tests.warm_program import STRICT, WarmProgram

CHATDESK = (sys.executable, "-W", "error", "-m", "chatdesk")
_HOST = ("host", "--bind", "127.0.0.1", "--port", "0", "--nickname", "Mara")


class Hosting(NamedTuple):
    process: "subprocess.Popen[str]"
    url: str
    socket: str


@contextmanager
def hosting(environment: Mapping[str, str]) -> Iterator[Hosting]:
    """The program, once it hosts a chat. If it is still running at the end of the context, it is killed."""
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with WarmProgram(*_HOST, options=STRICT, windowed=True, env=environment, text=True, **streams) as process:
        try:
            assert process.stdout
            line = process.stdout.readline()
            assert "is open at" in line, process.communicate()
            url = line.split()[-1]
            yield Hosting(process, url, url.replace("http", "ws") + "/ws")
        finally:
            process.kill()
