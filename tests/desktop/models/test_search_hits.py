"""Search hits, newest first: the hits of one search are appended."""

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chatdesk.desktop.models.search_hits import HIT, SearchHitsModel, format_hit_time
from tests.desktop.search_hits import hit


@pytest.fixture
def model(qapp: QApplication) -> SearchHitsModel:
    made = SearchHitsModel()
    QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    return made


def seqs(model: SearchHitsModel) -> list[int]:
    return [model.index(place).data(HIT).message.seq for place in range(model.rowCount())]


def test_more_of_one_search_comes_in_below_and_another_search_is_another_list(
    model: SearchHitsModel, qtbot: QtBot
) -> None:
    first, second = [hit(9), hit(7)], [hit(5), hit(4)]
    model.set_hits("bench", first)
    with qtbot.waitSignal(model.rowsInserted), qtbot.assertNotEmitted(model.modelReset):
        model.set_hits("bench", [*first, *second])
    assert seqs(model) == [9, 7, 5, 4]
    with qtbot.waitSignal(model.modelReset):
        model.set_hits("other", [hit(3)])
    assert seqs(model) == [3]
    with qtbot.assertNotEmitted(model.modelReset):
        model.set_hits("other", [hit(3)])
    with qtbot.waitSignal(model.modelReset):
        model.set_hits("other", [hit(8), hit(3)])  # the same search again, with a newer hit
    assert seqs(model) == [8, 3]
    assert model.hit(0).message.seq == 8


def test_on_another_day_all_rows_are_updated(model: SearchHitsModel, qtbot: QtBot) -> None:
    model.refresh_times()
    model.set_hits("bench", [hit(9), hit(7)])
    with qtbot.waitSignal(model.dataChanged, timeout=0) as told:
        model.refresh_times()
    assert [index.row() for index in told.args[:2]] == [0, 1]


def test_a_screen_reader_hears_name_time_and_text(model: SearchHitsModel) -> None:
    model.set_hits("bench", [hit(1, ["on ", "bench", " 4"], "Kit", "2025-03-01T12:00:00Z")])
    spoken = model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == f"Kit, {format_hit_time(model.hit(0))}: on bench 4"


def test_the_day_is_named_unless_it_is_today() -> None:
    now = datetime.now(UTC)
    assert format_hit_time(hit(1, at=now.isoformat())) == f"{now.astimezone():%H:%M}"
    assert format_hit_time(hit(1, at="2020-02-29T12:00:00Z")).startswith("29 Feb 2020, ")
    assert format_hit_time(hit(1, at="nonsense")) == ""
