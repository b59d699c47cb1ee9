"""A reverse proxy in front of a chat, which serves it under a path prefix and encrypts."""

import asyncio
import contextlib
import re
import ssl
import subprocess
import threading
from collections import Counter
from collections.abc import Coroutine
from pathlib import Path
from types import TracebackType
from typing import Any, Self

_READ_BYTES = 65536  # bytes in one read, as much as StreamReader buffers


def certificate(folder: Path, *, name: str = "127.0.0.1", days: int = 2) -> ssl.SSLContext:
    """Make a TLS certificate for a name or an address. With -1 for ``days`` it expired yesterday.

    ``cert.pem`` in ``folder`` contains it and the unknown authority that signed it, both with as few fields as
    self-made certificates have.
    """
    names = ("key.pem", "request.pem", "cert.pem", "authority.key", "authority.pem", "extensions")
    key, request, cert, authority_key, authority, extensions = (folder / name for name in names)
    extensions.write_text(f"subjectAltName={'IP' if re.fullmatch(r'[0-9.]+', name) else 'DNS'}:{name}\n")
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    _openssl("req", "-x509", *kind, "-subj", "/CN=Test authority", "-keyout", authority_key, "-out", authority)
    _openssl("req", *kind, "-subj", "/CN=ChatDesk test", "-keyout", key, "-out", request)
    signed = ["-CA", authority, "-CAkey", authority_key, "-days", days, "-extfile", extensions]
    _openssl("x509", "-req", "-in", request, *signed, "-out", cert)
    cert.write_bytes(cert.read_bytes() + authority.read_bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context


def _openssl(*arguments: object) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, stderr=subprocess.DEVNULL)


class ReverseProxy:
    """Forwards requests to the server at ``port`` while its context is open, without the ``folder`` before their paths.

    With ``tls`` it accepts only TLS; with ``answer`` it sends that to every request instead of asking the server. As
    misconfigured proxies do, it replaces the Host by ``host`` and, without ``upgrades``, forwards no WebSocket.
    """

    def __init__(
        self,
        port: int = 0,
        *,
        folder: str = "/",
        tls: ssl.SSLContext | None = None,
        answer: bytes = b"",
        host: str = "",
        upgrades: bool = True,
    ) -> None:
        self._port = port
        self._folder = folder
        self._tls = tls
        self.answer = answer
        self._host = host
        self._upgrades = upgrades
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._connections: set[asyncio.StreamWriter] = set()
        self.address = ""
        """Host and port."""
        self.losses: Counter[str] = Counter()
        """How many of the next requests for a path, without the folder, are answered with 503."""

    @property
    def url(self) -> str:
        """The address of the page, with the slash at its end."""
        return f"{'https' if self._tls else 'http'}://{self.address}{self._folder}"

    def __enter__(self) -> Self:
        self._thread.start()
        self._run(self._start())
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._run(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _start(self) -> None:
        self._listener = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls)
        self.address = f"127.0.0.1:{self._listener.sockets[0].getsockname()[1]}"

    async def _stop(self) -> None:
        self._listener.close()
        await asyncio.sleep(0)  # a task that is cancelled before its first step leaves the accepted socket open
        for connection in self._connections:
            connection.transport.abort()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)  # the connections are closed in the next turn of the loop

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections.add(writer)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            head = await reader.readuntil(b"\r\n\r\n")
            method, target, rest = head.split(b" ", 2)
            if self._loses(target):
                writer.write(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                await writer.drain()
            elif self.answer or not target.startswith(self._folder.encode()):
                writer.write(self.answer or b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                await writer.drain()
            else:
                target = target.removeprefix(self._folder.encode().rstrip(b"/"))
                await self._forward(b" ".join((method, target, rest)), reader, writer)
        writer.close()

    def _loses(self, target: bytes) -> bool:
        path = target.decode().removeprefix(self._folder.rstrip("/")).partition("?")[0]
        lost = self.losses[path] > 0
        self.losses[path] -= lost
        return lost

    async def _forward(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._host:
            head = re.sub(rb"\r\nHost: [^\r]*", f"\r\nHost: {self._host}".encode(), head, flags=re.IGNORECASE)
        if not self._upgrades or b"upgrade: websocket" not in head.lower():
            head = re.sub(rb"\r\n(?:Connection|Upgrade): [^\r]*", b"", head, flags=re.IGNORECASE)
            head = head.removesuffix(b"\r\n") + b"Connection: close\r\n\r\n"
        upstream_reader, upstream = await asyncio.open_connection("127.0.0.1", self._port)
        self._connections.add(upstream)
        upstream.write(head)
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(_pump(reader, upstream))
                tasks.create_task(_pump(upstream_reader, writer))
        finally:
            upstream.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(_READ_BYTES):
        writer.write(data)
        await writer.drain()
    writer.close()
