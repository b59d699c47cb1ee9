"""Names of emoji, as Slack, Mattermost and Discord write them, and the emoji.

They call many as Unicode does, others as the list does from which all three were made; this knows the difference.
"""

import re
from functools import lru_cache

from chatdesk.protocol.emoji import by_short_name, normalise, with_tone

_REGIONAL_A = 0x1F1E6
"""The first of the letters of which flags are made."""
_FLAG = re.compile("flag[-_]([a-z])([a-z])")
_SKIN_TONE = re.compile("skin-tone-([2-6])")
_PEOPLE = {"female": "woman", "male": "man"}
_OTHERS = {
    "bride_with_veil": "👰", "calendar": "📆", "camel": "🐫", "cat": "🐱", "cow": "🐮", "dog": "🐶", "egg": "🥚",
    "email": "✉️", "face_palm": "🤦", "face_with_cowboy_hat": "🤠", "female-doctor": "👩‍⚕️", "first_place_medal": "🥇",
    "horse": "🐴", "i_love_you_hand_sign": "🤟", "japan": "🗾", "juggling": "🤹", "kiss": "💋", "knife_fork_plate": "🍽️",
    "ladybug": "🐞", "lightning": "🌩️", "male-doctor": "👨‍⚕️", "mantelpiece_clock": "🕰️", "medal": "🎖️", "mouse": "🐭",
    "octagonal_sign": "🛑", "partly_sunny_rain": "🌦️", "pig": "🐷", "rabbit": "🐰", "rain_cloud": "🌧️",
    "second_place_medal": "🥈", "smiling_face_with_3_hearts": "🥰", "snow_cloud": "🌨️", "spock-hand": "🖖",
    "sun_behind_cloud": "🌥️", "the_horns": "🤘", "third_place_medal": "🥉", "tiger": "🐯", "train": "🚋", "turkey": "🦃",
    "wrestlers": "🤼",
}  # fmt: skip


@lru_cache(2048)
def emoji_of(name: str, tone: str = "") -> str | None:
    """Return the emoji of this name, with a skin tone such as ``skin-tone-3``; None if Unicode has none."""
    emoji = (
        _OTHERS.get(name) or _flag(name) or next(filter(None, map(by_short_name, _spellings(name.casefold()))), None)
    )
    toned = _SKIN_TONE.fullmatch(tone)
    return with_tone(emoji, int(toned[1]) - 1) if emoji and toned else emoji and normalise(emoji)


def _spellings(name: str) -> list[str]:
    """Return the names that Unicode may have for what is called so elsewhere."""
    words = name.replace("-", "_")
    first, _, rest = words.partition("_")
    return [name, words, words.removeprefix("large_"), f"{_PEOPLE.get(first, first)}_{rest}", f"family_{words}"]


def _flag(name: str) -> str | None:
    """Return the flag of a country by its code, as in ``flag-no``."""
    match = _FLAG.fullmatch(name)
    return normalise("".join(chr(_REGIONAL_A + ord(letter) - ord("a")) for letter in match.groups())) if match else None
