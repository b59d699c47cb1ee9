"""A chat on the `websockets` library's own server and its ``broadcast()``, on uvloop."""

import json
from datetime import UTC, datetime
from itertools import count

import uvloop
from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.exceptions import ConnectionClosed


class Chat:
    """Everybody who has joined, and what they say."""

    def __init__(self) -> None:
        self.members: set[ServerConnection] = set()
        self._seq = count(1)

    async def attend(self, connection: ServerConnection) -> None:
        """Let somebody join, then pass on what they say."""
        try:
            nickname = json.loads(await connection.recv())["nickname"]
            await connection.send(json.dumps({"type": "welcome", "nickname": nickname}))
            self.members.add(connection)
            async for text in connection:
                self.deliver(self._message(nickname, json.loads(text)["content"]))
        except ConnectionClosed:
            pass
        finally:
            self.members.discard(connection)

    def deliver(self, text: str) -> None:
        """Send to everybody."""
        broadcast(self.members, text)

    def _message(self, nickname: str, content: str) -> str:
        message = {
            "type": "message",
            "nickname": nickname,
            "content": content,
            "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z",
            "room": "lobby",
            "seq": next(self._seq),
        }
        return json.dumps(message, separators=(",", ":"))


async def run(chat: Chat) -> None:
    """Serve on a free port of this machine until the process ends."""
    options = {"compression": None, "backlog": 4096, "ping_interval": None}  # nobody in the benchmark answers a ping
    async with serve(chat.attend, "127.0.0.1", 0, **options) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        print(f"http://127.0.0.1:{port}", flush=True)
        await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(run(Chat()))
