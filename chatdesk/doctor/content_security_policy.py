"""What a Content-Security-Policy blocks on a chat's page, such as one that a proxy has added. Pure.

Browsers obey all policies of a page, also those of a proxy. Nonces and hashes allow nothing here: they are for inline
scripts, and this page loads files.
"""

import ipaddress
from collections.abc import Sequence
from urllib.parse import SplitResult, urlsplit

_DEFAULT_PORTS = {"http": 80, "ws": 80, "https": 443, "wss": 443}  # where a URL names none
_DIRECTIVES = {
    "script": ("script-src-elem", "script-src", "default-src"),
    "style": ("style-src-elem", "style-src", "default-src"),
    "websocket": ("connect-src", "default-src"),
}
_COVERS = {"http": ("http", "https"), "ws": ("ws", "wss")}
"""A scheme also stands for its encrypted form."""

_Policy = dict[str, list[str]]


def blocked_kinds(policies: str, url: str) -> set[str]:
    """Return which of script, style and websocket of its own host the policies block on the page at ``url``.

    ``policies`` is the header field, several policies separated by commas.
    """
    page = urlsplit(url)
    return {kind for policy in map(_read, policies.split(",")) for kind in _DIRECTIVES if _blocks(policy, kind, page)}


def _read(policy: str) -> _Policy:
    directives: _Policy = {}
    for tokens in map(str.split, policy.lower().split(";")):
        if tokens:
            directives.setdefault(tokens[0], tokens[1:])
    return directives


def _blocks(policy: _Policy, kind: str, page: SplitResult) -> bool:
    if "upgrade-insecure-requests" in policy and page.scheme == "http" and not _is_loopback(page.hostname or ""):
        return True  # it is requested over TLS, where no server answers
    sandbox = policy.get("sandbox")
    if sandbox is not None and ("allow-same-origin" if kind == "websocket" else "allow-scripts") not in sandbox:
        return kind != "style"
    sources = next((policy[name] for name in _DIRECTIVES[kind] if name in policy), None)
    return sources is not None and not _allows(sources, kind, page)


def _allows(sources: Sequence[str], kind: str, page: SplitResult) -> bool:
    if kind == "script" and "'strict-dynamic'" in sources:
        return False
    scheme = page.scheme.replace("http", "ws") if kind == "websocket" else page.scheme
    return any(source in ("*", "'self'") or _matches(source, scheme, page) for source in sources)


def _matches(source: str, scheme: str, page: SplitResult) -> bool:
    """Whether a source of a policy, a scheme or a host, matches what is loaded."""
    named, separator, rest = source.partition("://")
    if source.endswith(":"):
        return scheme in _COVERS.get(source[:-1], (source[:-1],))
    if separator and scheme not in _COVERS.get(named, (named,)):
        return False
    host, _, port = (rest if separator else source).partition("/")[0].partition(":")
    usual = page.port or _DEFAULT_PORTS[page.scheme]
    fits = port in ("*", str(usual)) or (not port and usual == _DEFAULT_PORTS[page.scheme])
    name = page.hostname or ""
    return fits and (name.endswith(host[1:]) if host.startswith("*.") else name == host)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
