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
_PYTHON = ROOT / ".cache" / "peers"
_PACKAGES = ("socketify==0.0.31", "picows==2.3.1")
_NCHAN = (Path("/usr/lib/nginx/modules/ngx_nchan_module.so"), Path("/usr/share/nginx/modules/ngx_nchan_module.so"))
_INSTALL_SECONDS = 60  # a few small packages over a slow network


@dataclass(frozen=True)
class Contender:
    """A server, how it is started, and which parts of the benchmark apply to it.

    It is started in ``folder``. The targets apply to servers that are ``ours``. A ``durable`` one accepts a folder for
    its history. One that has no ``joins`` sends everything to all connections. ``missing`` says why it cannot run
    on this machine; it is empty if it can.
    """

    name: str
    command: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    ours: bool = False
    durable: bool = False
    window: bool = False
    joins: bool = True
    missing: str = ""
    folder: Path = ROOT

    def keeping_in(self, folder: Path) -> "Contender":
        """Return the same server with its history in this folder."""
        return replace(self, command=(*self.command, "--data-dir", str(folder)))


def headless(connections: int) -> Contender:
    """Return ChatDesk without a window, with the options that people use."""
    return Contender("headless", _chatdesk("chatdesk", "serve", connections), ours=True, durable=True)


def in_memory(connections: int) -> Contender:
    """Return the same with its log in memory, which is lost when it ends."""
    return Contender("in memory", (*_chatdesk("chatdesk", "serve", connections), "--in-memory"), ours=True)


def earlier(connections: int, folder: Path) -> Contender:
    """Return ChatDesk without a window as another checkout has it: what a change is compared with."""
    folder = folder.resolve()
    return Contender(folder.name, _chatdesk("chatdesk", "serve", connections), folder=folder)


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


def uwebsockets(_connections: int) -> Contender:
    """Return a server made of uWebSockets, C++, which uv fetches on first use."""
    return _from_packages("uWebSockets", "uws_chat")


def picows(_connections: int) -> Contender:
    """Return a server made of picows, Cython on uvloop, which uv fetches on first use."""
    return _from_packages("picows", "picows_chat")


def nchan(connections: int) -> Contender:
    """Return nginx with nchan, C, which Debian has as ``libnginx-mod-nchan``: a channel of frames, without a chat."""
    modules = [path for path in _NCHAN if path.is_file()]
    if not shutil.which("nginx") or not modules:
        return Contender("nchan", missing="no nchan here")
    command = (sys.executable, "-m", "tests.bench.peers.nchan", str(modules[0]), str(connections))
    return Contender("nchan", command, joins=False)


CONTENDERS: Mapping[str, Callable[[int], Contender]] = {
    "headless": headless,
    "memory": in_memory,
    "window": window,
    "asyncio": plain_asyncio,
    "websockets": websockets,
    "ws": node_ws,
    "uws": uwebsockets,
    "picows": picows,
    "nchan": nchan,
}
"""By the name given to ``--servers``: a function from the number of connections to the contender."""


def _chatdesk(module: str, command: str, connections: int) -> tuple[str, ...]:
    limits = ("--message-rate", "0", "--max-connections", str(connections))
    return (sys.executable, "-m", module, command, "--bind", "127.0.0.1", "--port", "0", *limits)


def _from_packages(name: str, module: str) -> Contender:
    """Return a server that takes packages which the program itself does not have."""
    if not (_PYTHON / "socketify").is_dir() and not _install_packages():
        return Contender(name, missing="uv cannot fetch it")
    return Contender(name, (sys.executable, "-m", f"tests.bench.peers.{module}"), {"PYTHONPATH": str(_PYTHON)})


def _install_packages() -> bool:
    uv = ROOT / ".uv" / "bin" / "uv"
    return _installs(str(uv), "pip", "install", "--quiet", "--target", str(_PYTHON), *_PACKAGES)


def _install_ws(npm: str) -> bool:
    _NODE.mkdir(parents=True, exist_ok=True)
    return _installs(npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(_NODE), "ws@8")


def _installs(*command: str) -> bool:
    try:
        return subprocess.run(command, check=False, timeout=_INSTALL_SECONDS).returncode == 0
    except (subprocess.TimeoutExpired, OSError):
        return False
