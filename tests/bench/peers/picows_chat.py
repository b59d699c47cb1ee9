"""A chat on picows, a WebSocket server in Cython, on uvloop."""

import asyncio
import json
from datetime import UTC, datetime
from itertools import count

import uvloop
from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_create_server

_members: set[WSTransport] = set()
_seq = count(1)


class Member(WSListener):
    """One connection: its first frame is a join, the others are messages."""

    def __init__(self) -> None:
        self._nickname: str | None = None

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Let somebody join, or pass on what they say."""
        if frame.msg_type is not WSMsgType.TEXT:
            return
        command = json.loads(frame.get_payload_as_bytes())
        if self._nickname is None:
            self._nickname = command["nickname"]
            transport.send(WSMsgType.TEXT, json.dumps({"type": "welcome", "nickname": self._nickname}).encode())
            _members.add(transport)
        else:
            payload = _message(self._nickname, command["content"]).encode()
            for member in _members:
                member.send(WSMsgType.TEXT, payload)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        """Forget somebody who has left."""
        _members.discard(transport)


def _message(nickname: str, content: str) -> str:
    message = {
        "type": "message",
        "nickname": nickname,
        "content": content,
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z",
        "room": "lobby",
        "seq": next(_seq),
    }
    return json.dumps(message, separators=(",", ":"))


async def run() -> None:
    """Serve on a free port of this machine until the process ends."""
    server = await ws_create_server(lambda _request: Member(), "127.0.0.1", 0, backlog=4096)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(run())
