"""Two who have met in a chat, and what is answered to a command that is refused."""

from typing import Any

from tests.server.chat import Chat, Peer


async def pair(chat: Chat) -> tuple[Peer, Peer]:
    """Kit and Ana, who have heard of each other."""
    kit = await chat.join("Kit")
    ana = await chat.join("Ana")
    await kit.next("user_joined")
    return kit, ana


async def refusal(peer: Peer, name: str, **fields: Any) -> tuple[str, str | None]:
    """Code and ref of the error that answers a command."""
    peer.send(name, **fields)
    error = await peer.next("error")
    assert error["content"].endswith(".")
    return error["code"], error.get("ref")
