"""The markers that say what a test needs of the machine, found from what the test and its fixtures use.

A helper that needs something is decorated with ``@needs("root")``. Tests whose own code, fixtures or helpers name such
a helper get the marker. A test that reaches the helper without the marker fails and says so. No test is skipped: if the
machine lacks what a test needs, the test fails and says what to do, unless it is deselected with ``-m "not root"``.
"""

import functools
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest

_FOLDERS = {"packaging": Path(__file__).parent / "packaging"}
"""Markers that all tests of a folder have."""


def _has(*programs: str) -> bool:
    return any(shutil.which(program) for program in programs)


_MET: dict[str, Callable[[], bool]] = {
    "root": lambda: os.geteuid() == 0,
    "browser": lambda: _has("chromium") and _has("firefox-esr") and _has("WebKitWebDriver"),
    "window": lambda: _has("Xvfb"),
}
"""Whether this machine has what a marker asks for."""

_current: pytest.Item | None = None


def needs[T: Callable[..., Any]](marker: str) -> Callable[[T], T]:
    """Return a decorator for a class or function that works only if the machine has what the marker stands for."""

    def decorate(thing: T) -> T:
        if isinstance(thing, type):
            thing.__init__ = _guarded(marker, thing.__init__)  # type: ignore[misc]
            guarded = thing
        else:
            guarded = _guarded(marker, thing)
        guarded.__needs__ = frozenset({marker})  # type: ignore[attr-defined]
        return guarded

    return decorate


def _guarded(marker: str, function: Callable[..., Any]) -> Any:
    @functools.wraps(function)
    def guarded(*arguments: Any, **named: Any) -> Any:
        if _current and not _current.get_closest_marker(marker):
            pytest.fail(f"It uses {function.__qualname__}: mark it with @pytest.mark.{marker}.", pytrace=False)
        return function(*arguments, **named)

    return guarded


def mark(item: pytest.Item) -> None:
    """Give a test the markers of its folder, and those of all helpers that it uses."""
    functions = [getattr(item, "function", None), getattr(item, "cls", None)]
    functions += item.callspec.params.values() if hasattr(item, "callspec") else ()
    information = getattr(item, "_fixtureinfo", None)
    for definitions in information.name2fixturedefs.values() if information else ():
        functions += [definition.func for definition in definitions]
    found = frozenset[str]().union(*(needs_of(function) for function in functions if function))
    found |= {name for name, folder in _FOLDERS.items() if item.path.is_relative_to(folder)}
    for name in sorted(found):
        item.add_marker(name)


def begin(item: pytest.Item) -> None:
    """Record that a test begins. The test fails if this machine lacks what it needs."""
    global _current
    _current = item
    for name, is_met in _MET.items():
        if item.get_closest_marker(name) and not is_met():
            pytest.fail(f'This machine does not have what it needs. To leave such tests out: -m "not {name}".', False)


def end() -> None:
    """Record that no test is running."""
    global _current
    _current = None


def needs_of(thing: Any) -> frozenset[str]:
    """Return the markers of everything a function or class uses, found by the names in its code, recursively."""
    return _needs_of(thing) if isinstance(thing, FunctionType | type) else frozenset()


@functools.cache
def _needs_of(thing: Callable[..., Any]) -> frozenset[str]:
    found: set[str] = set()
    seen: set[Any] = set()
    waiting: list[Any] = [thing]
    while waiting:
        one = waiting.pop()
        if one in seen or not str(getattr(one, "__module__", "")).startswith("tests."):
            continue
        seen.add(one)
        found |= getattr(one, "__needs__", frozenset())
        if isinstance(one, type):
            waiting += [*one.__bases__, *(_plain(value) for value in vars(one).values())]
        elif isinstance(one, FunctionType):
            waiting += _named(one)
        waiting = [one for one in waiting if isinstance(one, FunctionType | type)]
    return frozenset(found)


def _plain(value: Any) -> Any:
    """Return the function in a method, a property or a fixture."""
    return getattr(value, "__func__", None) or getattr(value, "fget", None) or getattr(value, "func", value)


def _named(function: FunctionType) -> Iterator[Any]:
    """Yield the objects that the names in a function's code refer to."""
    yield getattr(function, "__wrapped__", None)
    codes = [function.__code__]
    while codes:
        code = codes.pop()
        codes += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
        for name in code.co_names:
            value = function.__globals__.get(name)
            yield from map(_plain, value.values() if isinstance(value, dict) else [value])
