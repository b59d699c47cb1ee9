"""A bare Debian without Python, in its own namespaces: its changes and processes end with it.

debootstrap makes it once for each release, in the user's cache folder, where every clone finds it. The packages that
tests need in it are layers there: each list of packages is installed once. The topmost layer is discarded.
"""

import contextlib
import fcntl
import hashlib
import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.needs import needs

_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "chatdesk-tests" / "debian"
_LONGEST_NAME = 200
"""Characters of a layer's name: a folder's has at most 255, and "unfinished" is added while it is made."""
_START = """
mount -t overlay overlay -o "lowerdir=$LOWER,upperdir=$LAYERS/upper,workdir=$LAYERS/work" "$LAYERS/root"
mount -t proc proc "$LAYERS/root/proc"
mount --rbind /dev "$LAYERS/root/dev"
mount --bind "$ARCHIVES" "$LAYERS/root/var/cache/apt/archives"
[ -z "$BROUGHT" ] || mount --bind "$BROUGHT" "$LAYERS/root/mnt"
for folder in $SHARED; do
    mkdir -p "$LAYERS/root$folder"
    mount --bind "$folder" "$LAYERS/root$folder"
done
cp --remove-destination /etc/resolv.conf "$LAYERS/root/etc"
echo ready
exec sleep infinity
"""
PERSON = "mara"
"""The name of its user, apart from root."""


