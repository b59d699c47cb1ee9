"""One table of options: the command line, the README and the configuration agree with it."""

import argparse
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from chatdesk import cli
from chatdesk.config import ServerConfig
from chatdesk.option import Option
from chatdesk.option_kinds import SWITCH
from chatdesk.options import CONFIG, OPTIONS, START_SCREEN

README = Path(__file__).parents[1] / "README.md"
HEAD = "| option | commands | variable | key | meaning | default |"


def actions() -> Iterator[tuple[str, argparse.Action]]:
    """What every command really takes: its name, and argparse's own description of each option."""
    parser = cli._parser()
    (subparsers,) = (action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    for command, taker in {START_SCREEN: parser, **subparsers.choices}.items():
        for action in taker._actions:
            if action.option_strings and not {"--help", "--version"} & set(action.option_strings):
                yield command, action


def flags(option: Option) -> list[str]:
    return [option.flag, f"--no-{option.key}"] if option.kind is SWITCH and option.configurable else [option.flag]


def test_the_command_line_takes_what_the_table_says_and_nothing_else() -> None:
    real = {(command, *action.option_strings) for command, action in actions()}
    assert real == {(command, *flags(option)) for option in OPTIONS for command in option.commands}


def test_each_option_is_explained_with_its_default() -> None:
    for _, action in actions():
        (option,) = (option for option in OPTIONS if option.flag in action.option_strings)
        assert action.help
        assert action.help.startswith(option.help)
        assert option.default_words in action.help
        assert action.default is argparse.SUPPRESS, "else what is not given would hide the environment and the file"


def test_every_setting_of_a_server_is_an_option_with_the_same_default() -> None:
    options = {option.name: option for option in OPTIONS}
    config = ServerConfig()
    for field in fields(ServerConfig):
        assert options[field.name].default == getattr(config, field.name)
        assert options[field.name].configurable
        has_no_window = field.name in ("cluster", "rejoin", "workers", "drain")
        hosting = {"serve"} if has_no_window else {"host", "serve"}
        assert hosting <= set(options[field.name].commands)


def row(option: Option) -> str:
    """The README's line about an option."""
    metavar = option.metavar or ("" if option.kind is SWITCH or option.choices else option.name.upper())
    words = " or ".join(f"`{flag} {metavar}`".replace(" `", "`") for flag in flags(option))
    commands = ", ".join(command or "*none*" for command in option.commands)
    variable = f"`{option.variable}`" if option.configurable else ""
    key = f"`{option.key}`" if option.configurable and option is not CONFIG else ""
    every = "all" if option is CONFIG else commands
    return f"| {words} | {every} | {variable} | {key} | {option.help} | {option.default_words} |"


def test_the_readme_has_the_table() -> None:
    lines = README.read_text(encoding="utf-8").splitlines()
    assert HEAD in lines, "\n".join([HEAD, *map(row, OPTIONS)])
    start = lines.index(HEAD) + 2
    table = lines[start : lines.index("", start)]
    assert table == [row(option) for option in OPTIONS], "\n".join(map(row, OPTIONS))


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("port", "0", 0),
        ("keep_days", "0.5", 0.5),
        ("data_dir", "chats/x", Path("chats/x")),
        ("in_memory", "yes", True),
        ("in_memory", "TRUE", True),
        ("in_memory", " 1 ", True),
        ("discovery", "off", False),
        ("discovery", "0", False),
        ("name", "7", "7"),
        ("allow_host", "a, b,", ("a", "b")),
    ],
)
def test_text_becomes_a_value(name: str, text: str, value: Any) -> None:
    (option,) = (option for option in OPTIONS if option.name == name)
    assert option.kind.parse(text) == value
    assert type(option.kind.parse(text)) is type(value)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *(("port", text) for text in ("", "http", "80.5", "0x50", "9" * 5000)),
        *(("keep_days", text) for text in ("", "some", "1,5")),
        *(("in_memory", text) for text in ("", "perhaps", "2")),
        *(("data_dir", text) for text in ("", "  ", "a\0b")),
    ],
)
def test_text_that_is_no_such_value_is_refused(name: str, text: str) -> None:
    (option,) = (option for option in OPTIONS if option.name == name)
    with pytest.raises(argparse.ArgumentTypeError, match="is not"):
        option.read_argument(text)
