"""Of a browser's cookies, only the chat's tokens count, and only so many."""

from chatdesk.server.http.cookies import read_cookie_tokens


def test_tokens_are_found_among_whatever_else_is_there() -> None:
    assert read_cookie_tokens(["theme=dark; chatdesk-3=ab.cd;chatdesk-0=ef.01", "chatdesk-7=23.45"]) == (
        "ab.cd",
        "ef.01",
        "23.45",
    )


def test_nonsense_is_none() -> None:
    assert read_cookie_tokens([]) == ()
    assert read_cookie_tokens(["", ";;", "chatdesk-1", "chatdesk-1=", "chatdesk-8=a", f"chatdesk-2={'x' * 129}"]) == ()


def test_it_is_bounded() -> None:
    assert len(read_cookie_tokens(["; ".join(f"chatdesk-{number % 8}={number}" for number in range(500))])) == 8
