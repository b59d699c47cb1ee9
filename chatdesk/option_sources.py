"""Resolves the values of options: from the command line, else the environment, else the file, else the default."""

import difflib
import logging
import reprlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, NamedTuple

from chatdesk.config import ConfigError, ServerConfig
from chatdesk.config_file import read_config_file
from chatdesk.option import Option
from chatdesk.options import OPTIONS
from chatdesk.paths import HOME_VARIABLE, config_file
from chatdesk.protocol.errors import ProtocolError
from chatdesk.protocol.names import clean_nickname

logger = logging.getLogger(__name__)
_PREFIX = "CHATDESK_"
_VARIABLES = {option.variable: option for option in OPTIONS if option.configurable}
_STORAGE_OPTIONS = ("data_dir", "keep_days", "keep_messages")
_SIMILARITY = 0.8
"""How similar an unknown variable must be for a warning: some systems set others that begin with a service's name."""


class SourcedValue(NamedTuple):
    """A value and where it is set, in words; empty for the command line, which the person sees."""

    value: Any
    source: str


@dataclass(frozen=True, slots=True)
class ResolvedOptions:
    """The values of all options and arguments by name, and where they are set, except for the command line."""

    values: Mapping[str, Any]
    origins: Mapping[str, str]

    def server_config(self) -> ServerConfig:
        """The settings for hosting. Raises ConfigError for a value that cannot work, and says where it is set."""
        try:
            return ServerConfig(**{field.name: self.values[field.name] for field in fields(ServerConfig)})
        except ConfigError as error:
            sources = (self.origins.get(name, "") for name in error.settings)
            raise ConfigError(f"{error}{_set_by(*sources)}") from None

    def check_discovery(self) -> None:
        """Raises ConfigError if discovery is turned off."""
        if not self.values["discovery"]:
            source = _set_by(self.origins.get("discovery", ""))
            raise ConfigError(f"Looking for chats is turned off.{source} To look all the same, add --discovery.")


def resolve_options(arguments: dict[str, Any], environment: Mapping[str, str]) -> ResolvedOptions:
    """Resolve all options from the command line's arguments, the environment and the file. Raises ConfigError."""
    from_environment = {option.name: _read_variable(option, text) for option, text in _variables(environment)}
    from_arguments = {
        option.name: SourcedValue(arguments[option.name], "") for option in OPTIONS if option.name in arguments
    }
    sourced = _merged(
        _from_file(from_arguments.get("config") or from_environment.get("config")), from_environment, from_arguments
    )
    origins = {name: source for name, (_, source) in sourced.items() if source}
    if "nickname" in origins:
        _check_nickname(*sourced["nickname"])
    defaults = {option.name: option.default for option in OPTIONS}
    return ResolvedOptions(defaults | {name: value for name, (value, _) in sourced.items()} | arguments, origins)


def _variables(environment: Mapping[str, str]) -> Iterator[tuple[Option, str]]:
    """The options that variables set; an empty variable sets none. Warns of variables that look misspelt."""
    for name in sorted(environment):
        if option := _VARIABLES.get(name):
            if environment[name]:
                yield option, environment[name]
        elif name.startswith(_PREFIX) and name != HOME_VARIABLE:
            for near in difflib.get_close_matches(name, [*_VARIABLES, HOME_VARIABLE], n=1, cutoff=_SIMILARITY):
                logger.warning("The variable %s means nothing to ChatDesk: do you mean %s?", name, near)


def _read_variable(option: Option, text: str) -> SourcedValue:
    try:
        return SourcedValue(option.kind.parse(text), f"the variable {option.variable}")
    except ValueError:
        raise ConfigError(
            f"The variable {option.variable} is {reprlib.repr(text)}: it must be {option.kind.description}."
        ) from None


def _from_file(named: SourcedValue | None) -> dict[str, SourcedValue]:
    """The values of the configuration file: of the one that is named, or else of the default one, if it exists."""
    try:
        file: Path = named.value if named else config_file()
    except ConfigError:  # the system knows no place for it
        return {}
    try:
        values = read_config_file(file)
    except FileNotFoundError:
        if not named:
            return {}
        sentence = f"There is no configuration file {file}: name one that is there."
        raise ConfigError(f"{sentence}{_set_by(named.source)}") from None
    keys = {option.name: option.key for option in OPTIONS}
    return {name: SourcedValue(value, f"{keys[name]} in {file}") for name, value in values.items()}


def _merged(*layers: dict[str, SourcedValue]) -> dict[str, SourcedValue]:
    """The layers merged; later ones win.

    ``in_memory`` and the storage options contradict each other: if they are set in two layers, the later one wins.
    """
    merged: dict[str, SourcedValue] = {}
    for layer in layers:
        overridden: Iterable[str] = ()
        if _is_set(layer, "in_memory"):
            overridden = _STORAGE_OPTIONS
        elif any(_is_set(layer, name) for name in _STORAGE_OPTIONS):
            overridden = ("in_memory",)
        merged = {name: sourced for name, sourced in merged.items() if name not in overridden} | layer
    return merged


def _is_set(layer: dict[str, SourcedValue], name: str) -> bool:
    return name in layer and bool(layer[name].value)


def _check_nickname(nickname: str, source: str) -> None:
    try:
        clean_nickname(nickname)
    except ProtocolError as error:
        raise ConfigError(f"{error}{_set_by(source)}") from None


def _set_by(*sources: str) -> str:
    """A sentence to append that says where something is set; empty for the command line."""
    named = [source for source in sources if source]
    verb = "They are" if len(named) > 1 else "It is"
    return f" {verb} set by {' and '.join(named)}." if named else ""
