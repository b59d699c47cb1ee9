"""Two real nodes behind a proxy, with one of the examples; ``python -m tests.e2e.balanced`` has 2,000 connections each.

People write through the proxy, a node is killed, and what is left is checked as a history: each message once, in one
order for all.
"""

import argparse
import asyncio
import contextlib
import re
import shlex
import ssl
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

import msgspec
from websockets.asyncio.client import connect

from tests.cluster.faults.history import Entry, check
from tests.cluster.faults.writer import RoamingWriter
from tests.cluster.redis_server import running_redis
from tests.debian import Debian, only_loopback
from tests.e2e import on_disk
from tests.e2e.proxies import EXAMPLES, PACKAGES, Proxies, make_certificate
from tests.e2e.serving import Serving
from tests.needs import needs
from tests.waiting import until

NODE_EXAMPLES = sorted(file.name for file in EXAMPLES.glob("*-nodes-*"))
STICKY = {
    "nginx": ("least_conn;", "ip_hash;"),
    "haproxy": ("leastconn\n", "source\n"),
    "caddy": ("least_conn\n", "ip_hash\n"),
}
"""What the examples say to replace by what, to keep people at one node."""
_CASES = {
    f"{Path(example).stem.replace('-nodes', '')}{'-sticky' * sticky}": (example, sticky)
    for example in NODE_EXAMPLES
    for sticky in (False, True)
}
_COMMAND = re.compile(r"^# +chatdesk serve (.*)$", re.MULTILINE)
_REDIS = "redis://127.0.0.1"
_MORE_CONNECTIONS = "sed -i 's/worker_connections 768/worker_connections 8192/' /etc/nginx/nginx.conf"
"""Each of nginx's processes takes 768 by itself, of which a person needs two."""
_SECONDS = 60.0
_PATIENCE_SECONDS = 30.0
"""Of each of very many people, all in one process."""
_AT_ONCE = 100
_TALKING = 20
"""Of very many people, so many write, and the others hear it."""


class ThroughProxy(RoamingWriter):
    """Somebody who knows the proxy alone, and whose connection is encrypted where that wants it."""

    def __init__(self, url: str, nickname: str, random: Random) -> None:
        super().__init__([url], nickname, random)
        self._trust = ssl.create_default_context() if url.startswith("wss") else None
        if self._trust:
            self._trust.check_hostname, self._trust.verify_mode = False, ssl.CERT_NONE

    def _connect(self) -> connect:
        return self._connect_to(
            self.url, _PATIENCE_SECONDS, host="127.0.0.1", port=443 if self._trust else 80, ssl=self._trust
        )


def _take_folder(command: list[str]) -> str:
    """Take the folder out of a command, as each node of a test has its own; without one, it is the chat's."""
    if "--data-dir" not in command:
        return ""
    place = command.index("--data-dir")
    _, folder = command[place : place + 2]
    del command[place : place + 2]
    return folder


@contextlib.contextmanager
def nodes(example: str, *options: str) -> Iterator[tuple[Serving, Serving]]:
    """The two nodes that an example speaks of, on a Redis of their own."""
    first, second = commands = [shlex.split(it) for it in _COMMAND.findall((EXAMPLES / example).read_text())]
    assert _take_folder(first) != _take_folder(second), "two nodes of one machine would have one folder"
    with running_redis() as redis, contextlib.ExitStack() as stack:
        commands = [[redis.url if word == _REDIS else word for word in command] for command in commands]
        yield (
            stack.enter_context(Serving(*commands[0], "--message-rate", "0", *options)),
            stack.enter_context(Serving(*commands[1], "--message-rate", "0", *options)),
        )


