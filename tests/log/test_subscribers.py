"""A subscriber hears the news, in order, until the subscription ends."""

from chatdesk.log.subscribers import Subscribers


def test_all_hear_the_news_in_the_order_in_which_they_have_subscribed() -> None:
    heard: list[str] = []
    news = Subscribers[str]()
    news.notify("before anybody listens")
    ends = [news.add(lambda what, who=who: heard.append(f"{who}: {what}")) for who in ("Ana", "Bo")]
    news.notify("one")
    ends[0]()
    news.notify("two")
    ends[0]()
    ends[1]()
    news.notify("three")
    assert heard == ["Ana: one", "Bo: one", "Bo: two"]


def test_the_same_callback_may_subscribe_twice_and_end_while_it_hears() -> None:
    heard: list[int] = []
    news = Subscribers[int]()

    def hear(number: int) -> None:
        heard.append(number)
        end()

    end = news.add(hear)
    news.add(heard.append)
    news.add(heard.append)
    news.notify(1)
    news.notify(2)
    assert heard == [1, 1, 1, 2, 2]
