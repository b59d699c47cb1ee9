"""Everything the tests need, and then the tests: ``python3 tests/run.py``.

Runs on a bare Debian or Ubuntu with Python 3.11 and pip. What is missing is installed: system packages with apt, uv
into ``.uv``, npm's packages into ``.cache/node``, a Python and the packages into ``.venv``.

Without arguments all tests are run, with the static checks beside them. Arguments go to pytest, and nothing else is
run then: ``python3 tests/run.py tests/log/test_reader.py``. The static checks alone are ``python3 tests/checks.py``.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from groups import run_all

ROOT = Path(__file__).resolve().parent.parent
UV = ROOT / ".uv" / "bin" / "uv"
NODE = ROOT / ".cache" / "node"

WINDOW = [
    "libglib2.0-0",
    "libgl1",
    "libegl1",
    "libdbus-1-3",
    "libxkbcommon0",
    "libfontconfig1",
    "fonts-dejavu-core",
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-keysyms1",
    "libxcb-shape0",
    "libxkbcommon-x11-0",
    "libxcb1",
]
TESTS = [
    "tzdata",
    "xvfb",
    "openbox",
    "ibus",
    "ibus-libpinyin",
    "weston",
    "xdotool",
    "xclip",
    "xauth",
    "orca",
    "at-spi2-core",
    "dbus",
    "dunst",
    "chromium",
    "chromium-headless-shell",
    "firefox-esr",
    "webkit2gtk-driver",
    "fonts-noto-color-emoji",
    "fonts-inter",
    "fonts-jetbrains-mono",
    "fonts-noto-core",
    "iproute2",
    "nftables",
    "iptables",
    "faketime",
    "procps",
    "bsdutils",
    "debootstrap",
    "debian-archive-keyring",
    "binutils",
    "xz-utils",
    "desktop-file-utils",
    "appstream",
    "squashfs-tools",
    "poppler-utils",
    "redis-server",
    "systemd",
    "strace",
]
COMPATIBILITY = ("typescript@5.9.3", "acorn@8.19.0", "css-tree@3.2.1", "@mdn/browser-compat-data@8.1.9")
LINTER = "eslint@9.39.5"
NODE_PACKAGES = ("wscat@6", "ws@8", "axe-core@4", "@asyncapi/parser@3.6.6", LINTER, *COMPATIBILITY)


def main() -> None:
    """Set up and run; ends with the exit code of the first step that fails, or that of the tests."""
    os.chdir(ROOT)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # each of hundreds of starts would compile all that it imports
    install_system_packages()
    install_uv()
    install_node_packages()
    step(
        "Python packages", UV, "sync", "--group", "dev", "--group", "packaging", "--group", "profiling", "--no-progress"
    )
    if sys.argv[1:]:
        step("Tests", UV, "run", "--no-sync", "pytest", *sys.argv[1:])
    else:
        sys.exit(run_all())


def install_system_packages() -> None:
    """Qt's libraries, a virtual screen, browsers and fonts: only those that are not there yet."""
    missing = missing_packages([*WINDOW, *TESTS, *([] if shutil.which("npm") else ["npm"])])
    if not missing:
        return
    if not shutil.which("apt-get"):
        sys.exit(f"Install these packages, or what your system calls them, and start again: {' '.join(missing)}")
    sudo = [] if os.geteuid() == 0 else ["sudo"]
    environment = ["env", "DEBIAN_FRONTEND=noninteractive"]
    step("Package lists", *sudo, "apt-get", "update", "-qq")
    step("System packages", *sudo, *environment, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing)


def missing_packages(wanted: Sequence[str]) -> list[str]:
    """Those that dpkg does not know as installed, under this name or the one that 64-bit time gave it."""
    names = [name for package in wanted for name in (package, f"{package}t64")]
    query = ["dpkg-query", "-W", "-f", "${db:Status-Status} ${Package}\n", *names]
    try:
        lines = subprocess.run(query, capture_output=True, text=True, check=False).stdout.splitlines()
    except FileNotFoundError:
        return list(wanted)
    installed = {line.removeprefix("installed ") for line in lines}
    return [package for package in wanted if not installed & {package, f"{package}t64"}]


def install_uv() -> None:
    """Install uv inside this folder."""
    if not UV.exists():
        step("uv", sys.executable, "-m", "pip", "install", "-q", "--target", ROOT / ".uv", "uv")


def install_node_packages() -> None:
    """Install wscat, the checks of accessibility, types, style and the wire for the tests, and ws for the benchmark."""
    if not all((NODE / "node_modules" / package.rpartition("@")[0]).is_dir() for package in NODE_PACKAGES):
        NODE.mkdir(parents=True, exist_ok=True)
        step("Node packages", "npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", NODE, *NODE_PACKAGES)


def step(name: str, *command: str | Path) -> None:
    """Run a command. If it fails, exit with its exit code."""
    print(f"== {name}", flush=True)
    code = subprocess.run([str(part) for part in command], check=False).returncode
    if code:
        sys.exit(code)


if __name__ == "__main__":
    main()
