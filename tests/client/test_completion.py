"""Completion: when it begins, whom and what it offers, and in which order."""

import json
from pathlib import Path

import pytest

from chatdesk.client.completion import MOST, Choice, Place, complete, people_outside, query_at, replace_names
from chatdesk.client.slash_commands import COMMANDS
from chatdesk.protocol.events import User

CASES = json.loads((Path(__file__).parents[1] / "writing_cases.json").read_text("utf-8"))["queries"]
PEOPLE = [
    User("Mara Lindqvist", "online", "", host=True),
    User("Bench 7, Alex and Sam", "away", ""),
    User("Alexandrina von Hohenberg", "online", ""),
    User("José", "busy", ""),
    User("نور الهدى", "online", ""),
]
HOSTED = Place("build-floor", PEOPLE, 31, may_address_all=True)


def choices(before: str, place: Place = HOSTED, tone: int = 0) -> list[Choice]:
    query = query_at(before)
    completion = query and complete(query, place, tone)
    return list(completion.choices) if completion else []


def words(before: str, place: Place = HOSTED) -> list[str]:
    return [choice.insert for choice in choices(before, place)]


@pytest.mark.parametrize(("before", "found"), CASES, ids=[before for before, _ in CASES])
def test_completion_begins_where_the_page_begins_it(before: str, found: list[str] | None) -> None:
    query = query_at(before)
    assert (query and [query.kind, query.start, query.text]) == found


def test_names_that_begin_with_the_letters_come_first_then_those_with_such_a_word() -> None:
    """Behaviour 9: names with spaces, in any script."""
    assert words("@al") == ["@Alexandrina von Hohenberg ", "@Bench 7, Alex and Sam ", "@room "]
    assert words("hi @bench 7, a") == ["@Bench 7, Alex and Sam "]
    assert words("＠نور") == ["@نور الهدى "]
    assert words("@jose") == ["@José "]
    assert choices("@nobody") == choices("@Mara Lindqvist said") == []


def test_a_choice_shows_what_was_typed_and_how_somebody_is() -> None:
    first, second, everybody = choices("@al")
    assert (first.found, first.detail) == ((0, 2), "")
    assert (second.label[slice(*second.found)], second.detail) == ("Al", "away")
    assert (everybody.label, everybody.detail) == ("all 31 in this room", "@room, asks first")


def test_everybody_is_offered_to_those_who_may_address_them() -> None:
    """Behaviour 11."""
    assert words("@roo", HOSTED._replace(may_address_all=False)) == []
    assert choices("@roo", HOSTED._replace(user_count=15))[0].detail == "@room"


def test_people_outside_the_room_come_last_muted_and_with_what_that_means() -> None:
    outside = [User("Alma", "online", ""), User("Pål", "away", "")]
    place = HOSTED._replace(outside=outside)
    assert words("@al", place) == ["@Alexandrina von Hohenberg ", "@Bench 7, Alex and Sam ", "@room ", "@Alma "]
    assert [choice.muted for choice in choices("@al", place)] == [False, False, False, True]
    assert choices("@pa", place) == [Choice("@Pål ", "Pål", (0, 0), outside[1], "will not be told", muted=True)]
    query = query_at("@pa")
    assert query
    completion = complete(query, place)
    assert completion
    assert completion.heading == "People outside build-floor"
    many = [User(f"Al {number}", "online", "") for number in range(7)]
    assert len(choices("@al", Place("plans", many, 7, may_address_all=False, outside=outside * 3))) == MOST


def test_who_is_outside_is_known_by_author_not_by_name() -> None:
    ana, kit = User("Ana", "online", "", author="a"), User("Kit", "online", "", author="k")
    assert people_outside([ana, kit], [User("Ana 2", "online", "", author="a")]) == [kit]
    assert people_outside([User("Ana", "online", ""), User("Bo", "online", "")], [ana]) == [User("Bo", "online", "")]


def test_emoji_come_in_the_tone_of_the_person() -> None:
    assert ":robot:" in {choice.label for choice in choices("Bring the :rob")}
    assert choices(":thumbsu", tone=3)[0] == Choice("👍🏽 ", ":thumbsup:", (0, 8), "👍🏽")
    assert choices(":no_such") == []
    assert replace_names("Bring the :robot:") == "Bring the 🤖"
    assert replace_names("10:30:") is replace_names("a:robot:") is None


def test_commands_come_with_their_help() -> None:
    assert len(choices("/")) == len([command for command in COMMANDS if not command.order])
    assert len(choices("/", HOSTED._replace(keeps_order=True))) == len(COMMANDS)
    assert words("/B") == ["/busy ", "/back "]
    assert choices("/topi")[0].detail == "Change the topic of this room"
