"""The pages of the protocol say of every field, code and limit what the types say."""

import re
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from msgspec import inspect

from chatdesk.protocol import (
    admission_events,
    codec,
    commands,
    events,
    limits,
    markup,
    order_events,
    pace_events,
    room_events,
)
from chatdesk.protocol.errors import CloseCode, ErrorCode

PAGES = {
    page.name: page.read_text("utf-8")
    for page in sorted((Path(__file__).parents[2] / "chatdesk" / "protocol").glob("*.md"))
}
PAGE = "\n".join(PAGES.values())
OBJECTS = (
    *(commands.Resume, commands.Mentioned, events.Limits, events.ServerInfo, events.User, events.Departed),
    *(events.Reaction, events.Reactor, events.OwnReaction, events.Hit, room_events.RoomInfo, room_events.Partner),
    *(order_events.InForce, order_events.AuditEntry, pace_events.HeldMessage, pace_events.Hand),
    *(room_events.Receipt, room_events.Reader, admission_events.InvitationInfo, admission_events.Waiter),
)
"""Structs that stand only inside commands and events."""
UNIONS = {"Block": markup.Block, "Inline": markup.Inline}
TYPES = {
    **{f"Commands/{kind.__struct_config__.tag}": kind for kind in get_args(commands.Command)},
    **{f"Events/{kind.__struct_config__.tag}": kind for kind in get_args(events.Event)},
    **{f"Markup/{kind.__struct_config__.tag}": kind for kind in get_args(markup.Block)},
    **{f"Inline/{kind.__struct_config__.tag}": kind for kind in get_args(markup.Inline) if kind is not str},
    **{f"Objects/{kind.__name__}": kind for kind in OBJECTS},
}


def tables(page: str) -> dict[str, list[list[str]]]:
    """The rows of the table in each chapter, without its head; a row that begins in bold begins a table of its own."""
    found: dict[str, list[list[str]]] = {}
    chapter = name = ""
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith(("# ", "## ")):
            chapter = name = line.lstrip("# ")
        elif line.startswith("|--"):
            found[name] = []
        elif line.startswith("| **"):
            name = f"{chapter}/{cells[0].strip('*`')}"
            found[name] = []
        elif line.startswith("|") and name in found:
            found[name].append(cells)
    return found


def expected(kind: type[msgspec.Struct]) -> Iterator[list[str]]:
    """The cells of a struct's fields, without their meaning."""
    for field in inspect.type_info(kind).fields:  # type: ignore[attr-defined]
        optional = "no" if field.required else "yes"
        if field.default not in (inspect.NODEFAULT, None, ()):
            optional = f"yes: `{msgspec.json.encode(field.default).decode()}`"
        inner, is_nullable = plain(field.type)
        assert is_nullable == (field.default is None), field.name
        yield [f"`{field.name}`", type_of(inner), optional, limits_of(inner)]


def plain(kind: inspect.Type) -> tuple[inspect.Type, bool]:
    """A type without its null, and whether it had one."""
    if isinstance(kind, inspect.UnionType):
        [inner] = [each for each in kind.types if not isinstance(each, inspect.NoneType)]
        return inner, True
    return kind, False


def type_of(kind: inspect.Type) -> str:
    match kind:
        case inspect.StrType():
            return "string"
        case inspect.IntType():
            return "integer"
        case inspect.FloatType():
            return "number"
        case inspect.BoolType():
            return "boolean"
        case inspect.LiteralType(values):
            return " or ".join(f"`{value}`" for value in sorted(map(str, values)))
        case inspect.ListType(item) | inspect.VarTupleType(item):
            return f"array of {type_of(item)}"
        case inspect.UnionType(kinds):
            found = {each.cls for each in kinds if isinstance(each, inspect.StructType)}
            return next(name for name, union in UNIONS.items() if found == set(get_args(union)) - {str})
        case inspect.TupleType():
            return "Span"
        case inspect.StructType(cls):
            return f"`{kind.tag}`" if kind.tag else cls.__name__
    raise AssertionError(kind)


def limits_of(kind: inspect.Type) -> str:
    match kind:
        case inspect.StrType(min_length, max_length):
            return between(min_length, max_length, " characters")
        case inspect.ListType(item, min_length, max_length) | inspect.VarTupleType(item, min_length, max_length):
            return ", each ".join(filter(None, [between(min_length, max_length, ""), limits_of(item)]))
        case inspect.IntType(ge=least, le=most) | inspect.FloatType(ge=least, le=most):
            return between(least, most, "")
    return ""


def between(least: float | None, most: float | None, unit: str) -> str:
    most_shown = "2^53 - 1" if most == 2**53 - 1 else most
    if least is None:
        return "" if most is None else f"at most {most_shown}{unit}"
    return f"at least {least}{unit}" if most is None else f"{least} to {most_shown}{unit}"


TABLES = tables(PAGE)


def test_every_type_is_in_a_table_and_no_other() -> None:
    assert {name for name in TABLES if "/" in name} == set(TYPES)


def test_each_type_is_described_on_one_page() -> None:
    places: dict[str, list[str]] = {}
    for page, text in PAGES.items():
        for name in tables(text):
            places.setdefault(name, []).append(page)
    assert not {name: pages for name, pages in places.items() if "/" in name and len(pages) > 1}


def test_the_first_page_leads_to_all_others() -> None:
    assert set(PAGES) - set(re.findall(r"\]\(([A-Z]+\.md)\)", PAGES["README.md"])) == {"README.md"}


@pytest.mark.parametrize("name", TYPES)
def test_the_table_has_the_fields_of_the_type(name: str) -> None:
    assert [row[:4] for row in TABLES[name]] == list(expected(TYPES[name]))
    assert all(meaning for *_, meaning in TABLES[name]), "each field has a meaning"


@pytest.mark.parametrize("codes", [ErrorCode, CloseCode], ids=["errors", "closes"])
def test_the_tables_of_codes_have_every_code(codes: type[Enum]) -> None:
    chapter = "Errors" if codes is ErrorCode else "Close codes"
    rows = TABLES[chapter]
    shown = [int(row[0]) if codes is CloseCode else row[0].strip("`") for row in rows]
    assert [code for code in shown if code in list(codes)] == [code.value for code in codes]
    assert all(row[1] for row in rows)


def test_the_table_of_sizes_has_every_limit() -> None:
    assert {row[0].strip("`"): int(row[1].replace(",", "")) for row in TABLES["Sizes"]} == {
        name: value for name, value in vars(limits).items() if name.isupper()
    }


def test_the_examples_are_commands_and_events() -> None:
    examples = re.findall(r"^([<>]) (\{.*\})$", PAGE, re.MULTILINE)
    assert len(examples) > 5
    for direction, line in examples:
        if direction == ">":
            codec.decode_command(line)
        else:
            assert codec.decode_event(line) is not None
