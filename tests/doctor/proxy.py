"""A proxy as networks have them, on port 3128: ``forwarding``, ``refusing``, or a ``portal`` that wants a login."""

import asyncio
import sys
from urllib.parse import urlsplit

_REFUSAL = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 8\r\nConnection: close\r\n\r\nblocked\n"
_LOGIN = b"HTTP/1.1 302 Found\r\nLocation: http://login.example/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    kind = sys.argv[1]
    writer.write(await forward(head) if kind == "forwarding" else _LOGIN if kind == "portal" else _REFUSAL)
    writer.close()


async def forward(head: bytes) -> bytes:
    """Forward the request."""
    method, url, rest = head.split(b" ", 2)
    place = urlsplit(url.decode())
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    writer.write(b" ".join((method, place.path.encode(), rest)))
    reply = await reader.read()
    writer.close()
    return reply


async def main() -> None:
    async with await asyncio.start_server(answer, "0.0.0.0", 3128) as server:
        print("ready", flush=True)
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
