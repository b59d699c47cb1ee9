"""Debian's nginx, HAProxy and Caddy, each with a configuration given by a test."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from tests.debian import Debian, child_of

EXAMPLES = Path(__file__).parents[2] / "packaging" / "proxies"
PACKAGES = ("nginx-light", "haproxy", "caddy")
NAMES = ("chat.example.org", "example.org")
_SECONDS = 10  # proxies start within one
_PLACES = {
    "nginx": "/etc/nginx/conf.d/chat.conf",
    "haproxy": "/etc/haproxy/chat.cfg",
    "caddy": "/etc/caddy/Caddyfile",
}
_COMMANDS = {
    "nginx": ["nginx", "-g", "daemon off;"],
    "haproxy": ["haproxy", "-db", "-f", "/etc/haproxy/haproxy.cfg", "-f", "/etc/haproxy/chat.cfg"],
    "caddy": ["caddy", "run", "--config", "/etc/caddy/Caddyfile"],
}
_PREPARE = """
echo "127.0.0.1 localhost" > /etc/hosts
mkdir -p /run/haproxy /etc/ssl/certs /etc/ssl/private
for name in %s; do
    cp /mnt/chat.pem /etc/ssl/certs/$name.pem
    cp /mnt/chat.key /etc/ssl/private/$name.key
    cat /mnt/chat.pem /mnt/chat.key > /etc/ssl/private/$name.pem
done
"""


def make_certificate(folder: Path) -> None:
    """Make one certificate for all names, signed by an authority that no browser knows."""
    about = ["-subj", "/CN=chat.example.org", "-addext", f"subjectAltName={','.join(f'DNS:{name}' for name in NAMES)}"]
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30"]
    files = ["-keyout", str(folder / "chat.key"), "-out", str(folder / "chat.pem")]
    subprocess.run(["openssl", "req", "-x509", *key, *about, *files], check=True, capture_output=True)


class Proxies:
    """Start a Debian with all three, and with certificates where the examples look for them."""

    def __init__(self, debian: Debian) -> None:
        self._debian = debian
        debian.run("sh", "-ec", _PREPARE % " ".join(NAMES), as_root=True)

    @contextlib.contextmanager
    def running(self, program: str, configuration: str, port: int) -> Iterator[None]:
        """Run one of them with this configuration for the chat; it listens while the context is open."""
        assert not _listens(port), "the one before has not ended"
        writing = ["sh", "-c", 'printf %s "$0" > "$1"', configuration, _PLACES[program]]
        self._debian.run(*writing, as_root=True)
        process = self._debian.popen(*_COMMANDS[program], as_root=True)
        try:
            deadline = time.monotonic() + _SECONDS
            while not _listens(port):
                assert process.poll() is None, process.communicate()
                assert time.monotonic() < deadline, f"{program} does not listen"
                time.sleep(0.02)
            yield
        finally:
            if process.poll() is None:
                os.kill(child_of(process), signal.SIGTERM)
            process.communicate(timeout=_SECONDS)


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False
