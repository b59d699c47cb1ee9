"""A lock-out that grows, for a guesser; not for a class behind one address."""

from chatdesk.server.guesses import (
    FIRST_WAIT,
    FORGET_SECONDS,
    LONGEST_WAIT,
    PAUSE_SECONDS,
    TRIES,
    TRIES_OF_A_NETWORK,
    Guesser,
    Guesses,
)

KIT, ANA = Guesser("net", "kit"), Guesser("net", "ana")


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_after_a_few_the_wait_doubles_with_each_up_to_an_hour() -> None:
    clock = Clock()
    guesses = Guesses(clock)
    assert [guesses.begin(KIT) for _ in range(TRIES - 1)] == [(left, 0.0) for left in range(TRIES - 1, 0, -1)]
    waits = []
    for _ in range(8):
        assert guesses.wait(KIT) == 0
        waits.append(guesses.begin(KIT).wait)
        assert guesses.wait(KIT) == waits[-1]
        assert guesses.wait(ANA) == 0
        assert guesses.wait(Guesser("other", "kit")) == 0
        clock.now += waits[-1]
    assert waits == [60, 120, 240, 480, 960, 1920, 3600, 3600]
    assert (waits[0], waits[-1]) == (FIRST_WAIT, LONGEST_WAIT)


def test_a_network_of_which_very_many_came_is_slow_and_nobody_in_it_has_to_wait_for_minutes() -> None:
    clock = Clock()
    guesses = Guesses(clock)
    for number in range(TRIES_OF_A_NETWORK):
        assert not guesses.is_slow("net")
        guesses.begin(Guesser("net", f"guest {number}"))
    assert guesses.is_slow("net")
    assert not guesses.is_slow("other")
    assert guesses.wait(ANA) == 0
    assert guesses.pause("net") == PAUSE_SECONDS
    clock.now += PAUSE_SECONDS
    assert guesses.pause("net") == 0


def test_a_class_behind_one_address_that_mistypes_twice_is_never_slow() -> None:
    guesses = Guesses(Clock())
    for number in range(60):
        for _ in range(3):
            guesses.begin(Guesser("net", f"pupil {number}"))
        guesses.forgive(Guesser("net", f"pupil {number}"))
    assert not guesses.is_slow("net")


def test_the_right_one_leaves_the_pause_of_the_others_as_it_was() -> None:
    clock = Clock()
    guesses = Guesses(clock)
    for number in range(TRIES_OF_A_NETWORK):
        guesses.begin(Guesser("net", f"guest {number}"))
    clock.now += PAUSE_SECONDS
    for guesser in (ANA, KIT):
        assert guesses.pause("net") == 0
        guesses.begin(guesser)
        guesses.forgive(guesser)
    guesses.begin(Guesser("net", "guest 0"))
    assert guesses.pause("net") == PAUSE_SECONDS


def test_what_is_long_ago_is_forgotten() -> None:
    clock = Clock()
    guesses = Guesses(clock)
    for number in range(TRIES_OF_A_NETWORK):
        guesses.begin(KIT if number < TRIES else ANA)
    assert guesses.is_slow("net")
    assert guesses.count(KIT) == TRIES
    clock.now += FORGET_SECONDS + 1
    assert guesses.count(KIT) == 0
    assert not guesses.is_slow("net")
    assert guesses.begin(KIT) == (TRIES - 1, 0.0)
