"""Who may import whom: the rules of the house, read off the source."""

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "chatdesk"
FILES = sorted(PACKAGE.rglob("*.py"))
WEBSOCKETS = {
    "server/connection.py",
    "server/websocket_core.py",
    "server/http/handshake.py",
    "client/connection.py",
    "client/throttling.py",
}
ALLOWED = {
    "protocol": set[str](),
    "markup": {"protocol"},
    "log": {"protocol", "config", "paths", "thread_priority"},
    "cluster": {"log", "protocol", "backoff", "config", "paths", "progress"},
    "workers": {"cluster", "log", "protocol", "config", "paths"},
    "server": {
        "protocol",
        "markup",
        "config",
        "given_file",
        "paths",
        "log",
        "design_tokens",
        "ip",
        "origin",
        "blocked_ports",
        "thread_priority",
        "",
    },
    "export": {"protocol", "markup", "paths", "design_tokens", "time_zone"},
    "archive": {"export", "log", "protocol", "config", "paths", "console", "progress", "stop_signals"},
    "client": {"protocol", "backoff", "config", "export", "ip", "origin", "certificates"},
    "certificates": {"config", "given_file", "ip"},
    "terminal": {"client", "protocol", "config", "console", "paths"},
    "discovery": {"protocol", "config", "ip"},
    "doctor": {"client", "discovery", "protocol", "config", "ip", "origin", "blocked_ports", "console", ""},
    "desktop": {
        "certificates",
        "client",
        "discovery",
        "doctor",
        "export",
        "protocol",
        "config",
        "ip",
        "paths",
        "time_zone",
        "origin",
        "",
    },
}
"""The parts of the program, and what each may use besides itself; the empty name is the version in the package."""
ROOT_MODULES = {"app.py", "headless.py", "server_parts.py"}
"""The composition root."""
WIDGETS = PACKAGE / "desktop" / "widgets"
WIDGET_GROUPS = {
    "common": set[str](),
    "timeline": {"common"},
    "people": {"common"},
    "rooms": {"common"},
    "writing": {"common"},
    "search": {"common", "timeline"},
    "invite": {"common"},
    "doctor": {"common"},
    "order": {"common"},
    "start": {"common"},
    "chat": {"common", "timeline", "people", "rooms", "search", "invite", "writing"},
}
"""The groups of widgets, and what each may use besides itself; ``desktop/widgets/README.md`` has the same table."""
FOREIGN = {"protocol": {"msgspec"}, "markup": {"markdown_it", "pygments"}}
"""Packages, other than Python's own, where only a few are allowed."""


def name_of(file: Path) -> str:
    return file.relative_to(PACKAGE).as_posix()


def part_of(file: Path) -> str:
    return file.relative_to(PACKAGE).parts[0]


@cache
def tree(file: Path) -> ast.Module:
    """What stands in a file; each file is asked about several times."""
    return ast.parse(file.read_text())


@cache
def import_statements(file: Path) -> list[ast.Import | ast.ImportFrom]:
    """All in a file."""
    nodes = ast.walk(tree(file))
    return [node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]


def imports(file: Path) -> Iterator[str]:
    """The full names of the modules that a file imports."""
    for node in import_statements(file):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        else:
            assert node.level == 0, f"{name_of(file)} imports relatively"
            assert node.module
            if node.module == "chatdesk":
                yield from (f"chatdesk.{alias.name}" for alias in node.names)
            else:
                yield node.module


