"""The processes of a ``serve --workers``, as the system shows them: their names, and who is connected to which."""

import contextlib
import os
import re
import signal
import time
from pathlib import Path
from typing import IO

from tests.e2e.serving import Serving

ORDER, SUPERVISOR = "order process", "supervisor"
_SOCKET = re.compile(r"socket:\[(\d+)\]")


class Workers(Serving):
    """A real ``chatdesk serve --workers 2``, whose processes can be killed one by one."""

    def __init__(self, *options: str, errors: IO[str] | None = None) -> None:
        super().__init__("--no-discovery", *options, "--workers", "2", errors=errors)

    def use(self, *, workers: int) -> None:
        """Stop, if it runs, and start again with so many workers, on the same port."""
        if self._process:
            self.stop()
        self._options = (*self._options[:-1], str(workers))
        self.start()

    def pid(self, name: str) -> int:
        """Return the process of this name: ``worker 1``, ``worker 2`` or ORDER."""
        return self.processes()[name]

    def processes(self) -> dict[str, int]:
        """Return all but the supervisor by their names."""
        supervisor = self._running.pid
        children = Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text().split()
        named: dict[str, int] = {}
        for pid in children:
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it ends just now
                named[Path(f"/proc/{pid}/comm").read_text().strip()] = int(pid)
        return named

    def kill_one(self, name: str) -> None:
        """Kill this process without notice, and return when there is another one in its place."""
        before = self.pid(name)
        os.kill(before, signal.SIGKILL)
        self.wait_for_another(name, before)

    def wait_for_another(self, name: str, before: int) -> None:
        """Return when there is another process in the place of this one, which ends."""
        while self.processes().get(name, before) == before:
            time.sleep(0.01)

    def all_processes(self) -> dict[str, int]:
        """Return all by their names."""
        return {SUPERVISOR: self._running.pid, **self.processes()}

    def worker_of(self, port: int) -> str:
        """Return the name of the worker to which the client at this port of loopback is connected."""
        for name in self.processes():
            if self.serves(name, port):
                return name
        raise LookupError(f"nobody serves port {port}")

    def serves(self, name: str, port: int) -> bool:
        """Whether the client at this port of loopback is connected to the process of this name."""
        inodes = {
            fields[9]
            for fields in map(str.split, Path("/proc/net/tcp").read_text().splitlines()[1:])
            if int(fields[2].partition(":")[2], 16) == port and int(fields[1].partition(":")[2], 16) == self.port
        }
        with contextlib.suppress(FileNotFoundError, ProcessLookupError, KeyError):  # it is not there, or ends just now
            descriptors = Path(f"/proc/{self.pid(name)}/fd").iterdir()
            links = (str(entry.readlink()) for entry in descriptors if entry.is_symlink())
            return bool(inodes & {found[1] for link in links if (found := _SOCKET.match(link))})
        return False
