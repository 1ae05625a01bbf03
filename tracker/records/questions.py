"""What several registers are asked at once: each makes its counts, one statement finds them all."""

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import nullcontext
from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeVar, cast

from sqlalchemy import BindParameter, Select, select
from sqlalchemy.sql.visitors import replacement_traverse

from tracker.database import is_sqlite, planned_once, read

T = TypeVar("T")
MANY = 10  # counts, of which planning costs more than to say that it is to be done once
PERSONAL = frozenset({"own_id", "reader_id", "of_user"})  # the names of values that are one reader's


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
    with planned_once() if ends[-1] > MANY else nullcontext():
        row = read(together, values).one()
    begin, answers = 0, []
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
    found = select(*columns)
    return found if is_sqlite() else cast("Select[Any]", replacement_traverse(found, {}, _of_the_day)), ends


def _of_the_day(element: Any, **_: Any) -> Any:  # noqa: ANN401 - any part of a statement
    """What is the same for everybody on a day is written into the statement (days and states, never what a person has
    typed): PostgreSQL plans it once then, and planning some dozens of counts takes as long as making them.
    """
    ours = isinstance(element, BindParameter) and element.key not in PERSONAL
    return element.render_literal_execute() if ours else None
