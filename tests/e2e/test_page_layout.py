"""One page from the smallest phone to a wide screen, light and dark."""

import pytest
from playwright.sync_api import expect

from tests.e2e.browser import ChatPage
from tests.e2e.conftest import PageFactory, PeerFactory

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
WIDTHS = (1440, 1280, 1024, 768, 390, 360)
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


def assert_nothing_is_wider_than_the_screen(chat: ChatPage) -> None:
    overflowing = chat.page.evaluate(
        """() => [...document.querySelectorAll('html, #timeline, #join, .conversation, #people-list')]
            .filter(it => it.scrollWidth > it.clientWidth && it.clientWidth).map(it => it.outerHTML.slice(0, 80))"""
    )
    assert overflowing == []


def test_long_words_and_names_fit_every_width(chat: ChatPage, new_peer: PeerFactory) -> None:
    chat.open()
    for width in WIDTHS:
        chat.page.set_viewport_size({"width": width, "height": 740})
        assert_nothing_is_wider_than_the_screen(chat)
    new_peer("W" * 32).say(LONG, f"https://example.org/{'x' * 200}", "x" * 500)
    chat.join("M" * 32)
    chat.send(LONG)
    expect(chat.find(".own-message.confirmed")).to_be_visible()
    for width in WIDTHS:
        chat.page.set_viewport_size({"width": width, "height": 740})
        assert_nothing_is_wider_than_the_screen(chat)
        expect(chat.message(LONG).last).to_be_in_viewport()  # the end is still visible
        expect(chat.find("#message")).to_be_in_viewport(ratio=1)
        expect(chat.find("#send")).to_be_in_viewport(ratio=1)


def test_on_a_phone_people_are_in_a_drawer_that_the_back_button_closes(
    new_page: PageFactory, new_peer: PeerFactory
) -> None:
    new_peer("Mara Lindqvist")
    new_peer("Jonas Weber")
    phone = new_page(**PHONE).join("Kit")
    drawer = phone.page.get_by_role("dialog", name="People 3")
    phone.page.get_by_role("button", name="People, 3").tap()
    expect(drawer.locator(".person-name")).to_have_text(["Kityou", "Jonas Weber", "Mara Lindqvist"])
    search = drawer.get_by_role("searchbox", name="Find someone")
    search.fill("jon")
    expect(drawer.locator(".person:visible")).to_have_count(1)
    search.fill("LÍNDQVIST")
    expect(drawer.locator(".person:visible .person-name")).to_have_text("Mara Lindqvist")
    search.fill("nobody")
    expect(drawer).to_contain_text("Nobody of this name is here.")
    phone.page.go_back()
    expect(drawer).to_be_hidden()
    expect(phone.find("#chat")).to_be_visible()
    phone.page.get_by_role("button", name="People, 3").tap()
    drawer.get_by_role("button", name="Leave").tap()
    expect(phone.find("#join")).to_be_visible()


def test_a_sheet_stays_that_is_opened_while_the_page_leaves_another(new_page: PageFactory) -> None:
    phone = new_page(**PHONE).join("Kit")
    phone.find("#search-open").tap()
    phone.page.evaluate(
        """async () => {
            const sheet = document.getElementById('search-sheet');
            const happened = (target, name) => new Promise(done => target.addEventListener(name, done, { once: true }));
            const closed = happened(sheet, 'close');
            sheet.close();
            await closed;
            const back = happened(window, 'popstate');
            document.querySelector('.top .to-date').click();
            await back;
        }"""
    )
    date = phone.page.get_by_role("dialog", name="Go to a date")
    expect(date).to_be_visible()
    phone.page.go_back()
    expect(date).to_be_hidden()
    expect(phone.find("#chat")).to_be_visible()


def test_on_a_phone_everything_is_large_enough_for_a_finger(new_page: PageFactory) -> None:
    phone = new_page(**PHONE).join("Kit")
    phone.find("#people-open").tap()
    small = phone.find("button:visible, input:visible, textarea:visible, .field:visible").evaluate_all(
        """all => all.filter(it => (it.closest('.field') ?? it).getBoundingClientRect().height < 44)
            .map(it => it.outerHTML)"""
    )
    assert small == []
    assert phone.find("#message").evaluate("it => parseFloat(getComputedStyle(it).fontSize)") >= 16


def test_from_1280_people_have_a_column_the_field_grows_and_motion_can_be_reduced(chat: ChatPage) -> None:
    chat.join("Kit")
    grow_the_field(chat)
    left = "it => it.getBoundingClientRect().left"
    assert chat.find("#people").evaluate(left) > chat.find("main.conversation").evaluate(left)
    chat.page.set_viewport_size({"width": 1024, "height": 768})
    assert chat.find("#people").evaluate(left) < chat.find("main.conversation").evaluate(left)
    chat.page.emulate_media(reduced_motion="reduce")
    moving = chat.find("*").evaluate_all(
        """all => all.filter(it => {
            const style = getComputedStyle(it);
            const animated = style.animationName === 'none' ? '0s' : style.animationDuration;
            return `${animated}, ${style.transitionDuration}`.split(', ').some(time => parseFloat(time) > 0);
        }).map(it => it.outerHTML.slice(0, 80))"""
    )
    assert moving == []
    chat.page.set_viewport_size({"width": 390, "height": 844})
    expect(chat.find("#people")).to_be_hidden()


