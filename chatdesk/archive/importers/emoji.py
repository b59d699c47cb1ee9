"""Names of emoji, as chat programs write them, and the emoji."""

_SKIN_TONES = {f"skin-tone-{number}": chr(0x1F3FA - 1 + number) for number in range(2, 7)}
_EMOJI = {
    "+1": "👍", "thumbsup": "👍", "-1": "👎", "thumbsdown": "👎", "smile": "😄", "tada": "🎉", "heart": "❤️",
    "eyes": "👀", "rocket": "🚀", "joy": "😂", "wave": "👋", "white_check_mark": "✅",
}  # fmt: skip


def emoji_of(name: str, tone: str = "") -> str | None:
    """Return the emoji of this name, with a skin tone such as ``skin-tone-3``; None if Unicode has none."""
    emoji = _EMOJI.get(name.lower())
    return emoji and emoji + _SKIN_TONES.get(tone, "")
