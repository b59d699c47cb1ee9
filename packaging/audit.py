"""Known faults in what ChatDesk is made of, without the internet: ``uv run packaging/audit.py ADVISORIES [BILL]``.

ADVISORIES is what the OSV project publishes for Python packages, ``all.zip`` or a folder of its entries, fetched on any
machine and carried here. BILL is a bill of materials of a build (``…-sbom.cdx.json``); without it, what is installed
here is looked at. Ends with exit code 1 if a part is affected, and with 2 if the file cannot be used. What is compiled
in, such as Qt and SQLite, is not in that file; it is listed, to be looked up by hand.
"""

from __future__ import annotations

import argparse
import datetime
import json
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

_ECOSYSTEM = "PyPI"
_OLD_DAYS = 14
"""An older file misses what was found since: it is said."""


class AuditError(Exception):
    """The file of advisories or the bill cannot be used. The message says why."""


class Part(NamedTuple):
    """A Python package in a certain version."""

    name: str
    version: str


class Finding(NamedTuple):
    """A part that is affected by a known fault, and the versions in which it is mended."""

    part: Part
    advisory: str
    summary: str
    mended: tuple[str, ...]


def advisories(path: Path) -> Iterator[dict[str, Any]]:
    """The entries in a zip file or a folder of OSV's JSON. Raises AuditError if there are none."""
    try:
        if path.is_dir():
            texts: Iterator[bytes | str] = (file.read_text() for file in sorted(path.glob("*.json")))
            yield from _decoded(texts)
        else:
            with zipfile.ZipFile(path) as archive:
                yield from _decoded(archive.read(name) for name in archive.namelist() if name.endswith(".json"))
    except (OSError, zipfile.BadZipFile, json.JSONDecodeError) as error:
        raise AuditError(f"{path} is no file of advisories: {error}") from None


def _decoded(texts: Iterator[bytes | str]) -> Iterator[dict[str, Any]]:
    return (json.loads(text) for text in texts)


def affected(parts: list[Part], entries: Iterator[dict[str, Any]]) -> tuple[list[Finding], str]:
    """The findings, and when the newest entry was changed. Raises AuditError if there is no entry at all."""
    by_name = {canonicalize_name(part.name): part for part in parts}
    found: list[Finding] = []
    newest = ""
    for entry in entries:
        newest = max(newest, entry.get("modified", ""))
        if entry.get("withdrawn"):
            continue
        for package in entry.get("affected", ()):
            named = package.get("package", {})
            part = by_name.get(canonicalize_name(named.get("name", "")))
            if part and named.get("ecosystem") == _ECOSYSTEM and _concerns(package, part.version):
                found.append(Finding(part, entry["id"], entry.get("summary", ""), _mended(package)))
    if not newest:
        raise AuditError("There is not a single advisory in it.")
    return sorted(set(found)), newest


def _concerns(package: dict[str, Any], version: str) -> bool:
    """Whether a version is among those listed, or within a range."""
    if version in package.get("versions", ()):
        return True
    ranges = (found for found in package.get("ranges", ()) if found.get("type") == "ECOSYSTEM")
    return any(_within(found.get("events", ()), version) for found in ranges)


def _within(events: list[dict[str, str]], version: str) -> bool:
    """Whether the last event up to this version says that it is affected."""
    own = Version(version)
    inside = False
    for event in sorted(events, key=_place):
        if "introduced" in event and _place(event) <= own:
            inside = True
        elif ("fixed" in event and _place(event) <= own) or ("last_affected" in event and _place(event) < own):
            inside = False
    return inside


def _place(event: dict[str, str]) -> Version:
    try:
        return Version(next(iter(event.values())))
    except InvalidVersion:
        return Version("0")


def _mended(package: dict[str, Any]) -> tuple[str, ...]:
    events = (event for found in package.get("ranges", ()) for event in found.get("events", ()))
    return tuple(sorted({event["fixed"] for event in events if "fixed" in event}))


def parts_of(bill: Path) -> tuple[list[Part], list[Part]]:
    """The Python packages of a bill of materials, and its other parts. Raises AuditError."""
    try:
        components = json.loads(bill.read_text())["components"]
    except (OSError, json.JSONDecodeError, KeyError) as error:
        raise AuditError(f"{bill} is no bill of materials: {error}") from None
    parts = [(Part(found["name"], found["version"]), found.get("purl", "")) for found in components]
    python = [part for part, purl in parts if purl.startswith("pkg:pypi/")]
    return python, [part for part, purl in parts if not purl.startswith("pkg:pypi/")]


def installed() -> list[Part]:
    """The packages that ChatDesk needs, as they are installed here."""
    import sbom

    return [Part(found.metadata["Name"], found.version) for found in sbom.packages(sbom.NAME)]


def main() -> int:
    """Compare, and print what was found."""
    parser = argparse.ArgumentParser(prog="packaging/audit.py", description=__doc__)
    parser.add_argument("advisories", type=Path)
    parser.add_argument("bill", type=Path, nargs="?")
    options = parser.parse_args()
    try:
        python, others = parts_of(options.bill) if options.bill else (installed(), [])
        found, newest = affected(python, advisories(options.advisories))
    except AuditError as error:
        print(f"Nothing was compared. {error}", file=sys.stderr)
        return 2
    for finding in found:
        mended = f"mended in {', '.join(finding.mended)}" if finding.mended else "not mended yet"
        print(f"{finding.part.name} {finding.part.version}: {finding.advisory}, {mended}. {finding.summary}")
    age = datetime.datetime.now(datetime.UTC) - datetime.datetime.fromisoformat(newest)
    print(f"{len(python)} packages, {len(found)} findings; the newest advisory is {age.days} days old.")
    if age.days > _OLD_DAYS:
        print("The file is old: what was found since is not in it.")
    if others:
        print("To be looked up by hand: " + ", ".join(f"{part.name} {part.version}" for part in others))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
