"""What IVO sends back about a decision: noted with its last day, shown on the start page, answered."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.decisions.lists import number_of
from tests.decisions.running import clock
from tests.factories import PASSWORD, make_decisions, make_unit, make_user
from tests.records.granting import close, protect
from tests.sending.locking import lock
from tests.support.checks import text_of
from tests.support.pages import PageClient
from tests.support.traces import traces_left
from tracker.audit.history import list_history
from tracker.audit.models import AuditRead
from tracker.database import db
from tracker.decisions.ivo_matters import list_matters, list_open, timeline_entries
from tracker.records.scope import EVERY_RECORD
from tracker.rules.permissions import Role
from tracker.rules.quarters import Quarter
from tracker.rules.trail import Action, ReadKind

TODAY = date(2022, 2, 15)
EVA = "eva@kommun.example"
OPEN = "Att besvara till IVO"


@pytest.fixture
def eva(app, client, frozen_day):
    """A handläggare of everything, with two decisions."""
    frozen_day(TODAY)
    make_unit("Barn")
    make_decisions([{"ref": "B-01", "enhet": "Vuxen"}, {"ref": "B-02", "enhet": "Vuxen"}], today=TODAY)
    client.sign_in(make_user(EVA, Role.CASE_OFFICER, name="Eva Ek").email, PASSWORD)
    return client


def ivo_page(visitor: PageClient, ref: str = "B-01", what: str = "", status: int = 200):
    return visitor.get(f"/beslut/{number_of(ref)}/ivo{what}", status=status)


def note(visitor: PageClient, ref: str = "B-01", status: int = 200, **fields: str):
    """Notes a matter as its page does; a begäran om yttrande of 1 February unless something else is said."""
    ivo_page(visitor, ref, "/ny")
    return visitor.submit({"mottagen": "2022-02-01"} | fields, form="mottagen", status=status)


def errors_on(page) -> str:
    return " ".join(text_of(e) for e in page.tree.iter("p") if e.get("class") == "field-error")


def open_on(page) -> list[tuple[str, str]]:
    """(ref, state) of what the start page says waits for an answer."""
    if OPEN not in page.text:
        return []
    return [(row["Beslut"], row["Läge"]) for row in page.table(OPEN).dicts()]


def test_it_is_noted_and_listed_with_the_decision(eva):
    page = note(eva, svara_senast="2022-03-01", ivo_dnr="3.1-1/2022", eget_dnr="SN 7", utfall="Vill veta varför")
    (row,) = page.table("Från IVO").dicts()
    assert row == {
        "Vad": "Begäran om yttrande", "Kom": "2022-02-01", "Svara senast": "2022-03-01", "Besvarat": "–",
        "IVO:s dnr": "3.1-1/2022", "Eget dnr": "SN 7", "Innehåll och utfall": "Vill veta varför",
        "Läge": "● 14 dagar kvar",
    }  # fmt: skip
    assert traces_left(["Vill veta varför"]) == set()
    assert "IVO: det som är sänt och det som har kommit" in eva.get(f"/beslut/{number_of('B-01')}").links


def test_it_is_answered(eva):
    note(eva, svara_senast="2022-03-01")
    eva.click("Begäran om yttrande 2022-02-01")
    page = eva.submit({"besvarad": "2022-02-14", "utfall": "Svarat"}, form="mottagen")
    assert page.table("Från IVO").column("Läge") == ["✓ Besvarat"]
    assert open_on(eva.get("/")) == []
    event, *_ = list_history(number_of("B-01"), with_personal=True)
    told = {change.field: (change.old, change.new) for change in event.changes}
    assert event.action is Action.IVO_MATTER_NOTED
    assert told == {"answered_on": (None, "2022-02-14"), "outcome": ("", "Svarat")}


@pytest.mark.parametrize(
    ("last_day", "state"),
    [
        ("2022-02-13", "■ 2 dagar försenat"),
        ("2022-02-14", "■ 1 dag försenat"),
        ("2022-02-15", "◆ Svara i dag"),
        ("2022-02-16", "◆ 1 dag kvar"),
        ("2022-02-22", "◆ 7 dagar kvar"),
        ("2022-02-23", "● 8 dagar kvar"),
    ],
)
def test_the_start_page_tells_how_many_days_are_left(eva, last_day, state):
    note(eva, svara_senast=last_day)
    assert open_on(eva.get("/")) == [("B-01", state)]


def test_the_first_to_be_answered_stands_first_and_what_asks_nothing_not_at_all(eva):
    note(eva, "B-01", svara_senast="2022-03-10")
    note(eva, "B-02", svara_senast="2022-03-01")
    note(eva, "B-02", slag="beslut")
    assert [ref for ref, _ in open_on(eva.get("/"))] == ["B-02", "B-01"]
    assert [(one.ref, one.days_left) for one in list_open(EVERY_RECORD, TODAY)] == [("B-02", 14), ("B-01", 23)]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"mottagen": ""}, "Skriv den dag då det kom"),
        ({"mottagen": "igår"}, "går inte att läsa"),
        ({"mottagen": "2022-02-16"}, "ligger i framtiden"),
        ({"mottagen": "2021-01-06"}, "ligger före beslutsdatum"),
        ({"svara_senast": "2022-01-31"}, "Sista dag att svara ligger före"),
        ({"besvarad": "2022-01-31"}, "Svaret ligger före"),
        ({"ivo_dnr": "x" * 61}, "Skriv högst 60 tecken"),
        ({"utfall": "Gäller 19121212-1212"}, "ser ut att innehålla ett personnummer"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(eva, fields, told):
    assert told in errors_on(note(eva, status=422, **fields))
    assert list_matters(number_of("B-01")) == []


def test_two_who_change_it_at_once_choose(eva, app):
    note(eva)
    other = PageClient(app)
    other.sign_in(make_user("bo@kommun.example", Role.CASE_OFFICER).email, PASSWORD)
    for visitor in (eva, other):
        ivo_page(visitor)
        visitor.click("Begäran om yttrande 2022-02-01")
    other.submit({"ivo_dnr": "3.1-1"}, form="mottagen")
    page = eva.submit({"ivo_dnr": "3.1-2"}, form="mottagen", status=409)
    assert "Nu står: 3.1-1" in page.text
    eva.submit({"valj-ivo_dnr": "mitt"})
    (row,) = list_matters(number_of("B-01"))
    assert (row.matter.ivo_ref, row.version) == ("3.1-2", 3)


class TestSecrecy:
    """As the decision itself."""

    def test_it_is_a_reading_of_the_decision(self, eva):
        ivo_page(eva)
        ivo_page(eva, what="/ny")
        db.session.rollback()
        reads = list(db.session.execute(select(AuditRead.kind, AuditRead.record_id)))
        assert [tuple(read) for read in reads] == [(ReadKind.RECORD.value, number_of("B-01"))] * 2

    def test_what_is_protected_or_closed_is_neither_shown_nor_told(self, eva):
        make_user("bo@kommun.example", Role.CASE_OFFICER)
        note(eva, "B-01", svara_senast="2022-03-01")
        note(eva, "B-02", svara_senast="2022-03-01")
        protect("B-01", "bo@kommun.example")
        close("B-02", EVA)
        assert open_on(eva.get("/")) == []
        for ref in ("B-01", "B-02"):
            for what in ("", "/ny", f"/{list_matters(number_of(ref))[0].id}"):
                ivo_page(eva, ref, what, status=404)

    def test_another_unit_sees_nothing(self, eva, app):
        note(eva, svara_senast="2022-03-01")
        visitor = PageClient(app)
        visitor.sign_in(make_user("barn@kommun.example", Role.CASE_OFFICER, unit="Barn").email, PASSWORD)
        assert open_on(visitor.get("/")) == []
        ivo_page(visitor, status=404)

    def test_a_manager_reads_and_changes_nothing(self, eva, app):
        note(eva)
        visitor = PageClient(app)
        visitor.sign_in(make_user("chef@kommun.example", Role.MANAGER, unit="Vuxen").email, PASSWORD)
        page = ivo_page(visitor)
        assert page.table("Från IVO").column("Vad") == ["Begäran om yttrande"]
        assert "Notera svar från IVO" not in page.links
        ivo_page(visitor, what="/ny", status=403)

    def test_another_decisions_matter_is_not_found(self, eva):
        note(eva, "B-01")
        assert ivo_page(eva, "B-02", f"/{list_matters(number_of('B-01'))[0].id}", status=404).status == 404


def test_the_timeline_has_what_was_sent_and_what_came(eva):
    lock(Quarter(2021, 4), {"B-01": "new"})
    eva.get(f"/rapporter/kvartal/2021/4/ivo/{clock('B-01').id}/ny")
    eva.submit({"sand_den": "2022-01-20", "gor": "sand"}, form="sand_den")
    note(eva, svara_senast="2022-03-01", besvarad="2022-02-10", utfall="Hemligt")
    assert timeline_entries(number_of("B-01")) == [
        (date(2022, 1, 20), "Individrapport sänd till IVO: ny, kvartal 4 2021"),
        (date(2022, 2, 1), "Från IVO: begäran om yttrande, svara senast 2022-03-01"),
        (date(2022, 2, 10), "Besvarat till IVO: begäran om yttrande"),
    ]
    page = ivo_page(eva)
    assert page.table("Individrapporter").rows == [["2022-01-20", "Ny", "4 2021"]]
    assert timeline_entries(number_of("B-02")) == []


def test_a_person_that_is_forgotten_takes_the_words_along(eva):
    from tests.decisions.test_forgetting import forget

    make_decisions([{"ref": "B-01", "verkstalld": "2021-11-01"}], today=TODAY)
    note(eva, ivo_dnr="3.1-7", eget_dnr="SN 7", utfall="Om Bodil")
    record_id = number_of("B-01")
    forget(record_id)
    (row,) = list_matters(record_id)
    assert (row.matter.outcome, row.matter.ivo_ref, row.matter.own_ref) == ("", "", "")
    assert row.matter.received_on == date(2022, 2, 1)
