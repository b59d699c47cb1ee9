"""Found chats keep their order, and keep their rows while somebody chooses."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from chatdesk.desktop.models.hosts import DETAIL, GONE, HOST, HostsModel
from tests.desktop.found_hosts import host
from tests.desktop.inspection import HOSTILE

A, B, C = host(1, "Galley"), host(2, "Soldering"), host(3, "Staff room", locked=True)


@pytest.fixture
def model(qapp: QApplication) -> HostsModel:
    made = HostsModel()
    made.tester = QAbstractItemModelTester(made)  # type: ignore[attr-defined]
    return made


def names(model: HostsModel) -> list[object]:
    return [model.index(row).data() for row in range(model.rowCount())]


def test_those_that_come_together_are_in_order_and_later_ones_below(model: HostsModel) -> None:
    model.set_hosts([C, B])
    model.set_hosts([A, B, C])
    assert names(model) == ["Soldering", "Staff room", "Galley"]
    assert model.index(0).data(HOST) == B


def test_what_changes_keeps_its_row(model: HostsModel) -> None:
    model.set_hosts([A, B])
    changed: list[int] = []
    model.dataChanged.connect(lambda first, _last: changed.append(first.row()))
    model.set_hosts([replace(A, people=13), B])
    assert changed == [0]
    assert model.index(0).data(HOST).people == 13


def test_two_of_one_name_are_two(model: HostsModel) -> None:
    model.set_hosts([A, replace(B, name=A.name, host="Priya")])
    assert names(model) == ["Galley", "Galley"]
    tips = [model.index(row).data(Qt.ItemDataRole.ToolTipRole) for row in range(2)]
    assert "Ingrid, 192.168.4.1:8080" in tips[0]
    assert "Priya, 192.168.4.2:8080" in tips[1]
    assert [model.index(row).data(DETAIL) for row in range(2)] == ["12 here", "12 here"]


def test_a_copied_id_takes_no_other_hosts_row(model: HostsModel) -> None:
    twin = replace(A, addresses=("192.168.4.66:8080",))
    model.set_hosts([A])
    model.set_hosts([twin, A])
    assert [model.index(row).data(HOST) for row in range(2)] == [A, twin]
    model.set_hosts([twin])
    assert [model.index(row).data(HOST) for row in range(model.rowCount())] == [twin]


def test_two_of_one_name_and_one_host_are_told_apart_by_where_they_are(model: HostsModel) -> None:
    model.set_hosts([A, replace(B, name=A.name)])
    abouts = ["12 here, 192.168.4.1:8080", "12 here, 192.168.4.2:8080"]
    assert [model.index(row).data(DETAIL) for row in range(2)] == abouts
    assert abouts[1] in model.index(1).data(Qt.ItemDataRole.AccessibleTextRole)
    model.set_hosts([A])
    assert model.index(0).data(DETAIL) == "12 here"


def test_a_host_that_vanishes_is_removed(model: HostsModel) -> None:
    model.set_hosts([A, B, C])
    model.set_hosts([A, C])
    assert names(model) == ["Galley", "Staff room"]
    model.set_hosts([])
    assert names(model) == []


def test_a_host_that_vanishes_while_held_stays_and_is_disabled(model: HostsModel) -> None:
    model.set_hosts([A, B, C])
    model.set_held(True)
    model.set_hosts([A, C])
    assert names(model) == ["Galley", "Soldering", "Staff room"]
    assert [model.index(row).data(GONE) for row in range(3)] == [False, True, False]
    assert not model.flags(model.index(1)) & Qt.ItemFlag.ItemIsEnabled
    assert "no longer there" in model.index(1).data(Qt.ItemDataRole.AccessibleTextRole)
    model.set_held(False)
    assert names(model) == ["Galley", "Staff room"]


def test_a_host_that_returns_meanwhile_is_enabled_again(model: HostsModel) -> None:
    model.set_hosts([A, B])
    model.set_held(True)
    model.set_hosts([A])
    model.set_hosts([A, B])
    model.set_held(False)
    assert names(model) == ["Galley", "Soldering"]
    assert not model.index(1).data(GONE)


def test_a_screen_reader_hears_all_that_is_seen(model: HostsModel) -> None:
    model.set_hosts([C, replace(B, name="Z", host="")])
    spoken = [model.index(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(2)]
    assert spoken == ["Staff room, Ingrid, 12 here, nobody new", "Z, 12 here"]
    described = model.index(0).data(Qt.ItemDataRole.AccessibleDescriptionRole)
    assert described == "Ingrid, 192.168.4.3:8080, [fd00::3]:8080"


def test_a_hostile_name_is_text(model: HostsModel) -> None:
    model.set_hosts([replace(A, name=HOSTILE, host=HOSTILE)])
    assert names(model) == [HOSTILE]
    tip = model.index(0).data(Qt.ItemDataRole.ToolTipRole)
    assert "<b>" not in tip
    assert "\u202e" not in tip
