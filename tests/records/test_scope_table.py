"""Who sees which record: for every role and every way a record can stand to it, by a table written here by hand."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event

from tests.decisions.lists import count_line, csv_rows, number_of, refs_on, walk_query, xlsx_rows
from tests.factories import PASSWORD, make_decisions, make_unit, make_user
from tests.records.granting import close, name, protect, void
from tests.support.pages import PageClient
from tracker.accounts.reader import reader_by_email
from tracker.database import db
from tracker.decisions.queries import RegisterFilter, Status, ask_open, count_register, list_register
from tracker.records.grants import visible_record
from tracker.records.questions import ask
from tracker.records.scope import scope_of
from tracker.rules.calendar import add_months
from tracker.rules.permissions import Permission, Role

TODAY = date(2022, 2, 15)
EVA, OTHER = "eva@kommun.example", "annan@kommun.example"
REGISTER = (Role.CASE_OFFICER, Role.MANAGER, Role.QUALITY_LEAD)
NO_REGISTER = tuple(role for role in Role if role not in REGISTER)
UNIT_OF = {
    "own": "Vuxen",
    "under": "Vuxen 1",
    "beside": "Barn",
    "closed": "Vuxen",
    "protected": "Vuxen",
    "protected-named": "Vuxen",
    "outside-named": "Barn",
    "outside-protected": "Barn",
    "outside-protected-named": "Barn",
    "closed-protected": "Vuxen",
    "voided": "Vuxen",
    "voided-named": "Vuxen",
}
NAMED = {"protected-named", "outside-named", "outside-protected-named"}
# Where the role is held: what is seen, and how many the list says it leaves out.
UNIT_TOP = "Socialförvaltningen"
SEEN = {
    "Vuxen": ({"own", "under"} | NAMED, 3),  # closed, protected, closed-protected
    "Vuxen 1": ({"under"} | NAMED, 0),
    "Barn": ({"beside"} | NAMED, 1),  # outside-protected
    UNIT_TOP: ({"own", "under", "beside"} | NAMED, 4),
}


@pytest.fixture
def register(app, frozen_day):
    """Twelve decisions, each standing in its own way to Eva; returns a function that signs her in with a role."""
    frozen_day(TODAY)
    make_unit("Vuxen 1", "Vuxen")
    make_unit("Barn")
    make_decisions([{"ref": ref, "enhet": unit} for ref, unit in UNIT_OF.items()], today=TODAY)

    def as_eva(role: Role, unit: str) -> PageClient:
        make_user(OTHER, Role.CASE_OFFICER)
        make_user(EVA, role, unit=unit)
        for ref in ("protected", "outside-protected", "closed-protected"):
            protect(ref, OTHER)
        for ref in ("protected-named", "outside-protected-named"):
            protect(ref, EVA)
        for ref in ("outside-named", "voided-named"):
            name(ref, EVA)
        for ref in ("closed", "closed-protected"):
            close(ref, EVA)
        for ref in ("voided", "voided-named"):
            void(ref)
        visitor = PageClient(app)
        visitor.sign_in(EVA, PASSWORD)
        return visitor

    return as_eva


@pytest.mark.parametrize("unit", SEEN)
@pytest.mark.parametrize("role", REGISTER)
def test_each_way_to_a_record_agrees_with_the_table(register, role, unit):
    seen, left_out = SEEN[unit]
    visitor = register(role, unit)
    page = visitor.get("/beslut")
    assert set(refs_on(page)) == seen
    assert count_line(page).startswith(f"{len(seen)} klockor")
    assert ("visas inte" in count_line(page)) is bool(left_out)
    if left_out:
        assert f"· {left_out} {'skyddad' if left_out == 1 else 'skyddade'} visas inte" in count_line(page)
    assert {row["ref"] for row in csv_rows(visitor.get("/beslut/export.csv"))} == seen
    assert {row["ref"] for row in xlsx_rows(visitor.get("/beslut/export.xlsx"))} == seen
    scope = scope_of(reader_by_email(EVA, TODAY), Permission.READ_DECISIONS)
    assert count_register(RegisterFilter(), scope, TODAY) == len(seen)
    for ref in UNIT_OF:
        page = visitor.get(f"/beslut?ref={ref}")
        assert (ref in refs_on(page)) is (ref in seen)
        assert "visas inte" not in page.text, "a search by ref tells nothing of what it leaves out"
        record_id = number_of(ref)
        assert (visible_record(record_id, scope) is not None) is (ref in seen)
        reads_voided = role is Role.QUALITY_LEAD and unit in {"Vuxen", UNIT_TOP}
        opens = ref in seen or (ref in {"voided", "voided-named"} and reads_voided)
        assert (ref in visitor.get(f"/beslut/{record_id}", status=200 if opens else 404).text) is opens


@pytest.mark.parametrize("role", NO_REGISTER)
def test_a_name_opens_nothing_to_whoever_has_no_part_in_the_register(register, role):
    visitor = register(role, UNIT_TOP)
    for path in ("/beslut", "/beslut/export.csv", f"/beslut/{number_of('outside-named')}"):
        assert "named" not in visitor.get(path, status=403).text
    scope = scope_of(reader_by_email(EVA, TODAY), Permission.READ_DECISIONS)
    assert walk_query(RegisterFilter(), scope, TODAY) == []
    assert {visible_record(number_of(ref), scope) for ref in UNIT_OF} == {None}


def test_a_closing_holds_at_once(register):
    visitor = register(Role.CASE_OFFICER, "Vuxen")
    visitor.get(f"/beslut/{number_of('own')}")
    close("own", EVA)
    assert "own" not in visitor.get(f"/beslut/{number_of('own')}", status=404).text
    assert "own" not in refs_on(visitor.get("/beslut"))


def test_a_filter_by_unit_leaves_out_what_is_given_elsewhere(register):
    register(Role.CASE_OFFICER, "Vuxen")
    scope = scope_of(reader_by_email(EVA, TODAY), Permission.READ_DECISIONS)
    narrowed = scope.within(scope.reach)
    assert {row.ref for row in walk_query(RegisterFilter(), narrowed, TODAY)} == {"own", "under", "protected-named"}
    assert count_register(RegisterFilter(), narrowed, TODAY) == 3
    assert list_register(RegisterFilter(), narrowed, TODAY).hidden == 3


@pytest.mark.parametrize("unit", ["Vuxen", "Vuxen 1", UNIT_TOP])
@pytest.mark.parametrize("rows", [30, 1_050])
def test_pages_follow_each_other_over_both_sources(app, frozen_day, unit, rows):
    frozen_day(TODAY)
    make_unit("Vuxen 1", "Vuxen")
    make_unit("Barn")
    make_user(EVA, Role.CASE_OFFICER, unit=unit)
    make_user(OTHER, Role.CASE_OFFICER)
    start = date(2021, 12, 1)
    given = [f"G-{number:02}" for number in range(30)]
    places = {f"W-{number:04}": "Vuxen 1" for number in range(rows)} | dict.fromkeys(given, "Barn")
    days = {ref: start - timedelta(days=(7 * place) % 500) for place, ref in enumerate(places)}
    make_decisions(
        [{"ref": ref, "enhet": place, "beslutsdatum": days[ref]} for ref, place in places.items()], today=TODAY
    )
    for ref in given:
        name(ref, EVA)
    for ref in ("W-0003", "W-0017"):
        close(ref, EVA)
    protect("W-0005", EVA)
    protect("W-0006", OTHER)
    scope = scope_of(reader_by_email(EVA, TODAY), Permission.READ_DECISIONS)
    expected = set(places) - {"W-0003", "W-0017", "W-0006"}
    nine = RegisterFilter(Status.OPEN, due_from=TODAY - timedelta(days=9), due_to=TODAY + timedelta(days=9))
    lists = [RegisterFilter(one) for one in (Status.OPEN, Status.OVERDUE, Status.SOON, Status.CLOSE)]
    left = [(add_months(days[ref], 3) - TODAY).days for ref in expected]
    assert ask(ask_open([*lists, nine], scope, TODAY)) == [
        sum(first <= away <= last for away in left)
        for first, last in ((-9999, 9999), (-9999, -1), (0, 30), (0, 7), (-9, 9))
    ]
    for status, ascending in ((Status.OPEN, True), (None, False)):
        found = walk_query(RegisterFilter(status), scope, TODAY)
        assert {row.ref for row in found} == expected
        assert len(found) == len(expected)
        order = [(row.due_on, row.clock_id) for row in found]
        assert order == sorted(order, reverse=not ascending)
        page = list_register(RegisterFilter(status), scope, TODAY)
        assert (page.hidden, page.capped) == (3, rows > 1_000)
        assert count_register(RegisterFilter(status), scope, TODAY) == len(expected)
        second = list_register(RegisterFilter(status), scope, TODAY, after=page.after)
        back = list_register(RegisterFilter(status), scope, TODAY, before=second.before)
        assert back.rows == page.rows


def test_for_a_reader_without_grants_no_statement_of_the_register_knows_of_them(app, frozen_day):
    frozen_day(TODAY)
    make_decisions([{"ref": "B-01", "enhet": "Vuxen"}], today=TODAY)
    make_user(EVA, Role.CASE_OFFICER, unit="Vuxen")
    scope = scope_of(reader_by_email(EVA, TODAY), Permission.READ_DECISIONS)
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_more):
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        list_register(RegisterFilter(), scope, TODAY)
        list_register(RegisterFilter(Status.OPEN, ref="B"), scope, TODAY)
        count_register(RegisterFilter(), scope, TODAY)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert len(statements) == 2 + 3 + 1  # a count and a page; the refs first; a count
    assert not [statement for statement in statements if "record_grant" in statement]
