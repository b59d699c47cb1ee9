"""Every scenario, played with the page's modules in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.conformance.page_subject import PageSubject
from tests.conformance.player import play
from tests.conformance.scenarios import Scenario, load
from tests.e2e.browser import chromium
from tests.hostile_host import HostileHost, Visit


@pytest.fixture(scope="module")
def modules() -> Iterator[Page]:
    """One page for all scenarios; a server gives it the modules, and no socket of it is ever opened."""
    with HostileHost(Visit.stay) as host, chromium() as browser, browser.new_context() as context:
        page = context.new_page()
        PageSubject.prepare(page, host.url)
        yield page


@pytest.mark.parametrize("scenario", load(), ids=str)
def test_the_page_behaves_as_the_scenario_says(scenario: Scenario, modules: Page) -> None:
    play(scenario, PageSubject(modules))
