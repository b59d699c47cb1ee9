"""A label uses characters of every keyboard, and is one that people would guess."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdesk.discovery.dns_label import LABEL_BYTES, dns_label

NAMES = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Robotics workshop", "robotics-workshop"),
        ("Łódź Chat", "lodz-chat"),
        ("Кружок 5", "kruzhok-5"),
        ("Объект", "obekt"),
        ("Ελλάδα", "ellada"),
        ("한국 방", "hangug-bang"),
        ("プログラミング", "puroguramingu"),
        ("Crème Bru\u0302le\u0301e!", "creme-brulee"),
        ("  7B / Großmann ", "7b-grossmann"),
        ("Mara's chat -- Ærø", "maras-chat-aero"),
        ("İstanbul", "istanbul"),
        ("\u2067In\u00adfor\u200bma\u2060tik\u2069\ufeff 5", "informatik-5"),
        ("ＡＢ ﬁne №5", "ab-fine-no5"),
        ("٥ Club", "5-club"),
        ("🤖 Club 東", "club"),
        ("x" * 300, "x" * 55),
        ("-" * 200, "chatdesk"),
        ("Ł" * 54 + " Łódź", "l" * 54),
    ],
)
def test_letters_that_stand_for_sounds_are_spelled_in_latin_ones(name: str, label: str) -> None:
    assert dns_label(name) == label


@pytest.mark.parametrize(
    "name",
    [
        "机器人俱乐部",
        "AI 机器人俱乐部",
        "东 5",
        "ورشة الروبوتات",
        "חוג 7",
        "หมู",
        "🤖",
        "🤖 7",
        "2026",
        "X",
        "",
        "--",
        "Ъ",
    ],
)
def test_where_little_is_left_it_is_a_whole_word(name: str) -> None:
    assert dns_label(name) == "chatdesk"


@given(NAMES)
def test_whatever_the_name_it_is_a_part_of_an_address(name: str) -> None:
    label = dns_label(name)
    assert 1 < len(label) <= LABEL_BYTES
    assert set(label) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert "--" not in label
    assert not label.startswith("-")
    assert not label.endswith("-")
