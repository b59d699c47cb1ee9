"""The proxy that browsers here use, as set in the environment or on the desktop."""

from pathlib import Path

import pytest

from chatdesk.doctor.observations import Proxy
from chatdesk.doctor.proxy_settings import proxy_for, uses_pac_script

GSETTINGS = """#!/bin/sh
case "$2 $3" in
    "org.gnome.system.proxy mode") echo "'{mode}'" ;;
    "org.gnome.system.proxy.http host") echo "'{host}'" ;;
    "org.gnome.system.proxy.http port") echo "3128" ;;
    "org.gnome.system.proxy ignore-hosts") echo "{exceptions}" ;;
    *) exit 1 ;;
esac
"""


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No proxy, and a desktop without one."""
    for name in ("http_proxy", "HTTP_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("chatdesk.doctor.system_commands._SYSTEM_PATHS", str(tmp_path))


async def test_usually_there_is_none() -> None:
    assert await proxy_for("10.77.1.2") is None


@pytest.mark.parametrize(
    ("proxy", "place"),
    [
        ("http://proxy.lab:3128", ("proxy.lab", 3128)),
        ("proxy.lab:3128", ("proxy.lab", 3128)),
        ("http://proxy.lab", ("proxy.lab", 80)),
        ("http://mara:secret@proxy.lab:3128/", ("proxy.lab", 3128)),
        ("http://proxy.lab:port", None),
        ("http://", None),
    ],
)
async def test_a_proxy_by_its_address(
    monkeypatch: pytest.MonkeyPatch, proxy: str, place: tuple[str, int] | None
) -> None:
    monkeypatch.setenv("http_proxy", proxy)
    assert await proxy_for("10.77.1.2") == (Proxy(*place, "environment") if place else None)


@pytest.mark.parametrize(
    ("exceptions", "through"), [("localhost, 10.77.1.2", False), (".lab, .home", True), ("*", False)]
)
async def test_exceptions_count(monkeypatch: pytest.MonkeyPatch, exceptions: str, through: bool) -> None:
    monkeypatch.setenv("http_proxy", "http://proxy.lab:3128")
    monkeypatch.setenv("no_proxy", exceptions)
    found = await proxy_for("10.77.1.2")
    assert bool(found) == through
    assert not found or found.bypassed == (".lab", ".home")


@pytest.mark.parametrize(
    ("mode", "host", "exceptions", "found"),
    [
        ("manual", "proxy.lab", "['localhost', '10.9.*']", Proxy("proxy.lab", 3128, "gnome", ("localhost", "10.9.*"))),
        ("manual", "proxy.lab", "@as []", Proxy("proxy.lab", 3128, "gnome")),
        ("manual", "proxy.lab", "['localhost', '10.77.*']", None),
        ("manual", "", "[]", None),
        ("none", "proxy.lab", "[]", None),
        ("manual", "proxy.lab", "nonsense(", Proxy("proxy.lab", 3128, "gnome")),
    ],
)
async def test_the_desktops_proxy(tmp_path: Path, mode: str, host: str, exceptions: str, found: Proxy | None) -> None:
    program = tmp_path / "gsettings"
    program.write_text(GSETTINGS.format(mode=mode, host=host, exceptions=exceptions))
    program.chmod(0o755)
    assert await proxy_for("10.77.1.2") == found


@pytest.mark.parametrize(("mode", "script"), [("auto", True), ("manual", False)])
async def test_the_desktop_may_leave_it_to_a_script(tmp_path: Path, mode: str, script: bool) -> None:
    program = tmp_path / "gsettings"
    program.write_text(GSETTINGS.format(mode=mode, host="proxy.lab", exceptions="[]"))
    program.chmod(0o755)
    assert await uses_pac_script() is script
