"""Hue and initials of a nickname."""

import unicodedata

import pytest

from chatdesk.protocol.appearance import HUES, hue, initials, short_name
from tests.shared_cases import SHORT_NAMES


@pytest.mark.parametrize(
    ("nickname", "letters"),
    [
        ("Mara Lindqvist", "ML"),
        ("Alexandrina von Hohenberg-Castellanos", "AH"),
        ("Ines", "I"),
        ("kit", "K"),
        ("Bench 7", "B7"),
        ("Dr. Okonkwo", "DO"),
        ("(Mara) lab", "ML"),
        ("Bolt 🤖", "B"),
        ("🎉", ""),
        ("نور الهدى", "ن"),
        ("ßeta", "ß"),
        ("山田 太郎", "山太"),
    ],
)
def test_initials_are_of_the_first_and_last_word_and_never_an_emoji(nickname: str, letters: str) -> None:
    assert initials(nickname) == letters


def test_a_hue_is_the_published_hash_modulo_twelve() -> None:
    # FNV-1a of "a" and of "foobar" as its authors publish them.
    assert hue("a") == 0xE40C292C % HUES
    assert hue("foobar") == 0xBF9CF968 % HUES


def test_a_hue_follows_the_author_where_the_server_names_one() -> None:
    assert hue("Kit", "foobar") == hue("Mara", "foobar") == hue("foobar")
    assert hue("Kit", "foobar") != hue("Kit", "b")


def test_a_name_keeps_its_hue_however_it_is_typed() -> None:
    assert hue("TOMÁS") == hue("tomás") == hue(unicodedata.normalize("NFD", "Tomás"))


@pytest.mark.parametrize(("nickname", "short"), SHORT_NAMES)
def test_the_short_form_is_the_first_name_where_there_is_one(nickname: str, short: str) -> None:
    assert short_name(nickname) == short


def test_people_who_share_a_first_name_keep_their_whole_names() -> None:
    people = ["Aiko Tanaka", "Mara", "Mara Berg", "Bench Seven", "Bench Eight", "Jonas Weber", "Jonathan Vos"]
    shown = ["Aiko", "Mara", "Mara Berg", "Bench Seven", "Bench Eight", "Jonas", "Jonathan"]
    assert [short_name(nickname, people) for nickname in people] == shown
