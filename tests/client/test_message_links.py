"""Links to messages lead into this chat, or nowhere in it."""

import pytest

from chatdesk.client.message_links import link_to_message, message_link

PAGE = "http://192.168.4.20:8080/"


def test_a_link_leads_back_to_its_message() -> None:
    link = link_to_message(PAGE, "build-floor", 12)
    assert link == "http://192.168.4.20:8080/#build-floor/12"
    assert message_link(link, PAGE) == ("build-floor", 12)


@pytest.mark.parametrize(
    "url", ["#lobby/7", "chatdesk://192.168.4.20:8080/#lobby/7", "HTTP://192.168.4.20:8080#lobby/7"]
)
def test_a_place_alone_and_other_schemes_lead_there_too(url: str) -> None:
    assert message_link(url, PAGE) == ("lobby", 7)


@pytest.mark.parametrize(
    "url", ["http://192.168.4.21:8080/#lobby/7", "#lobby", "#lobby/x", "#a/b/7", "https://example.com/", "#/7", ""]
)
def test_all_other_links_lead_out_of_the_chat(url: str) -> None:
    assert message_link(url, PAGE) is None
