"""A client that says who it is, which number its message has, or what time it is."""

from tests.server.chat import chat


async def test_what_only_the_host_says_is_ignored() -> None:
    async with chat() as c:
        kit, ana = await c.join("Kit"), await c.join("Ana")
        forged = {"nickname": "Ana", "author": "0" * 16, "seq": 99, "change": 99, "edited": "2000-01-01T00:00:00.000Z"}
        kit.send("message", content="hi", timestamp="2000-01-01T00:00:00.000Z", **forged)
        message = await ana.next("message")
    assert (message["nickname"], message["seq"], message["change"]) == ("Kit", 1, 1)
    assert message["author"] != forged["author"]
    assert not message["timestamp"].startswith("2000")
    assert "edited" not in message
