"""The spec's settings for other systems than this machine's."""

import ast
from typing import Any

import pytest
from project import PACKAGING

_SPEC = (PACKAGING / "chatdesk.spec").read_text()


def calls(name: str) -> list[dict[str, ast.expr]]:
    """Return the keyword arguments of each call of a function in the spec."""
    found = [node for node in ast.walk(ast.parse(_SPEC)) if isinstance(node, ast.Call)]
    named = [node for node in found if isinstance(node.func, ast.Name) and node.func.id == name]
    return [{keyword.arg: keyword.value for keyword in call.keywords if keyword.arg} for call in named]


@pytest.fixture
def plist() -> dict[str, Any]:
    (app,) = calls("BUNDLE")
    value: dict[str, Any] = ast.literal_eval(app["info_plist"])
    return value


def test_macos_asks_for_the_local_network_and_says_why(plist: dict[str, Any]) -> None:
    assert plist["NSLocalNetworkUsageDescription"].endswith(".")
    assert plist["NSBonjourServices"] == ["_chatdesk._tcp"]


def test_macos_opens_links(plist: dict[str, Any]) -> None:
    (link,) = plist["CFBundleURLTypes"]
    assert link["CFBundleURLSchemes"] == ["chatdesk"]


def test_all_that_is_asked_of_the_environment_is_what_the_build_gives() -> None:
    assert _SPEC.count("os.environ") == 1
    assert 'os.environ["CHATDESK_MADE"]' in _SPEC
    assert "CHATDESK_MADE" in (PACKAGING / "bundle.py").read_text()
