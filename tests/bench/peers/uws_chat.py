"""A chat on uWebSockets, C++, by way of its Python package socketify: everybody subscribes to one topic."""

import json
from datetime import UTC, datetime
from itertools import count

from socketify import App, AppListenOptions, OpCode, WebSocket

_ROOM = "lobby"
_SECONDS_OF_SILENCE = 960  # the longest that uWebSockets allows: clients of the benchmark answer no pings
_WAITING_BYTES = 64 * 1024 * 1024  # for one reader; beyond it uWebSockets leaves messages out
_seq = count(1)


def upgrade(response: object, request: object, context: object) -> None:
    """Open a WebSocket whose user data, a dict, will hold the nickname."""
    key, protocol, extensions = (
        request.get_header(f"sec-websocket-{name}") for name in ("key", "protocol", "extensions")
    )
    response.upgrade(key, protocol, extensions, context, {})


def receive(connection: WebSocket, text: str, _opcode: OpCode) -> None:
    """Let somebody join, or pass on what they say."""
    person, command = connection.get_user_data(), json.loads(text)
    if person:
        app.publish(_ROOM, _message(person["nickname"], command["content"]), OpCode.TEXT)
    else:
        person["nickname"] = command["nickname"]
        connection.send(json.dumps({"type": "welcome", "nickname": command["nickname"]}), OpCode.TEXT)
        connection.subscribe(_ROOM)


def _message(nickname: str, content: str) -> str:
    message = {
        "type": "message",
        "nickname": nickname,
        "content": content,
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z",
        "room": _ROOM,
        "seq": next(_seq),
    }
    return json.dumps(message, separators=(",", ":"))


def _say_address(options: AppListenOptions) -> None:
    print(f"http://127.0.0.1:{options.port}", flush=True)


app = App()
if __name__ == "__main__":
    behaviour = {
        "max_payload_length": 64 * 1024,
        "idle_timeout": _SECONDS_OF_SILENCE,
        "max_backpressure": _WAITING_BYTES,
        "upgrade": upgrade,
        "message": receive,
    }
    app.ws("/ws", behaviour)
    app.listen(AppListenOptions(port=0, host="127.0.0.1"), _say_address)
    app.run()
