"""The real wscat from npm in its own terminal, with keys typed as by a person."""

import json
import os
import pty
import re
import select
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

NODE_MODULES = Path(__file__).parents[2] / ".cache" / "node" / "node_modules"
"""The npm packages installed by tests/run.py."""
_WSCAT = NODE_MODULES / ".bin" / "wscat"
_CONTROLS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]|\r")


class Wscat:
    """A wscat connected to a chat; ``first`` is what it says then.

    ``screen`` is all of its output, without the terminal's control codes.
    """

    def __init__(self, url: str, *options: str, first: str = "Connected") -> None:
        self.screen = ""
        self._first = first
        self._terminal, inside = pty.openpty()
        environment = {**os.environ, "TERM": "dumb"}
        command = [str(_WSCAT), "--no-color", "-c", url, *options]
        self._process = subprocess.Popen(command, stdin=inside, stdout=inside, stderr=inside, env=environment)
        os.close(inside)

    def __enter__(self) -> Self:
        self.wait_for(self._first)
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait(10)
        os.close(self._terminal)

    def type(self, line: str) -> None:
        """Type a line and press Enter."""
        os.write(self._terminal, line.encode() + b"\n")

    def received(self) -> list[dict[str, Any]]:
        """The events that it has printed so far."""
        self._read(0.0)
        lines = re.findall(r"^.*?< (\{.*\})$", self.screen, re.MULTILINE)
        return [json.loads(line) for line in lines]

    def wait_for(self, text: str, seconds: float = 10.0) -> None:
        """Wait until it has printed a line with the text, to its end. Raises AssertionError if it does not."""
        end = time.monotonic() + seconds
        while text not in self.screen.rpartition("\n")[0]:
            assert time.monotonic() < end, f"wscat never showed {text!r}:\n{self.screen}"
            self._read(0.1)

    def _read(self, seconds: float) -> None:
        while select.select([self._terminal], [], [], seconds)[0]:
            try:
                data = os.read(self._terminal, 65536)
            except OSError:  # wscat has ended
                return
            self.screen = _CONTROLS.sub("", self.screen + data.decode(errors="replace"))
            seconds = 0.0
