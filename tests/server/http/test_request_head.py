"""Request heads, split out of what a peer sends."""

import pytest

from chatdesk.server.http.request_head import HEAD_BYTES, BadHeadError, RequestHeadReader

HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


def taken(*pieces: bytes) -> list[bytes]:
    """The heads in these pieces."""
    reader = RequestHeadReader()
    heads = []
    for piece in pieces:
        reader.add(piece)
        while (head := reader.next_head()) is not None:
            heads.append(head)
    return heads


@pytest.mark.parametrize("size", [1, 2, 3, 7, 40, 200])
def test_a_head_is_the_same_in_whatever_pieces_it_comes(size: int) -> None:
    data = HEAD * 3 + b"GET"
    assert taken(*(data[at : at + size] for at in range(0, len(data), size))) == [HEAD] * 3


def test_bytes_after_a_head_are_kept_for_the_next_protocol() -> None:
    reader = RequestHeadReader()
    reader.add(HEAD + b"\x81\x00")
    assert (reader.next_head(), reader.take_rest(), reader.take_rest()) == (HEAD, b"\x81\x00", b"")


@pytest.mark.parametrize("pieces", [(b"\x16",), (b"GET / HTTP/1.1\n",), (b"GET / HTTP/1.1\r\nX: y", b"\n"), (b"\n",)])
def test_what_is_no_http_is_known_at_once(pieces: tuple[bytes, ...]) -> None:
    with pytest.raises(BadHeadError) as raised:
        taken(*pieces)
    assert raised.value.response is None


def test_a_line_that_ends_between_two_pieces_is_a_line() -> None:
    assert taken(b"GET / HTTP/1.1\r", b"\nX: y\r", b"\n\r", b"\n") == [b"GET / HTTP/1.1\r\nX: y\r\n\r\n"]


@pytest.mark.parametrize(
    ("data", "status"), [(b"GET /" + b"x" * 3000, 414), (b"GET / HTTP/1.1\r\nX: " + b"x" * HEAD_BYTES, 431)]
)
def test_a_head_without_end_is_refused_by_what_is_too_long(data: bytes, status: int) -> None:
    with pytest.raises(BadHeadError) as raised:
        taken(*(data[at : at + 1] for at in range(len(data))))
    assert raised.value.response is not None
    assert raised.value.response.status == status


def test_of_a_head_that_comes_byte_by_byte_each_byte_is_looked_at_once() -> None:
    reader = RequestHeadReader()
    for byte in b"GET / HTTP/1.1\r\nX: " + b"x" * 8000:
        before = reader._scanned
        reader.add(bytes((byte,)))
        assert reader.next_head() is None
        assert reader._scanned == before + 1
