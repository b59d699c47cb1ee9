"""The configuration file: TOML, with a key for each option that can be stored."""

import difflib
import os
import reprlib
import tomllib
from pathlib import Path
from typing import Any

from chatdesk.config import ConfigError
from chatdesk.given_file import read_given, why_unread
from chatdesk.option import Option
from chatdesk.option_kinds import FOLDER, KEY
from chatdesk.options import CONFIG, OPTIONS
from chatdesk.paths import HOME_VARIABLE, home

_MAX_BYTES = 1_000_000
"""A thousand times what the file ever holds; a larger one is a mistake, and would take memory."""
_MAX_NUMBER = 10**18
"""More than any option permits."""
_OPTIONS = {option.key: option for option in OPTIONS if option.configurable and option is not CONFIG}


def read_config_file(file: Path) -> dict[str, Any]:
    """The values in a file, by the names of their options. Relative folders are relative to the file's folder.

    Raises FileNotFoundError, and ConfigError with a sentence that says what to correct.
    """
    return {_option(key, value, file).name: _parse_value(key, value, file) for key, value in _parse(file).items()}


def _parse(file: Path) -> dict[str, Any]:
    try:
        data = read_given(file, _MAX_BYTES)
    except (FileNotFoundError, NotADirectoryError):
        raise FileNotFoundError(file) from None
    except OSError as error:
        raise ConfigError(_unreadable(file, why_unread(error))) from None
    if len(data) > _MAX_BYTES:
        raise ConfigError(f"The file {file} is far too large for a configuration file: name another with --config.")
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ConfigError(f"The configuration file {file} is not written in UTF-8: save it in that encoding.") from None
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"The configuration file {file} is not in order: {_reason(error)}.") from None


def _unreadable(file: Path, reason: str) -> str:
    if os.path.isdir(file):  # noqa: PTH112 - Path.is_dir() raises an error without permission
        return f"{file} is a folder, and should be the configuration file: take it away, or name a file with --config."
    own = os.environ.get(HOME_VARIABLE) and file.parent == home()
    advice = f"name another folder in {HOME_VARIABLE}" if own else "name another with --config"
    return f"The configuration file {file} cannot be read ({reason}): see to that, or {advice}."


def _reason(error: ValueError | RecursionError) -> str:
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error).rstrip(".")


def _option(key: str, value: Any, file: Path) -> Option:
    if option := _OPTIONS.get(key):
        return option
    if isinstance(value, dict | list):
        raise ConfigError(f"[{key}] in {file} is one section too many: the settings stand there without any.")
    near = difflib.get_close_matches(key.lower().replace("_", "-"), _OPTIONS, n=1)
    advice = f"do you mean {near[0]}?" if near else f"choose among {', '.join(_OPTIONS)}."
    raise ConfigError(f"There is no setting {_short_repr(key)} in {file}: {advice}")


def _parse_value(key: str, value: Any, file: Path) -> Any:
    kind = _OPTIONS[key].kind
    if isinstance(value, int) and abs(value) > _MAX_NUMBER:  # Python refuses to print integers of thousands of digits
        raise ConfigError(f"In {file}, {key} is far too large a number: choose a smaller one.")
    try:
        if type(value) not in kind.toml_types:  # isinstance() would accept true as an integer
            raise ValueError(value)
        if kind is FOLDER:
            return file.absolute().parent / kind.parse(value).expanduser()
        if kind is KEY and "://" not in value:
            return str(file.absolute().parent / kind.parse(value))
        return kind.parse(value)
    except (ValueError, OverflowError, RuntimeError):
        raise ConfigError(f"In {file}, {key} is {_short_repr(value)}: it must be {kind.description}.") from None


def _short_repr(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else reprlib.repr(value)
