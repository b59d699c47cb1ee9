"""Printing: the loaded history as a document, without buttons and bars."""

import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from chatdesk.export.formats import Format, open_writer
from chatdesk.export.metadata import ExportMetadata
from chatdesk.protocol.events import Message
from chatdesk.protocol.times import timestamp
from tests.e2e.browser import ChatPage
from tests.e2e.conftest import PageFactory, PeerFactory
from tests.e2e.serving import Serving

SAID = [f"({number}: " + "and on it goes, word after word, " * (number % 9) + f":{number})" for number in range(90)]
LONG = "\n".join(f"Line {number} of many" for number in range(1, 101))
FURNITURE = ("Search", "Gotoadate", "Leave", "Messagelobby", "Youare", "Today", "Showall", "Open", "on127")


@pytest.fixture
def printed(tmp_path: Path) -> Path:
    return tmp_path / "printed.pdf"


def sheets_of(pdf: Path) -> list[str]:
    """The text of each sheet without spaces, which browsers omit from the PDF."""
    text = subprocess.run(["pdftotext", "-raw", pdf, "-"], check=True, capture_output=True, text=True).stdout
    return [re.sub(r"\s+", "", sheet) for sheet in text.split("\f")[:-1]]


def shades_of(pdf: Path) -> bytes:
    """The first sheet in grey, one byte per pixel: 0 is black."""
    command = ["pdftoppm", "-gray", "-r", "50", "-singlefile", pdf]
    picture = subprocess.run(command, check=True, capture_output=True).stdout
    header = re.match(rb"P5\s+\d+\s+\d+\s+255\s", picture)
    assert header
    return picture[header.end() :]


def assert_each_is_on_one_sheet(sheets: list[str]) -> None:
    for number in range(len(SAID)):
        begun = [place for place, words in enumerate(sheets) if f"({number}:" in words]
        ended = [place for place, words in enumerate(sheets) if f":{number})" in words]
        assert (len(begun), begun) == (1, ended), number


@pytest.mark.parametrize("serving", [["--name", "Robotics Workshop", "--message-rate", "0"]], indirect=True)
def test_all_that_is_loaded_is_printed_with_names_times_and_days(
    new_page: PageFactory, new_peer: PeerFactory, printed: Path
) -> None:
    chat = new_page(viewport={"width": 1280, "height": 800}, timezone_id="UTC").join("Kit")
    chat.find("#chat .me .theme").click()
    expect(chat.find("html")).to_have_attribute("data-theme", "dark")
    new_peer("Mara Lindqvist").say(*SAID[:60], "See https://example.org/motors?bench=4")
    new_peer("Jonas Weber").say(*SAID[60:], LONG)
    chat.send("My own words")
    expect(chat.find(".own-message.confirmed")).to_be_visible()
    chat.page.pdf(path=printed, format="A4")
    sheets = sheets_of(printed)
    words = "".join(sheets)
    day = r"\w+day\d+\w+20\d\d"
    head = rf"RoboticsWorkshop#lobbyPrintedbyKiton{day},\d\d:\d\d\.93messages,from{day},\d\d:\d\dto\d\d:\d\d\.{day}"
    assert re.match(rf"1/{len(sheets)}{head}", words), words[:200]
    for name in ("MaraLindqvist", "JonasWeber"):
        assert re.search(rf"{name}\d\d:\d\d", words), name
    assert re.search(r"KitMyownwords\d\d:\d\d", words)
    assert "https://example.org/motors?bench=4" in words
    assert re.findall(r"Line(\d+)ofmany", words) == [str(number) for number in range(1, 101)]
    assert [thing for thing in FURNITURE if thing in words] == []
    assert_each_is_on_one_sheet(sheets)


def test_a_dark_page_is_dark_ink_on_white_paper(new_page: PageFactory, new_peer: PeerFactory, printed: Path) -> None:
    chat = new_page(viewport={"width": 390, "height": 800}, color_scheme="dark").join("Kit")
    new_peer("Mara").say(*SAID[:30])
    expect(chat.find(".text")).to_have_count(30)
    inked = []
    for theme in ("light", "dark"):
        chat.page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
        chat.page.pdf(path=printed, format="A4")
        shades = shades_of(printed)
        assert sum(shade > 250 for shade in shades) > 0.8 * len(shades), theme
        inked.append(sum(shade < 120 for shade in shades))
    assert inked[0] > 1000
    assert inked[1] == pytest.approx(inked[0], rel=0.02)


def ink(page: Page, selector: str) -> int:
    """The largest channel of the text colour, 0 to 255."""
    colour: str = page.locator(selector).first.evaluate("it => getComputedStyle(it).color")
    return max(int(channel) for channel in re.findall(r"\d+", colour)[:3])


@pytest.mark.parametrize("path", ["/", "/check"])
def test_what_is_white_on_petrol_is_ink_on_paper(browser: Browser, serving: Serving, path: str) -> None:
    with browser.new_context(color_scheme="dark") as context:
        page = context.new_page()
        page.goto(f"{serving.url}{path}")
        assert ink(page, "h1:visible") > 200
        page.emulate_media(media="print")
        assert ink(page, "h1:visible") < 100
        assert ink(page, ".brand:visible") < 100


def test_a_table_wider_than_the_paper_is_printed_to_its_last_column(
    new_page: PageFactory, new_peer: PeerFactory, printed: Path
) -> None:
    chat = new_page().join("Kit")
    rows = (" | ".join([f"Bench {row}", *(f"{row}{column}.75 mV" for column in range(10, 22))]) for row in range(1, 4))
    head = " | ".join(["Bench", *(f"Run {column}" for column in range(10, 22))])
    new_peer("Ana").say("\n".join([head, "|".join(["---"] * 13), *rows]))
    expect(chat.find(".table td").last).to_have_text("321.75 mV")
    chat.page.pdf(path=printed)
    assert all(f"{row}21.75" in sheets_of(printed)[0] for row in range(1, 4)), "cut off, or broken within the figure"


def test_messages_that_were_not_loaded_are_mentioned(chat: ChatPage, new_peer: PeerFactory) -> None:
    new_peer("Mara").say(*SAID)
    chat.join("Kit")
    expect(chat.find(".row").last).to_contain_text("(89:")
    chat.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(chat.find("#print-note")).to_contain_text("There are others before them, which were not loaded.")


def test_an_exported_conversation_is_printed_as_a_document(browser: Browser, tmp_path: Path, printed: Path) -> None:
    path = tmp_path / "evening.html"
    with path.open("wb") as file:
        writer = open_writer(Format.HTML, file, ExportMetadata("Robotics Workshop", "build-floor", "Mara Lindqvist"))
        for seq, words in enumerate(SAID, start=1):
            moment = timestamp(1_764_068_400_000 + seq * 400_000)
            writer.write(Message("Mara Lindqvist", words, moment, "build-floor", seq))
        writer.close()
    with browser.new_context(color_scheme="dark") as context:
        page = context.new_page()
        page.goto(path.as_uri())
        page.pdf(path=printed, format="A4", prefer_css_page_size=True)
    sheets = sheets_of(printed)
    assert re.match(r"1/\d+RoboticsWorkshop#build-floorHostedbyMaraLindqvist\.Exportedon\w+day", sheets[0])
    assert_each_is_on_one_sheet(sheets)
    assert len(sheets) > 2
    assert all(words.startswith(f"{number}/{len(sheets)}") for number, words in enumerate(sheets, start=1))
    shades = shades_of(printed)
    assert sum(shade > 250 for shade in shades) > 0.8 * len(shades)
