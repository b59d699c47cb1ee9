"""Of what a browser sends along, only its own tokens count, and only so many."""

from chatdesk.server.cookies import tokens_in


def test_tokens_are_found_among_whatever_else_is_there() -> None:
    assert tokens_in(["theme=dark; chatdesk-3=ab.cd;chatdesk-0=ef.01", "chatdesk-7=23.45"]) == (
        "ab.cd",
        "ef.01",
        "23.45",
    )


def test_nonsense_is_none() -> None:
    assert tokens_in([]) == ()
    assert tokens_in(["", ";;", "chatdesk-1", "chatdesk-1=", "chatdesk-8=a", f"chatdesk-2={'x' * 129}"]) == ()


def test_it_is_bounded() -> None:
    assert len(tokens_in(["; ".join(f"chatdesk-{number % 8}={number}" for number in range(500))])) == 8
