"""Accessibility checks of a page: the rules of axe-core, and names in the browser's accessibility tree."""

from collections.abc import Iterator
from functools import cache
from typing import Any, Literal

from playwright.sync_api import Page

from tests.e2e.wscat import NODE_MODULES

Node = dict[str, Any]

_CONTROLS = {
    *("button", "textbox", "searchbox", "combobox", "listbox", "option", "link", "DisclosureTriangle", "image"),
    *("dialog", "log", "navigation", "region", "grid", "gridcell", "columnheader", "heading", "checkbox"),
}
_CHECK = "options => axe.run(document, { resultTypes: ['violations'], ...options })"
_ALL_RULES = {"rules": {"target-size": {"enabled": True}}}
_RULES_OF_COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}
_OTHER_THEMES: tuple[tuple[Literal["light", "dark"], Literal["no-preference", "more"]], ...] = (
    ("dark", "no-preference"),
    ("dark", "more"),
)


def faults(page: Page, *, in_every_theme: bool = True) -> list[str]:
    """Return the faults of the page in its current state, one line each, in light, dark and high contrast.

    The themes differ only in colours, so what colours do not change is looked at once. A state whose colours have been
    looked at on another width needs no other theme than the light one.
    """
    found = [f"without a name: {node['role']['value']} {node.get('backendDOMNodeId')}" for node in unnamed(page)]
    page.emulate_media(color_scheme="light", contrast="no-preference", reduced_motion="reduce")
    found += violations(page)
    for scheme, contrast in _OTHER_THEMES if in_every_theme else ():
        page.emulate_media(color_scheme=scheme, contrast=contrast, reduced_motion="reduce")
        found += [f"{scheme}, {contrast}: {violation}" for violation in violations(page, _RULES_OF_COLOURS)]
    return found


def violations(page: Page, rules: dict[str, Any] = _ALL_RULES) -> Iterator[str]:
    """Return the violations of axe-core's rules."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(f"{_axe()}; 0")  # as developer tools do, since the page's policy allows no further script element
    result = page.evaluate(_CHECK, rules)
    assert result["passes"], "axe has looked at nothing"
    for rule in result["violations"]:
        for node in rule["nodes"]:
            yield f"{rule['id']} {node['target']} {node['failureSummary']}"


@cache
def _axe() -> str:
    return (NODE_MODULES / "axe-core" / "axe.min.js").read_text("utf-8")


def tree(page: Page) -> list[Node]:
    """Return the accessibility tree that the browser gives to screen readers, without ignored nodes."""
    devtools = page.context.new_cdp_session(page)
    nodes: list[Node] = devtools.send("Accessibility.getFullAXTree")["nodes"]
    devtools.detach()
    return [node for node in nodes if not node.get("ignored")]


def unnamed(page: Page) -> list[Node]:
    """Return the controls and regions that have no name."""
    controls = [node for node in tree(page) if node["role"]["value"] in _CONTROLS]
    assert controls
    return [node for node in controls if not node.get("name", {}).get("value")]
