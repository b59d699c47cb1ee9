"""A browser on a test computer: the arguments are the URL of the page, and names of SCREENS or none.

It prints, as JSON, the results of the test page on these screens. Without any it joins the chat, says so, and stays.
With "too old" it prints what a browser shows that the page cannot work in.
"""

import json
import sys
from typing import Any

from playwright.sync_api import Browser, expect, sync_playwright

from tests.e2e.browser import ENGINE, SWITCHES
from tests.e2e.contrast import CONTRAST

SCREENS: dict[str, dict[str, Any]] = {
    "phone, light": {"viewport": {"width": 360, "height": 640}, "color_scheme": "light", "has_touch": True},
    "phone, dark": {"viewport": {"width": 360, "height": 640}, "color_scheme": "dark", "has_touch": True},
    "wide, light": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"},
    "wide, dark": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
}


def check(browser: Browser, url: str, screen: dict[str, Any]) -> dict[str, Any]:
    """The results of the test page on this screen, once it has made its test."""
    with browser.new_context(**screen) as context:
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(url)
        expect(page.get_by_role("status")).not_to_contain_text("Trying", timeout=15_000)
        return {
            "verdict": page.get_by_role("status").inner_text(),
            "addresses": page.get_by_role("list", name="The host's addresses")
            .get_by_role("listitem")
            .all_inner_texts(),
            "advice": page.locator("#advice li").all_inner_texts(),
            "clock": page.locator("#clock:visible").all_inner_texts(),
            "sideways": page.evaluate("document.documentElement.scrollWidth - innerWidth"),
            "small": page.evaluate(
                "[...document.querySelectorAll('a, button')].filter(it => it.offsetHeight < 36).length"
            ),
            "weak": page.evaluate(CONTRAST)["weak"],
            "complaints": complaints,
            "theme": page.evaluate("getComputedStyle(document.documentElement).colorScheme"),
        }


def too_old(browser: Browser, url: str) -> None:
    """Print what the page says to a browser that it cannot work in, once it has called another address of the host."""
    here = url.rpartition("/")[0]
    page = browser.new_page()
    page.add_init_script("delete HTMLDialogElement.prototype.close")
    with page.expect_response(lambda it: "/reach/" in it.url and not it.url.startswith(here)):
        page.goto(url)
    print(page.get_by_role("alert").inner_text())


def join(browser: Browser, url: str) -> None:
    """Be in the chat until the program is terminated."""
    page = browser.new_page()
    page.on("console", lambda message: print(message.text, flush=True))
    page.goto(url)
    page.locator("#nickname").fill("Kit")
    page.locator("#join-button").click()
    page.locator("#chat").wait_for()
    print("joined", flush=True)
    page.wait_for_timeout(600_000)


def main(url: str, *screens: str) -> None:
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=ENGINE, args=SWITCHES) as browser,
    ):
        if screens == ("too old",):
            too_old(browser, url)
        elif screens:
            print(json.dumps({name: check(browser, url, SCREENS[name]) for name in screens}))
        else:
            join(browser, url)


if __name__ == "__main__":
    main(*sys.argv[1:])
