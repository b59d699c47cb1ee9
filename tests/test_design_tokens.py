"""The tokens are the colours and sizes of what browsers show."""

import json
import re
from typing import Any

from chatdesk.design_tokens import design_tokens_css
from chatdesk.paths import resources

TOKENS: dict[str, Any] = json.loads((resources() / "themes" / "tokens.json").read_text())


def test_every_theme_defines_the_same_variables() -> None:
    css = design_tokens_css(TOKENS)
    light, by_system, dark, contrast, _still = css.strip().splitlines()
    names = [set(re.findall(r"--[\w-]+(?=:)", part)) for part in (light, by_system, dark, contrast)]
    assert names[1] == names[2] == names[3]
    assert names[1] < names[0], "what is not a colour is said once"
    assert ":root:not([data-theme])" in by_system
    assert f"--text:{TOKENS['color']['high-contrast']['text']};" in contrast
    assert "--shadow-float:none;" in contrast
    assert f"--easing:{TOKENS['motion']['easing']['css']};" in light


def test_no_value_ends_its_declaration_early() -> None:
    for value in re.findall(r"--[\w-]+:([^;]*);", design_tokens_css(TOKENS)):
        assert value
        assert not set(value) & set("{}<>")


def test_a_generic_font_stands_behind_the_named_ones() -> None:
    sans = re.search(r"--font-sans:([^;]*);", design_tokens_css(TOKENS))
    assert sans
    assert sans[1].endswith("sans-serif")
    assert '"sans-serif"' not in sans[1]
