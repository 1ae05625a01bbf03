"""The work view: an individrapport for every clock that stood in the locked report, what is left first."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.decisions.lists import number_of
from tests.decisions.running import clock, clocks
from tests.decisions.test_register import statements
from tests.factories import PASSWORD, make_decisions, make_user
from tests.records.granting import close, protect, void
from tests.sending.conftest import BO, EVA, QUARTER, TODAY
from tests.sending.locking import kept, lock
from tests.support.pages import PageClient
from tracker.audit.models import AuditRead
from tracker.database import db
from tracker.rules.permissions import Role
from tracker.rules.quarters import Quarter
from tracker.rules.trail import ReadKind

WORK = "/rapporter/kvartal/2021/4/ivo"
CAPTION, NOW = "Individrapporter", "Kan sändas nu"


def listed(page, caption: str = CAPTION) -> list[tuple[str, str]]:
    """(ref, type) of the list's rows, in its order."""
    if caption not in [c.text for c in page.tree.iter("caption")]:
        return []
    return [(row["Beslut"], row["Rapporttyp"]) for row in page.table(caption).dicts()]


def states(page, caption: str = CAPTION) -> dict[tuple[str, str], str]:
    """What the list says of each individrapport."""
    return {(row["Beslut"], row["Rapporttyp"]): row["Läge"] for row in page.table(caption).dicts()}


def send(visitor: PageClient, ref: str, ivo_type: str, quarter: Quarter = QUARTER, number: int = 0) -> None:
    """Marks an individrapport as sent, as its page does."""
    item = clocks(ref)[number]
    visitor.get(f"/rapporter/kvartal/{quarter.year}/{quarter.number}/ivo/{item.id}/{ivo_type}")
    visitor.submit({"gor": "sand"}, form="sand_den")


class TestList:
    """What is to be sent."""

    def test_every_clock_has_its_individrapporter_by_ivos_types(self, eva):
        page = eva.get(WORK)
        assert listed(page) == [
            ("X", "Ny"), ("Y", "Ny"), ("N", "Ny"),
            ("S", "Fortfarande ej verkställd"),
            ("E", "Verkställd"), ("X", "Verkställd"),
            ("C", "Avslutad"), ("Y", "Avslutad"),
        ]  # fmt: skip
        assert "0 av 8 sända" in page.text
        assert "Låst version 1 · avstämningsdatum 31 december 2021" in page.text

    def test_what_is_sent_counts_and_comes_last(self, eva):
        send(eva, "N", "ny")
        page = eva.get(WORK)
        assert "1 av 8 sända" in page.text
        assert listed(page)[-1] == ("N", "Ny")
        assert states(page)["N", "Ny"] == "✓ Sänd 2022-02-15"

    def test_it_follows_the_newest_version(self, eva):
        lock(QUARTER, {"N": "new"}, reason="Fel klass")
        page = eva.get(WORK)
        assert listed(page) == [("N", "Ny")]
        assert "Låst version 2" in page.text

    def test_what_was_sent_and_no_longer_stands_so_is_to_be_corrected(self, eva):
        send(eva, "S", "fortfarande")
        lock(QUARTER, {"N": "new", "S": "new"}, reason="Fel klass")
        page = eva.get(WORK)
        assert "Rätta hos IVO" in states(page)["S", "Fortfarande ej verkställd"]
        assert "Sänd, men står inte så i den låsta rapporten" in states(page)["S", "Fortfarande ej verkställd"]
        assert ("S", "Ny") in listed(page)

    def test_voided_and_removed_clocks_are_told(self, eva):
        void("S")
        void("N")
        page = eva.get(WORK)
        assert states(page)["S", "Fortfarande ej verkställd"] == "■ Rätta hos IVO Makulerat efter att det rapporterats"
        assert states(page)["N", "Ny"] == "— Ska inte sändas Makulerat innan det sändes"
        assert "0 av 6 sända" in page.text
        assert "S, fortfarande ej verkställd" not in page.links
        eva.get(f"{WORK}/{clock('S').id}/fortfarande", status=404)

    def test_a_quarter_that_is_not_locked_says_so(self, eva):
        page = eva.get("/rapporter/kvartal/2022/1/ivo")
        assert "Kvartalets rapport är inte låst än" in page.text
        assert listed(page) == []

    def test_a_quarter_that_does_not_exist_is_not_found(self, eva):
        assert eva.get("/rapporter/kvartal/2021/5/ivo", status=404).status == 404


