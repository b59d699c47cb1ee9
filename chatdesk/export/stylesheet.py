"""The stylesheet of an exported page, and the content security policy that allows it by its hash."""

import base64
import hashlib
import json
from functools import cache

from chatdesk.design_tokens import design_tokens_css
from chatdesk.paths import resources
from chatdesk.protocol.appearance import HUES

_SHEETS = ("page.css", "markup.css")


@cache
def stylesheet() -> str:
    """Return the stylesheet: design tokens, colours of people, and rules. Raises OSError if a resource is missing."""
    tokens = json.loads((resources() / "themes" / "tokens.json").read_text("utf-8"))
    people = "".join(
        f".hue-{number}{{--fill:var(--avatar-{number}-fill);--ink:var(--avatar-{number}-ink)}}"
        for number in range(HUES)
    )
    rules = "\n".join((resources() / "export" / name).read_text("utf-8") for name in _SHEETS)
    return f"{design_tokens_css(tokens)}{people}\n{rules}"


@cache
def content_security_policy() -> str:
    """Return the policy of the page: it may use this one stylesheet, and load or run nothing else."""
    digest = base64.b64encode(hashlib.sha256(stylesheet().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