def module_of(file: Path) -> str:
    """A file's full name as a module."""
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def import_graph() -> dict[str, set[str]]:
    """Each of our modules, and those that it imports, also for the type checker alone."""
    modules = {module_of(file): file for file in FILES}
    graph = {}
    for module, file in modules.items():
        members = {
            f"{node.module}.{alias.name}"
            for node in import_statements(file)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        graph[module] = (members | set(imports(file))) & modules.keys() - {module}
    return graph


def own_part(module: str) -> str | None:
    """Which part of the program a module is; None for somebody else's."""
    top, _, rest = module.partition(".")
    if top != "chatdesk":
        return None
    part = rest.split(".")[0]
    return part if (PACKAGE / part).is_dir() or (PACKAGE / f"{part}.py").is_file() else ""


def packages(file: Path) -> set[str]:
    """The packages that a file imports from, Python's own modules among them."""
    return {module.split(".")[0] for module in imports(file)}


def lies_in_function(file: Path) -> set[int]:
    """The lines of imports inside functions."""
    functions = [node for node in ast.walk(tree(file)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    inner = [node for function in functions for node in ast.walk(function)]
    return {node.lineno for node in inner if isinstance(node, ast.Import | ast.ImportFrom)}


def offences[Offence](files: list[Path], find: Callable[[Path], set[Offence]]) -> dict[str, set[Offence]]:
    """What is wrong in each of the files, without those that are in order.

    One test for all files: two thousand, one for each, took forty seconds.
    """
    return {name_of(file): found for file in files if (found := find(file))}


def test_there_is_something_to_check() -> None:
    assert len(FILES) > 40
    assert "chatdesk.protocol" in set(imports(PACKAGE / "server" / "dispatch.py"))
    assert {part_of(file) for file in FILES if file.parent != PACKAGE} == set(ALLOWED)


def test_a_part_uses_only_what_stands_below_it() -> None:
    def too_high(file: Path) -> set[str]:
        part = part_of(file)
        return {own for module in imports(file) if (own := own_part(module)) is not None} - {part} - ALLOWED[part]

    assert offences([file for file in FILES if file.parent != PACKAGE], too_high) == {}


def widget_group(module: str) -> str | None:
    """The group of a widget's module, None for another module."""
    prefix = "chatdesk.desktop.widgets."
    return module.removeprefix(prefix).split(".")[0] if module.startswith(prefix) else None


def group_of(file: Path) -> str:
    """The group of a widget's file, which may be in a folder of the group."""
    return file.relative_to(WIDGETS).parts[0]


def test_every_widget_is_in_a_group() -> None:
    assert {group_of(file) for file in WIDGETS.rglob("*/*.py")} == set(WIDGET_GROUPS)
    assert [file.name for file in WIDGETS.glob("*.py")] == ["__init__.py"]


def test_a_widget_uses_only_the_groups_below_its_own() -> None:
    def too_high(file: Path) -> set[str]:
        group, modules = group_of(file), set(imports(file))
        used = {used for module in modules if (used := widget_group(module))} - {group} - WIDGET_GROUPS[group]
        forbidden = ("chatdesk.desktop.models", "chatdesk.client") if group == "common" else ()
        return used | {module for module in modules if module.startswith(forbidden)}

    assert offences(sorted(WIDGETS.rglob("*/*.py")), too_high) == {}


def test_qt_stays_under_desktop_and_websockets_in_five_files() -> None:
    def misplaced(file: Path) -> set[str]:
        qt = set() if part_of(file) in ("desktop", "app.py") else {"PySide6", "qasync", "shiboken6"}
        return packages(file) & (qt if name_of(file) in WEBSOCKETS else {*qt, "websockets"})

    assert offences(FILES, misplaced) == {}


def test_some_packages_use_only_python_and_a_library_or_two() -> None:
    def foreign(file: Path) -> set[str]:
        return packages(file) - sys.stdlib_module_names - {"chatdesk"} - FOREIGN[part_of(file)]

    assert offences([file for file in FILES if part_of(file) in FOREIGN], foreign) == {}


def test_no_import_hides_in_a_function() -> None:
    assert offences([file for file in FILES if name_of(file) not in ROOT_MODULES], lies_in_function) == {}


def test_only_the_composition_root_sees_server_and_desktop_together() -> None:
    both = [
        name_of(file)
        for file in FILES
        if {"server", "desktop"} <= {own_part(module) for module in imports(file)} | {part_of(file)}
    ]
    assert set(both) <= ROOT_MODULES


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """A way back to itself for each of the modules that have one, found while walking along the imports."""
    found: list[list[str]] = []
    finished: set[str] = set()

    def walk(path: list[str]) -> None:
        for module in sorted(graph[path[-1]] - finished):
            if module in path:
                found.append([*path[path.index(module) :], module])
            else:
                walk([*path, module])
        finished.add(path[-1])

    for start in graph:
        if start not in finished:
            walk([start])
    return found


def test_no_modules_import_each_other() -> None:
    """Not even for the type checker alone: a reader of one of them would have to know all of them."""
    assert circles(import_graph()) == []
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == [["b", "c", "b"]]


SERVE_AND_TELL = """
import sys
from chatdesk import app, cli, printed_addresses, start

def look(config, port):
    print(*sys.modules, flush=True)
    raise start.StartError("Enough.")

printed_addresses.print_address = look
sys.exit(cli.run(["serve", "--bind", "127.0.0.1", "--port", "0"]))
"""


def test_serve_imports_no_qt_and_no_doctor() -> None:
    """A machine without a screen need not have Qt, and the doctor would take a tenth of the start."""
    command = [sys.executable, "-c", SERVE_AND_TELL]
    process = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    assert process.stderr == "Enough.\n"
    loaded = set(process.stdout.split())
    assert {"chatdesk", "uvloop", "websockets", "msgspec"} <= loaded
    assert not loaded & {"PySide6", "shiboken6", "qasync", "tkinter", "chatdesk.doctor"}
