"""Our frames are, byte for byte, the ones the library would make."""

import pytest
from websockets.frames import Frame, Opcode

from chatdesk.server.frames import PING, text_frame


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65535, 65536, 300_000])
def test_a_text_frame_has_the_length_in_its_shortest_form(size: int) -> None:
    payload = b"x" * size
    assert text_frame(payload) == Frame(Opcode.TEXT, payload).serialize(mask=False)


def test_a_ping_is_empty() -> None:
    assert Frame(Opcode.PING, b"").serialize(mask=False) == PING
