"""A bare Debian without a Python, in namespaces of its own: all that is done and started in it goes with it.

It is made by debootstrap once for each release and kept under ``.cache``; on it lies a layer that is thrown away.
"""

import contextlib
import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

_CACHE = Path(__file__).parents[2] / ".cache" / "debian"
_START = """
mount -t overlay overlay -o "lowerdir=$BASE,upperdir=$LAYERS/upper,workdir=$LAYERS/work" "$LAYERS/root"
mount -t proc proc "$LAYERS/root/proc"
mount --rbind /dev "$LAYERS/root/dev"
mount --bind "$ARCHIVES" "$LAYERS/root/var/cache/apt/archives"
mount --bind "$BROUGHT" "$LAYERS/root/mnt"
cp /etc/resolv.conf "$LAYERS/root/etc"
echo ready
exec sleep infinity
"""
PERSON = "mara"
"""Who uses it, apart from root."""


class Debian:
    """The system, running for as long as the context lasts. What is in the folder ``brought`` lies in its ``/mnt``."""

    def __init__(self, brought: Path) -> None:
        self._brought = brought

    def __enter__(self) -> Self:
        self._layers = Path(tempfile.mkdtemp(prefix="chatdesk-debian-"))
        for layer in ("upper", "work", "root"):
            (self._layers / layer).mkdir(mode=0o755)
        self._layers.chmod(0o755)
        archives = _CACHE / "archives"
        (archives / "partial").mkdir(parents=True, exist_ok=True)
        places = {
            "BASE": str(_base()),
            "LAYERS": str(self._layers),
            "ARCHIVES": str(archives),
            "BROUGHT": str(self._brought),
        }
        apart = ("unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private")
        command = [*apart, "sh", "-ec", _START]
        self._keeper = subprocess.Popen(command, env={**os.environ, **places}, stdout=subprocess.PIPE, text=True)
        assert self._keeper.stdout
        assert self._keeper.stdout.readline() == "ready\n"
        self._first = child_of(self._keeper)
        self.run("useradd", "--create-home", PERSON, as_root=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._keeper.kill()  # and with it, by its own wish, all that runs in here
        self._keeper.communicate(timeout=10)
        shutil.rmtree(self._layers)

    def install(self, package: Path) -> None:
        """Install one that was brought, and what it depends on, as a person would."""
        self.run("apt-get", "update", "-qq", as_root=True)
        options = ("-y", "-qq", "--no-install-recommends")
        self.run("apt-get", "install", *options, f"/mnt/{package.name}", as_root=True)

    def command(self, command: Sequence[str], person: str, environment: Mapping[str, str]) -> list[str]:
        """The command as it is run from outside so that it runs in here, with nothing of this machine's environment."""
        inside = ["nsenter", f"--target={self._first}", "--mount", "--pid"]
        inside += ["chroot", f"--userspec={person}", str(self._layers / "root"), "env", "-i"]
        places = {"HOME": f"/home/{PERSON}", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}
        return [*inside, *(f"{name}={value}" for name, value in {**places, **environment}.items()), *command]

    def popen(self, *command: str, **environment: str) -> subprocess.Popen[str]:
        """Start a program as the person; its signals go to ``child_of`` the result."""
        streams: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen(self.command(command, PERSON, environment), **streams)

    def run(self, *command: str, as_root: bool = False) -> str:
        """Run a program to its end; what it printed. Raises AssertionError where it fails."""
        whole = self.command(command, "root" if as_root else PERSON, {"DEBIAN_FRONTEND": "noninteractive"})
        done = subprocess.run(whole, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        assert done.returncode == 0, done.stdout
        return done.stdout

    def has(self, program: str) -> bool:
        """Whether there is such a program."""
        looking = subprocess.run(self.command(["which", program], PERSON, {}), stdout=subprocess.DEVNULL, check=False)
        return looking.returncode == 0


def child_of(process: subprocess.Popen[str]) -> int:
    """The one process that another has started."""
    return int(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text())


@contextlib.contextmanager
def only_loopback() -> Iterator[None]:
    """What is started meanwhile has a network of its own, with nobody in it but this machine."""
    with Path("/proc/thread-self/ns/net").open() as before:
        os.unshare(os.CLONE_NEWNET)
        try:
            subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
            yield
        finally:
            os.setns(before.fileno(), os.CLONE_NEWNET)


def _base() -> Path:
    """The bare system of this machine's release."""
    release = platform.freedesktop_os_release()["VERSION_CODENAME"]
    folder = _CACHE / release
    if not folder.is_dir():
        making = _CACHE / f"{release}.{os.getpid()}"
        making.parent.mkdir(parents=True, exist_ok=True)
        command = ["debootstrap", "--variant=minbase", release, str(making), _mirror(release)]
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        making.rename(folder)
    return folder


def _mirror(release: str) -> str:
    """Where this machine has its own packages from."""
    command = ["apt-get", "indextargets", "--format", "$(CODENAME) $(SUITE) $(SITE)", "Created-By: Packages"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return next(line.split()[-1] for line in lines if release in line.split()[:-1])
