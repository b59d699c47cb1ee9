"""The design tokens as CSS, for the page and for exported conversations."""

from typing import Any


def design_tokens_css(tokens: dict[str, Any]) -> str:
    """The design tokens as CSS variables. Light by default and on paper; dark if the system or ``data-theme`` says so.

    If the system asks for more contrast, the high-contrast theme is used, unless ``data-theme`` says otherwise.
    """
    light, dark, contrast = (_declarations(_theme(tokens, name)) for name in ("light", "dark", "high-contrast"))
    fixed = _declarations(_sizes(tokens) | _motion(tokens["motion"]) | _stays(tokens["motion"]))
    reduced_motion = _declarations(_motion(tokens["motion"] | tokens["motion"]["reduced"]))
    return (
        f":root{{color-scheme:light;{fixed}{light}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root:not([data-theme]){{color-scheme:dark;{dark}}}}}\n"
        f'@media screen{{:root[data-theme="dark"]{{color-scheme:dark;{dark}}}}}\n'
        f"@media screen and (prefers-contrast:more){{:root:not([data-theme]){{color-scheme:dark;{contrast}}}}}\n"
        f"@media (prefers-reduced-motion:reduce){{:root{{{reduced_motion}}}}}\n"
    )


def _theme(tokens: dict[str, Any], theme: str) -> dict[str, str]:
    variables: dict[str, str] = dict(tokens["color"][theme])
    for index, avatar in enumerate(tokens["avatar"][theme]):
        variables |= {f"avatar-{index}-fill": avatar["fill"], f"avatar-{index}-ink": avatar["ink"]}
    for name, shadow in tokens["shadow"][theme].items():
        variables[f"shadow-{name}"] = _shadow(shadow) if shadow else "none"
    return variables


def _shadow(shadow: dict[str, Any]) -> str:
    return f"{shadow['x']}px {shadow['y']}px {shadow['blur']}px {shadow['color']}"


def _sizes(tokens: dict[str, Any]) -> dict[str, str]:
    fonts = {f"font-{name}": _font_stack(tokens["font"][name] + tokens["font"]["emoji"]) for name in ("sans", "mono")}
    spaces = {f"space-{step}": f"{size}px" for step, size in tokens["space"].items()}
    radii = {f"radius-{name}": f"{size}px" for name, size in tokens["radius"].items()}
    return fonts | spaces | radii


def _motion(motion: dict[str, Any]) -> dict[str, str]:
    times = {f"motion-{name}": f"{motion[name]}ms" for name in ("quick", "base", "sheet")}
    return times | {"easing": motion["easing"]["css"]}


def _stays(motion: dict[str, Any]) -> dict[str, str]:
    """Durations for which something stays visible; reduced motion does not shorten them."""
    return {"highlight": f"{motion['highlightFades']}ms"}


def _font_stack(names: list[str]) -> str:
    generic = ("sans-serif", "monospace")
    ordered = [name for name in names if name not in generic] + [name for name in names if name in generic]
    return ",".join(name if name in generic else f'"{name}"' for name in ordered)


def _declarations(variables: dict[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in variables.items())
