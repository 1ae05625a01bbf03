"""Who sees which decisions: the list, the count, the decision's page and both exports say the same, by a table here."""

from datetime import date, timedelta

import pytest

from tests.decisions.lists import (
    choice,
    count_line,
    csv_rows,
    number_of,
    protect,
    refs_on,
    walk_query,
    xlsx_rows,
)
from tests.factories import LONG_AGO, PASSWORD, make_decisions, make_unit, make_user
from tests.support.pages import PageClient
from tracker import clock
from tracker.accounts.queries import list_units
from tracker.accounts.reader import EVERYTHING, Reach, reach_of, reader_by_email
from tracker.accounts.services import give_role
from tracker.database import db
from tracker.decisions.queries import RegisterFilter, Status, count_register
from tracker.records.scope import Scope
from tracker.rules.permissions import Permission, Role

TODAY = date(2022, 2, 15)
TREE = (("Vuxen", None), ("Vuxen 1", "Vuxen"), ("Vuxen 1 natt", "Vuxen 1"), ("Vuxen 2", "Vuxen"), ("Barn", None),
        ("Barn 1", "Barn"), ("Barn 2", "Barn"))  # fmt: skip
UNIT_OF = {
    "T-0": "Socialförvaltningen", "V-0": "Vuxen", "V-1": "Vuxen 1", "V-1n": "Vuxen 1 natt", "V-2": "Vuxen 2",
    "B-0": "Barn", "B-1": "Barn 1", "B-2": "Barn 2",
}  # fmt: skip
# Roles as (unit, first day, last day); None: no limit.
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
READERS = {
    "their own unit alone": ([("Vuxen 2", None, None)], {"V-2"}),
    "another unit beside": ([("Barn 1", None, None)], {"B-1"}),
    "their unit and the one below": ([("Vuxen 1", None, None)], {"V-1", "V-1n"}),
    "a branch": ([("Vuxen", None, None)], {"V-0", "V-1", "V-1n", "V-2"}),
    "the top": ([("Socialförvaltningen", None, None)], set(UNIT_OF)),
    "several parts": ([("Vuxen 2", None, None), ("Barn", None, None)], {"V-2", "B-0", "B-1", "B-2"}),
    "parts beside each other": ([("Barn 2", None, None), ("Vuxen 1 natt", None, None)], {"B-2", "V-1n"}),
    "parts within each other": ([("Vuxen", None, None), ("Vuxen 1", None, None)], {"V-0", "V-1", "V-1n", "V-2"}),
    "the top and a part": ([("Barn 1", None, None), ("Socialförvaltningen", None, None)], set(UNIT_OF)),
    "one role that ended yesterday": ([("Vuxen", None, YESTERDAY), ("Barn 1", None, None)], {"B-1"}),
    "one role that begins tomorrow": ([("Vuxen", TOMORROW, None), ("Barn 1", None, None)], {"B-1"}),
    "a role that ends today": ([("Vuxen 2", None, TODAY)], {"V-2"}),
}


@pytest.fixture
def organisation(app, frozen_day):
    """Eight units in a tree, each with one decision named after it."""
    frozen_day(TODAY)
    for name, above in TREE:
        make_unit(name, above)
    make_decisions([{"ref": ref, "enhet": unit} for ref, unit in UNIT_OF.items()], today=TODAY)
    return app


def reader_of(*held, email: str = "eva@kommun.example", role: Role = Role.CASE_OFFICER) -> str:
    """The address of a new user who holds a role for units, each from a day to a day."""
    units = {unit.name: unit for unit in list_units()}
    user = make_user(email)
    for unit, from_on, to_on in held:
        give_role(user, role, units[unit], clock.now(), from_on or LONG_AGO, to_on)
    db.session.commit()
    return email


def sign_in(app, email: str) -> PageClient:
    visitor = PageClient(app)
    visitor.sign_in(email, PASSWORD)
    return visitor


