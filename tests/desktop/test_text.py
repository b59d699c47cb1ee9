"""Text for people."""

import pytest
from PySide6.QtGui import QTextDocument

from chatdesk.client.address import chat_page_url, parse_address
from chatdesk.desktop.text import display_address, pluralized, safe_file_name, tooltip_markup
from tests.desktop.inspection import HOSTILE


def test_a_tooltip_shows_markup_as_it_was_typed() -> None:
    shown = QTextDocument()
    shown.setHtml(tooltip_markup(HOSTILE))
    assert shown.toPlainText() == HOSTILE


def test_no_text_is_no_tooltip() -> None:
    assert tooltip_markup("") == ""


@pytest.mark.parametrize(("number", "words"), [(0, "0 people"), (1, "1 person"), (31, "31 people")])
def test_a_count_has_its_noun(number: int, words: str) -> None:
    assert pluralized(number, "person", "people") == words


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("http://192.168.4.20:8080/", "192.168.4.20:8080"),
        ("http://[fd00::1]:8080", "[fd00::1]:8080"),
        ("https://chat.example/", "https://chat.example"),
        ("http://chat.example/", "http://chat.example"),
        ("http://chat.example:81/club/", "chat.example:81/club"),
        ("https://chat.example/club/", "https://chat.example/club"),
    ],
)
def test_an_address_is_as_short_as_a_browser_takes_it(url: str, address: str) -> None:
    assert display_address(url) == address
    assert chat_page_url(parse_address(address)) == url.rstrip("/"), "typed into a window it leads to the same place"


@pytest.mark.parametrize(
    ("name", "part"), [("Robotics Workshop", "Robotics Workshop"), ("a/b:c\n", "a-b-c-"), ("...", ""), ("教室", "教室")]
)
def test_a_name_becomes_part_of_a_files(name: str, part: str) -> None:
    assert safe_file_name(name) == part
