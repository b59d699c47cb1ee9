"""A batch tells exactly the difference since the one before, arrivals before departures; the list comes in pages."""

from hypothesis import given
from hypothesis import strategies as st

from chatdesk.protocol import events
from chatdesk.protocol.limits import USERS_PAGE
from chatdesk.protocol.names import nickname_key
from chatdesk.server.person import Person
from chatdesk.server.presence import LARGE_ROOM, NAMED, SHOWN, Presence


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


def test_the_host_is_listed_first() -> None:
    presence = Presence()
    assert presence.enter(person("Mara", host=True))
    assert presence.enter(person("Kit"))
    assert [(user.nickname, user.status, user.client, user.host) for user in presence.page()[0]] == [
        ("Mara", "online", "browser", True),
        ("Kit", "online", "browser", False),
    ]
    assert presence.page()[0][0].joined_at.endswith("Z")


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


def names(page: tuple[list[events.User], bool]) -> list[str]:
    return [user.nickname for user in page[0]]


def crowd(count: int, *others: Person) -> Presence:
    """A room of Guest 1000 and so on, which has told of everybody."""
    presence = Presence()
    for newcomer in (*others, *(person(f"Guest {number}") for number in range(1000, 1000 + count))):
        presence.enter(newcomer)
    presence.take_changes("lobby")
    return presence


def test_the_list_comes_in_pages_the_host_first_and_then_by_name() -> None:
    presence = crowd(0, person("Zoë"), person("Mara", host=True), person("Ana"), person("Bo"))
    assert (names(presence.page(limit=2)), presence.page(limit=2)[1]) == (["Mara", "Ana"], True)
    assert (names(presence.page("Ana", limit=2)), presence.page("Ana", limit=2)[1]) == (["Bo", "Zoë"], False)
    assert names(presence.page("Mara")) == ["Ana", "Bo", "Zoë"]
    assert presence.page("Zoë") == ([], False)


def test_the_next_page_begins_where_somebody_was_who_has_left_meanwhile() -> None:
    host, bo = person("Mara", host=True), person("Bo")
    presence = crowd(0, host, person("Ana"), bo, person("Cy"))
    presence.exit(bo)
    assert names(presence.page("Bo")) == ["Cy"]
    presence.exit(host)
    assert names(presence.page("Mara")) == ["Ana", "Cy"], "not behind the names that begin with M"


def test_a_query_finds_names_that_contain_it_however_they_are_written() -> None:
    presence = crowd(300, person("Zoë Müller"), person("MULLER"), person("Кит"))
    assert names(presence.page(query="müller")) == ["MULLER", "Zoë Müller"]
    assert names(presence.page(query="КИТ")) == ["Кит"]
    assert names(presence.page("MULLER", query="muller")) == ["Zoë Müller"]
    found, more = presence.page(query="guest", limit=3)
    assert (len(found), more) == (3, True)
    assert presence.page(query="nobody") == ([], False)


NUMBERS = st.integers(min_value=1000, max_value=1000 + USERS_PAGE + 20)


@given(st.lists(NUMBERS, max_size=40))
def test_the_first_page_is_kept_up_to_date(numbers: list[int]) -> None:
    presence = crowd(USERS_PAGE, person("Mara", host=True))
    for number in numbers:
        if known := presence.people.get(nickname_key(f"Guest {number}")):
            presence.exit(known)
        else:
            presence.enter(person(f"Guest {number}"))
        everybody = sorted(presence.people.values(), key=lambda known: (not known.host, known.key))
        shown = SHOWN if len(everybody) > LARGE_ROOM else USERS_PAGE
        assert names(presence.first_page()) == [known.nickname for known in everybody[:shown]]
        assert presence.first_page()[1] == (len(everybody) > shown)
        assert names(presence.page()) == [known.nickname for known in everybody[:USERS_PAGE]]


@given(st.lists(NUMBERS, max_size=60), st.integers(min_value=1, max_value=60))
def test_somebody_who_stays_is_on_exactly_one_page_while_others_come_and_go(numbers: list[int], limit: int) -> None:
    presence = crowd(USERS_PAGE, person("Mara", host=True))
    stays = {known.nickname for known in presence.people.values()} - {f"Guest {number}" for number in numbers}
    seen: list[str] = []
    page, more = presence.page(limit=limit)
    while True:
        seen += names((page, more))
        if not more:
            break
        if numbers and (known := presence.people.get(nickname_key(f"Guest {numbers.pop()}"))):
            presence.exit(known)
        elif numbers:
            presence.enter(person(f"Guest {numbers.pop()}"))
        page, more = presence.page(seen[-1], limit=limit)
    assert len(seen) == len(set(seen))
    assert stays <= set(seen)


def test_in_a_large_room_a_batch_names_the_latest_and_counts_all() -> None:
    presence = crowd(LARGE_ROOM, person("Mara", host=True))
    for number in range(NAMED + 1):
        presence.enter(person(f"New {number}"))
        presence.exit(presence.people[nickname_key(f"Guest {1000 + number}")])
    summary, nothing = presence.take_changes("lobby")
    assert nothing is None
    assert summary
    assert [user.nickname for user in summary.joined] == [f"New {number}" for number in range(1, NAMED + 1)]
    assert {gone.nickname for gone in summary.left} == {f"Guest {1000 + number}" for number in range(1, NAMED + 1)}
    assert (summary.user_count, summary.more) == (LARGE_ROOM + 1, True)


def test_in_a_large_room_a_batch_without_more_names_everybody() -> None:
    presence = crowd(LARGE_ROOM, person("Mara", host=True))
    for number in range(NAMED):
        presence.enter(person(f"New {number}"))
    summary, _ = presence.take_changes("lobby")
    assert summary
    assert (len(summary.joined), summary.left, summary.more) == (NAMED, [], False)


def test_in_a_large_room_who_came_and_went_within_a_batch_is_named_as_gone() -> None:
    presence, kit = crowd(LARGE_ROOM + 1), person("Kit")
    presence.enter(kit)
    presence.exit(kit)
    summary, _ = presence.take_changes("lobby")
    assert summary
    assert (summary.joined, summary.left) == ([], [events.Departed("Kit", "author Kit")])


def test_a_lecture_that_ends_is_told_in_bounded_events() -> None:
    presence = crowd(LARGE_ROOM * 3)
    for known in list(presence.people.values())[5:]:
        presence.exit(known)
    summary, _ = presence.take_changes("lobby")
    assert summary
    assert (len(summary.left), summary.user_count, summary.more) == (NAMED, 5, True)