class TestScope:
    """One table, five places that must agree with it."""

    @pytest.mark.parametrize("who", READERS)
    def test_list_count_pages_and_exports_agree_with_the_table(self, organisation, who):
        held, expected = READERS[who]
        visitor = sign_in(organisation, reader_of(*held))
        page = visitor.get("/beslut")
        assert set(refs_on(page)) == expected
        assert count_line(page).startswith(f"{len(expected)} klock")
        assert {row["ref"] for row in csv_rows(visitor.get("/beslut/export.csv"))} == expected
        assert {row["ref"] for row in xlsx_rows(visitor.get("/beslut/export.xlsx"))} == expected
        for ref in UNIT_OF:
            page = visitor.get(f"/beslut/{number_of(ref)}", status=200 if ref in expected else 404)
            assert (ref in page.text) is (ref in expected)

    @pytest.mark.parametrize("who", READERS)
    def test_the_start_page_counts_what_the_table_holds(self, organisation, who):
        held, expected = READERS[who]
        visitor = sign_in(organisation, reader_of(*held))
        assert f"{len(expected)} väntar på att verkställas" in visitor.get("/").links

    def test_whoever_holds_no_role_today_opens_nothing(self, organisation):
        visitor = sign_in(organisation, reader_of(("Vuxen", None, YESTERDAY)))
        for path in ("/beslut", "/beslut/export.csv", "/beslut/export.xlsx", f"/beslut/{number_of('V-0')}"):
            assert "V-0" not in visitor.get(path, status=403).text

    @pytest.mark.parametrize("role", [Role.MANAGER, Role.QUALITY_LEAD])
    def test_other_roles_that_read_the_register_reach_as_far(self, organisation, role):
        visitor = sign_in(organisation, reader_of(("Vuxen 1", None, None), role=role))
        assert set(refs_on(visitor.get("/beslut"))) == {"V-1", "V-1n"}

    def test_the_unit_filter_offers_what_the_reader_reaches_and_nothing_else(self, organisation):
        visitor = sign_in(organisation, reader_of(("Vuxen", None, None)))
        page = visitor.get("/beslut")
        (select,) = (element for element in page.tree.iter("select") if element.get("name") == "enhet")
        names = ["".join(option.itertext()).strip() for option in select.iter("option")]
        assert names == ["Alla", "Vuxen", "Vuxen 1", "Vuxen 1 natt", "Vuxen 2"]

    def test_a_reader_of_one_unit_is_not_asked_which(self, organisation):
        page = sign_in(organisation, reader_of(("Vuxen 2", None, None))).get("/beslut")
        assert "Enhet" not in page.table("Beslut och avbrott").head
        assert not [element for element in page.tree.iter("select") if element.get("name") == "enhet"]

    def test_a_unit_filter_narrows_to_the_unit_and_all_below_it(self, organisation):
        visitor = sign_in(organisation, reader_of(("Socialförvaltningen", None, None)))
        page = visitor.get("/beslut")
        for unit, expected in (("Vuxen 1", {"V-1", "V-1n"}), ("Barn 2", {"B-2"}), ("Barn", {"B-0", "B-1", "B-2"})):
            number = choice(page, "enhet", unit)
            assert set(refs_on(visitor.get(f"/beslut?enhet={number}"))) == expected
            assert {row["ref"] for row in csv_rows(visitor.get(f"/beslut/export.csv?enhet={number}"))} == expected

    @pytest.mark.parametrize("unit", ["Barn 1", "Vuxen", "Socialförvaltningen", None])
    def test_a_unit_outside_shows_nothing_and_says_so(self, organisation, unit):
        number = next((row.id for row in list_units() if row.name == unit), 999_999_999)
        visitor = sign_in(organisation, reader_of(("Vuxen 2", None, None)))
        page = visitor.get(f"/beslut?enhet={number}")
        assert refs_on(page) == []
        assert "utanför det du har tillgång till" in count_line(page)
        assert csv_rows(visitor.get(f"/beslut/export.csv?enhet={number}")) == []
        assert xlsx_rows(visitor.get(f"/beslut/export.xlsx?enhet={number}")) == []

    def test_the_address_of_a_list_shows_each_reader_what_they_may_see(self, organisation):
        one = sign_in(organisation, reader_of(("Vuxen", None, None)))
        other = sign_in(organisation, reader_of(("Vuxen 1", None, None), email="bo@kommun.example"))
        address = f"/beslut?status=ej-verkstallda&enhet={choice(one.get('/beslut'), 'enhet', 'Vuxen 1')}&ref=V-"
        for visitor in (one, other):
            assert set(refs_on(visitor.get(address))) == {"V-1", "V-1n"}
        address = "/beslut?status=ej-verkstallda&ref=V-"
        assert set(refs_on(one.get(address))) == {"V-0", "V-1", "V-1n", "V-2"}
        assert set(refs_on(other.get(address))) == {"V-1", "V-1n"}

    @pytest.mark.parametrize("number", [0, 999_999, 2**31, 2**63, 99999999999999999999])
    def test_a_number_that_no_decision_bears_is_not_found(self, organisation, number):
        visitor = sign_in(organisation, reader_of(("Vuxen", None, None)))
        assert visitor.get(f"/beslut/{number}", status=404).heading == "Sidan finns inte"


