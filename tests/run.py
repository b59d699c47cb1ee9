"""Everything the tests need, and then the tests: ``python3 tests/run.py``.

Runs on a bare Debian or Ubuntu with Python 3.11 and pip. What is missing is installed: system packages with apt, uv
into ``.uv``, npm's packages into ``.cache/node``, a Python and the packages into ``.venv``. Arguments go to
pytest.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

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
    "chromium",
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
]
WIDGETS = ["tests/desktop/widgets", "tests/desktop/models", "tests/desktop/dialogs"]
LOOP = "tests/desktop/test_loop*.py"
WINDOWS = ["tests/desktop"]
PAGES = "tests/e2e/test_page_*.py"
WHOLE_PROGRAMS = ["tests/e2e", "tests/bench"]
NETWORKS = ["tests/discovery", "tests/doctor"]
PACKAGES = ["tests/packaging"]
COMPATIBILITY = ("typescript@5.9.3", "acorn@8.19.0", "css-tree@3.2.1", "@mdn/browser-compat-data@8.1.9")
LINTER = "eslint@9.39.5"
NODE_PACKAGES = ("wscat@6", "ws@8", "axe-core@4", LINTER, *COMPATIBILITY)


def main() -> None:
    """Set up and run; ends with the exit code of the first step that fails."""
    os.chdir(ROOT)
    install_system_packages()
    install_uv()
    install_node_packages()
    step("Python packages", UV, "sync", "--group", "dev", "--group", "packaging", "--no-progress")
    step("Checks", sys.executable, "tests/checks.py")
    if sys.argv[1:]:
        step("Tests", *in_venv("pytest", *sys.argv[1:]))
    else:
        run_all_tests()


def install_system_packages() -> None:
    """Qt's libraries, a virtual screen, a browser and fonts: only those that are not there yet."""
    wanted = [*WINDOW, *TESTS, *([] if shutil.which("npm") else ["npm"])]
    missing = [package for package in wanted if not is_installed(package)]
    if not missing:
        return
    if not shutil.which("apt-get"):
        sys.exit(f"Install these packages, or what your system calls them, and start again: {' '.join(missing)}")
    sudo = [] if os.geteuid() == 0 else ["sudo"]
    environment = ["env", "DEBIAN_FRONTEND=noninteractive"]
    step("Package lists", *sudo, "apt-get", "update", "-qq")
    step("System packages", *sudo, *environment, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing)


def is_installed(package: str) -> bool:
    """Whether dpkg knows the package, under this name or the one that 64-bit time gave it."""
    for name in (package, f"{package}t64"):
        query = ["dpkg-query", "-W", "-f", "${Status}", name]
        try:
            status = subprocess.run(query, capture_output=True, text=True, check=False).stdout
        except FileNotFoundError:
            return False
        if "install ok installed" in status:
            return True
    return False


def install_uv() -> None:
    """uv, inside this folder."""
    if not UV.exists():
        step("uv", sys.executable, "-m", "pip", "install", "-q", "--target", ROOT / ".uv", "uv")


def install_node_packages() -> None:
    """The real wscat and the checks of accessibility, types and faults for the tests, and ws for the benchmark."""
    if not all((NODE / "node_modules" / package.rpartition("@")[0]).is_dir() for package in NODE_PACKAGES):
        NODE.mkdir(parents=True, exist_ok=True)
        step("Node packages", "npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", NODE, *NODE_PACKAGES)


def run_all_tests() -> None:
    """Those of whole programs wait a lot: others go on beside them. The window's keep time: no browser runs beside."""
    others = [f"--ignore={folder}" for folder in (*WHOLE_PROGRAMS, *WINDOWS, *NETWORKS, *PACKAGES)]
    pages = in_venv("pytest", *files(PAGES))
    programs = in_venv("pytest", *WHOLE_PROGRAMS, f"--ignore-glob={PAGES}")
    networks, packages = in_venv("pytest", *NETWORKS), in_venv("pytest", *PACKAGES)
    side_by_side("Tests", packages, pages, in_venv("pytest", *others), networks, programs)
    parts = [*WIDGETS, *files(LOOP)]
    rest = [*WINDOWS, *(f"--ignore={part}" for part in parts)]
    side_by_side("Tests of the window", in_venv("pytest", *parts), in_venv("pytest", *rest))


def files(pattern: str) -> list[str]:
    """The paths of the files of this pattern."""
    return [str(path) for path in sorted(Path().glob(pattern))]


def side_by_side(name: str, *lots: list[str | Path]) -> None:
    """Run several commands at once; when one of them fails, stop after all of them have ended."""
    print(f"== {name}, {len(lots)} lots side by side; what they say comes at their end", flush=True)
    with contextlib.ExitStack() as stack:
        running = []
        for lot in lots:
            said = stack.enter_context(tempfile.TemporaryFile("w+"))
            command = [str(part) for part in lot]
            running.append((stack.enter_context(subprocess.Popen(command, stdout=said)), said))
        codes = []
        for process, said in running:
            codes.append(process.wait())
            said.seek(0)
            print(said.read(), flush=True)
    if any(codes):
        sys.exit(1)


def in_venv(*command: str) -> list[str | Path]:
    """The command as uv runs it in the project's environment."""
    return [UV, "run", "--no-sync", *command]


def step(name: str, *command: str | Path) -> None:
    """Run a command; when it fails, stop with its exit code."""
    print(f"== {name}", flush=True)
    code = subprocess.run([str(part) for part in command], check=False).returncode
    if code:
        sys.exit(code)


if __name__ == "__main__":
    main()
