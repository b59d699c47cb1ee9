"""Networks made of network namespaces for one test; nothing in them reaches the machine's real network.

A `Lan` is a switch in its own namespace; a `Machine` is a namespace with a cable (a veth pair) to each LAN that it is
plugged into. Needs root and iproute2. Everything ends with the `Networks` context, including running programs.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.needs import needs
from tests.warm_program import WarmProgram, run

_numbers = itertools.count()
_ON = {"CHATDESK_DISCOVERY": "on"}
"""The tests' default is off."""
_STOP_SECONDS = 5  # then a program that ignores SIGTERM is killed
_LEFT_BEHIND = ("/dev/shm/faketime_shm_{}", "/dev/shm/sem.faketime_sem_{}")
"""By a program with a clock of its own (libfaketime) that was ended by a signal."""


class Lan:
    """A switch into which machines are plugged."""

    def __init__(self, namespace: str) -> None:
        self.namespace = namespace
        _ip("-n", namespace, "link", "add", "switch", "type", "bridge", "mcast_snooping", "0")
        _ip("-n", namespace, "link", "set", "switch", "up")

    def isolate(self, *machines: Machine) -> None:
        """Block traffic between these machines, as a Wi-Fi with client isolation does."""
        for machine in machines:
            port = machine.ports[self]
            command = ["bridge", "-n", self.namespace, "link", "set", "dev", port, "isolated", "on"]
            subprocess.run(command, check=True)


class Machine:
    """A computer, in which programs run that see only its interfaces."""

    def __init__(self, namespace: str) -> None:
        self.namespace = namespace
        self.ports: dict[Lan, str] = {}
        """The names of its cables at the switches."""
        self._running: list[subprocess.Popen[Any]] = []
        _ip("-n", namespace, "link", "set", "lo", "up")

    def plug(self, lan: Lan, *addresses: str, name: str = "") -> str:
        """Connect to a LAN with these addresses ("10.77.1.2/24"); returns the interface's name, "eth0" and so on.

        The interface of a VPN or of containers is one of that name ("tun0", "docker0") in a LAN without other machines.
        """
        name = name or f"eth{len(self.ports)}"
        lan_end = self.ports[lan] = f"port{next(_numbers)}"
        peer = ("peer", "name", lan_end, "netns", lan.namespace)
        _ip("-n", self.namespace, "link", "add", name, "type", "veth", *peer)
        _ip("-n", lan.namespace, "link", "set", lan_end, "master", "switch", "up")
        for address in addresses:
            self.add_address(name, address)
        _ip("-n", self.namespace, "link", "set", name, "up")
        return name

    def unplug(self, lan: Lan) -> None:
        """Remove the cable, and the interface with it."""
        _ip("-n", lan.namespace, "link", "del", self.ports.pop(lan))

    def add_address(self, interface: str, address: str) -> None:
        """Add an address to an interface; an IPv6 one can be used at once, without duplicate address detection."""
        at_once = ("nodad",) if ":" in address else ()
        _ip("-n", self.namespace, "address", "add", address, "dev", interface, *at_once)

    def route(self, *arguments: str) -> None:
        """Run ``ip route`` with arguments such as "add default via 10.77.1.1"."""
        _ip("-n", self.namespace, "route", *arguments)

    def command(self, command: Sequence[str]) -> list[str]:
        """Return the command that, run from outside, runs this one in the namespace."""
        there = ["ip", "netns", "exec", self.namespace]
        return [*there, "env", *(f"{name}={value}" for name, value in _ON.items()), *command]

    def popen(self, command: Sequence[str], **options: Any) -> subprocess.Popen[Any]:
        """Start a program, which is ended with the networks at the latest."""
        process = subprocess.Popen(self.command(command), **options)
        self._running.append(process)
        return process

    def chatdesk(self, *arguments: str, **options: Any) -> WarmProgram:
        """Start ChatDesk, which is ended with the networks at the latest."""
        with inside(self):
            process = WarmProgram(*arguments, env={**os.environ, **_ON}, **options)
        self._running.append(process)
        return process

    def run_chatdesk(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run ChatDesk to its end, with these variables besides those of the tests."""
        variables = {**os.environ, **_ON, **environment}
        if Path("/etc/netns", self.namespace).exists():  # only what ``ip netns exec`` starts sees these files in /etc
            command = [sys.executable, "-m", "chatdesk", *arguments]
            return self.run(command, check=False, capture_output=True, text=True, timeout=60, env=variables)
        with inside(self):
            return run(*arguments, env=variables)

    def run(self, command: Sequence[str], *, check: bool = True, **options: Any) -> subprocess.CompletedProcess[Any]:
        """Run a program to its end. Raises CalledProcessError if it fails, unless ``check`` is false."""
        return subprocess.run(self.command(command), check=check, **options)

    def end(self) -> None:
        """Send SIGTERM to the programs that were started here."""
        for process in self._running:
            process.terminate()

    def stop(self) -> None:
        """End the programs that were started here, and processes that those have left behind."""
        self.end()
        for process in self._running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_STOP_SECONDS)
        deadline = time.monotonic() + _STOP_SECONDS
        while (left := _ip("netns", "pids", self.namespace).split()) and time.monotonic() < deadline:
            for number in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(number), signal.SIGKILL)
            time.sleep(0.01)
        for process in self._running:
            process.wait()
            for stream in (process.stdin, process.stdout, process.stderr):
                if stream:
                    stream.close()
            for file in _LEFT_BEHIND:
                Path(file.format(process.pid)).unlink(missing_ok=True)


@needs("root")
class Networks:
    """All networks and machines of a test, which are removed when its context exits."""

    def __init__(self) -> None:
        self._machines: list[Machine] = []
        self._namespaces: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for machine in self._machines:
            machine.end()
        for machine in self._machines:
            machine.stop()
        for namespace in self._namespaces:
            subprocess.run(["ip", "netns", "del", namespace], check=True)

    def lan(self) -> Lan:
        """Make a network without machines."""
        return Lan(self._namespace())

    def machine(self) -> Machine:
        """Make a computer that is not connected yet."""
        machine = Machine(self._namespace())
        self._machines.append(machine)
        return machine

    def _namespace(self) -> str:
        name = f"chatdesk-{os.getpid()}-{next(_numbers)}"
        _ip("netns", "add", name)
        self._namespaces.append(name)
        return name


@contextlib.contextmanager
def inside(machine: Machine) -> Iterator[None]:
    """While the context is open, this thread and those that it starts use the machine's network."""
    with Path("/proc/thread-self/ns/net").open() as own, Path("/run/netns", machine.namespace).open() as there:
        os.setns(there.fileno(), os.CLONE_NEWNET)
        try:
            yield
        finally:
            os.setns(own.fileno(), os.CLONE_NEWNET)


def _ip(*arguments: str) -> str:
    return subprocess.run(["ip", *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout
