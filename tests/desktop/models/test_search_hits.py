"""Search hits, newest first: the hits of one search are appended."""

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chatdesk.desktop.models.search_hits import HitRow, MoreRow, SearchHitsModel, format_hit_time
from tests.desktop.search_hits import hit, show_hits


@pytest.fixture
def model(qapp: QApplication) -> SearchHitsModel:
    made = SearchHitsModel()
    QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    return made


def seqs(model: SearchHitsModel) -> list[int]:
    rows = [model.row(place) for place in range(model.rowCount())]
    return [row.hit.message.seq for row in rows if isinstance(row, HitRow)]


def test_more_of_one_search_comes_in_below_and_another_search_is_another_list(
    model: SearchHitsModel, qtbot: QtBot
) -> None:
    first, second = [hit(9), hit(7)], [hit(5), hit(4)]
    show_hits(model, "bench", first)
    with qtbot.waitSignal(model.rowsInserted), qtbot.assertNotEmitted(model.modelReset):
        show_hits(model, "bench", [*first, *second])
    assert seqs(model) == [9, 7, 5, 4]
    with qtbot.waitSignal(model.modelReset):
        show_hits(model, "other", [hit(3)])
    assert seqs(model) == [3]
    with qtbot.assertNotEmitted(model.modelReset):
        show_hits(model, "other", [hit(3)])
    show_hits(model, "other", [hit(8), hit(3)])  # the same search again, with a newer hit
    assert seqs(model) == [8, 3]


def test_rooms_have_headings_and_older_hits_of_one_are_put_behind_it(model: SearchHitsModel, qtbot: QtBot) -> None:
    build, lobby = [hit(9, room="build"), hit(8, room="build")], [hit(7)]
    show_hits(model, "bench", [*build, *lobby], "build", "lobby")
    rows = [model.row(place) for place in range(model.rowCount())]
    assert rows == [HitRow(build[0], "build"), HitRow(build[1]), MoreRow("build", "build"), HitRow(lobby[0], "lobby")]
    spoken = [model.index(place).data(Qt.ItemDataRole.AccessibleTextRole) for place in (0, 2)]
    assert (spoken[0][:11], spoken[1]) == ("build. Kit,", "More in build")
    with qtbot.assertNotEmitted(model.modelReset):
        show_hits(model, "bench", [*build, hit(2, room="build"), *lobby], "lobby")
    assert seqs(model) == [9, 8, 2, 7]
    assert model.rowCount() == 4


def test_on_another_day_all_rows_are_updated(model: SearchHitsModel, qtbot: QtBot) -> None:
    model.refresh_times()
    show_hits(model, "bench", [hit(9), hit(7)])
    with qtbot.waitSignal(model.dataChanged, timeout=0) as told:
        model.refresh_times()
    assert [index.row() for index in told.args[:2]] == [0, 1]


def test_a_screen_reader_hears_name_time_and_text(model: SearchHitsModel) -> None:
    show_hits(model, "bench", [hit(1, ["on ", "bench", " 4"], "Kit", "2025-03-01T12:00:00Z")])
    spoken = model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == f"Kit, {format_hit_time(hit(1, at='2025-03-01T12:00:00Z'))}: on bench 4"


def test_the_day_is_named_unless_it_is_today() -> None:
    now = datetime.now(UTC)
    assert format_hit_time(hit(1, at=now.isoformat())) == f"{now.astimezone():%H:%M}"
    assert format_hit_time(hit(1, at="2020-02-29T12:00:00Z")).startswith("29 Feb 2020, ")
    assert format_hit_time(hit(1, at="nonsense")) == ""
