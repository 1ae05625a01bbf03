"""Questions that are asked together: one statement, and each gets what it would have got by itself."""

from datetime import date

import pytest
from sqlalchemy import (
    Date,
    Integer,
    String,
    bindparam,
    event,
    func,
    literal,
    literal_column,
    select,
    text,
    union_all,
    update,
)

from tests.factories import make_unit, make_user
from tracker.accounts.models import Unit, User
from tracker.database import db, is_sqlite
from tracker.records.questions import MANY, Question, ask, ask_all, nothing, read_written, together

FEW, LOTS = 1, MANY + 1


def told(row):
    return tuple(row)


def echo(column, **values):
    """A question that is answered with a column of its own, as often as it is told to."""
    return lambda times: Question(select(*[column] * times), values, told)


LAST = select(func.max(Unit.valid_until)).where(Unit.valid_until <= bindparam("today"))
DAY = echo(LAST.scalar_subquery(), today=date(2026, 2, 28))
NO_DAY = echo(select(literal(None, Date)).scalar_subquery())
WORD = echo(select(literal("it's 100 % 'älg' :today ?", String)).scalar_subquery())
NUMBER = echo(select(literal_column("7") + bindparam("own_id", type_=Integer)).scalar_subquery(), own_id=5)


@pytest.fixture(autouse=True)
def units(app):
    """Two units, whose last days are 28 February and 1 March 2026."""
    for name, day in (("Vuxen", date(2026, 2, 28)), ("Barn", date(2026, 3, 1))):
        unit_id = make_unit(name).id
        db.session.execute(update(Unit).where(Unit.id == unit_id).values(valid_until=day))
    db.session.commit()


@pytest.mark.parametrize("times", [FEW, LOTS])
@pytest.mark.parametrize(
    ("question", "answer"),
    [(DAY, date(2026, 2, 28)), (NO_DAY, None), (WORD, "it's 100 % 'älg' :today ?"), (NUMBER, 12)],
)
def test_an_answer_is_the_same_alone_and_among_others(app, question, answer, times):
    alone = ask(question(times))
    among = ask_all([NUMBER(1), question(times), DAY(LOTS)])
    assert (alone, among[1]) == ((answer,) * times,) * 2
    assert (among[0], among[2]) == ((12,), (date(2026, 2, 28),) * LOTS)


def of_reader(user_id):
    return Question(_COUNTED, {"reader_id": user_id, "today": date(2026, 2, 28)}, told)


_COUNTED = select(
    *[
        select(func.count()).select_from(User).where(User.id == bindparam("reader_id")).scalar_subquery()
        for _ in range(LOTS)
    ]
)


def test_what_is_written_once_is_asked_anew_for_each_reader_and_day(app):
    mine = make_user("eva@kommun.example").id
    db.session.commit()
    assert ask_all([of_reader(mine)]) == [(1,) * LOTS]
    assert ask_all([of_reader(mine + 1)]) == [(0,) * LOTS]
    assert ask_all([of_reader(mine)]) == [(1,) * LOTS]
    later = DAY(LOTS)._replace(values={"today": date(2026, 3, 1)})
    assert [ask_all([one]) for one in (DAY(LOTS), later)] == [
        [(date(2026, 2, 28),) * LOTS], [(date(2026, 3, 1),) * LOTS]
    ]  # fmt: skip


def test_what_has_not_been_written_yet_is_counted(app):
    make_unit("Vuxen")
    user = make_user("eva@kommun.example")
    db.session.flush()
    assert ask_all([of_reader(user.id)]) == [(1,) * LOTS]


def part(times, seen):
    (found,) = yield [DAY(times)]
    seen.append("answered")
    return found


def silent(seen):
    seen.append("silent")
    return "nothing to ask"
    yield


def test_parts_ask_in_one_statement_and_go_on_with_the_answers(app):
    statements, seen = [], []

    def note(_connection, _cursor, statement, *_):
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        found = together(part(1, seen), nothing(), silent(seen), part(2, seen))
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert found == [(date(2026, 2, 28),), None, "nothing to ask", (date(2026, 2, 28),) * 2]
    assert seen == ["silent", "answered", "answered"]
    assert len([one for one in statements if one.startswith("SELECT")]) == 1


def test_nothing_is_asked_where_there_is_no_question(app):
    assert ask_all([]) == []
    assert together(nothing()) == [None]


def test_a_part_asks_once(app):
    def twice():
        yield [DAY(1)]
        yield [DAY(1)]

    with pytest.raises(RuntimeError, match="asks once"):
        together(twice())


def _plans():
    return db.session.scalar(text("SHOW plan_cache_mode")) if not is_sqlite() else "auto"


def test_what_parts_go_on_to_ask_is_planned_once_like_the_many_counts_and_nothing_after(app):
    seen = []

    def going_on(times):
        (found,) = yield [DAY(times)]
        seen.append(_plans())
        return found

    together(going_on(FEW))
    together(going_on(LOTS))
    assert seen == ["auto", "auto" if is_sqlite() else "force_generic_plan"]
    assert _plans() == "auto"


def test_rows_with_the_day_written_into_them_are_what_they_are_in_python(app):
    statement = select(Unit.name, Unit.valid_until).where(Unit.valid_until <= bindparam("today")).order_by(Unit.name)
    for today, rows in ((date(2026, 2, 28), [["Vuxen", date(2026, 2, 28)]]), (date(2026, 2, 27), [])):
        assert read_written(statement, {"today": today}) == rows
    both = union_all(*(select(Unit.name, Unit.valid_until).where(Unit.name == name) for name in ("Barn", "Vuxen")))
    assert sorted(read_written(both, {})) == [["Barn", date(2026, 3, 1)], ["Vuxen", date(2026, 2, 28)]]
