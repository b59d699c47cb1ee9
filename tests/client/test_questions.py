"""One question of a kind is open at a time, and only answers that are still wanted count."""

from chatdesk.client.questions import Questions
from chatdesk.protocol.commands import History


def ask(questions: Questions, seq: int) -> str | None:
    (asked,) = questions.ask("jump", History(around=seq)) or [History()]
    return asked.ref


def test_the_next_of_a_kind_waits_and_other_kinds_do_not() -> None:
    questions = Questions()
    ref = ask(questions, 1)
    assert ref
    assert ask(questions, 2) is None
    assert questions.ask("older", History(before=7))[0].before == 7
    assert questions.answered(ref) == "jump"
    assert questions.answered(ref) is None
    assert ask(questions, 2) not in (None, ref)


def test_an_outdated_answer_is_nobodys_but_lets_the_next_question_out() -> None:
    questions = Questions()
    ref = ask(questions, 1) or ""
    questions.outdate("jump", "newer")
    assert ask(questions, 2) is None
    assert questions.answered(ref) is None
    assert questions.answered(ask(questions, 2) or "") == "jump"


def test_a_refused_question_holds_its_kind_back_until_some_time_has_passed() -> None:
    questions = Questions()
    assert questions.refuse(ask(questions, 1) or "") == "jump"
    assert questions.refuse("nothing") is None
    assert ask(questions, 1) is None
    questions.retry()
    assert ask(questions, 1)
    questions.retry()
    assert ask(questions, 1) is None


def test_a_lost_connection_closes_all() -> None:
    questions = Questions()
    ref = ask(questions, 1) or ""
    questions.clear()
    assert questions.answered(ref) is None
    assert ask(questions, 1)
