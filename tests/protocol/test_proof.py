"""A proof is valid for one token, one nonce and one address."""

from itertools import combinations

from chatdesk.protocol.proof import make_proof, verify_proof

ASKED = ("0123.secret", "a nonce", "192.168.4.20", 8080)
OTHERS = [
    ("0123.guessed", "a nonce", "192.168.4.20", 8080),
    ("0123.secret", "another", "192.168.4.20", 8080),
    ("0123.secret", "a nonce", "192.168.4.66", 8080),
    ("0123.secret", "a nonce", "192.168.4.20", 8081),
]


def test_a_proof_is_good_for_what_was_asked_and_nothing_else() -> None:
    assert verify_proof(make_proof(*ASKED), *ASKED)
    for one, other in combinations([ASKED, *OTHERS], 2):
        assert not verify_proof(make_proof(*one), *other)


def test_it_does_not_show_the_token_and_nonsense_is_none() -> None:
    assert "secret" not in make_proof(*ASKED)
    for nonsense in ("", "é", make_proof(*ASKED)[:-1]):
        assert not verify_proof(nonsense, *ASKED)