class TestFilters:
    """By handler, insats and state."""

    def test_each_filter_leaves_what_fits(self, eva):
        send(eva, "E", "verkstalld")
        eva.get(f"{WORK}/{clock('N').id}/ny")
        eva.submit({"gor": "ta"}, form="sand_den")
        boendestod = clock("S").intervention_id
        assert listed(eva.get(f"{WORK}?handlaggare=Eva+Ek")) == [("N", "Ny")]
        assert listed(eva.get(f"{WORK}?insats={boendestod}")) == [("S", "Fortfarande ej verkställd")]
        assert listed(eva.get(f"{WORK}?visa=sand")) == [("E", "Verkställd")]
        assert len(listed(eva.get(f"{WORK}?visa=kvar"))) == 7
        assert listed(eva.get(f"{WORK}?visa=mina")) == [("N", "Ny")]
        assert states(eva.page)["N", "Ny"] == "◆ Tagen av Eva Ek"

    def test_nonsense_in_the_address_filters_nothing(self, eva):
        assert len(listed(eva.get(f"{WORK}?visa=x&insats=y&rad=z"))) == 8

    def test_a_long_list_goes_on_on_the_next_page(self, eva):
        refs = [f"M-{n:02}" for n in range(30)]
        make_decisions([{"ref": ref, "beslutsdatum": "2021-08-02"} for ref in refs], today=TODAY)
        lock(QUARTER, dict.fromkeys(refs, "new"), reason="Fler")
        page = eva.get(WORK)
        assert [ref for ref, _ in listed(page)] == refs[:25]
        assert [ref for ref, _ in listed(eva.click("Nästa sida"))] == refs[25:]
        assert "0 av 30 sända" in eva.page.text


class TestSecrecy:
    """Within the scope alone."""

    def test_protected_ones_are_counted_and_shown_to_those_named(self, eva, app):
        make_user(BO, Role.CASE_OFFICER)
        protect("X", BO)
        page = eva.get(WORK)
        assert "1 skyddad visas inte" in page.text
        assert {"X"} & {ref for ref, _ in listed(page)} == set()
        eva.get(f"{WORK}/{clock('X').id}/ny", status=404)
        other = PageClient(app)
        other.sign_in(BO, PASSWORD)
        assert ("X", "Ny") in listed(other.get(WORK))
        assert "visas inte" not in other.page.text
        assert "Ja" in other.get(f"{WORK}/{clock('X').id}/ny").text

    def test_a_closed_one_is_not_shown(self, eva):
        close("N", EVA)
        assert ("N", "Ny") not in listed(eva.get(WORK))
        eva.get(f"{WORK}/{clock('N').id}/ny", status=404)

    def test_another_units_clocks_are_neither_shown_nor_counted(self, eva, app):
        visitor = PageClient(app)
        visitor.sign_in(make_user("barn@kommun.example", Role.CASE_OFFICER, unit="Barn").email, PASSWORD)
        page = visitor.get(WORK)
        assert listed(page) == []
        assert "visas inte" not in page.text
        visitor.get(f"{WORK}/{clock('N').id}/ny", status=404)

    def test_a_voided_one_that_was_protected_stays_so(self, eva):
        make_user(BO, Role.CASE_OFFICER)
        protect("S", BO)
        void("S")
        assert "S" not in {ref for ref, _ in listed(eva.get(WORK))}

    def test_that_the_list_was_read_is_noted(self, eva):
        eva.get(WORK)
        db.session.rollback()
        read = db.session.scalars(select(AuditRead).order_by(AuditRead.id.desc()).limit(1)).one()
        assert (read.kind, read.what, read.row_count) == (ReadKind.REPORT, "ivo", 8)


