"""The proxy that browsers on this computer use, and where it is set."""

import ast
import os
import sys
import urllib.request
from collections.abc import Sequence
from fnmatch import fnmatch
from urllib.parse import urlsplit

from chatdesk.doctor.observations import Proxy
from chatdesk.doctor.system_commands import output_of

_DEFAULT_PORTS = {"http": 80, "https": 443, "socks": 1080}  # where a URL names none
_GNOME = "org.gnome.system.proxy"


async def proxy_for(host: str, scheme: str = "http") -> Proxy | None:
    """Return the proxy that browsers here use for ``host``, from the environment or the settings of the system."""
    proxies = urllib.request.getproxies()
    if not proxies.get(scheme):
        return await _gnome(host, scheme)
    if urllib.request.proxy_bypass(host):
        return None
    if urllib.request.getproxies_environment().get(scheme):
        ignored_hosts = (os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or "").split(",")
        return _proxy(proxies[scheme], "environment", [name for name in map(str.strip, ignored_hosts) if name])
    return _proxy(proxies[scheme], sys.platform)


async def uses_pac_script() -> bool:
    """Whether the desktop makes browsers ask a script of the network (PAC) which proxy to use."""
    return await _setting(_GNOME, "mode") == "auto"


async def _gnome(host: str, scheme: str) -> Proxy | None:
    """The settings of GNOME and of desktops derived from it."""
    if await _setting(_GNOME, "mode") != "manual":
        return None
    where, port = await _setting(f"{_GNOME}.{scheme}", "host"), await _setting(f"{_GNOME}.{scheme}", "port")
    ignored_hosts = await _setting(_GNOME, "ignore-hosts")
    bypassed = [name for name in ignored_hosts if isinstance(name, str)] if isinstance(ignored_hosts, list) else []
    if not where or any(fnmatch(host, name) for name in bypassed):
        return None
    return _proxy(f"{where}:{port}", "gnome", bypassed)


async def _setting(schema: str, key: str) -> object:
    """A value as gsettings prints it, which is nearly Python; None if it is not set."""
    text = await output_of("gsettings", "get", schema, key)
    try:
        return ast.literal_eval((text or "").strip().removeprefix("@as "))
    except (ValueError, SyntaxError):
        return None


def _proxy(url: str, setting: str, bypassed: Sequence[str] = ()) -> Proxy | None:
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        port = parts.port or _DEFAULT_PORTS.get(parts.scheme, 80)
    except ValueError:
        return None
    return Proxy(parts.hostname, port, setting, tuple(bypassed)) if parts.hostname else None
