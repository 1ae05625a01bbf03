"""IVO's windows in the administration: the default is said to be one, and other days have a reason."""

from datetime import date

import pytest
from sqlalchemy import func, select

from tests.factories import PASSWORD, make_unit, make_user
from tests.support.pages import PageClient
from tracker.audit.models import AuditEntry, AuditPart
from tracker.database import db
from tracker.decisions.round_models import ReportingWindow
from tracker.decisions.windows import kept_windows
from tracker.kept import forget_everything
from tracker.rules.quarters import Quarter
from tracker.rules.reporting_windows import Window, next_window
from tracker.rules.trail import Action

LIST, Q3 = "/admin/rapporteringsperioder", "/admin/rapporteringsperioder/2026/3"


@pytest.fixture
def administrator(app, client, frozen_day):
    """An administrator of everything, signed in on 15 October 2026."""
    frozen_day(date(2026, 10, 15))
    client.sign_in(make_user("admin@kommun.example", "admin").email, PASSWORD)
    return client


def change(visitor, opens_on: str, closes_on: str, reason: str = "Enligt IVO:s webbplats i dag", *, status: int = 200):
    visitor.get(Q3)
    return visitor.submit({"opens_on": opens_on, "closes_on": closes_on, "reason": reason}, status=status)


class TestList:
    """The quarters around today."""

    def test_the_default_is_shown_and_said_to_be_no_law(self, administrator):
        page = administrator.get(LIST)
        assert "Förval, inte lag" in page.text
        rows = {row["Gäller"]: row for row in page.table("Rapporteringsperioder").dicts()}
        assert len(rows) == 9
        shown = [rows["Kvartal 3 2026"][head] for head in ("Öppnar", "Stänger", "Läge i dag", "Varifrån")]
        assert shown == ["2026-10-01", "2026-10-31", "Öppet", "Förval"]
        assert rows["Kvartal 2 2026"]["Läge i dag"] == "Stängt"
        assert rows["Kvartal 4 2026"]["Öppnar"] == "2027-01-01"

    def test_a_part_of_the_organisation_reads_and_changes_nothing(self, app, frozen_day):
        frozen_day(date(2026, 10, 15))
        make_unit("Vuxen")
        visitor = PageClient(app)
        visitor.sign_in(make_user("del@kommun.example", "admin", unit="Vuxen").email, PASSWORD)
        assert "Ändra" not in visitor.get(LIST).table("Rapporteringsperioder").head
        page = visitor.get(Q3)
        assert "administratör för alla enheter" in page.text
        visitor.post(Q3, {"opens_on": "2026-10-05", "closes_on": "2026-10-30", "reason": "x"}, status=403)
        assert db.session.scalar(select(func.count()).select_from(ReportingWindow)) == 0


class TestChange:
    """Days of its own for a quarter."""

    def test_own_days_are_used_from_then_on_and_stand_with_their_reason(self, administrator):
        page = change(administrator, "2026-10-05", "2026-11-13")
        rows = {row["Gäller"]: row for row in page.table("Rapporteringsperioder").dicts()}
        assert rows["Kvartal 3 2026"]["Varifrån"] == "Ändrad: Enligt IVO:s webbplats i dag"
        forget_everything()
        quarter = Quarter(2026, 3)
        assert next_window(date(2026, 11, 10), kept_windows()) == Window(quarter, date(2026, 10, 5), date(2026, 11, 13))

    def test_the_trail_keeps_the_days_and_the_reason(self, administrator):
        change(administrator, "2026-10-05", "2026-11-13")
        part = select(AuditPart.open_values).join(AuditEntry, AuditEntry.id == AuditPart.entry_id)
        (values,) = db.session.scalars(part.where(AuditEntry.action == Action.WINDOW_CHANGED.value)).all()
        for told in ("2026-K3", "2026-10-01", "2026-10-05", "2026-11-13", "Enligt IVO:s webbplats i dag"):
            assert told in values

    def test_the_defaults_days_take_the_own_ones_away(self, administrator):
        change(administrator, "2026-10-05", "2026-11-13")
        page = change(administrator, "2026-10-01", "2026-10-31", "De gamla dagarna gällde ändå")
        rows = {row["Gäller"]: row for row in page.table("Rapporteringsperioder").dicts()}
        assert rows["Kvartal 3 2026"]["Varifrån"] == "Förval"
        assert db.session.scalar(select(func.count()).select_from(ReportingWindow)) == 0

    @pytest.mark.parametrize(
        ("opens_on", "closes_on", "reason", "told"),
        [
            ("2026-09-30", "2026-10-31", "Enligt IVO", "tidigast dagen efter kvartalets sista dag 2026-09-30"),
            ("2026-10-05", "2026-10-04", "Enligt IVO", "Fönstret öppnar 2026-10-05."),
            ("2026-10-05", "2027-01-01", "Enligt IVO", "kvartal 4 2026 öppnar 2027-01-01"),
            ("2026-10-01", "2026-10-31", "Enligt IVO", "Fönstret har redan de dagarna."),
            ("2026-10-05", "2026-10-31", "", "Skriv var du har läst dagarna"),
            ("2026-10-05", "2026-10-31", "Ring 19121212-1212", "Ser ut som ett personnummer."),
            ("5 oktober", "2026-10-31", "Enligt IVO", "Skriv dagen som 2026-04-01."),
        ],
    )
    def test_what_cannot_be_is_told_and_nothing_typed_is_lost(self, administrator, opens_on, closes_on, reason, told):
        page = change(administrator, opens_on, closes_on, reason, status=422)
        assert told in page.text
        typed = {element.get("name"): element.get("value") for element in page.tree.iter("input")}
        assert (typed["opens_on"], typed["closes_on"]) == (opens_on, closes_on)
        assert db.session.scalar(select(func.count()).select_from(ReportingWindow)) == 0

    def test_whoever_saves_on_top_of_anothers_change_is_told_how_it_stands(self, app, administrator):
        other = PageClient(app)
        other.sign_in(make_user("annan@kommun.example", "admin").email, PASSWORD)
        administrator.get(Q3)
        change(other, "2026-10-05", "2026-11-13")
        page = administrator.submit(
            {"opens_on": "2026-10-02", "closes_on": "2026-10-30", "reason": "Enligt IVO"}, status=422
        )
        assert "Någon annan har ändrat det medan sidan var öppen. Nu står 2026-10-05 till 2026-11-13." in page.text

    @pytest.mark.parametrize("address", ["/2026/5", "/2000/1", "/2100/4", "/2026/0"])
    def test_a_quarter_that_is_none_is_not_found(self, administrator, address):
        assert administrator.get(LIST + address, status=404).status == 404
