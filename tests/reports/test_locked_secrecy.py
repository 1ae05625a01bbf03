"""Who has been protected, or closed to a reader, since the report was locked is kept from them there too."""

import pytest
from sqlalchemy import update

from tests.decisions.running import run
from tests.factories import make_decisions, make_user
from tests.frozen.locking import lock
from tests.records.granting import close, protect
from tests.reports.test_closing_pages import PERSON, QUARTER, person, today
from tracker.audit.models import AuditRead
from tracker.database import db
from tracker.decisions.models import Decision, DecisionClock
from tracker.frozen.queries import get_file
from tracker.records.models import Record

pytestmark = pytest.mark.usefixtures("quick_papers")
__all__ = ["today"]  # the fixture

NOTE = "Hen bor hos sin syster i Åmål"
LOCKED = f"{QUARTER}/version/1/export"


@pytest.fixture
def house(today):
    """Eva and Bo keep the register; B-01 and B-02 stand in the locked report, B-03 was protected before."""
    eva = person(today, "handlaggare")
    make_user("bo@kommun.example", "handlaggare")
    make_decisions(
        [
            {"ref": "B-01", "beslutsdatum": "2021-09-01", "person": PERSON, "skal": NOTE},
            {"ref": "B-02", "beslutsdatum": "2021-09-02", "avbrottsdatum": "2021-09-10"},
            {"ref": "B-03", "beslutsdatum": "2021-09-03"},
        ]
    )
    protect("B-03", "bo@kommun.example")
    version = lock(make_user("las@kommun.example", "kvalitet").id, 2021, 4)
    return today, eva, version


def test_before_that_both_read_all_that_it_lists(house):
    _, eva, version = house
    page = eva.get(QUARTER)
    assert page.table("Nya att rapportera").column("Beslut") == ["B-01", "B-02"]
    assert "1 skyddad visas inte" in page.text
    assert eva.get(f"{LOCKED}.csv?mottagare=ivo").data == get_file(version.id, "ivo", "csv")
    db.session.rollback()
    assert len([read for read in db.session.query(AuditRead) if read.kind == "identity"]) == 2


def shut(how):
    protect("B-01", "bo@kommun.example") if how == "protected" else close("B-01", "handlaggare@kommun.example")


@pytest.mark.parametrize("how", ["protected", "closed"])
def test_the_page_leaves_the_row_out_and_the_files_that_name_it_stay(house, how):
    app, eva, version = house
    shut(how)
    page = eva.get(QUARTER)
    assert page.table("Nya att rapportera").column("Beslut") == ["B-02"]
    assert "2 skyddade visas inte" in page.text
    assert NOTE not in page.response.text
    for audience in ("intern", "ivo"):
        told = eva.get(f"{LOCKED}.csv?mottagare={audience}")
        assert "uppgifter om någon som du inte får se" in told.text
        assert PERSON not in told.response.text
        ran = run(app, "report", "quarter", 2021, 4, "--audience", audience, "--by", "handlaggare@kommun.example")
        assert (ran.code, ran.out) == (1, "")
    ran = run(app, "report", "quarter", 2021, 4, "--audience", "ivo", "--by", "bo@kommun.example")
    assert ran.raw == get_file(version.id, "ivo", "json")


def test_it_is_found_by_what_was_kept_of_it_whatever_it_is_called_now(house):
    _, eva, _ = house
    rename("B-01", "X-99")
    protect("X-99", "bo@kommun.example")
    assert eva.get(QUARTER).table("Nya att rapportera").column("Beslut") == ["B-02"]


def rename(before, after):
    for model, column in ((Decision, "ref"), (DecisionClock, "ref"), (Record, "number")):
        db.session.execute(update(model).where(getattr(model, column) == before).values({column: after}))
    db.session.commit()