class TestManyRows:
    """The scope holds on either way to a page, for every shape of reach."""

    @pytest.mark.parametrize("who", READERS)
    @pytest.mark.parametrize("rows_a_unit", [20, 1_050])
    def test_a_walk_through_all_pages_lists_the_units_in_reach(self, organisation, who, rows_a_unit):
        held, expected = READERS[who]
        units = {UNIT_OF[ref] for ref in expected}
        chosen = ("Vuxen 2", "Barn 1", "Vuxen 1 natt")
        rows = [
            {"ref": f"{unit}:{n:04}", "enhet": unit, "beslutsdatum": TODAY - timedelta(days=91 + n % 50)}
            for n in range(rows_a_unit)
            for unit in chosen
        ]
        make_decisions(rows, today=TODAY)
        reach = reader_by_email(reader_of(*held), TODAY).reach(Permission.READ_DECISIONS)
        inside = {row["ref"] for row in rows if row["enhet"] in units}
        for status in (None, Status.OPEN):
            found = [row.ref for row in walk_query(RegisterFilter(status), reach, TODAY)]
            assert len(found) == len(set(found)) == len(inside | expected)
            assert set(found) == inside | expected
            assert count_register(RegisterFilter(status), Scope(reach), TODAY) == len(found)

    def test_no_reach_lists_nothing(self, organisation):
        assert reach_of(()) == Reach()
        assert walk_query(RegisterFilter(), Reach(), TODAY) == []
        assert len(walk_query(RegisterFilter(), EVERYTHING, TODAY)) == len(UNIT_OF)


class TestProtected:
    """A decision of a person with protected identity is shown to nobody here, whatever the role."""

    @pytest.mark.parametrize("unit", ["Socialförvaltningen", "Vuxen", "Vuxen 2"])
    def test_it_stands_in_no_list_page_or_export(self, organisation, unit):
        protect("V-2")
        held = READERS["the top"][0] if unit == "Socialförvaltningen" else [(unit, None, None)]
        visitor = sign_in(organisation, reader_of(*held))
        for path in ("/", "/beslut", "/beslut?status=ej-verkstallda", "/beslut?ref=V-2", "/beslut?klocka=beslut"):
            assert "V-2" not in visitor.get(path).links
        assert "V-2" not in {row["ref"] for row in csv_rows(visitor.get("/beslut/export.csv"))}
        assert "V-2" not in {row["ref"] for row in xlsx_rows(visitor.get("/beslut/export.xlsx"))}
        assert "V-2" not in visitor.get(f"/beslut/{number_of('V-2')}", status=404).text

    def test_it_is_not_counted_either(self, organisation):
        protect("V-0", "V-1")
        visitor = sign_in(organisation, reader_of(("Vuxen", None, None)))
        assert count_line(visitor.get("/beslut")).startswith("2 klockor")
        assert "2 väntar på att verkställas" in visitor.get("/").links