def balanced(proxies: Proxies, example: str, people: int, *, sticky: bool) -> list[str]:
    """Let people talk through the proxy while a node is killed; return what is wrong, one sentence each."""
    program = example.partition("-")[0]
    text = (EXAMPLES / example).read_text()
    if sticky:
        assert STICKY[program][0] in text
        text = text.replace(*STICKY[program])
    more = ("--max-connections", str(people + 100)) if people > _TALKING else ()
    with nodes(example, *more) as both:
        url = f"{both[0].url.replace('http', 'ws').rstrip('/')}/ws"
        with proxies.running(program, text, urlsplit(url).port or (443 if url.startswith("wss") else 80)):
            crowd, wrong = asyncio.run(_talk(url, both, people, sticky=sticky))
        for node in both:
            node.stop()
        kept = {node.folder.name: _kept(node.folder) for node in both}
    said = [one for writer in crowd for one in writer.history]
    return [*wrong, *check(said, kept, {writer.nickname: writer.entries for writer in crowd})]


async def _talk(
    url: str, both: Sequence[Serving], people: int, *, sticky: bool
) -> tuple[list[ThroughProxy], list[str]]:
    """Everybody comes, some write, the node with the most people is killed, and they write again."""
    random, wrong = Random(1), []
    crowd = [ThroughProxy(url, f"Writer{number}", random) for number in range(people)]
    async with asyncio.TaskGroup() as tasks:
        stays = []
        for first in range(0, people, _AT_ONCE):
            stays += [tasks.create_task(writer.stay()) for writer in crowd[first : first + _AT_ONCE]]
            await until(partial(_have_joined, crowd[: first + _AT_ONCE]), _SECONDS)
        counts = [await asyncio.to_thread(_connections, port) for port in (8080, 8081)]
        if (min(counts) == 0) is not sticky:
            wrong.append(f"the people of one address are at both nodes like this: {counts}")
        for step in range(2):
            for writer in crowd[:_TALKING]:
                writer.say_next()
            await until(partial(_have_heard, crowd, (step + 1) * min(people, _TALKING)), _SECONDS)
            if step == 0:
                await asyncio.to_thread(both[counts.index(max(counts))].kill)
                await asyncio.to_thread(both[counts.index(max(counts))].start)
        for stay in stays:
            stay.cancel()
    return crowd, wrong


def _have_joined(crowd: Sequence[ThroughProxy]) -> bool:
    return all(writer.joined for writer in crowd)


def _have_heard(crowd: Sequence[ThroughProxy], said: int) -> bool:
    return all(len(writer.heard) == said for writer in crowd)


def _connections(port: int) -> int:
    """How many people are at a node, as it says itself."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/stats", timeout=5) as answer:
        stats: dict[str, Any] = msgspec.json.decode(answer.read())
    return int(stats["connections"])


def _kept(folder: Path) -> list[Entry]:
    return [Entry(entry.seq, entry.id or "", entry.content) for entry in on_disk.read(folder).entries]


@needs("root")
@contextlib.contextmanager
def proxies_of_debian(prepare: str = "true") -> Iterator[Proxies]:
    """Debian's proxies, after this command there, in a network with loopback alone, in which this thread is, too."""
    with contextlib.ExitStack() as stack:
        brought = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        make_certificate(brought)
        debian = Debian(brought, packages=PACKAGES).prepare()
        stack.enter_context(only_loopback())
        running = stack.enter_context(debian)
        running.run("sh", "-ec", prepare, as_root=True)
        yield Proxies(running)


def main() -> None:
    """Try the examples, with and without sticky sessions; ends with 1 if something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=2000, metavar="N", help="connections through each proxy")
    parser.add_argument("--only", choices=_CASES, metavar="NAME", help=f"one of {', '.join(_CASES)}")
    options, failed = parser.parse_args(), False
    with proxies_of_debian(_MORE_CONNECTIONS) as proxies:
        for name in [options.only] if options.only else _CASES:
            example, sticky = _CASES[name]
            began = time.monotonic()
            wrong = balanced(proxies, example, options.people, sticky=sticky)
            failed = failed or bool(wrong)
            words = "; ".join(wrong[:5]) or "each message once, one order for all, nobody missed one"
            print(f"{name}, {options.people} people: {words} ({time.monotonic() - began:.0f} s)", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