def grow_the_field(chat: ChatPage) -> None:
    """It grows with its text up to eight lines."""
    field = chat.find("#message")
    heights = []
    for lines in (1, 2, 8, 20):
        field.fill("\n".join(["x"] * lines))
        heights.append(field.evaluate("it => it.clientHeight / parseFloat(getComputedStyle(it).lineHeight)"))
    assert heights == pytest.approx([1, 2, 8, 8], abs=0.1)
    chat.find("#send").click()
    assert field.evaluate("it => it.clientHeight / parseFloat(getComputedStyle(it).lineHeight)") == pytest.approx(
        1, abs=0.1
    )


@pytest.mark.parametrize("serving", [["--name", "Robotics Workshop of the North"]], indirect=True)
def test_nickname_and_chat_are_not_cut_on_any_width(chat: ChatPage) -> None:
    chat.join("Alexandrina von Hohenberg")
    you = chat.find("#you")
    for width in (*WIDTHS, 720, 1023):
        chat.page.set_viewport_size({"width": width, "height": 740})
        expect(you).to_have_text("You are Alexandrina von Hohenberg in Robotics Workshop of the North")
        assert you.evaluate("it => it.scrollHeight <= it.clientHeight && it.scrollWidth <= it.clientWidth"), width
    chat.page.set_viewport_size({"width": 720, "height": 740})
    chat.page.keyboard.press("Control+f")
    assert chat.find("#search-field").evaluate("it => it.clientWidth") > 120


def test_theme_and_high_contrast_are_the_systems_until_another_theme_is_chosen(new_page: PageFactory) -> None:
    chat = new_page(color_scheme="dark").open()
    ground = "() => getComputedStyle(document.documentElement).backgroundColor"
    dark = chat.page.evaluate(ground)
    chat.find("#join").get_by_role("button", name="Use the light theme").click()
    light = chat.page.evaluate(ground)
    assert light != dark
    chat.page.reload()
    assert chat.page.evaluate(ground) == light
    chat.find("#join").get_by_role("button", name="Use the dark theme").click()
    assert chat.page.evaluate(ground) == dark
    chat.page.emulate_media(color_scheme="light")  # the theme is the system's again
    assert chat.page.evaluate(ground) == light
    chat.page.emulate_media(color_scheme="light", contrast="more")
    assert chat.page.evaluate(ground) == "rgb(0, 0, 0)"
    chat.find("#join").get_by_role("button", name="Use the light theme").click()
    assert chat.page.evaluate(ground) != "rgb(0, 0, 0)"
    chat.find("#join").get_by_role("button", name="Use the dark theme").click()
    assert chat.page.evaluate(ground) == "rgb(0, 0, 0)"


def test_the_counter_covers_neither_border_nor_messages(chat: ChatPage, new_peer: PeerFactory) -> None:
    chat.join("Kit")
    new_peer("Typist").send(type="typing")
    for letters in (16, 32):
        chat.page.evaluate("size => { document.documentElement.style.fontSize = `${size}px` }", letters)
        for width in WIDTHS:
            chat.page.set_viewport_size({"width": width, "height": 740})
            chat.find("#message").fill("x" * 9000)
            counter, typing, composer = (
                chat.find(part).evaluate("it => it.getBoundingClientRect().toJSON()")
                for part in ("#message-count", "#typing", "#composer")
            )
            ring = 1  # around the border, in its colour
            assert counter["bottom"] <= composer["top"] - ring
            assert counter["top"] >= typing["top"]
            assert counter["left"] >= composer["left"]


def test_a_page_at_200_percent_shows_messages_beside_a_reply_and_the_picker(
    new_page: PageFactory, new_peer: PeerFactory
) -> None:
    chat = new_page(viewport={"width": 640, "height": 400}).join("Kit")
    new_peer("Mara").say(*(f"Line {number}" for number in range(12)))
    expect(chat.message("Line 11")).to_be_visible()
    chat.find("#timeline").focus()
    chat.page.keyboard.press("ArrowUp")
    chat.page.keyboard.press("r")
    chat.find("#emoji").click()
    expect(chat.find(".emoji-picker [role=gridcell]").first).to_be_visible()
    assert chat.find("#timeline").evaluate("it => it.clientHeight") > 100
    assert chat.find("#message").evaluate("it => it.getBoundingClientRect().bottom < innerHeight * 0.62")
