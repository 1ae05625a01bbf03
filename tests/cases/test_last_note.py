"""The time for keeping a case runs from the last that was noted of it, and not from its closing alone."""

from datetime import date, time

import pytest

from tests.cases.clearing import clear, closed_deviation, due, keep
from tests.cases.filing import attach
from tests.cases.making import assessed, step, unit_id_of
from tests.cases.office import LEX_SARAH_HEAD, case
from tests.cases.test_correcting import correct
from tests.factories import PASSWORD, make_user
from tests.support.pages import PageClient
from tracker.cases.registers import DEVIATIONS, LEX_SARAH
from tracker.database import db


@pytest.fixture
def people(office, frozen_day):
    """User numbers by role, on 2 March 2026."""
    frozen_day(date(2026, 3, 2))
    unit_id_of("Vuxen")
    db.session.commit()
    return {role: make_user(f"{role}@kommun.example", role).id for role in ("kvalitet", "chef", "ansvarig")}


@pytest.fixture
def deviation(people):
    """An avvikelse closed on 2 March 2026, kept for twelve months: through 2 March 2027."""
    keep(deviation=12)
    return closed_deviation(people["chef"], None, assessed(), "Larmet svarade inte")


def from_file(office, days):
    """Brings in the lex Sarah case L-1; gives its record."""
    office.imports("lex-sarah", f"{LEX_SARAH_HEAD}\nL-1;Vuxen;SoL;{days}\n")
    return case("lex-sarah", "L-1").record_id


def due_on(frozen_day, register, days):
    """What is due on each of some days."""
    return [due(register) for day in days if frozen_day(day)]


def test_with_nothing_more_it_runs_from_the_closing(deviation, frozen_day):
    days = [date(2027, 3, 2), date(2027, 3, 3)]
    assert due_on(frozen_day, DEVIATIONS, days) == [[], ["A-2026-0001"]]


def test_a_decision_of_ivo_that_is_noted_years_later_begins_it_anew(office, people, frozen_day):
    keep(lex_sarah=60)
    days = "2025-12-01;2025-12-02;2025-12-02;Fall;allvarligt;2026-02-01;2026-02-01;2026-02-01;;;2026-03-02"
    record_id = from_file(office, days)
    frozen_day(date(2031, 1, 20))
    step("lex-sarah", record_id, "ivo_answers", people["ansvarig"], comment="Avslutat utan åtgärd")
    days = [date(2031, 3, 3), date(2036, 1, 20), date(2036, 1, 21)]
    assert due_on(frozen_day, LEX_SARAH, days) == [[], [], ["L-1"]]
    assert clear(LEX_SARAH, people["kvalitet"]) == 1


def test_the_day_of_ivos_decision_counts_by_itself_where_a_file_tells_it(office, people, frozen_day):
    keep(lex_sarah=12)
    decided = "2025-07-01;2025-07-01;2025-07-01;2026-01-15;Utan åtgärd;2025-08-01"
    from_file(office, f"2025-06-01;2025-06-02;2025-06-02;Fall;allvarligt;{decided}")
    assert due_on(frozen_day, LEX_SARAH, [date(2026, 8, 2), date(2027, 1, 15), date(2027, 1, 16)]) == [[], [], ["L-1"]]


def test_a_correction_after_closing_begins_it_anew(deviation, people, frozen_day):
    frozen_day(date(2026, 11, 30))
    correct(DEVIATIONS, deviation, people["chef"], happened_on=date(2026, 3, 1))
    days = [date(2027, 3, 3), date(2027, 11, 30), date(2027, 12, 1)]
    assert due_on(frozen_day, DEVIATIONS, days) == [[], [], ["A-2026-0001"]]


@pytest.fixture
def lex_sarah(office, people):
    """A lex Sarah case from a file, closed on 2 March 2026; it still takes files."""
    keep(lex_sarah=12)
    return from_file(office, "2025-12-01;2025-12-02;2025-12-02;Fall;inget;2026-02-01;;;;;2026-03-02")


@pytest.mark.parametrize(
    ("day", "at", "last_kept", "first_due"),
    [
        (date(2026, 6, 10), time(21, 59), date(2027, 6, 10), date(2027, 6, 11)),  # 23.59 in Sweden
        (date(2026, 6, 10), time(22), date(2027, 6, 11), date(2027, 6, 12)),  # midnight: the 11th
        (date(2026, 12, 10), time(22, 59), date(2027, 12, 10), date(2027, 12, 11)),  # winter time
        (date(2026, 12, 10), time(23), date(2027, 12, 11), date(2027, 12, 12)),
    ],
)
def test_a_file_added_after_closing_begins_it_anew(lex_sarah, people, frozen_day, day, at, last_kept, first_due):
    frozen_day(day, at)
    attach(lex_sarah, people["ansvarig"])
    assert due_on(frozen_day, LEX_SARAH, [last_kept, first_due]) == [[], ["L-1"]]


def test_the_page_tells_the_closing_and_the_last_note(office, lex_sarah, people, frozen_day):
    frozen_day(date(2026, 11, 30))
    attach(lex_sarah, people["ansvarig"])
    frozen_day(date(2027, 12, 1))
    lead = PageClient(office.app)
    lead.sign_in("kvalitet@kommun.example", PASSWORD)
    page = lead.get("/gallring/lex-sarah")
    assert "12 månader efter sista anteckningen" in page.text
    assert page.table("Ärenden som ska gallras").rows == [["L-1", "2026-03-02", "2026-11-30"]]
