"""Which proxy browsers on this computer go through."""

import os
import urllib.request
from typing import NamedTuple
from urllib.parse import urlsplit

_USUAL_PORTS = {"http": 80, "https": 443, "socks": 1080}


class Proxy(NamedTuple):
    """A proxy for plain HTTP."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"the proxy {self.host}:{self.port}"


def proxy_for(host: str) -> Proxy | None:
    """The proxy by which programs here go to ``host``: from the environment, or the settings of Windows and macOS."""
    url = urllib.request.getproxies().get("http", "")
    if not url or urllib.request.proxy_bypass(host):
        return None
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        port = parts.port or _USUAL_PORTS.get(parts.scheme, 80)
    except ValueError:
        return None
    return Proxy(parts.hostname, port) if parts.hostname else None


def excepted() -> str:
    """To what programs here go without the proxy already, as the environment has it."""
    return os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
