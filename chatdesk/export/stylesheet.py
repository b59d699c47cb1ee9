"""How an exported page looks: one stylesheet, which the page's own policy knows by its hash."""

import base64
import hashlib
import json
from functools import cache

from chatdesk.design_tokens import design_tokens_css
from chatdesk.paths import resources
from chatdesk.protocol.appearance import HUES


@cache
def stylesheet() -> str:
    """The tokens, the colours of people, and the page's own rules. Raises OSError when they are not there."""
    tokens = json.loads((resources() / "themes" / "tokens.json").read_text("utf-8"))
    people = "".join(
        f".hue-{number}{{--fill:var(--avatar-{number}-fill);--ink:var(--avatar-{number}-ink)}}"
        for number in range(HUES)
    )
    return f"{design_tokens_css(tokens)}{people}\n{(resources() / 'export' / 'page.css').read_text('utf-8')}"


@cache
def content_security_policy() -> str:
    """What a browser may do with the page: show this one stylesheet, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(stylesheet().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
