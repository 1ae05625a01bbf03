"""What several registers are asked at once: each makes its counts, one statement finds them all."""

from collections.abc import Callable, Generator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import Select, select

from tracker.database import read

T = TypeVar("T")


class Question(NamedTuple, Generic[T]):
    """A statement of scalar subqueries, made once for each kind of reader; the values to run it with, whose names mean
    the same to all that are asked together; and what the found row tells.
    """

    statement: Select[Any]
    values: Mapping[str, Any]
    tell: Callable[[Sequence[Any]], T]


Part = Generator[Sequence[Question[Any]], list[Any], T]


def ask(question: Question[T]) -> T:
    """The answer to one question."""
    return question.tell(read(question.statement, question.values).one())


def nothing() -> Part[None]:
    """A part that asks nothing and comes to nothing."""
    yield from ()


def together(*parts: Part[Any]) -> list[Any]:
    """What some parts of a page come to, each of which yields its questions once, if any, and is sent the answers; all
    questions are one statement.
    """
    results: list[Any] = [None] * len(parts)
    waiting = []
    for place, part in enumerate(parts):
        try:
            waiting.append((place, part, next(part)))
        except StopIteration as done:
            results[place] = done.value
    answers = iter(ask_all([question for _, _, asked in waiting for question in asked]))
    for place, part, asked in waiting:
        try:
            part.send([next(answers) for _ in asked])
        except StopIteration as done:
            results[place] = done.value
        else:
            raise RuntimeError("a part of a page asks once")
    return results


def ask_all(questions: Sequence[Question[Any]]) -> list[Any]:
    """The answers in the order of the questions; one statement, none for no question."""
    if not questions:
        return []
    values: dict[str, Any] = {}
    for question in questions:
        values |= question.values
    together, ends = _together(tuple(question.statement for question in questions))
    row, begin, answers = read(together, values).one(), 0, []
    for question, end in zip(questions, ends, strict=True):
        answers.append(question.tell(row[begin:end]))
        begin = end
    return answers


@lru_cache(maxsize=500)
def _together(statements: tuple[Select[Any], ...]) -> tuple[Select[Any], list[int]]:
    """All that they ask for, and where each one's columns end."""
    columns: list[Any] = []
    ends = []
    for statement in statements:
        columns += statement.selected_columns
        ends.append(len(columns))
    return select(*columns), ends
