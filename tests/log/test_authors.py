"""A public id: the same for the same identity, different for others, and different on every server."""

import secrets

from chatdesk.log.authors import AuthorIds
from chatdesk.log.memory import MemoryStore


def test_an_identity_always_has_the_same_public_id_on_a_server() -> None:
    secret = secrets.token_bytes(32)
    assert AuthorIds(secret)("kit") == AuthorIds(secret)("kit")
    assert AuthorIds(secret)("kit") != AuthorIds(secrets.token_bytes(32))("kit")


def test_identities_have_different_ids_which_do_not_tell_them() -> None:
    author = MemoryStore().author
    identities = [secrets.token_hex(8) for _ in range(1000)]
    ids = [author(identity) for identity in identities]
    assert len(set(ids)) == 1000
    assert {len(public) for public in ids} == {16}
    assert not set(ids) & set(identities)


def test_any_text_may_be_an_identity() -> None:
    author = MemoryStore().author
    assert author("host") != author("") != author("\ud800")
