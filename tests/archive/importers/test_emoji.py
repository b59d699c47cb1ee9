"""Names of emoji that differ from Unicode's."""

import pytest

from chatdesk.archive.importers.emoji import emoji_of


@pytest.mark.parametrize(
    ("name", "emoji"),
    [
        ("+1", "👍"),
        ("tada", "🎉"),
        ("heart", "❤️"),
        ("white_check_mark", "✅"),
        ("man-shrugging", "🤷‍♂️"),
        ("female-technologist", "👩‍💻"),
        ("man-girl-boy", "👨‍👧‍👦"),
        ("large_green_circle", "🟢"),
        ("flag-no", "🇳🇴"),
        ("flag-xy", None),
        ("dog", "🐶"),
        ("parrot_of_our_own", None),
        ("", None),
    ],
)
def test_a_name_of_elsewhere_is_an_emoji(name: str, emoji: str | None) -> None:
    assert emoji_of(name) == emoji


def test_skin_tones() -> None:
    assert emoji_of("wave", "skin-tone-6") == "👋🏿"
    assert emoji_of("tada", "skin-tone-2") == emoji_of("tada", "skin-tone-9") == "🎉"
