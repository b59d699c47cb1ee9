"""Reserved names: the short way that most names take finds all that the long one does."""

from hypothesis import example, given
from hypothesis import strategies as st

from chatdesk.protocol import reserved_names
from chatdesk.protocol.reserved_names import ADDRESSES, ROLES, TITLES, is_reserved

SPELLINGS = {
    "a": "aA4@",
    "e": "eE3",
    "i": "iIl1|!",
    "l": "lL1I|",
    "m": ("m", "M", "rn", "RN"),
    "o": "oO0",
    "s": "sS5$",
    "t": "tT7",
    "w": ("w", "W", "vv", "VV", "Vv"),
}
WORDS = [word for word in (*ROLES, *ADDRESSES, *TITLES) if word.isascii()]


@st.composite
def written_otherwise(draw: st.DrawFn) -> str:
    """A reserved word in other letters, with signs around it, or nearly one."""
    word = draw(st.sampled_from(WORDS))
    letters = [draw(st.sampled_from([*SPELLINGS.get(char, ()), char, char.upper()])) for char in word]
    extra = st.sampled_from(["", "", "", " ", "2", "-", ".", "_", "%", "`", "x", "v"])
    return draw(extra) + "".join(draw(extra) * draw(st.booleans()) + letter for letter in letters) + draw(extra)


@given(written_otherwise() | st.text(st.characters(codec="ascii"), max_size=12))
@example("Vvwvvszyscy")
@example("r00m")
def test_the_short_way_passes_no_name_that_the_long_way_finds(name: str) -> None:
    assert not (reserved_names._is_far_from_all(name) and reserved_names._is_alike(name, ()))


def test_most_names_take_the_short_way() -> None:
    assert all(map(reserved_names._is_far_from_all, ("Ana", "Person 17", "Dr. Kim", "Milo", "x", "ana_2", "Rory")))
    assert is_reserved("4dm1n")
