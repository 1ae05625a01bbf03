"""The register's pages: 25 rows each, walked by key, filtered as a selection by hand, counted up to a cap."""

import base64
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import product

import pytest
from sqlalchemy import event

from tests.decisions.lists import (
    Example,
    choice,
    count_line,
    refs_on,
    select_by_hand,
    store,
    value_of,
    walk,
    walk_back,
    walk_query,
)
from tests.factories import PASSWORD, make_decisions, make_unit, make_user
from tracker.accounts.reader import EVERYTHING, Reach
from tracker.database import db
from tracker.decisions.queries import RegisterFilter, Status, list_register
from tracker.records.models import CodeList
from tracker.records.scope import Scope
from tracker.records.services import code_ids
from tracker.rules.unexecuted import ClockKind
from tracker.web.pagination import Key

TODAY = date(2022, 2, 15)
INSATSER = ("Kontaktperson", "Boendestöd", "Särskilt boende")
UNITS = ("Vuxen", "Vuxen 1", "Vuxen 2", "Barn")
PREFIXES = ("A-", "a-", "Å-", "ä_", "100%-", "x*")
STARTS = (
    # Due 14 February, yesterday; 15 February, today; 17 March, in 30 days; 18 March, in 31 days; and far from them.
    date(2021, 11, 14), date(2021, 11, 15), date(2021, 12, 17), date(2021, 12, 18), date(2021, 6, 1), date(2022, 1, 20),
    date(2021, 11, 16),
)  # fmt: skip
STATUSES = ("", *(status.value for status in Status))