class TestNow:
    """Executions and closings can be sent at any time."""

    @pytest.fixture
    def ended(self, eva):
        """The report has been locked in full, and S, which stood in it, was executed on 10 February."""
        ends = {"E": "2021-03-01", "C": "2021-04-01", "X": "2021-07-05", "Y": "2021-07-06"}
        locked = [{"ref": ref, "beslutsdatum": on, "slutrapporterad": "2021-12-31"} for ref, on in ends.items()]
        locked[2]["forst_rapporterad"] = locked[3]["forst_rapporterad"] = "2021-12-31"
        later = {"ref": "S", "beslutsdatum": "2021-02-01", "insats": "Boendestöd", "verkstalld": "2022-02-10"}
        make_decisions([*locked, later], today=TODAY)
        return eva

    def test_what_has_ended_since_is_listed_with_its_own_quarter(self, ended):
        page = ended.get(WORK)
        assert listed(page, NOW) == [("S", "Verkställd")]
        assert page.links["S, verkställd"] == f"/rapporter/kvartal/2022/1/ivo/{clock('S').id}/verkstalld"
        assert ("S", "Fortfarande ej verkställd") in listed(page)

    def test_one_that_is_sent_is_shown_so_and_its_report_days_stay(self, ended):
        send(ended, "S", "verkstalld", Quarter(2022, 1))
        assert states(ended.get(WORK), NOW)["S", "Verkställd"] == "✓ Sänd 2022-02-15"
        assert clock("S").final_reported_on is None

    def test_it_is_sent_already_when_the_next_report_is_locked(self, ended):
        send(ended, "S", "verkstalld", Quarter(2022, 1))
        lock(Quarter(2022, 1), {"S": "executed", "N": "still_unexecuted"}, cutoff_on=date(2022, 2, 14))
        page = ended.get("/rapporter/kvartal/2022/1/ivo")
        assert "1 av 2 sända" in page.text
        assert states(page)["S", "Verkställd"] == "✓ Sänd 2022-02-15"
        assert listed(page, NOW) == []

    def test_an_end_that_no_report_has_begun_is_not_offered(self, ended):
        make_decisions([{"ref": "U", "beslutsdatum": "2021-08-02", "verkstalld": "2022-02-01"}], today=TODAY)
        assert ("U", "Verkställd") not in listed(ended.get(WORK), NOW)
        ended.get(f"/rapporter/kvartal/2022/1/ivo/{clock('U').id}/verkstalld", status=404)

    def test_only_the_end_that_stands_in_the_register_is_offered(self, ended):
        number = clock("S").id
        assert ended.get(f"/rapporter/kvartal/2022/1/ivo/{number}/avslutad", status=404).status == 404
        ended.get(f"/rapporter/kvartal/2021/4/ivo/{number}/verkstalld", status=404)


def test_an_interruption_stands_with_its_own_day(eva):
    make_decisions([{"ref": "N", "beslutsdatum": "2021-08-02", "avbrottsdatum": "2021-09-01"}], today=TODAY)
    lock(QUARTER, {"N": "new", "N/2": "new"}, reason="Avbrottet med")
    rows = eva.get(WORK).table(CAPTION).dicts()
    assert [row["Klocka från"] for row in rows] == ["Beslut 2021-08-02", "Avbrott 2021-09-01"]
    send(eva, "N", "ny", number=1)
    assert [one.clock_id for one in kept("N")] == [clocks("N")[1].id]


def test_the_statements_do_not_follow_the_rows(eva, app):
    counts = []
    for number in (1, 60):
        refs = [f"Q{number}-{n:02}" for n in range(number)]
        make_decisions([{"ref": ref, "beslutsdatum": "2021-08-02"} for ref in refs], today=TODAY)
        lock(QUARTER, dict.fromkeys(refs, "new"), reason="Igen")
        eva.get(WORK)
        with statements() as said:
            eva.get(WORK)
        counts.append(len(said))
    assert counts[0] == counts[1] <= 9


def test_the_reports_page_leads_here_for_those_who_send(eva, app):
    assert eva.get("/rapporter/kvartal/2021/4?utkast=1").links["Individrapporter till IVO"] == WORK
    other = PageClient(app)
    other.sign_in(make_user("chef@kommun.example", Role.MANAGER).email, PASSWORD)
    assert "Individrapporter till IVO" not in other.get("/rapporter/kvartal/2021/4?utkast=1").links
    assert number_of("N") > 0
