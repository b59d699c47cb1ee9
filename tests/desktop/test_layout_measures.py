"""Positions and sizes of the design, measured in the painted window."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from chatdesk.desktop.models.people import PeopleModel
from chatdesk.desktop.models.rows import MessageRow, PresenceRow, Row
from chatdesk.desktop.models.search_hits import SearchHitsModel
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.chat.chat_screen import ChatScreen
from chatdesk.desktop.widgets.chat.typing_indicator import TypingIndicator
from chatdesk.desktop.widgets.common.button import LinkButton
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.invite.address_card import AddressCard
from chatdesk.desktop.widgets.people.people_list import PeopleList
from chatdesk.desktop.widgets.start.start_screen import StartScreen
from chatdesk.desktop.widgets.timeline import row_painter
from chatdesk.desktop.widgets.timeline.blocks.paragraph import paragraphs
from chatdesk.desktop.widgets.timeline.row_layout import RowLayout
from chatdesk.protocol.appearance import hue
from chatdesk.protocol.events import ServerInfo, User
from tests.desktop.inspection import clipped
from tests.desktop.invitations import AT_WIFI
from tests.desktop.people import named, tally
from tests.desktop.simulated_chat import SimulatedChat
from tests.desktop.widgets.timeline.rows import ink, picture, said
from tests.pictures import extent, painted

THEMES = ("light", "dark", "high-contrast")
Box = tuple[int, int, int, int]


def box(image: QImage, *colors: QColor) -> Box:
    """Return left, top, width and height of all pixels of these colours."""
    around = extent(image, *colors)
    return around.left(), around.top(), around.width(), around.height()


def lines(image: QImage, x: int, color: QColor) -> list[int]:
    """Return the rows at which a column has pixels of a colour."""
    return [y for y in range(image.height()) if image.pixel(x, y) == color.rgb()]


@pytest.fixture
def chat(qapp: QApplication) -> SimulatedChat:
    made = SimulatedChat("Kit")
    made.receive_messages(3, "Mara")
    made.receive_messages(2)
    return made


@pytest.fixture
def screen(qtbot: QtBot, theme: Theme, chat: SimulatedChat) -> ChatScreen:
    people = PeopleModel()
    people.set_people([User("Mara", "online", "", "window", True), User("Kit", "online", "")], named("Kit"))
    made = ChatScreen(theme, chat.model, people, SearchHitsModel(), hosting=False)
    qtbot.addWidget(made)
    made.show_empty(False)
    made.sidebar.people_panel.set_count(2, hosting=False)
    made.resize(1200, 800)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


@pytest.mark.parametrize("name", THEMES)
def test_hairlines_lie_within_bars(screen: ChatScreen, theme: Theme, name: str) -> None:
    theme.choose(name)
    image = screen.grab().toImage()
    assert lines(image, 140, theme.color("border")) == [51, 744]
    assert lines(image, 700, theme.color("border"))[:1] == [51]


@pytest.mark.parametrize("hosting", [True, False])
def test_people_stand_close_to_their_heading(qtbot: QtBot, theme: Theme, chat: SimulatedChat, hosting: bool) -> None:
    people = PeopleModel()
    people.set_people([User("Mara", "online", "", "window", True)], named("Mara"))
    screen = ChatScreen(theme, chat.model, people, SearchHitsModel(), hosting=hosting)
    qtbot.addWidget(screen)
    screen.resize(1200, 800)
    screen.show()
    panel, listed = screen.sidebar.people_panel, screen.findChild(PeopleList)
    assert listed is not None
    heading = next(label for label in panel.findChildren(Label) if label.text() == "People")
    middle = heading.mapTo(screen, heading.rect().center()).y()
    row = listed.visualRect(listed.model().index(0, 0))
    assert listed.viewport().mapTo(screen, row.center()).y() - middle == 31
    assert middle == (140 if hosting else 76) - 1 + screen.sidebar.rooms_panel.height()
    assert listed.mapTo(screen, QPoint(0, listed.height())).y() == 744


@pytest.mark.parametrize("many", [False, True])
def test_people_keep_their_places_when_they_scroll(screen: ChatScreen, theme: Theme, many: bool) -> None:
    listed = screen.findChild(PeopleList)
    assert listed is not None
    model = PeopleModel()
    others = [User(f"Bench {place}", "online", "") for place in range(60 if many else 2)]
    model.set_people([User("Mara", "online", "", "window", True), *others], named("Kit"))
    shown = PeopleList(theme, model)
    shown.resize(279, 660)
    left, top, width, height = box(shown.grab().toImage(), theme.color("mention"))
    assert (left, top, width, height) == (226, 8, 35, 18)


def test_the_own_name_is_marked_among_the_people(qtbot: QtBot, theme: Theme) -> None:
    def shown(own: str) -> QImage:
        model = PeopleModel()
        model.set_people([User("Kit", "online", "")], named(own))
        listed = PeopleList(theme, model)
        qtbot.addWidget(listed)
        listed.resize(279, 34)
        return listed.grab().toImage()

    own, other = shown("Kit"), shown("Mara")
    assert own.copy(0, 0, 70, 34) == other.copy(0, 0, 70, 34)
    assert own.copy(70, 0, 60, 34) != other.copy(70, 0, 60, 34)


@pytest.mark.parametrize("name", THEMES)
def test_the_host_has_a_badge_in_the_timeline_too(theme: Theme, name: str) -> None:
    theme.choose(name)
    page = RowLayout(theme, 800)
    message = said("Hello", "Mara")
    hosts = MessageRow(message.message, message.moment, True, False, host=True)
    edges = [theme.color("mention-border")] if theme.high_contrast else []
    _, top, width, height = box(picture(page, hosts), theme.color("mention"), *edges)
    assert (width, height) == (35, 18)
    assert abs(top + 9 - (page.group_gap + theme.line("ui") / 2)) <= 1
    assert theme.color("mention").rgb() not in {
        picture(page, message).pixel(x, top + 2) for x in range(page.text_left, page.width)
    }


def test_only_messages_of_the_host_are_marked_as_such(chat: SimulatedChat) -> None:
    chat.state.server = ServerInfo("Workshop", "Mara", "1.0")
    chat.model.show_latest()
    marked = {(row.message.nickname, row.host) for row in chat.rows if isinstance(row, MessageRow)}
    assert marked == {("Mara", True), ("Kit", False)}


def test_the_slip_hangs_as_far_as_it_is_drawn_and_own_rows_stand_close(theme: Theme) -> None:
    page, fill = RowLayout(theme, 800), theme.color("own-bubble")
    first, further = said("Hello", own=True), said("Hello", first=False, own=True)
    left, top, _, height = box(picture(page, first), fill)
    assert (left, top, top + height) == (page.text_left - 12, 10, row_painter.height(page, first))
    _, top, _, height = box(picture(page, further), fill)
    assert (top, top + height) == (2, row_painter.height(page, further))


@pytest.mark.parametrize("leftwards", [False, True])
@pytest.mark.parametrize("name", THEMES)
def test_a_row_is_lit_over_the_full_width(
    screen: ChatScreen, theme: Theme, qtbot: QtBot, name: str, leftwards: bool
) -> None:
    theme.choose(name)
    screen.setLayoutDirection(Qt.LayoutDirection.RightToLeft if leftwards else Qt.LayoutDirection.LeftToRight)
    timeline = screen.timeline
    place = next(place for place, row in enumerate(timeline._timeline._rows) if isinstance(row, MessageRow))
    rect = timeline.visualRect(timeline.model().index(place, 0))
    for point in (QPoint(1, 1), rect.center()):
        qtbot.mouseMove(timeline.viewport(), point)
    at = timeline.viewport().mapTo(screen, QPoint(0, rect.bottom() - 1)).y()  # below the bar of actions
    image, wanted = screen.grab().toImage(), theme.color("row-hover").rgb()
    left = screen.sidebar.width()
    assert {image.pixel(x, at) for x in range(left, image.width())} == {wanted}


@pytest.mark.parametrize("name", THEMES)
def test_avatars_of_a_presence_row_are_distinguishable(theme: Theme, name: str) -> None:
    theme.choose(name)
    page = RowLayout(theme, 800)
    row: Row = PresenceRow(tally("Bench 7", "Bench 8", "Bench 9"))
    image = picture(page, row)
    middle = page.group_gap + theme.line("label") // 2
    fills = {theme.avatar(hue(f"Bench {number}"))[0].rgb() for number in (7, 8, 9)}
    column = [image.pixel(x, middle) for x in range(page.text_left)]
    runs = [color in fills for color in column]
    assert sum(now and not before for before, now in zip([False, *runs], runs, strict=False)) == 3
    left, _, width, height = box(image.copy(0, 0, page.text_left - 1, image.height()), *map(QColor.fromRgb, fills))
    assert abs(left + width / 2 - (page.side + page.avatar / 2)) <= 1
    assert (width, height) == (28, 10)


def test_joins_give_whole_names() -> None:
    """A name is not shortened to its first word: ``Bench`` alone would mean nothing."""
    presence = PresenceRow(tally("Bench 7", "Bench Seven", "Priya Raman"))
    assert presence.sentence == "Bench 7, Bench Seven and Priya Raman joined"


def test_the_number_of_people_is_no_heading(screen: ChatScreen, theme: Theme) -> None:
    screen.top_bar.set_people(31)
    button = next(b for b in screen.top_bar.findChildren(QPushButton) if b.text() == "31")
    assert button.font().weight() == theme.font("ui").weight() == 400


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_host_is_as_wide_as_drawn(qtbot: QtBot, theme: Theme, scale: float) -> None:
    theme.set_scale(scale)
    start = StartScreen(theme)
    qtbot.addWidget(start)
    button = next(b for b in start.findChildren(QPushButton) if b.text() == "Host")
    assert button.sizeHint().width() == 88 * scale


def height(image: QImage) -> int:
    """Return the height of what differs from the background."""
    return painted(image, image.pixelColor(0, 0)).height()


def test_emoji_in_names_are_as_high_as_drawn(qtbot: QtBot, theme: Theme) -> None:
    model, line, page = PeopleModel(), TypingIndicator(theme), RowLayout(theme, 800)
    model.set_people([User("🎉", "online", "")], named("Mara"))
    people, label = PeopleList(theme, model), Label(theme, "🎉")
    people.resize(279, 34)
    label.resize(80, 20)
    line.set_names(["🎉"])
    line.resize(300, 26)
    heights = {
        "people": height(people.grab().toImage().copy(50, 0, 100, 34)),
        "label": height(label.grab().toImage()),
        "timeline": height(picture(page, said("x", "🎉")).copy(page.text_left, 0, 20, page.group_gap + 20)),
        "typing": height(line.grab().toImage().copy(page.text_left, 0, 16, 26)) + 2,  # it is smaller, like its text
    }
    assert set(heights.values()) == {16}, heights


@pytest.mark.parametrize("name", THEMES)
def test_from_1280_people_have_a_column_of_their_own(screen: ChatScreen, theme: Theme, qtbot: QtBot, name: str) -> None:
    theme.choose(name)
    panel = screen.sidebar.people_panel
    for width, column in ((1279, False), (1280, True), (1600, True), (1200, False), (1280, True)):
        screen.resize(width, 800)
        wanted = (width - 239, 239) if column else (0, 279)
        qtbot.waitUntil(lambda wanted=wanted: (panel.mapTo(screen, QPoint(0, 0)).x(), panel.width()) == wanted)
        image = screen.grab().toImage()
        assert lines(image, width - 120, theme.color("border"))[:1] == [51]
    assert image.pixelColor(width - 240, 400) == theme.color("border")
    listed = screen.findChild(PeopleList)
    assert listed is not None
    row = listed.visualRect(listed.model().index(0, 0))
    assert listed.viewport().mapTo(screen, row.center()).y() + 1 == 77
    assert clipped(screen) == []


def test_people_are_found_in_their_column_too(screen: ChatScreen, qtbot: QtBot) -> None:
    screen.resize(1400, 800)
    buttons = [button for button in screen.findChildren(QPushButton) if button.accessibleName() == "Find someone"]
    qtbot.waitUntil(lambda: [button.isVisible() for button in buttons].count(True) == 1)
    qtbot.mouseClick(next(button for button in buttons if button.isVisible()), Qt.MouseButton.LeftButton)
    focused = QApplication.focusWidget()
    assert isinstance(focused, QLineEdit)
    qtbot.keyClicks(focused, "mar")
    listed = screen.findChild(PeopleList)
    assert listed is not None
    assert listed.model().rowCount() == 1


def test_names_in_a_presence_row_are_bold(theme: Theme) -> None:
    page = RowLayout(theme, 800)
    names = ("Bench 7", "Bench 🎉")
    quiet, strong = page.label("Bench 7 and Bench 🎉 joined"), page.label("Bench 7 and Bench 🎉 joined", names)
    assert strong.width > quiet.width
    ((_, _, paragraph),) = paragraphs(strong)
    medium = [part for part in paragraph._layout.formats() if part.format.fontWeight() == 500]
    assert [(part.start, part.length) for part in medium] == [(0, 7), (12, 8)]
    row = PresenceRow(tally(*names))
    assert row_painter.height(page, row) == page.group_gap + theme.line("label")


@pytest.mark.parametrize("width", [1200, 1400])
def test_the_bar_has_a_button_for_the_calendar(screen: ChatScreen, qtbot: QtBot, width: int) -> None:
    screen.resize(width, 800)
    button = next(b for b in screen.top_bar.findChildren(QPushButton) if b.accessibleName() == "Go to a date")
    assert button.isVisible()
    assert button.size().toTuple() == (36, 36)
    with qtbot.waitSignal(screen.calendar_requested):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("name", THEMES)
def test_faces_and_plate_are_where_they_are_drawn(qtbot: QtBot, theme: Theme, name: str) -> None:
    theme.choose(name)
    page, plate = RowLayout(theme, 800), AddressCard(theme)
    qtbot.addWidget(plate)
    plate.set_invitation(AT_WIFI)
    plate.resize(255, plate.height())
    ground = theme.color("surface")
    face = picture(page, said()).copy(0, 0, page.text_left - 4, 60)
    left, top, right, bottom = ink(face, ground)
    place = (left, top, right - left + 1, bottom - top + 1)
    assert all(abs(shown - drawn) <= 1 for shown, drawn in zip(place, (24, 10, 36, 36), strict=True)), place
    address = plate.grab().toImage().copy(40, 2, 120, 44)
    left, top, _, bottom = ink(address, theme.color("surface-raised"))
    assert (40 + left, 2 + top, 2 + bottom) == (43, 11, 37)


def test_a_link_in_a_sentence_is_no_button(theme: Theme) -> None:
    assert LinkButton(theme, "Check the connection").font().weight() == 500
