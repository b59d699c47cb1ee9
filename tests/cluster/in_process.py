"""Real nodes on a real Redis, in the process of the tests: opening them, and what they show."""

from typing import Any

from tests.server.chat import Chat, Peer
from tests.waiting import until

GRACE = 0.3
"""The grace period of a lost connection, in seconds."""


async def meet(*chats: Chat, **fields: Any) -> None:
    """Wait until somebody who joins at one, with these ``fields``, is there at all of them, and gone again."""
    for one in chats:
        probe = await one.join("probe", **fields)
        await until(lambda: all("probe" in names(other) for other in chats))
        probe.send("leave")
        await until(lambda: not any("probe" in names(other) for other in chats))


def names(chat: Chat, room: str = "lobby") -> list[str]:
    """Who is in a room, as the node sees it."""
    open_room = chat.server.hub.rooms.get(room)
    return [user.nickname for user in open_room.presence.page()[0]] if open_room else []


async def shown(peer: Peer, **fields: Any) -> dict[str, Any]:
    """The list of people by name, as a client gets it."""
    users = await peer.ping("users", **fields)
    assert users["user_count"] == len(users["users"])
    return {user["nickname"]: user for user in users["users"]}


async def told(chat: Chat, count: int) -> list[str]:
    """What somebody reads who joins once this node has so many messages: others may have them before it."""
    await until(lambda: chat.server.store.extent("lobby").last_seq >= count)
    reader = await chat.connect()
    reader.send("join", nickname=f"reader {chat.server.port}")
    return [message["content"] for message in (await reader.next("history"))["messages"]]
