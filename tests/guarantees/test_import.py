"""Occasions from a file: begun, prolonged, ended; all rows or none, and a late one as the row tells."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.cases.office import CaseOffice
from tests.guarantees.test_missed import deviations, waiting
from tracker.database import db
from tracker.guarantees.models import GuaranteeOccasion

HEAD = "ref;garanti;enhet;startdatum;slutdatum;forlangd_till;forlangd_beslutad;forlangd_skal;orsak"


@pytest.fixture
def office(day, app, tmp_path):
    """An office on Monday 1 June 2026."""
    return CaseOffice(app, tmp_path)


def stored(ref):
    db.session.rollback()
    return db.session.scalars(select(GuaranteeOccasion).where(GuaranteeOccasion.ref == ref)).one()


def test_rows_are_begun_prolonged_and_ended_and_read_again_change_nothing(office):
    file = (
        f"{HEAD}\nA;forhandsbedomning;Vuxen;2026-03-02;2026-03-16;;;;\n"
        "B;Barnutredning;Barn;2026-01-01;2026-05-20;2026-06-01;2026-04-30;Utlåtande väntas;\n"
        "C;kontakt;;2026-05-25;;;;;\n"
    )
    assert office.imports("guarantees", file) == "3 nya, 0 ändrade, 0 oförändrade"
    assert (stored("A").due_on, stored("A").excess) == (date(2026, 3, 16), 0)
    assert (stored("B").limit_on, stored("B").due_on, stored("B").excess) == (date(2026, 5, 1), date(2026, 6, 1), 0)
    assert office.imports("guarantees", file) == "0 nya, 0 ändrade, 3 oförändrade"
    done = f"{HEAD}\nC;kontakt;;2026-05-25;2026-05-26;;;;\n"
    assert office.imports("guarantees", done, "--dry-run").startswith("Provkörning, inget sparat: 0 nya, 1 ändrade")
    assert stored("C").ended_on is None
    assert office.imports("guarantees", done) == "0 nya, 1 ändrade, 0 oförändrade"
    assert (stored("C").ended_on, deviations()) == (date(2026, 5, 26), [])


def test_a_late_one_becomes_an_avvikelse_when_the_row_tells_why_and_else_waits(office):
    office.imports(
        "guarantees", f"{HEAD}\nA;forhandsbedomning;Vuxen;2026-03-02;2026-03-17;;;;Samverkan\n"
        "B;forhandsbedomning;Vuxen;2026-03-02;2026-03-18;;;;\n",
    )  # fmt: skip
    assert len(deviations()) == 1
    assert waiting() == [("G-2026-0002", date(2026, 3, 16), date(2026, 3, 18))]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (";kontakt;;2026-05-25;;;;;", "ref"),
        ("A;hemtjänst;;2026-05-25;;;;;", "garanti"),
        ("A;synpunkt;;2026-05-25;;;;;", "synpunkter läses in för sig"),
        ("A;kontakt;Mars;2026-05-25;;;;;", "enheten är okänd"),
        ("A;kontakt;;;;;;;", "startdatum"),
        ("A;kontakt;;2026-06-02;;;;;", "ligger i framtiden"),
        ("A;kontakt;;2026-05-25;2026-05-24;;;;", "före startdagen"),
        ("A;kontakt;;2026-05-25;;2026-07-01;2026-05-26;Sjuk;", "kan inte förlängas"),
        ("A;barnutredning;;2026-05-25;;2026-12-01;;;", "behöver också forlangd_beslutad"),
        ("A;kontakt;;2026-05-25;;;;;Månen", "finns inte bland orsaksområdena"),
        ("19121212-1212;kontakt;;2026-05-25;;;;;", "personnummer"),
    ],
)
def test_what_is_wrong_is_told_and_no_row_is_saved(office, row, said):
    [line] = office.refused("guarantees", f"{HEAD}\nX;kontakt;;2026-05-25;;;;;\n{row}\n")
    assert "rad 3" in line
    assert said in line


def test_what_stands_is_not_corrected_by_a_file(office):
    office.imports("guarantees", f"{HEAD}\nA;kontakt;;2026-05-25;2026-05-26;;;;\n")
    [line] = office.refused("guarantees", f"{HEAD}\nA;kontakt;;2026-05-25;2026-05-27;;;;\n")
    assert "har redan blivit klart 2026-05-26" in line
