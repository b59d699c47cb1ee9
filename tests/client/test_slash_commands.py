"""Slash commands: what is sent, what is done, and what is not sent by accident."""

import json
from pathlib import Path
from typing import Any

import pytest

from chatdesk.client.slash_commands import COMMANDS, Invoked, Refused, Text, pace_command, parse, recipient
from chatdesk.protocol.pace_commands import Pace

CASES = json.loads((Path(__file__).parents[1] / "writing_cases.json").read_text("utf-8"))["parsed"]


@pytest.mark.parametrize(("written", "meant"), CASES, ids=[written for written, _ in CASES])
def test_a_slash_does_what_the_page_does(written: str, meant: dict[str, Any]) -> None:
    kind = Text if "content" in meant else Invoked if "name" in meant else Refused
    assert parse(written) == kind(**meant)


def test_every_command_says_what_it_does() -> None:
    assert all(command.help and isinstance(parse(f"/{command.name} @kit x"), Text | Invoked) for command in COMMANDS)


def test_a_private_message_goes_to_the_longest_name_that_is_known() -> None:
    people = ["Al", "Al Green", "Bo"]
    assert recipient("@al green hello you", people) == ("Al Green", "hello you")
    assert recipient("Al hello", people) == ("Al", "hello")
    assert recipient("＠Bo", people) == ("Bo", "")
    assert recipient("Zoe hi there", people) == ("Zoe", "hi there")


def test_commands_of_the_pace_turn_something_on_unless_they_say_otherwise() -> None:
    cases = {
        ("slow", ""): Pace(slow=30, room="lobby"),
        ("slow", "60"): Pace(slow=60, room="lobby"),
        ("slow", "off"): Pace(slow=0, room="lobby"),
        ("hold", ""): Pace(hold=True, room="lobby"),
        ("announce", "off"): Pace(announce=False, room="lobby"),
    }
    for (name, argument), command in cases.items():
        assert pace_command(Invoked(name, argument), "lobby") == command
