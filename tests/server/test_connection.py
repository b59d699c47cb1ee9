"""Whatever comes in frames: the right close code for the offender, and no harm to anybody else."""

import asyncio
import sys

import pytest

from chatdesk.server import connection as module
from chatdesk.server.connection import WRITE_BUFFER_BYTES
from chatdesk.server.rate_limits import Rate
from chatdesk.server.scheduled_reader import PauseReason
from tests.server.chat import Peer, chat, connection_of
from tests.server.wire import BINARY, CLOSE, CONT, PING, PONG, TEXT, client_frame, command, text
from tests.waiting import until

pytestmark = [pytest.mark.asyncio(loop_factories=["uvloop", "qt"]), pytest.mark.usefixtures("qapp")]

HELLO = b'{"type":"message","content":"gr\xc3\xbc\xc3\x9fe"}'


async def check_unharmed(peer: Peer) -> None:
    """Another peer is still in the chat and receives its own message."""
    peer.send("message", content="still here", id="still here")
    while (await peer.next("message")).get("id") != "still here":
        pass


BROKEN = {
    "not masked": (client_frame(TEXT, b"{}", masked=False), 1002),
    "reserved bit 1": (client_frame(TEXT, b"{}", reserved=0x40), 1002),
    "reserved bit 3": (client_frame(TEXT, b"{}", reserved=0x10), 1002),
    "opcode 3": (client_frame(3, b"{}"), 1002),
    "opcode 15": (client_frame(15, b""), 1002),
    "long ping": (client_frame(PING, b"x" * 126), 1002),
    "fragmented ping": (client_frame(PING, b"x", fin=False), 1002),
    "stray continuation": (client_frame(CONT, b"x"), 1002),
    "text inside a fragmented text": (client_frame(TEXT, b"{", fin=False) + client_frame(TEXT, b"}"), 1002),
    "close of one byte": (client_frame(CLOSE, b"\x03"), 1002),
    "close with a code that must not be sent": (client_frame(CLOSE, (1005).to_bytes(2)), 1002),
    "close with a broken reason": (client_frame(CLOSE, (1000).to_bytes(2) + b"\xff"), 1007),
    "invalid UTF-8": (client_frame(TEXT, b'{"type":"\xff"}'), 1007),
    "a surrogate in UTF-8": (client_frame(TEXT, b"\xed\xa0\x80"), 1007),
    "a character cut off": (client_frame(TEXT, b"\xc3"), 1007),
    "invalid UTF-8 in fragments": (client_frame(TEXT, b"\xc3", fin=False) + client_frame(CONT, b"x"), 1007),
    "length 2^63": (b"\x81\xff" + (2**63).to_bytes(8) + bytes(4), 1009),
    "length 2^62": (b"\x81\xff" + (2**62).to_bytes(8) + bytes(4), 1009),
    "a byte too long": (client_frame(TEXT, b" " * 65537)[:14], 1009),
    "binary that is too long": (client_frame(BINARY, b" " * 65537)[:14], 1009),
    "fragments that add up": (client_frame(TEXT, b" " * 40000, fin=False) + client_frame(CONT, b" " * 40000), 1009),
}


@pytest.mark.parametrize("name", BROKEN)
async def test_broken_frames_end_the_connection_with_the_code_that_says_why(name: str) -> None:
    data, code = BROKEN[name]
    async with chat() as c:
        ana = await c.join("Ana")
        kit = await c.join("Kit")
        kit.write(data + command("message", content="must not be heard"))
        assert (await kit.farewell())[0] == code
        kit.abort()
        await ana.next("user_left")
        await check_unharmed(ana)
        assert c.server.traffic.messages == 1


async def test_the_longest_message_that_is_allowed_is_read() -> None:
    async with chat() as c:
        kit = await c.join("Kit")
        padded = HELLO + b" " * (65536 - len(HELLO))
        kit.write(text(padded))
        assert (await kit.next("message"))["content"] == "grüße"


async def test_a_message_in_fragments_is_put_together_around_the_pings_between_them() -> None:
    async with chat() as c:
        kit = await c.join("Kit")
        kit.write(client_frame(TEXT, b"", fin=False))
        for index in range(len(HELLO)):
            kit.write(client_frame(CONT, HELLO[index : index + 1], fin=False))
            if index == 5:
                kit.write(client_frame(PING, b"between"))
        kit.write(client_frame(CONT, b""))
        assert await kit.frame() == (PONG, b"between")
        assert (await kit.next("message"))["content"] == "grüße"


