"""Kinds of values that options have: how each is read from text and from a configuration file."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SWITCH = {"yes": True, "true": True, "on": True, "1": True, "no": False, "false": False, "off": False, "0": False}
_DURATIONS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_MAX_SECONDS = 86_400  # a day: more is a mistake


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value; ``description`` says in words what it must be.

    ``parse`` converts text, or a value of the ``toml_types`` of the configuration file; it raises ValueError.
    """

    description: str
    toml_types: tuple[type, ...]
    parse: Callable[[Any], Any]


def _switch(value: str | bool) -> bool:
    if isinstance(value, bool):
        return value
    if value.strip().lower() not in _SWITCH:
        raise ValueError(value)
    return _SWITCH[value.strip().lower()]


def _seconds(value: str) -> float:
    seconds = float(value)
    if not 0 <= seconds <= _MAX_SECONDS:
        raise ValueError(value)
    return seconds


def _path(value: str) -> Path:
    if not value.strip() or "\0" in value:
        raise ValueError(value)
    return Path(value)


def _key(value: str) -> str:
    return value if "://" in value else str(_path(value))


def _duration(value: str) -> float:
    match = re.fullmatch(r"([0-9]{1,6})\s*([smhd])", value.strip().lower())
    if not match or not int(match[1]):
        raise ValueError(value)
    return float(int(match[1]) * _DURATIONS[match[2]])


def _names(value: str | list[str]) -> tuple[str, ...]:
    names = value.split(",") if isinstance(value, str) else value
    if not all(isinstance(name, str) for name in names):
        raise ValueError(value)
    return tuple(stripped for name in names if (stripped := name.strip()))


INTEGER = Kind("a whole number", (int,), int)
NUMBER = Kind("a number", (int, float), float)
SWITCH = Kind("true or false", (bool,), _switch)
DURATION = Kind("a time such as 90s, 30m, 12h or 7d", (str,), _duration)
SECONDS = Kind("a number of seconds, from 0 to a day's 86400", (int, float), _seconds)
TEXT = Kind("text in quotation marks", (str,), str)
NAMES = Kind("a name in quotation marks, or a list of them", (str, list), _names)
FILE = Kind("the name of a file", (str,), _path)
FOLDER = Kind("the name of a folder", (str,), _path)
KEY = Kind("the name of a file, or an address of this machine", (str,), _key)
