"""Text is checked as it comes, however it is cut; a close may come between fragments."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame
from websockets.protocol import State

from chatdesk.server.websocket_core import WebSocketCore
from tests.server.wire import BINARY, CLOSE, CONT, PING, TEXT, client_frame, take_frames


def masked(opcode: int, payload: bytes, *, fin: bool = True) -> bytes:
    """A client's frame with a mask that changes every byte."""
    head = client_frame(opcode, payload, fin=fin)
    start = len(head) - len(payload)
    mask = bytes((0x11, 0x22, 0x44, 0x88))
    return head[: start - 4] + mask + bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))


def sent(core: WebSocketCore) -> list[tuple[int, bytes]]:
    """The frames that the core wants to send."""
    data = bytearray(b"".join(core.data_to_send()))
    return [(frame.opcode, frame.payload) for frame in list(take_frames(data))]


def received(core: WebSocketCore) -> bytes:
    """What has come in frames of data."""
    events = [event for event in core.events_received() if isinstance(event, Frame)]
    return b"".join(bytes(event.data) for event in events if event.opcode in (TEXT, BINARY, CONT))


def code(core: WebSocketCore) -> int:
    """The code of the close frame that the core wants to send; 0 if there is none."""
    return next((int.from_bytes(payload[:2]) for opcode, payload in sent(core) if opcode == CLOSE), 0)


def test_a_wrong_byte_ends_it_before_the_frame_is_whole() -> None:
    core = WebSocketCore()
    data = masked(TEXT, b"kappa \xce\xba" + b"\xf4\x90\x80\x80" + b"edited")
    core.receive_data(data[:14])
    assert core.state is State.OPEN
    core.receive_data(data[14:16])
    assert code(core) == 1007


def test_a_wrong_byte_ends_it_before_the_message_is_whole() -> None:
    core = WebSocketCore()
    core.receive_data(masked(TEXT, b"\xce\xba", fin=False))
    assert core.state is State.OPEN
    core.receive_data(masked(CONT, b"\xf4\x90", fin=False))
    assert code(core) == 1007


def test_a_character_may_be_cut_but_not_at_the_end() -> None:
    core = WebSocketCore()
    core.receive_data(masked(TEXT, b"\xf0\x9f", fin=False) + masked(PING, b"\xff") + masked(CONT, b"\xa6\x8a"))
    assert received(core) == "🦊".encode()
    core.receive_data(masked(TEXT, b"\xf0\x9f", fin=False) + masked(CONT, b"\xa6"))
    assert code(core) == 1007


def test_binary_is_not_checked() -> None:
    core = WebSocketCore()
    data = masked(BINARY, b"\xff\xfe", fin=False) + masked(CONT, b"\xf4\x90")
    for start in range(len(data)):
        core.receive_data(data[start : start + 1])
    assert received(core) == b"\xff\xfe\xf4\x90"
    assert core.state is State.OPEN


def test_a_close_within_a_message_is_answered() -> None:
    core = WebSocketCore()
    core.receive_data(masked(TEXT, b"one", fin=False) + masked(CLOSE, b"\x03\xe8") + masked(CONT, b"two"))
    assert code(core) == 1000


@pytest.mark.parametrize("size", [0, 5, 125, 126, 5000, 65_536])
def test_any_text_in_any_pieces_comes_whole(size: int) -> None:
    text = ("aé中🦊" * size)[:size].encode()[:65_536].decode(errors="ignore").encode()
    dice = random.Random(size)
    core = WebSocketCore()
    cut = dice.randint(0, len(text))
    data = masked(TEXT, text[:cut], fin=False) + masked(CONT, text[cut:])
    while data:
        step = dice.randint(1, max(1, size // 3))
        core.receive_data(data[:step])
        data = data[step:]
    assert core.state is State.OPEN
    assert received(core) == text


@given(st.binary(max_size=40), st.integers(0, 40), st.integers(1, 9))
def test_it_is_refused_exactly_if_it_is_not_utf_8(payload: bytes, cut: int, step: int) -> None:
    core = WebSocketCore()
    data = masked(TEXT, payload[:cut], fin=False) + masked(CONT, payload[cut:])
    for start in range(0, len(data), step):
        core.receive_data(data[start : start + step])
    try:
        payload.decode()
    except UnicodeDecodeError:
        assert code(core) == 1007
    else:
        assert received(core) == payload
        assert core.state is State.OPEN
