"""People for tests of what shows them."""

from collections.abc import Callable

from chatdesk.client.own_identity import Named
from chatdesk.desktop.models.rows import NameTally
from chatdesk.protocol.events import Departed


def named(nickname: str) -> Callable[[Named], bool]:
    """Return what tells who is oneself, by a nickname."""
    return lambda person: person.nickname == nickname


def tally(*nicknames: str) -> NameTally:
    """Return people who joined or left."""
    counted = NameTally()
    for person in people(*nicknames):
        counted.add(person)
    return counted


def people(*nicknames: str) -> list[Named]:
    """Return people whom the server names no author for."""
    return [Departed(nickname) for nickname in nicknames]
