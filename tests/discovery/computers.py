"""Other people's computers in a test network: each with a host name, and with real Avahi or systemd-resolved.

Their programs come from a Debian of the tests' own; each computer has its own bus, host name and runtime folder.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.debian import Debian
from tests.netns import Machine

PACKAGES = ("dbus", "avahi-daemon", "avahi-utils", "systemd-resolved")
_START = """
hostname "$0"
mount -t tmpfs tmpfs /run
mkdir -p /run/dbus /run/avahi-daemon /run/systemd/resolve /run/conf
chown systemd-resolve:systemd-resolve /run/systemd/resolve
dbus-daemon --system --fork --nopidfile
echo ready
exec sleep infinity
"""
_RESOLVED = "[Resolve]\nMulticastDNS=yes\nLLMNR=no\nDNSStubListener=no\nDNS=\nFallbackDNS=\n"


@contextmanager
def system() -> Iterator[Debian]:
    """The Debian that the computers' programs come from."""
    with Debian(packages=PACKAGES) as debian:
        yield debian


class Computer:
    """A machine with a host name of its own and a Debian's mDNS programs; nothing is started yet."""

    def __init__(self, debian: Debian, machine: Machine, name: str) -> None:
        self.machine, self.name = machine, name
        start = [*debian.enter_command(), "unshare", "--mount", "--uts", "sh", "-ec", _START, name]
        self._keeper = machine.popen(start, stdout=subprocess.PIPE, text=True)
        assert self._keeper.stdout
        assert self._keeper.stdout.readline() == "ready\n"

    def command(self, *command: str) -> list[str]:
        """The command line that runs a command on this computer, from outside."""
        inside = ["nsenter", f"--target={self._keeper.pid}", "--mount", "--uts", "--root", "--wd=/"]
        return [*inside, "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", *command]

    def popen(self, *command: str, **options: Any) -> subprocess.Popen[str]:
        """Start a program."""
        return self.machine.popen(self.command(*command), text=True, **options)

    def run(self, *command: str, seconds: float = 10) -> str:
        """The output of a program, which is stopped after so many seconds."""
        done = self.machine.run(
            self.command("timeout", str(seconds), *command), check=False, capture_output=True, text=True
        )
        return str(done.stdout + done.stderr)

    def write(self, file: str, text: str) -> None:
        """Write a file that only this computer has."""
        self.machine.run(self.command("tee", file), input=text, text=True, stdout=subprocess.DEVNULL)

    def avahi(self, *settings: str) -> subprocess.Popen[str]:
        """Start Avahi, with lines of its configuration such as "[reflector]", "enable-reflector=yes"."""
        self.write("/run/conf/avahi.conf", "\n".join(("[server]", "use-ipv6=yes", *settings, "")))
        program = ("avahi-daemon", "--no-drop-root", "--no-chroot", "--no-rlimits", "-f", "/run/conf/avahi.conf")
        return self.popen(*program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def resolved(self) -> subprocess.Popen[str]:
        """Start systemd-resolved, with multicast DNS on the first cable."""
        self.machine.run(self.command("mkdir", "-p", "/run/systemd/resolved.conf.d"))
        self.write("/run/systemd/resolved.conf.d/mdns.conf", _RESOLVED)
        program = self.popen("/lib/systemd/systemd-resolved", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while self.run("resolvectl", "mdns", "eth0", "yes"):
            assert program.poll() is None
            time.sleep(0.1)
        return program

    def avahi_name(self) -> str:
        """The name under which Avahi has announced this computer; empty while it has none."""
        ask = ("busctl", "call", "org.freedesktop.Avahi", "/", "org.freedesktop.Avahi.Server")
        name = self.run(*ask, "GetHostNameFqdn")
        return name.split('"')[1] if self.run(*ask, "GetState") == "i 2\n" else ""

    def resolved_name(self) -> str:
        """The name that systemd-resolved gives this computer, without its domain."""
        place = ("org.freedesktop.resolve1", "/org/freedesktop/resolve1", "org.freedesktop.resolve1.Manager")
        return self.run("busctl", "get-property", *place, "LLMNRHostname").split('"')[1]

    def leads(self, name: str, *, by: str = "avahi", family: int = 4) -> str:
        """The address of a name on this computer, as a browser would resolve it; empty if it has none."""
        if by == "avahi":
            found = self.run("avahi-resolve", f"-{family}", "-n", name, seconds=3).split()
            return found[1] if found[:1] == [name] else ""
        found = self.run("resolvectl", f"-{family}", "--legend=no", "query", name, seconds=3).split()
        return found[1] if found[:1] == [f"{name}:"] and found[1] != "resolve" else ""
