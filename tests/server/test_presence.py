"""A batch tells exactly the difference since the one before, arrivals before departures."""

from hypothesis import given
from hypothesis import strategies as st

from chatdesk.protocol import events
from chatdesk.protocol.names import nickname_key
from chatdesk.server.person import Person
from chatdesk.server.presence import Presence


def person(nickname: str, host: bool = False) -> Person:
    return Person(nickname, nickname_key(nickname), f"id of {nickname}", f"author {nickname}", "browser", host)


def changes(presence: Presence) -> tuple[list[str], list[str]]:
    """Arrivals and departures."""
    came, went = presence.take_changes("lobby")
    assert came is None or (came.room == "lobby" and came.left == [])
    assert went is None or (went.room == "lobby" and went.joined == [])
    return [user.nickname for user in came.joined] if came else [], [
        gone.nickname for gone in went.left
    ] if went else []


def test_people_are_listed_as_they_came() -> None:
    presence = Presence()
    assert presence.enter(person("Mara", host=True))
    assert presence.enter(person("Kit"))
    assert [(user.nickname, user.status, user.client, user.host) for user in presence.users()] == [
        ("Mara", "online", "browser", True),
        ("Kit", "online", "browser", False),
    ]
    assert presence.users()[0].joined_at.endswith("Z")


def test_a_person_who_is_there_already_does_not_arrive_again() -> None:
    presence, kit = Presence(), person("Kit")
    assert presence.enter(kit)
    assert not presence.enter(kit)
    assert changes(presence) == (["Kit"], [])


def test_what_was_told_is_not_told_again() -> None:
    presence = Presence()
    presence.enter(person("Kit"))
    changes(presence)
    assert presence.take_changes("lobby") == (None, None)


def test_leaving_and_returning_between_two_batches_is_sent_as_an_arrival() -> None:
    presence, kit = Presence(), person("Kit")
    presence.enter(kit)
    changes(presence)
    presence.exit(kit)
    presence.enter(person("Kit"))
    assert changes(presence) == (["Kit"], [])


def test_arriving_and_leaving_between_two_batches_is_sent() -> None:
    presence, kit = Presence(), person("Kit")
    presence.enter(kit)
    presence.exit(kit)
    came, went = presence.take_changes("lobby")
    assert came
    assert went
    assert (came.joined[0].nickname, came.user_count, went.user_count) == ("Kit", 0, 0)
    assert went.left == [events.Departed("Kit", "author Kit")]


@given(st.lists(st.sampled_from(["Ana", "Bo", "Kit", "list", "tell"])))
def test_clients_that_got_the_list_and_apply_every_batch_know_who_is_there(steps: list[str]) -> None:
    presence = Presence()
    clients = [set[str]()]
    there: dict[str, Person] = {}
    for step in [*steps, "tell"]:
        if step == "list":
            clients.append(set(there))
        elif step == "tell":
            came, went = changes(presence)
            clients = [(known | set(came)) - set(went) for known in clients]
            assert all(known == set(there) for known in clients)
        elif step in there:
            presence.exit(there.pop(step))
        else:
            there[step] = person(step)
            presence.enter(there[step])
