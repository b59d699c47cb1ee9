"""Which handshakes open a WebSocket, as browsers, programs and proxies write them."""

from http import HTTPStatus

import pytest

from chatdesk.server.http.handshake import accept, refuse_handshake
from chatdesk.server.http.request import Request

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
ASKED = {
    "upgrade": ["websocket"],
    "connection": ["Upgrade"],
    "sec-websocket-key": [KEY],
    "sec-websocket-version": ["13"],
}


def handshake(**fields: list[str]) -> Request:
    return Request("GET", "/ws", ASKED | {name.replace("_", "-"): values for name, values in fields.items()})


def test_the_answer_is_that_of_the_standard() -> None:
    assert accept(handshake()).decode().splitlines() == [
        "HTTP/1.1 101 Switching Protocols",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
        "",
    ]


@pytest.mark.parametrize(
    "fields",
    [{"connection": ["keep-alive, Upgrade"]}, {"connection": ["keep-alive", "upgrade"]}, {"upgrade": ["WebSocket"]}],
)
def test_what_firefox_and_proxies_write_is_taken(fields: dict[str, list[str]]) -> None:
    assert refuse_handshake(handshake(**fields)) is None


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"connection": ["keep-alive"]}, HTTPStatus.UPGRADE_REQUIRED),
        ({"connection": []}, HTTPStatus.UPGRADE_REQUIRED),
        ({"upgrade": ["websocket, h2c"]}, HTTPStatus.UPGRADE_REQUIRED),
        ({"sec_websocket_key": [KEY, KEY]}, HTTPStatus.BAD_REQUEST),
        ({"sec_websocket_key": ["dGhlIHNhbXBsZSBub25j"]}, HTTPStatus.BAD_REQUEST),
        ({"sec_websocket_version": ["8"]}, HTTPStatus.BAD_REQUEST),
        ({"sec_websocket_version": []}, HTTPStatus.BAD_REQUEST),
        ({"x_odd": ["\x0e"]}, HTTPStatus.BAD_REQUEST),
        ({"x_odd": ["\x7f"]}, HTTPStatus.BAD_REQUEST),
    ],
)
def test_what_the_standard_does_not_have_is_refused(fields: dict[str, list[str]], status: HTTPStatus) -> None:
    refused = refuse_handshake(handshake(**fields))
    assert refused
    assert refused.status == status
