"""Computers in a test network, each a namespace: one hosts, a guest wants to join, a router leads to other networks.

Faults are real: packets are dropped, ports isolated, clocks shifted. The programs are the real ones.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.netns import Lan, Machine, Networks

ROOT = Path(__file__).parents[2]
HOST, GUEST, ROUTER = "10.77.1.2", "10.77.1.3", "10.77.1.1"
PORT = 8080


@dataclass(frozen=True, slots=True)
class DoctorOutput:
    """The output of ``chatdesk doctor``."""

    code: int
    text: str

    def line(self, title: str) -> str:
        """The line of a check."""
        return next(line for line in self.text.splitlines() if f" {title} " in line)

    @property
    def diagnosis(self) -> str:
        """The diagnosis and what to do."""
        return self.text.partition("\n\n")[2]

    @property
    def commands(self) -> list[str]:
        """The commands that it suggests."""
        return [line.strip() for line in self.text.splitlines() if line.startswith("    ")]


class NetworkLab:
    """The computers, with ``networks`` to make more of them."""

    def __init__(self, networks: Networks, folder: Path) -> None:
        self.networks = networks
        self.folder = folder
        self.lan: Lan = networks.lan()
        self.host = self.computer(HOST)
        self.guest = self.computer(GUEST)
        self.router = networks.machine()
        self.router.plug(self.lan, f"{ROUTER}/24")

    def computer(self, address: str) -> Machine:
        """Add a computer to the network."""
        machine = self.networks.machine()
        machine.plug(self.lan, f"{address}/24")
        machine.route("add", "default", "via", ROUTER)
        return machine

    def serve(self, *options: str, shift: str = "", in_folder: bool = True) -> subprocess.Popen[str]:
        """Host a chat; ``shift`` sets the clock wrong, such as "+3h"."""
        where = ["--data-dir", str(self.folder)] if in_folder else []
        arguments = ("serve", "--no-discovery", *where, *options)
        process: subprocess.Popen[str]
        if shift:
            command = [*_shifted(shift), *chatdesk(*arguments)]
            process = self.host.popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        else:
            process = self.host.chatdesk(*arguments, stdout=subprocess.PIPE, text=True)
        assert process.stdout
        assert process.stdout.readline().startswith("ChatDesk is open at ")
        return process

    def join(self, nickname: str, machine: Machine, address: str = HOST, shift: str = "") -> subprocess.Popen[str]:
        """Join with a client, without a window."""
        guest = [sys.executable, "-m", "tests.doctor.client_program", f"ws://{address}:{PORT}/ws", nickname]
        process = machine.popen([*_shifted(shift), *guest], stdout=subprocess.PIPE, text=True, cwd=ROOT)
        assert process.stdout
        assert process.stdout.readline() == "joined\n"
        return process

    def examine_host(self, *options: str) -> DoctorOutput:
        """Run ``chatdesk doctor`` on the computer that hosts."""
        return self.examine(self.host, "--data-dir", str(self.folder), *options)

    def examine_both(self, chat: str) -> tuple[DoctorOutput, DoctorOutput]:
        """Run it on the computer that hosts, and for this chat on the guest's, at the same time."""
        with ThreadPoolExecutor() as pool:
            host, guest = pool.submit(self.examine_host), pool.submit(self.examine, self.guest, chat)
            return host.result(), guest.result()

    def examine(self, machine: Machine, *arguments: str, environment: Mapping[str, str] | None = None) -> DoctorOutput:
        """Run ``chatdesk doctor`` on one of the computers."""
        done = machine.run_chatdesk("doctor", *arguments, **(environment or {}))
        assert done.stderr == ""
        return DoctorOutput(done.returncode, done.stdout)


def settle(machine: Machine) -> None:
    """Wait until all addresses are ready: a browser closes its connections when a new one appears."""
    deadline = time.monotonic() + 20
    while machine.run(["ip", "-6", "address", "show", "tentative"], stdout=subprocess.PIPE).stdout:
        assert time.monotonic() < deadline, "an address is still being tried"
        time.sleep(0.05)


def set_rules(machine: Machine, hook: str, policy: str, *rules: str) -> None:
    """Give a computer a packet filter at this hook, with these rules before its policy."""
    lines = [f"type filter hook {hook} priority 0; policy {policy};", *rules]
    text = "\n".join(["table inet filter {", f"chain {hook} {{", *lines, "}", "}", ""])
    machine.run(["nft", "-f", "-"], input=text, text=True)


def chatdesk(*arguments: str) -> list[str]:
    """The program's command line."""
    return [sys.executable, "-m", "chatdesk", *arguments]


def _shifted(by: str) -> list[str]:
    return ["faketime", "--exclude-monotonic", "-f", by] if by else []
