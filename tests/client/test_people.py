"""Who is here and who types, bounded whatever a server sends."""

import pytest

from chatdesk.client import people as module
from chatdesk.client.changes import PeopleChanged, PeopleReset, TypingChanged
from chatdesk.client.people import People
from chatdesk.protocol.events import User, Users

AT = "2024-01-01T12:00:00.000Z"
KIT, ANA = User("Kit", "online", AT), User("Ana", "online", AT)


def test_people_come_and_go_once() -> None:
    people = People()
    assert people.reset(Users("lobby", [KIT], 1)) == [PeopleReset()]
    assert people.change([KIT, ANA], [], 2) == [PeopleChanged((ANA,), ())]
    assert people.change([], ["Ana", "nobody"], 1) == [PeopleChanged((), (ANA,))]
    assert (list(people.here), people.count) == (["Kit"], 1)


def test_a_person_who_left_does_not_type() -> None:
    people = People()
    people.start_typing("Ana", 0.0)
    people.start_typing("Kit", 0.0)
    assert people.reset(Users("lobby", [KIT], 1)) == [PeopleReset(), TypingChanged()]
    assert people.change([], ["Kit"], 0) == [PeopleChanged((), (KIT,)), TypingChanged()]
    assert people.typing == []


def test_typing_ends_by_itself_unless_it_is_renewed() -> None:
    people = People()
    assert people.start_typing("Ana", 0.0) == [TypingChanged()]
    assert people.start_typing("Ana", 3.0) == []
    assert people.tick(7.9) == []
    assert people.tick(8.0) == [TypingChanged()]
    assert people.stop_typing(["Ana"]) == []


def test_no_server_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_TYPING", 2)
    monkeypatch.setattr(module, "MAX_PEOPLE", 1)
    people = People()
    for name in "abc":
        people.start_typing(name, 0.0)
    assert people.typing == ["a", "b"]
    assert people.change([KIT, ANA], [], 2) == [PeopleChanged((KIT,), (), 1)]
    assert (list(people.here), people.count) == (["Kit"], 2)
    assert people.change([ANA], [], 200) == [PeopleChanged((), (), 198)]
    assert people.change([], ["Ana", "Bo", "Zoe"], 197) == [PeopleChanged((), (), -3)]
    people.reset(Users("lobby", [ANA, KIT], 0))
    assert (list(people.here), people.count) == (["Ana"], 1)


def test_a_first_name_is_short_as_long_as_nobody_else_has_it() -> None:
    people = People()
    people.change([User(name, "online", AT) for name in ("Mara Lind", "Kit Ito", "Bo 7")], [], 3)
    assert list(map(people.short_name, people.here)) == ["Mara", "Kit", "Bo 7"]
    assert people.short_name("Mara Okoye") == "Mara Okoye"
    people.change([User("Mara Okoye", "online", AT)], [], 4)
    assert people.short_name("Mara Lind") == "Mara Lind"
    people.change([], ["Mara Okoye"], 3)
    assert people.short_name("Mara Lind") == "Mara"
