"""A WebSocket where the chat is not is told where it is, by a name that leads there."""

import pytest

from chatdesk.server.http.wrong_address import wrong_address_error


@pytest.mark.parametrize(
    ("host", "public_url", "there"),
    [
        ("192.168.4.20:8080", "", "ws://192.168.4.20:8080/ws"),
        ("[fd00::1]:8080", "", "ws://[fd00::1]:8080/ws"),
        ("chat.example", "https://chat.example", "wss://chat.example/ws"),
        ("chat.example:443", "https://chat.example/club/", "wss://chat.example/club/ws"),
        ("chat.example:8000", "http://chat.example:8000/club/", "ws://chat.example:8000/club/ws"),
        ("127.0.0.1:8080", "https://chat.example/club/", "ws://127.0.0.1:8080/ws or wss://chat.example/club/ws"),
    ],
)
def test_the_right_address_is_one_by_which_the_client_may_have_come(host: str, public_url: str, there: str) -> None:
    sentence = wrong_address_error("/club", host, public_url).content
    assert sentence == f"There is no chat at /club. Connect to {there} instead."


def test_a_long_path_does_not_make_a_long_sentence() -> None:
    assert len(wrong_address_error("/" + "x" * 2000, "a.example", "").content) < 200
