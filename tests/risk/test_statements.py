"""What the register's page asks of the database: each thing once, and of the reader's own units alone."""

import re

import pytest
from sqlalchemy import event

from tests.decisions.test_register import statements
from tests.factories import make_unit, make_user
from tests.risk.test_tally import BO, UNA, drawn, file_of, matrix, scope
from tracker.database import db, is_sqlite


def test_the_page_asks_for_plans_counts_and_rows_once_each(office, eva_here):
    office.imports("risks", file_of((2020, "R1", 1, 1)) + file_of((2021, "R1", 4, 4)).split("\n", 1)[1])
    eva_here.get("/risker")
    with statements() as said:
        page = eva_here.get("/risker?ar=2020")
    assert page.table("Risker").column("Riskvärde") == ["1"]
    assert page.links["2021"] == "/risker?ar=2021"
    of = [re.search(r"\bFROM (control_plan|risk_tally|risk)\b", one) for one in said]
    assert [found[1] for found in of if found] == ["control_plan", "risk_tally", "risk"]
    assert len(said) == 5  # and the sign-in, and the saved views


def test_a_year_without_a_plan_is_told_of_among_those_that_have_one(office, eva_here):
    office.imports("risks", file_of((2021, "R1", 4, 4)))
    page = eva_here.get("/risker?ar=2020")
    assert "Inga risker för 2020 än" in page.text
    assert page.links["2021"] == "/risker?ar=2021"


@pytest.mark.parametrize(("email", "expected"), [(BO, drawn(c34=2)), (UNA, drawn(c34=1))], ids=["a branch", "one unit"])
def test_on_sqlite_the_counts_are_found_by_unit_and_not_by_walking_those_of_all(office, email, expected):
    make_unit("Vuxen 1", "Vuxen")
    make_user(BO, "internkontroll", unit="Vuxen")
    make_user(UNA, "internkontroll", unit="Vuxen 1")
    office.imports("risks", file_of((2021, "V1", 3, 4)), "--by", BO)
    office.imports("risks", file_of((2021, "U1", 3, 4)), "--by", UNA)
    of, asked = scope(email), []

    def listen(_connection, _cursor, statement, values, *_rest):
        if "risk_tally" in statement:
            asked.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        assert matrix(of) == expected
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)
    if is_sqlite():
        for statement, values in asked:
            plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            steps = [row.detail for row in plan if "risk_tally" in row.detail]
            assert len(steps) == 1
            assert "(year=? AND unit_id=?)" in steps[0]
    assert len(asked) == 4  # one for each list, and for the whole once more