async def test_binary_frames_are_refused_whole_or_in_pieces_and_the_connection_stays() -> None:
    async with chat() as c:
        kit = await c.join("Kit")
        kit.write(client_frame(BINARY, HELLO))
        assert (await kit.next("error"))["code"] == "bad_message"
        kit.write(client_frame(BINARY, HELLO[:5], fin=False) + client_frame(CONT, HELLO[5:]))
        assert (await kit.next("error"))["code"] == "bad_message"
        await kit.ping()
        assert c.server.traffic.messages == 0


async def test_a_frame_that_comes_byte_by_byte_is_read() -> None:
    async with chat() as c:
        kit = await c.join("Kit")
        for byte in text(HELLO):
            kit.write(bytes((byte,)))
            await asyncio.sleep(0)
        assert (await kit.next("message"))["content"] == "grüße"


async def test_a_connection_knows_where_its_peer_is() -> None:
    async with chat() as c:
        await c.join("Kit")
        assert connection_of(c, "Kit").address == "127.0.0.1"


async def test_what_comes_together_with_the_handshake_is_not_lost() -> None:
    async with chat() as c:
        kit = await c.open()
        kit.write(c.upgrade() + command("join", nickname="Kit") + command("message", content="early"))
        assert (await kit.reply()).status == 101
        assert (await kit.next("message"))["content"] == "early"


async def test_a_ping_is_answered_and_a_pong_nobody_asked_for_is_ignored() -> None:
    async with chat() as c:
        kit = await c.connect()
        kit.write(client_frame(PONG, b"unasked") + client_frame(PING, b"hello") + client_frame(PING))
        assert await kit.frame() == (PONG, b"hello")
        assert await kit.frame() == (PONG, b"")


@pytest.mark.parametrize("code", [1000, 1001, 3000, 4999])
async def test_a_goodbye_is_returned_and_the_others_are_told(code: int) -> None:
    async with chat() as c:
        ana = await c.join("Ana")
        kit = await c.join("Kit")
        kit.write(client_frame(CLOSE, code.to_bytes(2) + "tschüß".encode()))
        assert (await kit.farewell())[0] == code
        assert await kit.hung_up()
        await ana.next("user_left")


async def test_an_answer_that_meets_the_peers_goodbye_does_no_harm() -> None:
    async with chat() as c:
        kit = await c.join("Kit")
        kit.write(command("leave") + client_frame(CLOSE, (1000).to_bytes(2)) + command("users"))
        assert (await kit.farewell())[0] == 1000
        assert await kit.hung_up()


@pytest.mark.parametrize("way", ["reset", "end"])
async def test_a_peer_that_goes_without_a_word_has_left(way: str) -> None:
    async with chat() as c:
        ana = await c.join("Ana")
        kit = await c.join("Kit")
        if way == "reset":
            kit.abort()
        else:
            kit.write(text(HELLO)[:7])
            kit.writer.write_eof()
        assert (await ana.next("user_left"))["nickname"] == "Kit"
        await until(lambda: len(c.server.connections) == 1)


async def test_a_stranger_that_never_joins_is_closed_with_4500(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "JOIN_SECONDS", 0.1)
    async with chat(heartbeat=0.2) as c:
        kit = await c.join("Kit")
        stranger = await c.connect()
        assert await stranger.farewell() == (4500, "no join came")
        assert not kit.reader.at_eof()


async def test_a_peer_that_does_not_return_the_goodbye_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CLOSING_SECONDS", 0.1)
    async with chat(heartbeat=0.2) as c:
        kit = await c.join("Kit")
        kit.send("leave")
        assert (await kit.farewell())[0] == 1000
        assert await kit.hung_up()
        await until(lambda: not c.server.connections)


FLOODS = {
    "pings": client_frame(PING),
    "pongs": client_frame(PONG, b"x" * 125),
    "tiny texts": text("x"),
    "typing": command("typing"),
    "empty fragments": client_frame(CONT, b"", fin=False),
}


@pytest.mark.parametrize("name", FLOODS)
async def test_a_flood_is_slowed_down_and_then_closed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(module, "_PAUSE_RATE", Rate(per_second=0.1, burst=5))
    async with chat() as c:
        ana = await c.join("Ana")
        kit = await c.join("Kit")
        if name == "empty fragments":
            kit.write(client_frame(TEXT, b"", fin=False))
        kit.write(FLOODS[name] * 20_000)
        assert (await kit.farewell())[0] == 1008
        kit.abort()
        await ana.next("user_left")
        await check_unharmed(ana)


