"""The provider of warnings: its rows, its counts, and the lists they lead to are the same clocks."""

from datetime import date, timedelta

import pytest

from tests.decisions.lists import number_of, protect, walk
from tests.factories import PASSWORD, make_decisions, make_unit, make_user
from tracker import clock
from tracker.accounts.reader import EVERYTHING, Reach, reader_by_email
from tracker.database import db
from tracker.decisions.queries import ask_open
from tracker.decisions.warnings import list_warnings, told_warnings, warning_lists
from tracker.records.models import RecordGrant
from tracker.records.questions import ask
from tracker.records.scope import Scope, scope_of
from tracker.rules.permissions import Permission
from tracker.rules.warnings import WarningKind

TODAY = date(2022, 2, 15)
ALL = Scope(EVERYTHING)
# Three months before 7, 8 and 14 February; 15, 22 and 23 February; 17 and 18 March.
STARTS = {
    "long-ago": "2021-11-07", "a-week-ago": "2021-11-08", "yesterday": "2021-11-14", "today": "2021-11-15",
    "in-7": "2021-11-22", "in-8": "2021-11-23", "in-30": "2021-12-17", "in-31": "2021-12-18",
}  # fmt: skip
STANDING = {
    WarningKind.REPORTABLE: ["a-week-ago", "yesterday"],
    WarningKind.SEVEN_DAYS: ["today", "in-7"],
    WarningKind.THIRTY_DAYS: ["in-8", "in-30"],
}


@pytest.fixture
def register(app, frozen_day):
    """Open clocks around every boundary, and the same executed."""
    frozen_day(TODAY)
    rows = [{"ref": ref, "beslutsdatum": start} for ref, start in STARTS.items()]
    rows += [{"ref": f"done-{ref}", "beslutsdatum": start, "verkstalld": "2022-01-10"} for ref, start in STARTS.items()]
    make_decisions(rows, today=TODAY)


def told(scope=ALL, **since) -> dict[WarningKind, list[str]]:
    found: dict[WarningKind, list[str]] = {}
    for warning in list_warnings(scope, TODAY, **since):
        found.setdefault(warning.kind, []).append(warning.ref)
    return found


def test_each_clock_is_warned_of_once_the_most_urgent_first(register):
    assert told() == STANDING
    assert list(told()) == list(STANDING)


def test_each_row_has_the_day_its_warning_fell_on(register):
    days = {warning.ref: warning.day for warning in list_warnings(ALL, TODAY)}
    # Due 8 February: reportable on the 9th. Due 15 and 22 February, warned of 7 days before; due 17 March, 30 before.
    assert days["a-week-ago"] == date(2022, 2, 9)
    assert days["today"] == date(2022, 2, 8)
    assert days["in-7"] == TODAY
    assert days["in-30"] == date(2022, 2, 15)


def counted(scope, today):
    lists = warning_lists(today)
    return told_warnings(lists, ask(ask_open([wanted for _, wanted in lists], scope, today)))


def test_a_judgment_comes_near_three_months_but_is_never_reportable(register):
    make_decisions(
        [{"ref": f"dom-{ref}", "beslutsdatum": start, "grund": "dom"} for ref, start in STARTS.items()], today=TODAY
    )
    found = told()
    assert found[WarningKind.REPORTABLE] == STANDING[WarningKind.REPORTABLE]
    assert set(found[WarningKind.SEVEN_DAYS]) == {"today", "in-7", "dom-today", "dom-in-7"}


def test_what_has_become_reportable_since_a_day_is_told_to_whoever_was_away(register):
    assert told(since=date(2022, 2, 8))[WarningKind.REPORTABLE] == ["long-ago", "a-week-ago", "yesterday"]
    assert told(since=TODAY)[WarningKind.REPORTABLE] == ["yesterday"]


def test_every_count_leads_to_a_list_of_exactly_its_rows(register, client):
    make_decisions([{"ref": "dom", "beslutsdatum": STARTS["yesterday"], "grund": "dom"}], today=TODAY)
    client.sign_in(make_user("handlaggare@kommun.example", "handlaggare").email, PASSWORD)
    counts = counted(ALL, TODAY)
    assert [count.kind for count in counts] == list(STANDING)
    for count in counts:
        refs = [ref for page in walk(client, f"/beslut?{count.parameters}") for ref in page]
        assert (refs, count.count) == (STANDING[count.kind], len(refs))


def test_nothing_is_counted_where_there_is_nothing(app, frozen_day):
    frozen_day(TODAY)
    make_decisions([{"ref": "in-31", "beslutsdatum": STARTS["in-31"]}], today=TODAY)
    assert counted(ALL, TODAY) == []


def test_the_warnings_are_those_of_the_readers_scope(register):
    unit = make_unit("Vuxen")
    make_decisions([{"ref": "V-1", "beslutsdatum": STARTS["today"], "enhet": "Vuxen"}], today=TODAY)
    reach = Reach(intervals=((unit.tree_from, unit.tree_to),), only_unit_id=unit.id)
    assert told(Scope(reach)) == {WarningKind.SEVEN_DAYS: ["V-1"]}
    assert told(Scope(Reach())) == {}


def test_a_protected_clock_is_told_of_to_whom_it_has_been_named_alone(register):
    user = make_user("eva@kommun.example", "handlaggare")
    protect("today")
    assert told()[WarningKind.SEVEN_DAYS] == ["in-7"]
    db.session.add(RecordGrant(record_id=number_of("today"), user_id=user.id, kind="named", given_at=clock.now()))
    db.session.commit()
    scope = scope_of(reader_by_email(user.email, TODAY), Permission.READ_DECISIONS)
    assert told(scope)[WarningKind.SEVEN_DAYS] == ["today", "in-7"]
    assert {count.kind: count.count for count in counted(scope, TODAY)}[WarningKind.SEVEN_DAYS] == 2


def test_the_start_page_tells_them_with_word_shape_and_list(register, client):
    client.sign_in(make_user("handlaggare@kommun.example", "handlaggare").email, PASSWORD)
    page = client.get("/")
    text = page.text
    assert "■ Försenad 2 har blivit rapporteringspliktiga de senaste sju dagarna" in text
    assert "◆ Snart 2 når tre månader inom 7 dagar" in text
    assert "◆ Snart 2 når tre månader om 8–30 dagar" in text
    assert "IVO tog emot rapporterna 1 januari 2022 till 31 januari 2022." in text
    listed = client.click("2 når tre månader om 8–30 dagar")
    assert listed.table("Beslut och avbrott").column("Beslut") == STANDING[WarningKind.THIRTY_DAYS]


@pytest.mark.parametrize(
    ("today", "told"),
    [
        (date(2022, 1, 2), "● Öppet IVO tar emot rapporterna för kvartal 4 2021 till och med 31 januari 2022."),
        (date(2022, 1, 24), "◆ Snart IVO tar emot rapporterna för kvartal 4 2021 till och med 31 januari 2022, om 7 "),
        (date(2022, 1, 30), "till och med 31 januari 2022, i morgon."),
        (date(2022, 1, 31), "till och med 31 januari 2022, i dag."),
        (date(2022, 2, 1), None),
    ],
)
def test_the_start_page_tells_of_ivos_window_while_it_is_open(app, client, frozen_day, today, told):
    frozen_day(today)
    make_decisions([{"ref": "B-01", "beslutsdatum": today - timedelta(days=10)}], today=today)
    client.sign_in(make_user("handlaggare@kommun.example", "handlaggare").email, PASSWORD)
    text = client.get("/").text
    assert (told in text) if told else ("Påminnelser" not in text)
