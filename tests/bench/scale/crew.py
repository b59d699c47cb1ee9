"""Clients in several processes, as one process may not have as many files open as a storm has connections."""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from typing import Any, Concatenate

from tests.bench.process import BenchError
from tests.bench.swarm import Swarm

_TURN_SECONDS = 0.02
_STOP_SECONDS = 10


class Crew[S: Swarm]:
    """A swarm in each of several processes. One that is asked nothing reads what its clients are sent."""

    def __init__(self, pipes: list[Connection[Any, Any]]) -> None:
        self._pipes = pipes

    def all[**P, T](self, act: Callable[Concatenate[S, P], T], *args: P.args, **kwargs: P.kwargs) -> list[T]:
        """Have each act, at the same time; returns the answers. Raises BenchError if one of them does."""
        return self._ask(self._pipes, act, args, kwargs)

    def first[**P, T](self, act: Callable[Concatenate[S, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Have the first one act."""
        answer: T = self._ask(self._pipes[:1], act, args, kwargs)[0]
        return answer

    def _ask(self, pipes: list[Connection[Any, Any]], *question: object) -> list[Any]:
        for pipe in pipes:
            pipe.send(question)
        answers = [pipe.recv() for pipe in pipes]
        for answer in answers:
            if isinstance(answer, BenchError):
                raise answer
        return answers


@contextlib.contextmanager
def crew[S: Swarm](makers: list[Callable[[], S]]) -> Iterator[Crew[S]]:
    """Have each of these make a swarm in a process of its own, until the context ends."""
    spawn = multiprocessing.get_context("spawn")
    with contextlib.ExitStack() as stack:
        pipes = []
        for make in makers:
            ours, theirs = spawn.Pipe()
            process = spawn.Process(target=_act, args=(make, theirs))
            process.start()
            theirs.close()
            stack.callback(process.join, _STOP_SECONDS)
            pipes.append(stack.enter_context(ours))
        yield Crew(pipes)


def _act[S: Swarm](make: Callable[[], S], pipe: Connection[Any, Any]) -> None:
    """Do what is asked over the pipe until its other end is closed."""
    gc.disable()  # a pause of this process would look like one of the nodes
    with contextlib.closing(make()) as swarm, contextlib.suppress(EOFError):
        try:
            while True:
                while not pipe.poll():
                    swarm.receive(_TURN_SECONDS)
                act, args, kwargs = pipe.recv()
                pipe.send(act(swarm, *args, **kwargs))
        except (BenchError, OSError) as error:
            pipe.send(BenchError(str(error)))
