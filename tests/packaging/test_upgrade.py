"""A later version installed over an earlier one keeps the history."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import deb
import pytest

from tests.debian import Debian
from tests.packaging.installed import OpenWindow, host_in

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]  # the first test waits for the build, and for a Debian


@pytest.fixture(scope="module")
def debian(dist: Path, package: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Debian]:
    """A Debian with an earlier version installed, and the later package ready."""
    brought, work = tmp_path_factory.mktemp("brought"), tmp_path_factory.mktemp("work")
    (materials,) = dist.glob("*-sbom.cdx.json")
    earlier = deb.build(dist / "chatdesk", materials, brought, work, version="0.0.1", packed=False)
    shutil.copy(package, brought)
    needed = [names.split(" | ")[-1] for names in deb.DEPENDS]  # that a package brings these is test_installed's
    with Debian(brought, packages=needed) as debian:
        install(debian, earlier)
        yield debian


def install(debian: Debian, package: Path) -> None:
    """Install one of those at hand, with what is there already."""
    debian.apt("install", "-y", "--no-install-recommends", f"/mnt/{package.name}")


def test_the_history_is_there_after_an_upgrade(debian: Debian, open_window: OpenWindow, package: Path) -> None:
    window = host_in(open_window)
    window.say("Said to the earlier version")
    window.wait_for("Said to the earlier version")
    assert window.end() == (0, "")
    install(debian, package)
    assert debian.run("dpkg-query", "-W", "-f", "${Version}", "chatdesk") == package.name.split("_")[1]
    window = host_in(open_window)
    window.say("Said to the later version")
    window.wait_for("Said to the earlier version", "Said to the later version")
