"""Raised hands over the wire: an order that all see, and who calls and lowers them."""

from tests.server.chat import chat, error_reply

ORDER = ["pace"]


async def test_all_see_the_order_and_each_their_own_place() -> None:
    async with chat() as c:
        mara = await c.join("Mara", token=c.server.host_token, capabilities=ORDER)
        kit, ana, plain = (
            await c.join("Kit", capabilities=ORDER),
            await c.join("Ana", capabilities=ORDER),
            await c.join("Tom"),
        )
        for place, (peer, name) in enumerate(((kit, "Kit"), (ana, "Ana"), (plain, "Tom")), 1):
            peer.send("hand", id="h")
            while (answer := await peer.next("hands")).get("ref") != "h":
                pass
            assert (answer["place"], answer["count"]) == (place, place), name
        while (seen := await mara.next("hands"))["count"] < 3:
            pass
        assert [hand["nickname"] for hand in seen["hands"]] == ["Kit", "Ana", "Tom"]
        assert "place" not in seen
        assert await error_reply(kit, "call", id="c") == ("forbidden", "c")
        assert await error_reply(kit, "lower", id="l") == ("forbidden", "l")
        mara.send("call", author=seen["hands"][2]["author"], id="c")
        assert "Mara calls you" in (await plain.next("system"))["content"].translate({0x2068: None, 0x2069: None})
        called = await kit.next("called")
        assert (called["nickname"], called["by"]) == ("Tom", "Mara")
        assert await error_reply(mara, "call", author="nobody", id="c") == ("not_found", "c")
        mara.send("call", id="first")
        assert (await ana.next("called"))["nickname"] == "Tom"
        assert (await ana.next("called"))["nickname"] == "Kit"
        ana.send("hand", active=False, id="down")
        while (answer := await ana.next("hands")).get("ref") != "down":
            pass
        assert (answer["place"], answer["count"]) == (0, 0)
        kit.send("hand")
        mara.send("lower", id="all")
        while (answer := await mara.next("hands")).get("ref") != "all":
            pass
        assert answer["count"] == 0


async def test_who_leaves_lowers_their_hand_and_who_comes_sees_those_that_are_raised() -> None:
    async with chat() as c:
        kit, ana = await c.join("Kit"), await c.join("Ana")
        kit.send("hand")
        ana.send("hand")
        await ana.next("hands")
        tom = await c.join("Tom", capabilities=ORDER)
        assert (await tom.next("hands"))["count"] == 2
        kit.send("leave")
        assert [hand["nickname"] for hand in (await tom.next("hands"))["hands"]] == ["Ana"]


async def test_what_a_member_hears_of_hands_does_not_grow_with_the_room() -> None:
    async with chat() as c:
        room = c.server.hub.rooms["lobby"]
        peers = [await c.join(f"p{number:02}") for number in range(30)]
        for peer in peers:
            peer.send("hand")
            answer = await peer.next("hands")
        assert (len(answer["hands"]), answer["count"], answer["place"]) == (20, 30, 30)
        assert len(room.hands) == 30
