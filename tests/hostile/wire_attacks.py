"""What one connection can throw at a host, and how that ends: data for the tests and for the table of figures.

Each entry is sent once by the tests, which compare the outcome, and again and again by ``tests.bench.neighbour``,
which measures what it costs the others.
"""

import json
from dataclasses import dataclass
from typing import Any, Literal

from tests.server.wire import BINARY, CONT, PING, TEXT, client_frame, text

Stage = Literal["http", "stranger", "member"]
"""What the connection is by then: a fresh one, a WebSocket, or one that has joined."""


@dataclass(frozen=True)
class WireAttack:
    """``sent`` at this stage ends with ``outcome``.

    An outcome is the status of an answer, ``closed`` without one, ``close`` with a close frame's code, or ``error``
    with the code of an error, after which the connection goes on; ``ignored`` is without any answer.
    """

    part: str
    name: str
    outcome: str
    sent: bytes
    stage: Stage = "member"


def head(
    target: str = "/", *fields: str, method: str = "GET", host: str = "Host: localhost", end: str = "\r\n"
) -> bytes:
    """The head of a request; ``host`` is its first field."""
    return end.join((f"{method} {target} HTTP/1.1", host, *fields, "", "")).encode("latin-1")


def upgrade(*fields: str, **changes: str) -> bytes:
    """The head of a request for a WebSocket."""
    wanted = ("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")
    return head("/ws", *wanted, "Sec-WebSocket-Version: 13", *fields, **changes)


def _http(name: str, outcome: str, sent: bytes) -> WireAttack:
    return WireAttack("Handshake and HTTP", name, outcome, sent, "http")


def _frame(name: str, outcome: str, sent: bytes) -> WireAttack:
    return WireAttack("Frames", name, outcome, sent, "stranger")


def _json(name: str, outcome: str, content: str | bytes) -> WireAttack:
    return WireAttack("JSON", name, outcome, text(content))


def _name(name: str, outcome: str, nickname: object) -> WireAttack:
    return WireAttack("Names", name, outcome, _command("join", nickname=nickname), "stranger")


def _right(name: str, outcome: str, kind: str, **fields: Any) -> WireAttack:
    return WireAttack("Rights", name, outcome, _command(kind, **fields))


def _command(kind: str, **fields: Any) -> bytes:
    return text(json.dumps({"type": kind, **fields}))


