"""Asks an address by HTTP whether a chat is there, and for its description."""

import asyncio
from urllib.parse import urlsplit

import h11
import msgspec

from chatdesk.discovery.advert import validated_advert
from chatdesk.discovery.found_host import FoundHost

_ANSWER_BYTES = 8 * 1024
"""Many times the size of a description; a longer answer is not a chat's."""

NO_CHAT = (OSError, ValueError, h11.RemoteProtocolError)
"""What ``request_about`` raises when nobody listens there, or another program does."""


class _About(msgspec.Struct):
    service: str
    id: str
    port: int
    name: str = ""
    host: str = ""
    people: int = 0
    rooms: int = 0
    locked: bool = False
    version: str = ""
    key: str = ""
    entry: tuple[str, ...] = ()


async def query_chat(address: str, timeout: float) -> FoundHost | None:
    """Return the chat at ``host:port``; None when no chat answers within ``timeout`` seconds."""
    try:
        return await asyncio.wait_for(request_about(address), timeout)
    except NO_CHAT:
        return None


async def request_about(address: str) -> FoundHost:
    """Return the chat at ``host:port``, however long it takes. Raises one of NO_CHAT when there is none."""
    parts = urlsplit(f"//{address}")
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        http = h11.Connection(h11.CLIENT, max_incomplete_event_size=_ANSWER_BYTES)
        request = h11.Request(method="GET", target="/about", headers=[("Host", address), ("Connection", "close")])
        writer.write((http.send(request) or b"") + (http.send(h11.EndOfMessage()) or b""))
        return _parse_about(await _body(http, reader), address)
    finally:
        writer.transport.abort()


async def _body(http: h11.Connection, reader: asyncio.StreamReader) -> bytes:
    """The body of a plain answer; redirections are not followed."""
    body = b""
    while len(body) <= _ANSWER_BYTES:
        event = http.next_event()
        if event is h11.NEED_DATA:
            http.receive_data(await reader.read(_ANSWER_BYTES))
        elif isinstance(event, h11.Response) and event.status_code != 200:
            raise ValueError(f"the answer is {event.status_code}")
        elif isinstance(event, h11.Data):
            body += event.data
        elif isinstance(event, h11.EndOfMessage | h11.ConnectionClosed):
            return body
    raise ValueError("the answer is too long")


def _parse_about(body: bytes, address: str) -> FoundHost:
    about = msgspec.json.decode(body, type=_About)
    advert = validated_advert(
        server_id=about.id,
        name=about.name,
        host=about.host,
        people=about.people,
        rooms=about.rooms,
        locked=about.locked,
        port=about.port,
        version=about.version,
        key=about.key,
        entry=about.entry,
    )
    if about.service != "chatdesk" or not advert:
        raise ValueError("this is no chat")
    return FoundHost(
        advert.server_id,
        advert.name,
        advert.host,
        advert.people,
        advert.rooms,
        advert.locked,
        advert.version,
        (address,),
        advert.key,
        advert.entry,
    )
