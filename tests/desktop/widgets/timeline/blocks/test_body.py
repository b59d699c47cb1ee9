"""Messages with markup: blocks one below the other, links and buttons where they are painted, words as copied."""

import itertools

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.timeline.blocks.block import Selection
from chatdesk.desktop.widgets.timeline.blocks.body import MarkupBody
from chatdesk.desktop.widgets.timeline.blocks.paragraph import paragraphs
from chatdesk.desktop.widgets.timeline.blocks.scrolled import all_scrolled, scrolled_at
from chatdesk.desktop.widgets.timeline.blocks.styles import Styles
from chatdesk.desktop.widgets.timeline.targets import CopyCode, Link, Toggle
from chatdesk.desktop.widgets.timeline.text_selection import position_at, selected_text
from chatdesk.protocol.markup import (
    Block,
    Break,
    CodeBlock,
    CodeSpan,
    Emphasis,
    List,
    Mention,
    Paragraph,
    Quote,
    Strike,
    Strong,
    Table,
)
from chatdesk.protocol.markup import Link as LinkPiece

WIDTH = 400
WORDS = Paragraph(
    ("Hello ", Strong(("bold ", Emphasis(("both",)))), Strike((" not",)), Break(), CodeSpan("a_b()"), ".")
)
CODE = CodeBlock("// was left\ndrive(7);", "cpp", ((11, "comment"), (7, ""), (1, "number"), (2, "")))
TABLE = Table(("", "right"), (("Run",), ("Laps",)), ((("Short track",), ("4",)), (("Long track",), ("12",))))
POINTS = List(((Paragraph(("one",)),), (Paragraph(("two",)), List(((Paragraph(("deep",)),),)))), ordered=True, start=9)
ALL = (WORDS, CODE, Quote((WORDS, POINTS)), POINTS, TABLE)


@pytest.fixture
def styles(theme: Theme) -> Styles:
    return Styles(theme, lambda mention: mention.author == "me")


def body(styles: Styles, *blocks: Block, width: int = WIDTH, max_lines: int = 1000) -> MarkupBody:
    return MarkupBody(blocks, styles, width, max_lines)


def picture(styles: Styles, made: MarkupBody, selection: Selection | None = None) -> QImage:
    image = QImage(WIDTH + 40, made.height + 10, QImage.Format.Format_RGB32)
    image.fill(styles.theme.color("surface"))
    painter = QPainter(image)
    painter.setPen(styles.theme.color("text"))
    made.paint(painter, 0, 0, selection)
    painter.end()
    return image


def colors(image: QImage) -> set[str]:
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


def copied(made: MarkupBody) -> str:
    """Return what is copied of a message that is selected from its first to its last letter."""
    end = position_at(made, made.width, made.height)
    return selected_text(made, Selection(position_at(made, 0, 0), end, Qt.TextFormat))  # type: ignore[arg-type]


def test_blocks_stand_below_each_other_and_are_within_the_width(styles: Styles) -> None:
    made = body(styles, *ALL)
    edges = [(child.y, child.y + child.block.height) for child in made.children]
    assert all(before[1] < after[0] for before, after in itertools.pairwise(edges))
    assert edges[-1][1] == made.height
    assert 0 < made.width <= WIDTH


def test_a_selection_is_copied_as_words_with_single_line_breaks(styles: Styles) -> None:
    assert copied(body(styles, WORDS, CODE)) == "Hello bold both not\na_b().\n// was left\ndrive(7);"
    assert copied(body(styles, POINTS)) == "one\n10. two\n• deep"
    assert copied(body(styles, TABLE)) == "Run\tLaps\nShort track\t4\nLong track\t12"


def test_code_is_coloured_by_what_it_is_and_can_be_copied(styles: Styles) -> None:
    made = body(styles, CODE)
    shown = colors(picture(styles, made))
    assert {styles.theme.color(role).name() for role in ("code", "code-comment")} <= shown
    (part,) = made.parts()
    assert part.target == CopyCode(CODE.text)
    assert made.target_at(part.rect.center().x(), part.rect.center().y()) == part.target
    assert made.target_at(20, 15) is None


def test_long_lines_of_code_are_never_broken_and_scroll(styles: Styles) -> None:
    made = body(styles, CodeBlock("x" * 200))
    wide = scrolled_at(made, 20, 15)
    assert wide in list(all_scrolled(made))
    assert (made.width, wide.hidden[0]) == (WIDTH, 0)
    start = picture(styles, made)
    assert wide.scroll(50)
    assert picture(styles, made) != start
    assert wide.scroll(1e6)
    assert wide.hidden[1] == 0
    assert not wide.scroll(1)
    assert wide.height < 2 * styles.code.line + 20


