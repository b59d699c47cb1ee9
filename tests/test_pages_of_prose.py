"""The project's pages of prose name files and tests that exist, and neither they nor the sources are too long."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILE = re.compile(r"(?P<file>[\w.-][\w./-]*\.(?:py|js|mjs|css|json|toml|md|sh))?(?:::(?P<test>[\w:]+))?(?:\[.*\])?")
HISTORY = "packaging/CHANGELOG.md"
"""It tells what was, under the names of its time."""
MOST_LINES = 400


def pages() -> list[str]:
    """Every page of prose that is part of the project, but for the changelog."""
    listed = subprocess.run(
        ["git", "ls-files", "*.md", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [name for name in listed.stdout.splitlines() if name != HISTORY and (ROOT / name).exists()]


def found(page: str, name: str) -> Path | None:
    """The file that a page means: named from its own folder, or from one of the folders that it speaks of."""
    folders = [(ROOT / page).parent, ROOT, *(ROOT / part for part in ("chatdesk", "tests", "resources/web/js"))]
    return next((folder / name for folder in folders if (folder / name).is_file()), None)


def missing(page: str, text: str) -> Iterator[str]:
    """The names in backticks of files and tests that are not there; ``::name`` is a test of the file named last."""
    for line in text.splitlines():
        last: Path | None = None
        for quoted in re.findall(r"`([^`]+)`", line):
            match = FILE.fullmatch(quoted.removeprefix("…"))
            if not match or not any(match.groups()):
                continue
            if match["file"]:
                last = found(page, match["file"])
                if not last and ("/" in quoted or quoted.startswith("test_")):
                    yield quoted
            if match["test"] and last and not defines(last, match["test"].split("::")[-1]):
                yield quoted


def broken(page: str, text: str) -> Iterator[str]:
    """The links to places in the project, pictures and chapters of pages among them, where nothing is."""
    for target, chapter in re.findall(r"\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)", text):
        place = (ROOT / page).parent / target if target else ROOT / page
        if not place.exists():
            yield target
        elif chapter and chapter not in chapters(place.read_text()):
            yield f"{target}#{chapter}"


def chapters(text: str) -> set[str]:
    """What a link to a heading ends in, by GitHub's rule."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def defines(file: Path, name: str) -> bool:
    return re.search(rf"\b(?:def|class) {name}\b", file.read_text()) is not None


@pytest.mark.parametrize("page", pages())
def test_what_a_page_names_is_there(page: str) -> None:
    text = (ROOT / page).read_text()
    assert not [*missing(page, text), *broken(page, text)]


def test_a_file_or_a_test_that_is_gone_is_noticed() -> None:
    text = "See `tests/test_gone.py` and `tests/test_imports.py::test_gone`, not `tests/test_imports.py`."
    assert [*missing("README.md", text)] == ["tests/test_gone.py", "tests/test_imports.py::test_gone"]


def test_a_link_that_leads_nowhere_is_noticed() -> None:
    text = "[One](tests/README.md#the-gallery), [two](gone.md), [three](https://example.com/gone), ![four](gone.png)"
    assert [*broken("README.md", text)] == ["gone.md", "gone.png"]
    assert [*broken("README.md", "[One](#start), [two](#gone), [three](tests/README.md#gone)")] == [
        "#gone",
        "tests/README.md#gone",
    ]


def too_long(lines: dict[str, int]) -> list[str]:
    """The files of more lines than somebody reads at once."""
    return [f"{name}: {count}" for name, count in lines.items() if count > MOST_LINES]


def test_no_page_and_no_source_is_longer_than_somebody_reads_at_once() -> None:
    endings = ("md", "py", "js", "mjs", "ts", "css", "html")
    listed = subprocess.run(
        ["git", "ls-files", *(f"*.{ending}" for ending in endings), "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    files = {name: ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()}
    assert len(files) > 500
    assert not too_long({name: len(file.read_text("utf-8").splitlines()) for name, file in files.items()})


def test_a_file_that_is_too_long_is_noticed() -> None:
    assert too_long({"fits.py": MOST_LINES, "long.md": MOST_LINES + 1}) == ["long.md: 401"]