async def test_while_a_flood_is_paused_nothing_is_read_from_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PAUSE_SECONDS", 60)
    async with chat() as c:
        await c.join("Kit")
        kit = connection_of(c, "Kit")
        flood = await c.join("Flood")
        flood.write(client_frame(PONG) * 20_000)
        server_side = connection_of(c, "Flood")
        await until(lambda: server_side._reader.paused_for & PauseReason.FLOOD)
        assert not server_side._transport.is_reading()
        seen = c.server.traffic.bytes_in
        await asyncio.sleep(0.05)
        assert c.server.traffic.bytes_in == seen < 20_000
        assert not kit._reader.paused_for & PauseReason.FLOOD
        server_side.abort()


async def test_what_comes_behind_our_goodbye_is_slowed_down_like_any_flood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PAUSE_SECONDS", 60)
    async with chat() as c:
        flood = await c.join("Flood")
        server_side = connection_of(c, "Flood")
        flood.write(text("nonsense") * 20_000)
        assert (await flood.farewell())[0] == 1008
        await until(lambda: server_side._reader.paused_for & PauseReason.FLOOD)
        assert c.server.traffic.bytes_in < 50_000
        server_side.abort()


async def test_a_long_frame_counts_as_several(monkeypatch: pytest.MonkeyPatch) -> None:
    """To read one takes its time, even where there is nothing to do about it."""
    monkeypatch.setattr(module, "_PAUSE_SECONDS", 60)
    async with chat() as c:
        flood = await c.join("Flood")
        server_side = connection_of(c, "Flood")
        flood.write(command("typing", x="x" * 60_000) * 50)
        await until(lambda: server_side._reader.paused_for & PauseReason.FLOOD)
        assert c.server.traffic.bytes_in < 400_000
        server_side.abort()


async def test_a_burst_now_and_then_is_forgiven(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(module, "_PAUSE_RATE", Rate(per_second=1000, burst=2))
    async with chat() as c:
        kit = await c.join("Kit")
        kit.write(client_frame(PONG) * 3000)
        await check_unharmed(kit)


async def test_empty_fragments_take_no_memory() -> None:
    async with chat(message_rate=0) as c:
        kit = await c.join("Kit")
        kit.write(client_frame(TEXT, b"", fin=False) + client_frame(CONT, b"", fin=False) * 5000)
        kit.write(client_frame(PING, b"done"))
        assert await kit.frame() == (PONG, b"done")
        assert connection_of(c, "Kit")._fragments == b""


async def test_fragments_of_a_byte_take_no_more_memory_than_the_bytes() -> None:
    async with chat(message_rate=0) as c:
        kit = await c.join("Kit")
        kit.write(client_frame(TEXT, b"{", fin=False) + client_frame(CONT, b"x", fin=False) * 5000)
        kit.write(client_frame(PING, b"done"))
        assert await kit.frame() == (PONG, b"done")
        fragments = connection_of(c, "Kit")._fragments
        assert fragments is not None
        assert len(fragments) == 5001
        assert sys.getsizeof(fragments) < 2 * 5001


ANSWERED = {
    "pings": client_frame(PING, b"x" * 125),
    "users": command("users"),
    "history": command("history", limit=200),
    "a message it has sent before": command("message", content="x" * 8000, id="a1"),
    "nonsense": text("nonsense"),
}


@pytest.mark.parametrize("name", ANSWERED)
async def test_a_peer_that_never_reads_costs_no_more_than_its_write_buffer(name: str) -> None:
    """It may ask as often as it likes: what it has not fetched is bounded."""
    async with chat(message_rate=0) as c:
        talker = await c.join("Talker")
        for _ in range(100):
            talker.send("message", content="y" * 8000)
        await talker.ping()
        kit = await c.join("Kit", receive_buffer=4096)
        kit.send("message", content="x" * 8000, id="a1")
        await kit.next("message")
        server_side = connection_of(c, "Kit")
        most = 0
        for _ in range(300):
            kit.write(ANSWERED[name] * 40)
            await asyncio.sleep(0)
            most = max(most, server_side._transport.get_write_buffer_size())
        assert most <= 2 * WRITE_BUFFER_BYTES
        kit.abort()
        await check_unharmed(talker)