def test_a_wide_table_scrolls_and_a_narrow_one_is_as_wide_as_its_cells(styles: Styles) -> None:
    assert body(styles, TABLE).width < 250
    wide = body(styles, Table(("",) * 9, (("A rather long head",),) * 9, ()))
    assert wide.width == WIDTH
    assert next(all_scrolled(wide)).hidden[1] > 0


def test_cells_that_are_aligned_right_end_at_one_edge(styles: Styles) -> None:
    ends = [x + paragraph.width for x, _, paragraph in paragraphs(body(styles, TABLE))][1::2]
    assert len(set(ends)) == 1


def test_links_lead_where_they_say_and_another_host_is_shown(styles: Styles) -> None:
    """Behaviour 36."""
    made = body(styles, Paragraph(("see ", LinkPiece("https://evil.example/x", ("https://bank.example",)))))
    (part,) = made.parts()
    assert part.target == Link("https://evil.example/x")
    assert made.target_at(part.rect.center().x(), part.rect.center().y()) == part.target
    plain = body(styles, Paragraph(("see ", LinkPiece("https://bank.example/x", ("https://bank.example",)))))
    assert made.width > plain.width + 40
    assert copied(made) == copied(plain) == "see https://bank.example"


def test_a_mention_that_means_oneself_has_another_ground(styles: Styles) -> None:
    own, other = (body(styles, Paragraph((Mention("Mara", author), " look"))) for author in ("me", "else"))
    ground = styles.theme.color("mention").name()
    assert ground in colors(picture(styles, own))
    assert ground not in colors(picture(styles, other))
    assert copied(own) == copied(other) == "@Mara look"


def test_each_block_has_its_own_direction_and_code_is_left_to_right(styles: Styles) -> None:
    """Behaviour 37: names and code do not turn the words around them."""
    made = body(styles, Paragraph(("a longer line of words",)), Quote((Paragraph(("شكراً",)),)), CodeBlock("شكراً = 1"))
    words, quote, code = made.children
    assert (words.x, code.x) == (0, 0)
    assert quote.x + quote.block.width == made.width
    assert body(styles, Paragraph((Mention("نور", "x"), " said"))).last_width
    assert body(styles, Paragraph((CodeSpan("نور"), " said"))).last_width
    assert not body(styles, Paragraph(("شكراً ", CodeSpan("drive()")))).last_width


def test_a_right_to_left_table_begins_at_the_right(styles: Styles) -> None:
    """Behaviour 37."""
    rows = (("اسم", "عدد"), ("واحد", "3"))
    head, row = (tuple((cell,) for cell in cells) for cells in rows)
    made = body(styles, Table(("", "right"), head, (row,)))
    first, second, third, fourth = ((x, paragraph.width) for x, _, paragraph in paragraphs(made))
    assert first[0] > second[0]
    assert third[0] + third[1] == first[0] + first[1] < made.width
    assert fourth[0] + fourth[1] == second[0] + second[1]


def test_a_long_message_is_cut_between_lines_and_can_be_shown(styles: Styles) -> None:
    for block in (CODE, POINTS, TABLE, Quote((WORDS,)), CodeBlock("x\n" * 500), Paragraph(("word " * 800,))):
        made = body(styles, *(block,) * 30, max_lines=20)
        assert made.cut
        assert made.target_at(5, made.height - 5) == Toggle()
        assert made.height < 60 * 22
        assert "Show all" not in copied(made)
    assert not body(styles, *ALL, max_lines=40).cut


def test_what_is_selected_has_the_colour_of_a_selection(styles: Styles, theme: Theme) -> None:
    made = body(styles, WORDS)
    start, end = position_at(made, 0, 5), position_at(made, 60, 5)
    assert start < end
    theme.choose("dark")
    assert picture(styles, made) == picture(styles, made, None)


@pytest.mark.parametrize("choice", ["light", "dark", "high-contrast"])
@pytest.mark.parametrize("scale", [0.9, 2.0])
def test_everything_is_painted_within_the_block(theme: Theme, choice: str, scale: float) -> None:
    theme.choose(choice)
    theme.set_scale(scale)
    styles = Styles(theme, lambda _: True)
    made = body(styles, *ALL, width=WIDTH)
    image = picture(styles, made)
    ground = theme.color("surface").name()
    outside = image.copy(WIDTH, 0, 40, image.height()), image.copy(0, made.height, WIDTH, 10)
    assert all(colors(part) == {ground} for part in outside)