@needs("root")
class Debian:
    """The system, running while the context is open: by default this machine's release, with these packages.

    The folder ``brought`` is its ``/mnt``; ``shared`` folders, for example with sockets, have the same path inside and
    outside. It shares this machine's network, and therefore the abstract sockets of X and D-Bus.
    """

    def __init__(
        self,
        brought: Path | None = None,
        *,
        release: str = "",
        packages: Sequence[str] = (),
        shared: Sequence[Path] = (),
    ) -> None:
        self._brought, self._shared = brought, shared
        self._release, self._packages = release or _own_release()["VERSION_CODENAME"], packages
        self._kept: Path | None = None

    def prepare(self) -> Self:
        """Make the layers below the topmost one, if no test has yet: this takes the internet, starting does not."""
        _lower(self._release, self._packages)
        return self

    def __enter__(self) -> Self:
        lower = _lower(self._release, self._packages)
        self._layers = Path(tempfile.mkdtemp(prefix="layers-", dir=_CACHE))
        for layer in ("upper", "work", "root"):
            (self._layers / layer).mkdir(mode=0o755)
        archives = _CACHE / "archives"
        (archives / "partial").mkdir(parents=True, exist_ok=True)
        places = {
            "LOWER": lower,
            "LAYERS": str(self._layers),
            "ARCHIVES": str(archives),
            "BROUGHT": str(self._brought or ""),
            "SHARED": " ".join(map(str, self._shared)),
        }
        apart = ("unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private")
        command = [*apart, "sh", "-ec", _START]
        self._keeper = subprocess.Popen(command, env={**os.environ, **places}, stdout=subprocess.PIPE, text=True)
        assert self._keeper.stdout
        assert self._keeper.stdout.readline() == "ready\n"
        self._first = child_of(self._keeper)
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._keeper.kill()  # the first process of the PID namespace, whose end kills all others
        self._keeper.communicate(timeout=10)
        if self._kept and not exc:
            (self._layers / "upper").rename(self._kept)
        shutil.rmtree(self._layers)

    def keep(self, folder: Path) -> None:
        """Keep the changes as a layer in this folder of the cache."""
        self._kept = folder

    def install(self, *packages: str) -> None:
        """Install packages and their dependencies with apt; ``/mnt/NAME`` is a package in ``brought``."""
        install = ("install", "-y", "--no-install-recommends", *packages)
        self.apt("update")
        self.apt("--download-only", *install)
        # What is downloaded is only read now: systems that install at the same time do not wait for each other.
        self.run("apt-get", "-qq", "-o", "Debug::NoLocking=1", *install, as_root=True)

    def apt(self, *arguments: str) -> str:
        """Run apt-get; all systems share the folder of archives, and apt does not wait for its lock."""
        with (_CACHE / "archives.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            return self.run("apt-get", "-qq", *arguments, as_root=True)

    def command(self, command: Sequence[str], person: str, environment: Mapping[str, str]) -> list[str]:
        """Return the command that, run from outside, runs this one inside, without this machine's environment."""
        inside = ["nsenter", f"--target={self._first}", "--mount", "--pid"]
        inside += ["chroot", f"--userspec={person}", str(self._layers / "root"), "env", "-i"]
        places = {"HOME": f"/home/{PERSON}", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}
        return [*inside, *(f"{name}={value}" for name, value in {**places, **environment}.items()), *command]

    def enter_command(self) -> list[str]:
        """Return the beginning of a command that enters as root, in the caller's network, without a further process."""
        return ["nsenter", f"--target={self._first}", "--mount", "chroot", str(self._layers / "root")]

    def popen(self, *command: str, as_root: bool = False, **environment: str) -> subprocess.Popen[str]:
        """Start a program; send signals for it to ``child_of`` the result."""
        streams: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen(self.command(command, "root" if as_root else PERSON, environment), **streams)

    def run(self, *command: str, as_root: bool = False) -> str:
        """Run a program to its end, and return its output. Raises AssertionError if it fails."""
        whole = self.command(command, "root" if as_root else PERSON, {"DEBIAN_FRONTEND": "noninteractive"})
        done = subprocess.run(whole, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        assert done.returncode == 0, done.stdout
        return done.stdout

    def has(self, program: str) -> bool:
        """Return whether there is a program of this name."""
        looking = subprocess.run(self.command(["which", program], PERSON, {}), stdout=subprocess.DEVNULL, check=False)
        return looking.returncode == 0


def child_of(process: subprocess.Popen[str]) -> int:
    """Return the only child of a process."""
    return int(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text())


@needs("root")
@contextlib.contextmanager
def only_loopback() -> Iterator[None]:
    """While the context is open, new processes have their own network, with nothing but loopback."""
    with Path("/proc/thread-self/ns/net").open() as before:
        os.unshare(os.CLONE_NEWNET)
        try:
            subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
            yield
        finally:
            os.setns(before.fileno(), os.CLONE_NEWNET)


def _lower(release: str, packages: Sequence[str]) -> str:
    """Return the layers below the discarded one in the order of the overlay file system: topmost first."""
    base = _once(f"{release}-bare", lambda folder: _bootstrap(release, folder))
    if not packages:
        return str(base)
    name = "+".join((release, *packages))
    if len(name) > _LONGEST_NAME:
        name = f"{release}+{hashlib.sha256(name.encode()).hexdigest()}"
    installed = _once(name, lambda folder: _install(release, packages, folder))
    return f"{installed}:{base}"


def _once(name: str, make: Callable[[Path], None]) -> Path:
    """Return the folder of this name in the cache. The first test that needs it makes it; others wait."""
    folder, unfinished = _CACHE / name, _CACHE / f"{name}.unfinished"
    _CACHE.mkdir(parents=True, exist_ok=True)
    with (_CACHE / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.is_dir():
            shutil.rmtree(unfinished, ignore_errors=True)
            make(unfinished)
            unfinished.rename(folder)
    return folder


def _bootstrap(release: str, folder: Path) -> None:
    """Make a bare system with one user."""
    command = ["debootstrap", "--variant=minbase", release, str(folder), *_mirror(release)]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    subprocess.run(["chroot", str(folder), "/usr/sbin/useradd", "--create-home", PERSON], check=True)


def _install(release: str, packages: Sequence[str], folder: Path) -> None:
    """Make a layer with packages and their dependencies."""
    with Debian(release=release) as debian:
        debian.install(*packages)
        debian.run("find", "/var/lib/apt/lists", "-type", "f", "-delete", as_root=True)
        debian.keep(folder)


def _own_release() -> dict[str, str]:
    return platform.freedesktop_os_release()


def _mirror(release: str) -> list[str]:
    """Return this machine's package mirror; nothing for a foreign system, whose mirror debootstrap knows."""
    own = _own_release()
    if release != own["VERSION_CODENAME"] and own["ID"] != "debian":
        return []
    command = ["apt-get", "indextargets", "--format", "$(CODENAME) $(SUITE) $(SITE)", "Created-By: Packages"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return [next(line.split()[-1] for line in lines if own["VERSION_CODENAME"] in line.split()[:-1])]
