"""What the queue of the fair scheduler lets be processed in one turn of the loop."""

import asyncio

from tests.server.floods import Clock, Flood, scheduler_by, turn


async def test_what_waits_is_served_for_what_it_costs_and_not_all_in_one_turn() -> None:
    """Data that was read before it had to wait costs as much as what is read now."""
    clock, used = Clock(), Clock()
    scheduler = scheduler_by(clock, used)
    floods = [Flood(scheduler, used) for _ in range(50)]
    for flood in floods:
        flood.owe()
    most = 0
    for _ in range(200):
        before = sum(flood.pieces for flood in floods)
        clock.used += 0.005
        scheduler.note_light_use(clock.used)
        await turn(scheduler)
        most = max(most, sum(flood.pieces for flood in floods) - before)
    scheduler.close()
    assert 1 <= most <= 15, "a millisecond each, of two in a turn; at first as many as a usual first read would allow"


async def test_what_was_reserved_and_not_used_does_not_make_a_turn_longer() -> None:
    """They had their turns before anything came from them, and then something comes from all at once."""
    clock, used = Clock(), Clock()
    scheduler = scheduler_by(clock, used)
    floods = [Flood(scheduler, used) for _ in range(50)]
    for flood in floods:
        flood.reader.set_process(lambda: False)
        flood.owe()
    while any(flood.reader.scheduled for flood in floods):
        clock.used += 0.004
        scheduler._serve()
        await asyncio.sleep(0)
    scheduler.charge(0.01, clock.used)
    for flood in floods:
        flood.reader.reserve()
        scheduler.enqueue(flood.reader)
    assert not any(flood.wire.reading for flood in floods)
    clock.used += 0.1
    scheduler._serve()
    scheduler.close()
    assert 1 <= sum(flood.wire.reading for flood in floods) <= 10, "some 150 microseconds each"


async def test_of_those_who_send_byte_by_byte_no_more_are_read_in_a_turn_than_it_has_time_for() -> None:
    """A read costs, too, of which nothing comes that can be processed."""
    clock = Clock()
    scheduler = scheduler_by(clock, Clock())
    drips = [Flood(scheduler, Clock()) for _ in range(200)]
    for drip in drips:
        drip.reader.set_process(lambda: False)
        drip.owe()
    most = 0
    for number in range(400):
        clock.used += 0.004
        scheduler.note_light_use(clock.used)
        await turn(scheduler)
        read = [drip for drip in drips if drip.wire.reading]
        for drip in read:
            drip.reader.bytes_read(1, whole_buffer=False)
        most = max(most, len(read)) if number > 100 else 0
    scheduler.close()
    assert 20 <= most <= 60, "a turn of a millisecond, and 30 microseconds for each read"


async def test_however_many_connections_come_a_newcomer_waits_for_less_than_a_tenth_of_a_second() -> None:
    """Their coming cannot be put off, and costs more than the queue's part."""
    clock, used = Clock(), Clock()
    scheduler = scheduler_by(clock, used)
    for _ in range(10_000):
        scheduler.note_light_use(clock.used)
        Flood(scheduler, used, "10.0.0.1").reader.opened()
        clock.used += 0.0001
    alone = Flood(scheduler, used, "10.0.0.2")
    alone.reader.opened()
    scheduler.enqueue(alone.reader)
    alone.reader.bytes_read(1, whole_buffer=False)
    came = clock.used
    while not alone.pieces and clock.used < came + 10:
        clock.used += 0.001
        scheduler.note_light_use(clock.used)
        scheduler._serve()
        await asyncio.sleep(0)
    scheduler.close()
    assert 0.05 < clock.used - came < 0.1
