"""The bill of materials names the parts of the bundle."""

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import PySide6
import pytest
import sbom
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator


@pytest.fixture
def text(tmp_path: Path) -> str:
    return sbom.write(tmp_path / "sbom.json").read_text()


def test_it_is_valid_cyclonedx(text: str) -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None


def test_libraries_of_python_and_native_ones_are_named_with_their_versions(text: str) -> None:
    versions = {component["name"]: component["version"] for component in json.loads(text)["components"]}
    assert versions["pyside6-essentials"] == versions["qt"] == PySide6.__version__
    assert {"cpython", "openssl", "sqlite", "websockets", "zeroconf", "shiboken6", "uvloop"} <= set(versions)


def test_each_package_has_its_licence_wherever_it_says_so(text: str) -> None:
    licences = {
        component["name"]: component.get("licenses")
        for component in json.loads(text)["components"]
        if component.get("purl")
    }
    assert all(licences.values()), licences
    assert licences["segno"] == [{"license": {"name": "BSD License"}}]


def test_what_only_tests_and_builds_is_not_in_it(text: str) -> None:
    names = {component["name"] for component in json.loads(text)["components"]}
    assert not names & {"pytest", "playwright", "mypy", "pyinstaller", "hatchling"}


def test_the_same_commit_gives_the_same_text(text: str, tmp_path: Path) -> None:
    assert sbom.write(tmp_path / "again.json").read_text() == text


def test_it_leads_to_no_address_but_that_of_its_format(text: str) -> None:
    assert {urlsplit(url).hostname for url in re.findall(r'https?://[^"]+', text)} == {"cyclonedx.org"}
