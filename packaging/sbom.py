"""The bill of materials as CycloneDX JSON: the parts of the bundle with their versions and licences."""

import datetime
import platform
import re
import sqlite3
import ssl
import uuid
from importlib.metadata import Distribution, distribution
from pathlib import Path

from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement
from project import NAME, SUMMARY, VERSION, epoch
from PySide6.QtCore import qVersion

_LONGEST_LICENCE = 80
"""The longest licence name in characters; some packages give the whole text in its place."""


def write(file: Path) -> Path:
    """Write it."""
    program = Component(name=NAME, version=VERSION, type=ComponentType.APPLICATION, description=SUMMARY, bom_ref=NAME)
    libraries = [_package(found) for found in packages(NAME)] + _native()
    time = datetime.datetime.fromtimestamp(epoch(), datetime.UTC)
    number = uuid.uuid5(uuid.NAMESPACE_URL, f"{NAME}-{VERSION}-{epoch()}")
    bom = Bom(components=libraries, serial_number=number, metadata=BomMetaData(component=program, timestamp=time))
    bom.register_dependency(program, libraries)
    file.write_text(JsonV1Dot6(bom).output_as_string(indent=2) + "\n")
    return file


def packages(name: str) -> list[Distribution]:
    """Return the Python packages that a package needs on this system, recursively."""
    found: dict[str, Distribution] = {}
    waiting = [name]
    while waiting:
        for line in distribution(waiting.pop()).requires or ():
            requirement = Requirement(line)
            key = _key(requirement.name)
            if key not in found and (requirement.marker is None or requirement.marker.evaluate({"extra": ""})):
                found[key] = distribution(requirement.name)
                waiting.append(requirement.name)
    return [found[key] for key in sorted(found)]


def _package(found: Distribution) -> Component:
    name = _key(found.metadata["Name"])
    return Component(
        name=name,
        version=found.version,
        purl=PackageURL("pypi", name=name, version=found.version),
        bom_ref=f"{name}@{found.version}",
        licenses=[DisjunctiveLicense(name=licence) for licence in _licences(found)],
    )


def _licences(found: Distribution) -> list[str]:
    """Return the licence that a package declares, in any of the fields for it."""
    licence = found.metadata.get("License-Expression") or found.metadata.get("License") or ""
    if 0 < len(licence) <= _LONGEST_LICENCE:
        return [licence]
    classifiers = found.metadata.get_all("Classifier") or []
    return [line.rpartition(" :: ")[2] for line in classifiers if line.startswith("License :: ")]


def _native() -> list[Component]:
    """Return the compiled libraries, which most security notices are about."""
    versions = {
        "cpython": platform.python_version(),
        "openssl": ssl.OPENSSL_VERSION.split()[1],
        "qt": qVersion(),
        "sqlite": sqlite3.sqlite_version,
    }
    return [Component(name=name, version=number, bom_ref=f"{name}@{number}") for name, number in versions.items()]


def _key(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
