"""Debian in namespaces of its own: other releases, packages that stay, what is shared, what goes."""

from pathlib import Path

import pytest

from tests.debian import PERSON, Debian

pytestmark = pytest.mark.timeout(600)  # the first one waits for the system to be made

_PACKAGES = ("tree",)


def test_another_release_comes_with_packages_and_what_is_shared(tmp_path: Path) -> None:
    (tmp_path / "said").write_text("Good morning")
    with Debian(release="trixie", packages=_PACKAGES, shared=[tmp_path]) as debian:
        assert "VERSION_CODENAME=trixie" in debian.run("cat", "/etc/os-release")
        assert debian.has("tree")
        assert debian.run("cat", str(tmp_path / "said"), as_root=True) == "Good morning"


def test_what_is_done_in_it_goes_with_it() -> None:
    for _ in range(2):
        with Debian(release="trixie", packages=_PACKAGES) as debian:
            assert debian.run("ls", f"/home/{PERSON}") == ""
            debian.run("touch", f"/home/{PERSON}/left")
