"""A chat that keeps every tenth message from one of its members: what the benchmark must notice."""

import uvloop
from websockets.asyncio.server import broadcast

from tests.bench.peers.websockets_chat import Chat, run


class LossyChat(Chat):
    """Somebody is left out now and then."""

    _sent = 0

    def deliver(self, text: str) -> None:
        self._sent += 1
        members = sorted(self.members, key=lambda member: member.id)
        broadcast(members[1:] if self._sent % 10 == 0 else members, text)


if __name__ == "__main__":
    uvloop.run(run(LossyChat()))
