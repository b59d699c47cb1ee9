"""A lock-out that grows, for who guesses; not for a class behind one address."""

from chatdesk.server.guesses import FIRST_WAIT, FORGET_SECONDS, LONGEST_WAIT, TRIES, TRIES_OF_A_NETWORK, Guesses


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_after_a_few_the_wait_doubles_with_each_up_to_an_hour() -> None:
    clock = Clock()
    guesses = Guesses(clock)
    assert [guesses.begin("net", "kit") for _ in range(TRIES - 1)] == [(left, 0.0) for left in range(TRIES - 1, 0, -1)]
    waits = []
    for _ in range(8):
        assert guesses.wait("net", "kit") == 0
        waits.append(guesses.begin("net", "kit").wait)
        assert guesses.wait("net", "kit") == waits[-1]
        assert guesses.wait("net", "ana") == 0
        assert guesses.wait("other", "kit") == 0
        clock.now += waits[-1]
    assert waits == [60, 120, 240, 480, 960, 1920, 3600, 3600]
    assert (waits[0], waits[-1]) == (FIRST_WAIT, LONGEST_WAIT)


def test_other_names_do_not_let_an_address_guess_on() -> None:
    guesses = Guesses(Clock())
    for number in range(TRIES_OF_A_NETWORK):
        assert guesses.wait("net", f"guest {number}") == 0
        guesses.begin("net", f"guest {number}")
    assert guesses.wait("net", "another") == FIRST_WAIT
    assert guesses.wait("other", "another") == 0


def test_a_class_behind_one_address_that_mistypes_twice_meets_no_wait() -> None:
    guesses = Guesses(Clock())
    for number in range(60):
        for _ in range(3):
            assert guesses.wait("net", f"pupil {number}") == 0
            guesses.begin("net", f"pupil {number}")
        guesses.forgive("net", f"pupil {number}")
    assert guesses.wrong == 120


def test_the_right_one_after_a_wait_adds_none_for_the_others() -> None:
    clock = Clock()
    guesses = Guesses(clock)
    for number in range(TRIES_OF_A_NETWORK):
        guesses.begin("net", f"guest {number}")
    clock.now += FIRST_WAIT
    for name in ("ana", "bo"):
        assert guesses.wait("net", name) == 0
        guesses.begin("net", name)
        guesses.forgive("net", name)
    guesses.begin("net", "guest 0")
    assert guesses.wait("net", "ana") == 2 * FIRST_WAIT


def test_what_is_long_ago_is_forgotten() -> None:
    clock = Clock()
    guesses = Guesses(clock)
    for _ in range(TRIES):
        guesses.begin("net", "kit")
    clock.now += FORGET_SECONDS + 1
    assert guesses.begin("net", "kit") == (TRIES - 1, 0.0)
