"""The list of people: host first, then oneself, then by name, after any change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from chatdesk.client.own_identity import OwnIdentity
from chatdesk.desktop.models.people import OWN, PERSON, PRESENCE, PeopleModel, badge_of
from chatdesk.protocol.events import User
from tests.desktop.inspection import HOSTILE
from tests.desktop.people import named

FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal


def user(nickname: str, *, host: bool = False, status: str = "online") -> User:
    return User(nickname, status, "2026-11-24T10:00:00.000Z", "phone", host)


def names(model: QAbstractItemModel) -> list[str]:
    return [model.index(row, 0).data() for row in range(model.rowCount())]


@pytest.fixture
def model(qapp: QApplication) -> PeopleModel:
    made = PeopleModel()
    QAbstractItemModelTester(made, FATAL, made)
    return made


def test_the_host_comes_first_then_oneself_then_the_others_by_name(model: PeopleModel) -> None:
    model.set_people([user("zoe"), user("Mara"), user("Ada"), user("Otto", host=True), user("Zack")], named("Mara"))
    assert names(model) == ["Otto", "Mara", "Ada", "Zack", "zoe"]


def test_further_pages_of_a_long_list_go_behind_the_first(model: PeopleModel) -> None:
    """The server's order is by the shape of names: a 0 counts as an o, which comes after all digits."""
    model.set_people([user("Otto", host=True), user("Guest 2"), user("Guest 9")], named("Mara"), complete=False)
    model.apply_changes([user("Guest 1"), user("Guest 0")], [])
    assert names(model) == ["Otto", "Guest 2", "Guest 9", "Guest 1", "Guest 0"]


def test_people_are_inserted_in_order_and_removed(model: PeopleModel) -> None:
    model.set_people([user("Mara"), user("Zoe")], named("Mara"))
    model.apply_changes([user("Kit"), user("Ada")], ["Zoe", "nobody"])
    assert names(model) == ["Mara", "Ada", "Kit"]


def test_many_at_once_make_the_list_anew(model: PeopleModel) -> None:
    model.set_people([user("Mara")], named("Mara"))
    resets = []
    model.modelReset.connect(lambda: resets.append(1))
    model.apply_changes([user(f"Guest {number:03}") for number in range(300)], [])
    assert resets == [1]
    assert names(model) == ["Mara", *(f"Guest {number:03}" for number in range(300))]


@pytest.mark.usefixtures("qapp")
@given(st.lists(st.tuples(st.booleans(), st.text(max_size=3))))
def test_its_order_is_that_of_a_list_made_anew(steps: list[tuple[bool, str]]) -> None:
    model, rebuilt, here = PeopleModel(), PeopleModel(), {}
    QAbstractItemModelTester(model, FATAL, model)
    for came, name in steps:
        if came and name not in here:
            here[name] = user(name, host=name == "h")
            model.apply_changes([here[name]], [])
        elif not came:
            here.pop(name, None)
            model.apply_changes([], [name])
    rebuilt.set_people(here.values(), named(""))
    assert names(model) == names(rebuilt)


def test_a_namesake_is_not_oneself(model: PeopleModel) -> None:
    own = OwnIdentity("Mara")
    own.welcomed("Mara", "1a")
    model.set_people([replace(user("Mara"), author="2b"), replace(user("Kit"), author="1a")], own.is_mine)
    assert [(model.index(row).data(), model.index(row).data(OWN)) for row in range(2)] == [
        ("Kit", True),
        ("Mara", False),
    ]


def test_people_found_are_shown_in_the_order_of_the_server_until_another_text_is_typed(model: PeopleModel) -> None:
    model.set_people([user("Mara"), user("Kit")], named("Mara"))
    model.set_filter("z")
    model.set_found([user("Zoe"), user("Azra")])
    model.set_found([user("Zoe"), user("Azra"), user("Enzo")])
    model.apply_changes([user("Zack")], ["Kit"])
    assert names(model) == ["Zoe", "Azra", "Enzo"]
    model.set_filter("")
    assert names(model) == ["Mara", "Zack"]


def test_further_people_found_keep_what_is_scrolled_to(model: PeopleModel) -> None:
    model.set_filter("z")
    model.set_found([user("Zoe")])
    resets, inserted = [], []
    model.modelReset.connect(lambda: resets.append(1))
    model.rowsInserted.connect(lambda _parent, first, last: inserted.append((first, last)))
    model.set_found([user("Zoe"), user("Enzo"), user("Azra")])
    assert (resets, inserted) == ([], [(1, 2)])


def test_a_screen_reader_hears_names_and_states(model: PeopleModel) -> None:
    model.set_people([user("Mara"), user("Otto", host=True), user("Kit", status="away")], named("Mara"))
    spoken = [model.index(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(3)]
    assert spoken == ["Otto, online, host", "Mara, online, you, phone", "Kit, away, phone"]


def test_without_a_connection_nobody_is_online(model: PeopleModel) -> None:
    model.set_people([user("Mara"), user("Kit", status="away"), user("Zed", status="<b>odd</b>")], named("Mara"))
    for reachable, presences in [
        (True, ["online", "away", "online"]),
        (False, ["offline"] * 3),
        (True, ["online", "away", "online"]),
    ]:
        model.set_online(reachable)
        assert [model.index(row).data(PRESENCE) for row in range(3)] == presences


def test_a_row_gives_the_person_and_no_markup(model: PeopleModel) -> None:
    model.set_people([user(HOSTILE)], named("Mara"))
    assert model.index(0).data(PERSON) == user(HOSTILE)
    assert model.index(0).data() == HOSTILE
    assert model.index(0).data(Qt.ItemDataRole.ToolTipRole) is None
    assert model.index(-1).data() is None


@pytest.mark.parametrize(
    ("person", "badge"),
    [
        (replace(user("Mara", host=True), verified=True), "host"),
        (replace(user("Ana"), role="moderator", verified=True), "moderator"),
        (replace(user("Bo"), verified=True), "verified"),
        (replace(user("CI"), client="bot"), "bot"),
        (replace(user("Kit (verified)"), role="guest"), None),
    ],
)
def test_a_mark_stands_beside_a_name_and_is_read_aloud(model: PeopleModel, person: User, badge: str | None) -> None:
    assert badge_of(person) == badge
    model.set_people([person], named("Zoe"))
    words = model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert words.endswith(f", {badge or 'phone'}")
