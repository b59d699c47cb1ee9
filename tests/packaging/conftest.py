"""What is handed out, built once for all the tests here, and machines that it is installed on."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.debian import Debian, only_loopback
from tests.e2e.browser import chromium
from tests.packaging.installed import InstalledWindow, OpenWindow

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "packaging"))  # its modules are scripts beside each other, as uv runs them


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with all of it; BUILT_PACKAGES names one that has just been built."""
    if built := os.environ.get("BUILT_PACKAGES"):
        return Path(built)
    folder = tmp_path_factory.mktemp("dist") / "dist"
    subprocess.run([sys.executable, ROOT / "packaging" / "build.py", "--to", folder], check=True)
    return folder


@pytest.fixture(scope="session")
def package(dist: Path) -> Path:
    """The Debian package."""
    (package,) = dist.glob("*.deb")
    return package


@pytest.fixture(scope="session")
def one_file(dist: Path) -> Path:
    """The program as one file."""
    (file,) = dist.glob("chatdesk-*-linux-*[!z]")
    return file


@pytest.fixture(scope="module")
def browser(alone: None) -> Iterator[Browser]:
    """Chromium, in the network with nothing but loopback."""
    with chromium(whole=True) as browser:
        yield browser


@pytest.fixture(scope="module")
def alone(debian: Debian) -> Iterator[None]:
    """A network with nothing but loopback, for the module's Debian and for this machine's browser and terminal."""
    with only_loopback():
        yield


@pytest.fixture
def open_window(debian: Debian, alone: None) -> Iterator[OpenWindow]:
    """Opens windows of programs in the module's Debian, each on its own screen."""
    with ExitStack() as stack:

        def open_window(*arguments: str, program: str = "chatdesk", home: str = "") -> InstalledWindow:
            return stack.enter_context(InstalledWindow(debian, *arguments, program=program, home=home))

        yield open_window
