"""How names look."""

from hypothesis import example, given
from hypothesis import strategies as st

from chatdesk.protocol import looks


@given(st.text(st.characters(codec="ascii"), max_size=40))
@example("vvv rrn  PauI|1.0-")
def test_the_key_of_ascii_is_what_the_rules_for_all_text_say(text: str) -> None:
    assert looks.key(text) == looks._key_of_any(text)
