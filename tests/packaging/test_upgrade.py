"""A later version installed over an earlier one goes on with what was said."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import deb
import pytest

from tests.debian import Debian
from tests.packaging.installed import OpenWindow, host_in

pytestmark = pytest.mark.timeout(900)  # it may be the one that waits for the build, and for a Debian


@pytest.fixture(scope="module")
def debian(dist: Path, package: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Debian]:
    """A Debian with an earlier version, and the later one at hand."""
    brought, work = tmp_path_factory.mktemp("brought"), tmp_path_factory.mktemp("work")
    (materials,) = dist.glob("*-sbom.cdx.json")
    earlier = deb.build(dist / "chatdesk", materials, brought, work, version="0.0.1", compression="none")
    shutil.copy(package, brought)
    with Debian(brought) as debian:
        debian.install(f"/mnt/{earlier.name}")
        yield debian


def test_the_history_is_there_after_an_upgrade(debian: Debian, open_window: OpenWindow, package: Path) -> None:
    window = host_in(open_window)
    window.say("Said to the earlier version")
    window.wait_for("Said to the earlier version")
    assert window.end() == (0, "")
    debian.run("apt-get", "install", "-y", "-qq", "--no-install-recommends", f"/mnt/{package.name}", as_root=True)
    assert debian.run("dpkg-query", "-W", "-f", "${Version}", "chatdesk") == package.name.split("_")[1]
    window = host_in(open_window)
    window.say("Said to the later version")
    window.wait_for("Said to the earlier version", "Said to the later version")
