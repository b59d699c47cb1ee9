"""Networks that a test makes for itself, of network namespaces: nothing in them ever reaches the machine's own.

A `Lan` is a switch in a namespace of its own; a `Machine` is a namespace with a cable (a veth pair) to each LAN that it
is plugged into. Needs root and iproute2. All of it goes with the `Networks` context, running programs included.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.needs import needs

_numbers = itertools.count()
_STOP_SECONDS = 5


class Lan:
    """A switch that machines are plugged into."""

    def __init__(self, namespace: str) -> None:
        self.namespace = namespace
        _ip("-n", namespace, "link", "add", "switch", "type", "bridge", "mcast_snooping", "0")
        _ip("-n", namespace, "link", "set", "switch", "up")

    def isolate(self, *machines: Machine) -> None:
        """Let these not see each other any more, as in a Wi-Fi that keeps its guests apart."""
        for machine in machines:
            port = machine.ports[self]
            command = ["bridge", "-n", self.namespace, "link", "set", "dev", port, "isolated", "on"]
            subprocess.run(command, check=True)


class Machine:
    """A computer: programs run in it, with only the interfaces that it was given."""

    def __init__(self, namespace: str) -> None:
        self.namespace = namespace
        self.ports: dict[Lan, str] = {}
        """The switch's ends of its cables."""
        self._running: list[subprocess.Popen[Any]] = []
        _ip("-n", namespace, "link", "set", "lo", "up")

    def plug(self, lan: Lan, *addresses: str, name: str = "") -> str:
        """Connect to a LAN with these addresses ("10.77.1.2/24"); the interface's name, "eth0" and so on by default.

        A VPN's or a container's interface is one of that name ("tun0", "docker0") in a LAN where nobody else is.
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
        """Take the cable away, and the interface with it."""
        _ip("-n", lan.namespace, "link", "del", self.ports.pop(lan))

    def add_address(self, interface: str, address: str) -> None:
        """One more address for an interface; IPv6 ones can be used at once."""
        at_once = ("nodad",) if ":" in address else ()
        _ip("-n", self.namespace, "address", "add", address, "dev", interface, *at_once)

    def route(self, *arguments: str) -> None:
        """What ``ip route`` is told, such as "add default via 10.77.1.1"."""
        _ip("-n", self.namespace, "route", *arguments)

    def command(self, command: Sequence[str]) -> list[str]:
        """The command as it is run from outside so that it runs in here."""
        there = ["ip", "netns", "exec", self.namespace]
        return [*there, "env", "CHATDESK_DISCOVERY=on", *command]  # elsewhere no test looks around, nor is found

    def popen(self, command: Sequence[str], **options: Any) -> subprocess.Popen[Any]:
        """Start a program; it is ended with the networks, if it has not ended before."""
        process = subprocess.Popen(self.command(command), **options)
        self._running.append(process)
        return process

    def run(self, command: Sequence[str], *, check: bool = True, **options: Any) -> subprocess.CompletedProcess[Any]:
        """Run a program to its end; raises where it fails, unless told not to ``check``."""
        return subprocess.run(self.command(command), check=check, **options)

    def end(self) -> None:
        """Ask what was started here to end."""
        for process in self._running:
            process.terminate()

    def stop(self) -> None:
        """End what was started here, and what that has started and left behind."""
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


@needs("root")
class Networks:
    """All that a test has made; its context takes it away again."""

    def __init__(self) -> None:
        self._machines: list[Machine] = []
        self._namespaces: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for machine in self._machines:
            machine.end()
        for machine in self._machines:
            machine.stop()
        for namespace in self._namespaces:
            subprocess.run(["ip", "netns", "del", namespace], check=True)

    def lan(self) -> Lan:
        """A network that nobody is in yet."""
        return Lan(self._namespace())

    def machine(self) -> Machine:
        """A computer that is not connected to anything yet."""
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
    """This thread, and those that it starts, use the machine's network instead of the real one."""
    with Path("/proc/thread-self/ns/net").open() as own, Path("/run/netns", machine.namespace).open() as there:
        os.setns(there.fileno(), os.CLONE_NEWNET)
        try:
            yield
        finally:
            os.setns(own.fileno(), os.CLONE_NEWNET)


def _ip(*arguments: str) -> str:
    return subprocess.run(["ip", *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout
