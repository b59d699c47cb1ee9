"""The servers that are measured and compared."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
_NODE = ROOT / ".cache" / "node"
_PEERS = Path(__file__).resolve().parent / "peers"
_NPM_SECONDS = 60  # one small package over a slow network


@dataclass(frozen=True)
class Contender:
    """A server, how it is started, and which parts of the benchmark apply to it.

    The targets apply to servers that are ``ours``. A ``durable`` one accepts a folder for its history. ``missing`` says
    why it cannot run on this machine; it is empty if it can.
    """

    name: str
    command: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    ours: bool = False
    durable: bool = False
    window: bool = False
    missing: str = ""

    def keeping_in(self, folder: Path) -> "Contender":
        """Return the same server with its history in this folder."""
        return replace(self, command=(*self.command, "--data-dir", str(folder)))


def headless(connections: int) -> Contender:
    """Return ChatDesk without a window, with the options that people use."""
    return Contender("headless", _chatdesk("chatdesk", "serve", connections), ours=True, durable=True)


def in_memory(connections: int) -> Contender:
    """Return the same with its log in memory, which is lost when it ends."""
    return Contender("in memory", (*_chatdesk("chatdesk", "serve", connections), "--in-memory"), ours=True)


def window(connections: int) -> Contender:
    """Return ChatDesk hosted by its window, which paints into memory."""
    command = (*_chatdesk("tests.bench.window", "host", connections), "--nickname", "Mara")
    return Contender("window", command, {"QT_QPA_PLATFORM": "offscreen"}, ours=True, window=True)


def plain_asyncio(connections: int) -> Contender:
    """Return ChatDesk's server on asyncio's own loop, with which the window's loop is compared."""
    return Contender("asyncio", (sys.executable, "-m", "tests.bench.peers.chatdesk_asyncio", str(connections)))


def websockets(_connections: int) -> Contender:
    """Return a server made of the `websockets` library's server and its ``broadcast()``, on uvloop."""
    return Contender("websockets", (sys.executable, "-m", "tests.bench.peers.websockets_chat"))


def node_ws(_connections: int) -> Contender:
    """Return a server made of Node's `ws`, which npm fetches on first use."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return Contender("Node ws", missing="no npm here")
    if not (_NODE / "node_modules" / "ws").is_dir() and not _install_ws(npm):
        return Contender("Node ws", missing="npm cannot fetch ws")
    return Contender("Node ws", (node, str(_PEERS / "ws_chat.js")), {"NODE_PATH": str(_NODE / "node_modules")})


CONTENDERS: Mapping[str, Callable[[int], Contender]] = {
    "headless": headless,
    "memory": in_memory,
    "window": window,
    "asyncio": plain_asyncio,
    "websockets": websockets,
    "ws": node_ws,
}
"""By the name given to ``--servers``: a function from the number of connections to the contender."""


def _chatdesk(module: str, command: str, connections: int) -> tuple[str, ...]:
    limits = ("--message-rate", "0", "--max-connections", str(connections))
    return (sys.executable, "-m", module, command, "--bind", "127.0.0.1", "--port", "0", *limits)


def _install_ws(npm: str) -> bool:
    _NODE.mkdir(parents=True, exist_ok=True)
    command = (npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(_NODE), "ws@8")
    try:
        return subprocess.run(command, check=False, timeout=_NPM_SECONDS).returncode == 0
    except subprocess.TimeoutExpired:
        return False