_HTTP = (
    _http("foreign Origin", "403", upgrade("Origin: http://evil.example")),
    _http("null Origin", "403", upgrade("Origin: null")),
    _http("look-alike Origin, host first", "403", upgrade("Origin: http://localhost.evil")),
    _http("look-alike Origin, host as path", "403", upgrade("Origin: http://evil/localhost")),
    _http("no Origin", "101", upgrade()),
    _http("rebound Host", "403", head(host="Host: evil.example")),
    _http("two Hosts", "400", head("/", "Host: localhost")),
    _http("two Origins", "400", upgrade("Origin: http://localhost", "Origin: http://localhost")),
    _http("130 headers", "431", head("/", *[f"X-{number}: x" for number in range(130)])),
    _http("header of 9 KB", "431", head("/", f"X: {'x' * 9000}")),
    _http("endless path", "414", head(f"/{'x' * 9000}")),
    _http("lines without CR", "closed", head(end="\n")),
    _http("TLS on a plain port", "closed", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500)),
    _http("binary bytes", "closed", bytes(range(256)) * 4),
    _http("HEAD", "200", head(method="HEAD")),
    _http("POST with a body", "405", head("/", "Content-Length: 3", method="POST") + b"abc"),
    _http("body of a GET", "413", head("/", "Content-Length: 3") + b"abc"),
    _http("chunked body", "413", head("/", "Transfer-Encoding: chunked") + b"1\r\nx\r\n"),
    _http("both lengths of a body", "413", head("/", "Content-Length: 3", "Transfer-Encoding: chunked") + b"abc"),
    _http("path up", "404", head("/../pyproject.toml")),
    _http("encoded path up", "404", head("/%2e%2e/%2e%2e/etc/passwd")),
    _http("path up with backslashes", "404", head("/..\\..\\pyproject.toml")),
    _http("NUL in a path", "404", head("/index.html%00.png")),
    _http("drive letter", "404", head("/C:/Windows/win.ini")),
    _http("a whole address as the target", "403", head("http://evil.example/")),
    _http("WebSocket of another version", "400", upgrade().replace(b"Version: 13", b"Version: 7")),
    _http("WebSocket without a key", "400", upgrade().replace(b"Sec-WebSocket-Key", b"X-Key")),
)
_FRAMES = (
    _frame("not masked", "close 1002", client_frame(TEXT, b"{}", masked=False)),
    _frame("reserved bits", "close 1002", client_frame(TEXT, b"{}", reserved=0x40)),
    _frame("unknown opcode", "close 1002", client_frame(3, b"{}")),
    _frame("long ping", "close 1002", client_frame(PING, b"x" * 126)),
    _frame("fragmented ping", "close 1002", client_frame(PING, b"x", fin=False)),
    _frame("stray continuation", "close 1002", client_frame(CONT, b"x")),
    _frame(
        "text within a fragmented one", "close 1002", client_frame(TEXT, b"{", fin=False) + client_frame(TEXT, b"}")
    ),
    _frame("not UTF-8", "close 1007", client_frame(TEXT, b"\xff\xfe{}")),
    _frame("length of 2^63", "close 1009", b"\x81\xff" + (1 << 63).to_bytes(8) + bytes(4)),
    _frame("length of 2^40", "close 1009", b"\x81\xff" + (1 << 40).to_bytes(8) + bytes(4)),
    _frame("message above the limit", "close 1009", client_frame(TEXT, b" " * 66_000)),
    _frame(
        "fragments that add up to it",
        "close 1009",
        client_frame(TEXT, b" " * 40_000, fin=False) + client_frame(CONT, b" " * 40_000),
    ),
    _frame("a megabyte of spaces", "close 1009", client_frame(TEXT, b" " * 1_000_000)),
    _frame("binary", "error bad_message", client_frame(BINARY, b"{}")),
    _frame("close of one byte", "close 1002", client_frame(8, b"\x03")),
    _frame("close with a reserved code", "close 1002", client_frame(8, (1005).to_bytes(2))),
)
_JSON = (
    _json("60,000 open brackets", "error bad_message", "[" * 60_000),
    _json("900 levels", "error bad_message", '{"type":' * 900 + "1" + "}" * 900),
    _json("integer of 5,000 digits", "error bad_message", f'{{"type":"history","limit":{"9" * 5000}}}'),
    _json("2^63", "error bad_message", f'{{"type":"history","before":{2**63}}}'),
    _json("NaN", "error bad_json", '{"type":"history","limit":NaN}'),
    _json("Infinity", "error bad_json", '{"type":"history","limit":Infinity}'),
    _json("1e400", "error bad_message", '{"type":"history","limit":1e400}'),
    _json("lone surrogate", "error bad_json", '{"type":"message","content":"\\ud800"}'),
    _json("duplicate keys", "error unknown_type", '{"type":"message","type":"nothing","content":"x"}'),
    _json("true for a number", "error bad_message", '{"type":"history","limit":true}'),
    _json("list for a string", "error bad_message", '{"type":"message","content":["x"]}'),
    _json("list for a command", "error bad_message", "[1,2]"),
    _json("NUL in a string", "error bad_message", '{"type":"message","content":"a\\u0000b"}'),
    _json("UTF-16", "close 1007", '{"type":"users"}'.encode("utf-16")),
    _json("empty frame", "error bad_json", ""),
    _json("60,000 spaces", "error bad_json", " " * 60_000),
    _json("unknown type", "error unknown_type", '{"type":"sudo"}'),
    _json("no type", "error bad_message", "{}"),
    _json("not JSON", "error bad_json", "hello"),
)
_NAMES = (
    _name("empty", "error bad_nickname", ""),
    _name("blank", "error bad_nickname", "   "),
    _name("33 characters", "error bad_nickname", "x" * 33),
    _name("ten thousand characters", "error bad_nickname", "x" * 10_000),
    _name("control characters", "error bad_nickname", "Kit\x07"),
    _name("zero-width characters alone", "error bad_nickname", "\u200b\u200d"),
    _name("direction override", "error bad_nickname", "\u202etiK"),
    _name("stacked marks", "error bad_nickname", "Z" + "\u0301" * 20),
    _name("upper case of a name that is here", "error nickname_taken", "ANA"),
    _name("full-width letters", "error nickname_taken", "Ａｎａ"),
    _name("Cyrillic letters", "error nickname_taken", "Аnа"),
    _name("rn beside m", "error nickname_taken", "rnara"),
    _name("zero-width character within", "error bad_nickname", "A\u200bna"),
    _name("reserved: system", "error bad_nickname", "system"),
    _name("reserved: server", "error bad_nickname", "Server"),
    _name("reserved: host", "error bad_nickname", "HOST"),
    _name("number", "error bad_message", 7),
)
_RIGHTS = (
    _right("write in a room that was not entered", "error bad_room", "message", room="attic", content="x"),
    _right("its history", "error bad_room", "history", room="attic"),
    _right("search in it", "error bad_room", "search", room="attic", query="secret"),
    _right("typing in it", "error bad_room", "typing", room="attic"),
    _right("its people", "error bad_room", "users", room="attic"),
    _right("a private room of two others", "error bad_room", "enter", room="@0123456789abcdef0123456789abcdef"),
    _right("edit of a message of somebody else", "error forbidden", "edit", seq=1, content="x"),
    _right("deletion of it", "error forbidden", "delete", seq=1),
    _right("clear as a member", "error forbidden", "clear"),
    _right("topic as a member", "error forbidden", "topic", topic="mine"),
    _right("archive as a member", "error forbidden", "archive", active=True),
    _right("delete a room as a member", "error forbidden", "delete_room", room="lobby"),
    _right("join a second time", "error already_joined", "join", nickname="Other"),
    WireAttack("Rights", "write without a join", "error not_joined", _command("message", content="x"), "stranger"),
    WireAttack("Rights", "history without a join", "error not_joined", _command("history"), "stranger"),
)

WIRE_ATTACKS = _HTTP + _FRAMES + _JSON + _NAMES + _RIGHTS


def by_part() -> dict[tuple[str, Stage], tuple[bytes, ...]]:
    """What is sent, for each part and stage."""
    found: dict[tuple[str, Stage], tuple[bytes, ...]] = {}
    for attack in WIRE_ATTACKS:
        key = attack.part, attack.stage
        found[key] = (*found.get(key, ()), attack.sent)
    return found
