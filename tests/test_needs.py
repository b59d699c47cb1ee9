"""Tests are marked by what they, their fixtures and their helpers use, and fail where what they need is not there."""

import importlib
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests import needs
from tests.debian import Debian, only_loopback
from tests.e2e.browser import chromium
from tests.e2e.firefox import Firefox
from tests.e2e.screen import Screen
from tests.e2e.sway import Sway
from tests.e2e.window import Window
from tests.needs import needs_of
from tests.netns import Machine, Networks

SCREENS = {"one": Screen}


def by_name() -> None:
    Networks()


def by_a_helper() -> None:
    by_name()


def in_a_function_of_its_own() -> None:
    def later() -> list[object]:
        return [chromium() for _ in range(2)]

    later()


def by_a_table(name: str) -> None:
    SCREENS[name]()


def by_a_method() -> None:
    class_with_a_method().open()


def class_with_a_method() -> "Opener":
    return Opener()


class Opener:
    def open(self) -> object:
        return Window


def beside(machine: Machine) -> None:
    """Who is only given something does not make it: the fixture does."""
    machine.end()


@pytest.mark.parametrize(
    ("function", "markers"),
    [
        (by_name, {"root"}),
        (by_a_helper, {"root"}),
        (in_a_function_of_its_own, {"browser"}),
        (by_a_table, {"window"}),
        (by_a_method, {"window"}),
        (beside, set()),
        (Debian, {"root"}),
        (only_loopback, {"root"}),
        (Sway, {"root", "window"}),
        (Firefox, {"browser"}),
        (print, set()),
    ],
)
def test_what_is_used_says_what_is_needed(function: object, markers: set[str]) -> None:
    assert needs_of(function) == markers


@pytest.fixture
def networks() -> Iterator[Networks]:
    with Networks() as networks:
        yield networks


def markers(request: pytest.FixtureRequest) -> set[str]:
    return {marker.name for marker in request.node.iter_markers()} & {"root", "browser", "window", "packaging"}


def test_a_test_is_marked_by_its_fixtures(networks: Networks, request: pytest.FixtureRequest) -> None:
    assert markers(request) == {"root"}


@pytest.mark.parametrize("kind", [Screen])
def test_a_test_is_marked_by_its_parameters(kind: type[Screen], request: pytest.FixtureRequest) -> None:
    assert markers(request) == {"window"}


def test_one_that_needs_nothing_is_not(request: pytest.FixtureRequest) -> None:
    assert markers(request) == set()


def test_one_that_gets_there_unmarked_fails_and_says_which_marker() -> None:
    hidden = importlib.import_module("tests.e2e.screen")
    with pytest.raises(pytest.fail.Exception, match=r"It uses Screen.__init__: mark it with @pytest.mark.window\."):
        vars(hidden)["Screen"]()


def test_where_something_is_not_there_it_fails_and_says_how_to_leave_it_out(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(needs._MET, "slow", lambda: False)
    needs.begin(request.node)
    request.node.add_marker("slow")
    with pytest.raises(pytest.fail.Exception, match=r'does not have what it needs.*-m "not slow"'):
        needs.begin(request.node)


def test_all_of_a_folder_has_its_marker(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[str] = []
    here = Path(__file__).parent
    for place in (here / "packaging" / "test_spec.py", here / "log" / "test_reader.py"):
        needs.mark(SimpleNamespace(path=place, add_marker=given.append))  # type: ignore[arg-type]
    assert given == ["packaging"]
