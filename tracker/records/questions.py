"""What several registers are asked at once: each makes its counts, one statement finds them all."""

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import nullcontext
from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeVar, cast

from sqlalchemy import BindParameter, CompoundSelect, Dialect, Select, select
from sqlalchemy.sql.visitors import replacement_traverse

from tracker.database import db, planned_once, read

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
    questions = [question for _, _, asked in waiting for question in asked]
    with planned_once() if _are_many(questions) else nullcontext():
        answers = iter(ask_all(questions))
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
    statement, ends = _together(tuple(question.statement for question in questions))
    many = _are_many(questions)
    row: Sequence[Any] = read_written(statement, values)[0] if many else read(statement, values).one()
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
    return select(*columns), ends


def _are_many(questions: Sequence[Question[Any]]) -> bool:
    return sum(len(question.statement.selected_columns) for question in questions) > MANY


def read_written(statement: Select[Any] | CompoundSelect[Any], values: Mapping[str, Any]) -> list[list[Any]]:
    """The rows. What is the same for everybody on a day is written into the statement, once (days and states, never
    what a person has typed), and the reader's own numbers alone are bound. PostgreSQL, told to plan once, does so once
    a day and connection then, and planning some dozens of counts takes as long as making them.
    """
    of_the_day = tuple(sorted((name, value) for name, value in values.items() if name not in PERSONAL))
    own = tuple(name for name in values if name in PERSONAL)
    written = _written(statement, of_the_day, own, db.engine.dialect)
    bound: Any = written.bound | {name: values[name] for name in own}
    if written.order is not None:
        bound = tuple(bound[name] for name in written.order)
    session = db.session()
    session.flush()
    found = session.connection().exec_driver_sql(written.sql, bound).all()
    makes = [(place, make) for place, make in enumerate(written.makes) if make]
    rows = []
    for row in found:
        told = list(row)
        for place, make in makes:
            if told[place] is not None:
                told[place] = make(told[place])
        rows.append(told)
    return rows


class _Written(NamedTuple):
    """A statement as the driver has it: what it binds beside the reader's numbers, the names that its places bind
    in order (None: it binds by name), and what makes of a column's value what it is in Python.
    """

    sql: str
    bound: dict[str, Any]
    order: Sequence[str] | None
    makes: Sequence[Callable[[Any], Any] | None]


@lru_cache(maxsize=500)
def _written(
    statement: Select[Any] | CompoundSelect[Any], values: tuple[tuple[str, Any], ...], own: tuple[str, ...],
    dialect: Dialect,
) -> _Written:  # fmt: skip
    given = cast("Select[Any] | CompoundSelect[Any]", replacement_traverse(statement, {}, _of_the_day))
    expanded = given.compile(dialect=dialect).construct_expanded_state(dict(values) | dict.fromkeys(own, 0))
    makes = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in statement.selected_columns]
    bound = {name: value for name, value in expanded.parameters.items() if name not in own}
    return _Written(expanded.statement, bound, expanded.positiontup, makes)


def _of_the_day(element: Any, **_: Any) -> Any:  # noqa: ANN401 - any part of a statement
    ours = isinstance(element, BindParameter) and element.key not in PERSONAL
    return element.render_literal_execute() if ours else None
