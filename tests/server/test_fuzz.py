"""Arbitrary bytes, on fresh connections and behind a handshake: no accident inside, no harm to anybody else."""

import asyncio
from random import Random
from typing import Any, get_args

import pytest

from chatdesk.protocol import commands
from tests.server.chat import Chat, chat
from tests.server.wire import BINARY, CLOSE, CONT, PING, PONG, TEXT, client_frame, command
from tests.waiting import until

pytestmark = [pytest.mark.asyncio(loop_factories=["uvloop", "qt"]), pytest.mark.usefixtures("qapp")]

ROUNDS = 150
SENT: list[tuple[str, dict[str, Any]]] = [
    ("join", {"nickname": "Guest"}),
    ("message", {"content": "hi", "id": "a1"}),
    ("typing", {}),
    ("pace", {"slow": 1, "hold": True, "announce": False, "nameless": True}),
    ("held", {}),
    ("approve", {"held": 1}),
    ("refuse", {"held": 1, "reason": "no"}),
    ("withdraw", {"held": 1}),
    ("hand", {}),
    ("hands", {}),
    ("call", {}),
    ("lower", {}),
    ("ask", {"content": "why?"}),
    ("history", {"before": 3}),
    ("history", {"around": 3, "ref": "a"}),
    ("history", {"at": "2024-01-01T12:00:00Z"}),
    ("search", {"query": "hello", "before": 3}),
    ("clear", {}),
    ("users", {}),
    ("users", {"query": "g", "after": "Guest", "limit": 3, "id": "u"}),
    ("enter", {"room": "side", "resume": {"epoch": "x", "change": 3}, "id": "e"}),
    ("enter", {"room": "side"}),
    ("message", {"content": "hi", "room": "side"}),
    ("edit", {"seq": 1, "content": "hello", "id": "d"}),
    ("edit", {"seq": 2, "content": "hi", "room": "side"}),
    ("react", {"seq": 1, "emoji": "👍"}),
    ("react", {"seq": 2, "emoji": "x", "active": False, "id": "t"}),
    ("reactions", {"seq": 1, "emoji": "👍", "limit": 1}),
    ("own_reactions", {"first": 1, "last": 3}),
    ("pin", {"seq": 1, "id": "s"}),
    ("pins", {"before": 9, "limit": 1}),
    ("messages", {"seqs": [1, 2]}),
    ("message", {"content": "yes", "reply_to": 1}),
    ("delete", {"seq": 1}),
    ("exit", {"room": "side", "id": "x"}),
    ("exit", {"room": "lobby"}),
    ("prove", {"identities": ["a", "host"], "nonce": "nnnnnnnnnnnnnnnn", "id": "p"}),
    ("ping", {"id": "i"}),
    ("join", {"nickname": "Guest", "token": "new.kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk", "room": "other", "id": "j"}),
    ("rooms", {"query": "l", "after": "lobby", "limit": 1, "id": "r"}),
    ("create", {"room": "attic", "topic": "boxes"}),
    ("create", {"to": "Guest 2"}),
    ("message", {"to": "Guest 3", "content": "psst", "id": "q"}),
    ("topic", {"topic": "a topic"}),
    ("archive", {"active": True}),
    ("open", {}),
    ("delete_room", {"room": "attic", "id": "o"}),
    ("newcomers", {"see": "joining"}),
    ("level", {"level": "nothing", "id": "v"}),
    ("read", {"seq": 1, "id": "w"}),
    ("read", {"seq": 0, "back": True}),
    ("receipts", {"seqs": [1, 2, 99], "id": "e"}),
    ("readers", {"seq": 1, "skip": 1, "limit": 1}),
    ("give_receipts", {"active": False}),
    ("allow_receipts", {"active": True, "id": "f"}),
    ("private_messages", {"allow": "moderators"}),
    ("nick", {"nickname": "Another", "id": "n"}),
    ("status", {"status": "busy", "text": "at lunch", "idle": True}),
    ("accept", {"who": "x"}),
    ("decline", {"who": "x", "reason": "full"}),
    ("queue", {}),
    ("approval", {"active": True}),
    ("entry", {"room": "attic", "locked": True}),
    ("invite", {"uses": 1, "seconds": 60, "role": "guest"}),
    ("invitations", {}),
    ("revoke_invitation", {"invitation": "x"}),
    ("refresh", {"token": "x"}),
    ("audit", {"before": 3, "limit": 1}),
    ("remove", {"whom": "x", "minutes": 1}),
    ("ban", {"whom": "x", "reason": "noise", "address": True}),
    ("ban_name", {"nickname": "*xyz*", "minutes": 1}),
    ("unban", {"whom": "x"}),
    ("bans", {}),
    ("mute", {"whom": "x", "room": "lobby"}),
    ("unmute", {"whom": "x"}),
    ("neighbours", {"whom": "x"}),
    ("rename", {"whom": "x", "nickname": "Y"}),
    ("role", {"whom": "x", "role": "member"}),
    ("leave", {}),
]
COMMANDS = [command(name, **fields) for name, fields in SENT]


async def test_every_command_is_among_them() -> None:
    assert {name for name, _ in SENT} == {kind.__struct_config__.tag for kind in get_args(commands.Command)}


def frames(random: Random) -> bytes:
    """A few frames, some of them broken."""
    kinds = [CONT, TEXT, BINARY, CLOSE, PING, PONG, random.randrange(16)]
    broken = random.random() < 0.2
    return b"".join(
        client_frame(
            random.choice(kinds),
            random.randbytes(random.choice([0, 1, 2, 5, 125, 126, 200])),
            fin=random.random() < 0.7,
            reserved=random.choice([0, 0x40, 0x20]) if broken else 0,
            masked=not broken or random.random() < 0.5,
        )
        if random.random() < 0.5
        else random.choice(COMMANDS)
        for _ in range(random.randrange(1, 12))
    )


def damaged(random: Random, data: bytes) -> bytes:
    """The same with a few bytes lost, changed or added, and perhaps without its end."""
    damaged = bytearray(data)
    for _ in range(random.randrange(4)):
        place = random.randrange(len(damaged) + 1)
        damaged[place : place + random.randrange(4)] = random.randbytes(random.randrange(4))
    return bytes(damaged[: random.randrange(len(damaged) + 1)] if random.random() < 0.3 else damaged)


async def one_round(chat: Chat, random: Random) -> None:
    """A peer that sends random frames, and disconnects in a random way."""
    kind = random.randrange(3)
    head = chat.upgrade() if random.random() < 0.5 else chat.head(random.choice(["GET", "HEAD", "POST"]))
    peer = await (chat.connect() if kind == 0 else chat.open())
    peer.write(
        frames(random) if kind == 0 else damaged(random, head) + frames(random) if kind == 1 else random.randbytes(300)
    )
    for _ in range(random.randrange(4)):
        await asyncio.sleep(0)
    if random.random() < 0.5:
        peer.abort()
    elif random.random() < 0.5:
        peer.writer.close()


@pytest.mark.parametrize("seed", [1, 2])
async def test_nonsense_disturbs_nobody(seed: int) -> None:
    accidents: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: accidents.append(context))
    random = Random(seed)
    async with chat() as c:
        kit = await c.join("Kit", capabilities=["presence"])
        for _ in range(ROUNDS):
            await one_round(c, random)
        kit.send("message", content="still here", id="still here")
        while (await kit.next("message")).get("id") != "still here":
            pass
        kit.abort()
        await c.close()
        await until(lambda: not c.server._http)
        await until(lambda: not c.server.hub.people)
        assert not c.server.hub.rooms["lobby"].members
    assert accidents == []