def a_register(count: int) -> list[Example]:
    """A register in which every kind of row meets every other."""
    return [
        Example(
            n,
            f"{PREFIXES[n % 6]}{n:03}",
            INSATSER[n % 3],
            UNITS[n // 2 % 4],
            STARTS[n % 7],
            interruption=n % 11 in {4, 7},
            ended=("", "", "", "verkstalld", "avslutad")[n % 5],
        )
        for n in range(count)
    ]


@pytest.fixture
def officer(app, client, frozen_day):
    """A handläggare of the whole organisation, signed in on 15 February 2022."""
    frozen_day(TODAY)
    client.sign_in(make_user("handlaggare@kommun.example", "handlaggare").email, PASSWORD)
    return client


@pytest.fixture
def examples(app):
    """130 clocks of every kind."""
    make_unit("Vuxen")
    for name, above in (("Vuxen 1", "Vuxen"), ("Vuxen 2", "Vuxen"), ("Barn", None)):
        make_unit(name, above)
    made = a_register(130)
    store(made, TODAY)
    return made


def same_day(count: int, **more: str) -> None:
    make_decisions([{"ref": f"S-{n:04}", "beslutsdatum": "2021-11-02"} | more for n in range(count)], today=TODAY)


class TestPages:
    """25 rows a page, one after the other."""

    def test_an_empty_register_says_what_it_is_for(self, officer):
        page = officer.get("/beslut")
        assert (page.heading, refs_on(page)) == ("Ej verkställda beslut", [])
        assert "Registret är tomt" in page.text
        assert "flask import decisions FIL" in page.text

    def test_one_clock_is_told_in_the_singular_and_leads_to_its_decision(self, officer):
        same_day(1)
        page = officer.get("/beslut")
        assert count_line(page).startswith("1 klocka ·")
        assert officer.click("S-0000").heading == "Beslut S-0000"

    @pytest.mark.parametrize("address", ["/beslut", "/beslut?status=ej-verkstallda"])
    def test_the_whole_list_is_walked_forward_and_back(self, officer, examples, address):
        expected = select_by_hand(examples, TODAY, status=address.partition("=")[2])
        forward = walk(officer, address)
        assert [ref for page in forward for ref in page] == expected
        assert [len(page) for page in forward[:-1]] == [25] * (len(forward) - 1)
        assert 1 <= len(forward[-1]) <= 25
        assert walk_back(officer) == forward

    @pytest.mark.parametrize("address", ["/beslut", "/beslut?status=over-tre-manader"])
    def test_rows_due_on_one_day_are_neither_lost_nor_doubled(self, officer, address):
        same_day(76)
        forward = walk(officer, address)
        assert [len(page) for page in forward] == [25, 25, 25, 1]
        refs = [ref for page in forward for ref in page]
        assert refs == sorted(refs, reverse=address == "/beslut")
        assert len(set(refs)) == 76
        assert walk_back(officer) == forward

    @pytest.mark.parametrize(("rows", "pages"), [(25, [25]), (26, [25, 1]), (50, [25, 25])])
    def test_a_list_that_fills_its_pages_has_no_empty_one_after(self, officer, rows, pages):
        same_day(rows)
        assert [len(page) for page in walk(officer, "/beslut")] == pages

    def test_what_waits_stands_longest_first_and_all_else_newest_first(self, officer, examples):
        for status in STATUSES:
            page = officer.get(f"/beslut?status={status}")
            days = page.table("Beslut och avbrott").column("Tre månader")
            longest_first = status not in {"", "verkstallda", "avslutade"}
            assert days == sorted(days, reverse=not longest_first)
            assert ("längst väntan först" in page.text) is longest_first

    def test_a_broken_key_starts_at_the_top(self, officer, examples):
        raws = [
            b"hej", b"2022-13-01.5", b"2022-02-15", b"2022-02-15.", b"2022-02-15.x", b"2022-02-15.-1", b"\xff\xfe",
            b"2022-02-15.99999999999999999999", b"2022-02-15.2147483648", b".", b"2022-02-15.5.5",
        ]  # fmt: skip
        keys = [base64.urlsafe_b64encode(raw).decode().rstrip("=") for raw in raws]
        keys += ["x", "åäö", "====", "%00", "' OR 1=1 --", "_" * 2_000]
        top = select_by_hand(examples, TODAY)[:25]
        for key, way in product(keys, ("efter", "fore")):
            assert refs_on(officer.get("/beslut", query_string={way: key})) == top, (way, key)

    @pytest.mark.parametrize("key", [Key(date(1, 1, 1), 0), Key(date(1, 1, 1), 2**31 - 1), Key(date(1900, 1, 1), 7)])
    def test_a_key_past_the_end_leads_back_to_the_top(self, officer, examples, key):
        page = officer.get(f"/beslut?klocka=beslut&efter={key}")
        assert page.path == "/beslut?klocka=beslut"
        assert refs_on(page) == select_by_hand(examples, TODAY, klocka="beslut")[:25]

    def test_a_key_with_the_largest_number_is_a_place_like_any_other(self, officer, examples):
        newest_first = select_by_hand(examples, TODAY)
        due = {example.ref: example.due_on for example in examples}
        page = officer.get(f"/beslut?efter={Key(TODAY, 2**31 - 1)}")
        assert refs_on(page) == [ref for ref in newest_first if due[ref] <= TODAY][:25]


class TestFilters:
    """Every filter and every combination of them, against a selection in Python over the same rows."""

    def test_a_row_says_what_the_register_knows(self, officer, examples):
        page = officer.get("/beslut?status=over-tre-manader&ref=A-")
        first = page.table("Beslut och avbrott").dicts()[0]
        # The first that runs from 1 June (place 4, 11, 18 …), has not ended and stands under A- (every sixth) is 60. It
        # was due on 1 September; to 15 February are 29 + 31 + 31 + 30 + 31 + 30 + 31 + 31 + 15 days.
        assert first == {
            "Beslut": "A-060", "Insats": "Kontaktperson", "Klocka från": "Beslut", "Enhet": "Vuxen 2",
            "Start": "2021-06-01", "Tre månader": "2021-09-01", "Väntetid, dagar": "259",
            "Status": "■ Över tre månader",
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("start", "status", "mark"),
        [
            ("2021-11-14", "over-tre-manader", "■ Över tre månader"),
            ("2021-11-15", "snart-tre-manader", "◆ Snart tre månader"),
            ("2021-12-17", "snart-tre-manader", "◆ Snart tre månader"),
            ("2021-12-18", None, "● Ej verkställt"),
            ("2021-11-30", "snart-tre-manader", "◆ Snart tre månader"),  # due 28 February, the month's last
        ],
    )
    def test_the_day_decides_what_is_overdue_and_what_is_soon(self, officer, start, status, mark):
        make_decisions([{"ref": "G-1", "beslutsdatum": start}], today=TODAY)
        assert officer.get("/beslut").table("Beslut").column("Status") == [mark]
        for asked in ("over-tre-manader", "snart-tre-manader"):
            assert refs_on(officer.get(f"/beslut?status={asked}")) == (["G-1"] if asked == status else [])
        assert refs_on(officer.get("/beslut?status=ej-verkstallda")) == ["G-1"]

    def test_each_filter_alone_lists_and_counts_what_a_selection_by_hand_does(self, officer, examples):
        asked = [("status", status, {"status": status}) for status in STATUSES]
        page = officer.get("/beslut")
        asked += [("insats", choice(page, "insats", name), {"insats": name}) for name in INSATSER]
        asked += [("klocka", kind, {"klocka": kind}) for kind in ("beslut", "avbrott")]
        below = {"Vuxen": {"Vuxen", "Vuxen 1", "Vuxen 2"}}
        asked += [("enhet", choice(page, "enhet", name), {"units": below.get(name, {name})}) for name in UNITS]
        asked += [("ref", prefix, {"ref": prefix}) for prefix in PREFIXES]
        for name, value, by_hand in asked:
            page = officer.get("/beslut", query_string={name: value})
            expected = select_by_hand(examples, TODAY, **by_hand)
            assert refs_on(page) == expected[:25], (name, value)
            assert count_line(page).startswith(f"{len(expected)} klock"), (name, value)

    def test_every_combination_lists_what_a_selection_by_hand_does(self, app, examples):
        codes = code_ids(CodeList.INTERVENTION)
        kinds = ("", "beslut", "avbrott")
        for status, insats, klocka, ref in product(STATUSES, ("", *INSATSER[:2]), kinds, ("", "A", "100%-0")):
            wanted = RegisterFilter(
                Status(status) if status else None, codes.get(insats), ClockKind(klocka) if klocka else None, ref
            )
            expected = select_by_hand(examples, TODAY, status=status, insats=insats, klocka=klocka, ref=ref)
            assert [row.ref for row in walk_query(wanted, EVERYTHING, TODAY)] == expected, wanted

    @pytest.mark.parametrize(
        ("tidigast", "senast"), [("2022-02-14", ""), ("", "2022-02-15"), ("2022-02-15", "2022-02-16"),
                                 ("2022-03-17", "2022-03-17"), ("2022-02-15", "2022-02-14")],
    )  # fmt: skip
    def test_the_days_between_which_three_months_end_narrow_every_list(self, app, examples, tidigast, senast):
        codes = code_ids(CodeList.INTERVENTION)
        days = [date.fromisoformat(day) if day else None for day in (tidigast, senast)]
        for status, insats, klocka in product(STATUSES, ("", INSATSER[0]), ("", "avbrott")):
            wanted = RegisterFilter(
                Status(status) if status else None, codes.get(insats), ClockKind(klocka) if klocka else None, "", *days
            )
            by_hand = {"status": status, "insats": insats, "klocka": klocka, "tidigast": tidigast, "senast": senast}
            expected = select_by_hand(examples, TODAY, **by_hand)
            assert [row.ref for row in walk_query(wanted, EVERYTHING, TODAY)] == expected, wanted

    def test_the_days_stand_in_the_address_and_in_the_form(self, officer, examples):
        assert "tidigast" not in {element.get("name") for element in officer.get("/beslut").tree.iter("input")}
        officer.get("/beslut?senast=2022-03-31")
        page = officer.submit({"tidigast": "2022-02-15", "senast": "2022-02-16"}, form="Filtrera")
        assert refs_on(page) == select_by_hand(examples, TODAY, tidigast="2022-02-15", senast="2022-02-16")[:25]
        assert (value_of(page, "tidigast"), value_of(page, "senast")) == ("2022-02-15", "2022-02-16")
        assert len(refs_on(officer.get("/beslut?tidigast=i+morgon&senast=2022-02-30"))) == 25

    def test_filters_stay_in_the_form_and_in_the_links_of_a_filtered_list(self, officer, examples):
        page = officer.get("/beslut")
        chosen = {"status": "ej-verkstallda", "enhet": choice(page, "enhet", "Vuxen")}
        page = officer.submit(chosen | {"ref": "A"}, form="Filtrera")
        expected = select_by_hand(
            examples, TODAY, status="ej-verkstallda", units={"Vuxen", "Vuxen 1", "Vuxen 2"}, ref="A"
        )
        assert [ref for refs in walk(officer, page.path) for ref in refs] == expected
        assert value_of(officer.page, "ref") == "A"
        (selected,) = (o for o in officer.page.form("Filtrera").iter("option") if o.get("value") == "ej-verkstallda")
        assert selected.get("selected") is not None
        assert len(refs_on(officer.click("Visa alla"))) == 25

    def test_the_next_page_of_a_filtered_list_is_filtered_too(self, officer, examples):
        expected = select_by_hand(examples, TODAY, klocka="beslut")
        forward = walk(officer, "/beslut?klocka=beslut")
        assert len(forward) > 2
        assert [ref for page in forward for ref in page] == expected
        assert walk_back(officer) == forward

    @pytest.mark.parametrize(
        "query", ["status=borta", "status=", "insats=abc", "insats=-1", "enhet=abc", "klocka=sol", "annat=1", "ref=",
                  "insats=99999999999999999999", "status=OPEN", "status=borta&klocka=x&enhet=*"],
    )  # fmt: skip
    def test_values_that_mean_nothing_are_ignored(self, officer, examples, query):
        page = officer.get(f"/beslut?{query}")
        assert refs_on(page) == select_by_hand(examples, TODAY)[:25]
        assert count_line(page).startswith("130 klockor")

    def test_a_filter_that_nothing_fits_says_so(self, officer, examples):
        page = officer.get("/beslut?ref=finns-inte")
        assert (refs_on(page), "Inget passar filtret" in page.text) == ([], True)
        assert count_line(page) == "0 klockor"


class TestByRef:
    """The beginning of a ref is taken as it is written: no sign of it stands for another."""

    REFS = ("B-1", "b-1", "B%1", "B_1", "B*1", "B?1", "Bå", "BÅ", "Bä", "BÖ", "B'1", "B", "BB", "Ö-1", "ö-1", "[B]")

    FOUND = {  # noqa: RUF012 - a table that nobody changes
        "B-": {"B-1"}, "b": {"b-1"}, "B%": {"B%1"}, "B_": {"B_1"}, "B*": {"B*1"}, "B?": {"B?1"}, "Bå": {"Bå"},
        "%": set(), "_": set(), "*": set(), "BÅ": {"BÅ"}, "Ö": {"Ö-1"}, "ö": {"ö-1"}, "B'": {"B'1"}, "BB": {"BB"},
        "[": {"[B]"}, "  B-  ": {"B-1"}, "B-1\x00": {"B-1"}, "1": set(), "B-12": set(),
    }  # fmt: skip

    def test_only_refs_that_begin_so_are_listed(self, officer):
        make_decisions([{"ref": ref} for ref in self.REFS], today=TODAY)
        for prefix, found in self.FOUND.items():
            assert set(refs_on(officer.get("/beslut", query_string={"ref": prefix}))) == found, prefix

    def test_more_than_a_thousand_fitting_decisions_are_filtered_like_few(self, officer):
        rows = [{"ref": f"M-{n:04}", "beslutsdatum": "2021-11-02"} for n in range(1_002)]
        rows[:3] = [row | {"verkstalld": "2021-12-01"} for row in rows[:3]]
        make_decisions([*rows, {"ref": "N-1"}], today=TODAY)
        assert count_line(officer.get("/beslut?ref=M-")).startswith("Fler än 1 000 klockor")
        assert refs_on(officer.get("/beslut?ref=M-&status=verkstallda")) == ["M-0002", "M-0001", "M-0000"]
        assert refs_on(officer.get("/beslut?ref=M-&status=avslutade")) == []
        found = [row.ref for row in walk_query(RegisterFilter(ref="M-"), EVERYTHING, TODAY)]
        assert found == [f"M-{n:04}" for n in reversed(range(1_002))]


class TestMany:
    """Past a thousand the count stops, and the list is walked another way with the same result."""

    @pytest.mark.parametrize("status", [None, Status.OPEN, Status.OVERDUE])
    @pytest.mark.parametrize("reach_of_all", [True, False])
    def test_the_two_ways_to_a_page_give_the_same_rows(self, app, status, reach_of_all):
        """A thousand clocks are found first and then put in order; one more, and the list is walked instead."""
        reach = EVERYTHING
        if not reach_of_all:
            unit = make_unit("Vuxen")
            reach = Reach(intervals=((unit.tree_from, unit.tree_to),), only_unit_id=unit.id)
        starts = [TODAY - timedelta(days=150 + n % 37) for n in range(1_000)]
        make_decisions(
            [{"ref": f"W-{n:04}", "beslutsdatum": start, "enhet": "Vuxen"} for n, start in enumerate(starts)],
            today=TODAY,
        )
        wanted = RegisterFilter(status)
        few = [row.ref for row in walk_query(wanted, reach, TODAY)]
        assert (len(few), len(set(few))) == (1_000, 1_000)
        assert not list_register(wanted, Scope(reach), TODAY).capped
        day = "2020-01-02" if status is None else "2021-11-10"  # last in its order: newest first, or longest first
        make_decisions([{"ref": "W-9999", "beslutsdatum": day, "enhet": "Vuxen"}], today=TODAY)
        page = list_register(wanted, Scope(reach), TODAY)
        assert (page.capped, page.count) == (True, 1_000)
        assert [row.ref for row in walk_query(wanted, reach, TODAY)] == [*few, "W-9999"]

    def test_the_page_says_that_there_are_more_than_a_thousand(self, officer):
        same_day(1_000)
        assert count_line(officer.get("/beslut")).startswith("1 000 klockor")
        make_decisions([{"ref": "T-1"}], today=TODAY)
        page = officer.get("/beslut")
        assert count_line(page).startswith("Fler än 1 000 klockor")
        assert len(refs_on(page)) == 25

    @pytest.mark.parametrize("rows", [30, 1_100])
    def test_a_page_costs_four_statements_whatever_the_number_of_rows(self, officer, rows):
        same_day(rows)
        first = officer.get("/beslut")  # units, codes and roles are asked for once and kept some seconds
        for address in (
            "/beslut",
            "/beslut?status=ej-verkstallda",
            first.links["Nästa sida"],
            "/beslut?klocka=avbrott",
            "/beslut?status=rapporteringspliktiga&tidigast=2022-01-01",
            "/beslut?status=sju-dagar",
        ):
            with statements() as said:
                officer.get(address)
            assert len(said) <= 4, said
        with statements() as said:
            officer.get("/beslut?ref=S-00")
        assert len(said) <= 5, said


@contextmanager
def statements():
    """Collects the statements that reach the database; a BEGIN is none."""
    said = []

    def listen(_connection, _cursor, statement, *_rest):
        if not statement.startswith("BEGIN"):
            said.append(statement)

    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        yield said
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)
