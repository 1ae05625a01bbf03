"""The year's activities in the follow-up: Word, PDF and workbook, and JSON as the contract has it."""

import io
import json
from datetime import date

import pytest
from openpyxl import load_workbook

from tests.activity.making import make_activity
from tests.reports.reading import part, pdf_text, word_parts
from tracker.records.scope import EVERY_RECORD
from tracker.reports.control_year import FollowUp, follow_up, render_control

WORD_ROWS = [
    ["Ref", "Aktivitet", "Risk", "Ansvarig", "Återrapporteras senast", "Status", "Analys"],
    ["A1", "Rutinen ses över", "R1", "Verksamhetschef", "2021-10-31", "■ Ej påbörjad, försenad", "–"],
    ["A2", "Utbilda chefer", "–", "HR-chef", "2022-03-31", "● Genomförd", "Alla har gått"],
]


@pytest.fixture
def found(office) -> FollowUp:
    """The follow-up of a year with two activities."""
    office.imports("risks", "ar;ref;risk;sannolikhet;konsekvens\n2021;R1;Avtal saknas;3;4\n")
    make_activity(risk_ref="R1")
    make_activity(
        ref="A2", text="Utbilda chefer", responsible="HR-chef", due_on=date(2022, 3, 31), status="genomford",
        done_on=date(2022, 2, 1), analysis="Alla har gått",
    )  # fmt: skip
    return follow_up(2021, EVERY_RECORD)


def test_word_and_pdf_have_a_table_of_them(found):
    assert part(word_parts(render_control(found, "docx")), "Årets aktiviteter").tables == [WORD_ROWS]
    text = pdf_text(render_control(found, "pdf"))
    for said in ("Åretsaktiviteter", "■Ejpåbörjad,försenad", "Allahargått"):
        assert said in text.replace("-\n", "").replace("\xad", ""), said


def test_the_workbook_has_a_sheet_of_them(found):
    head, *rows = load_workbook(io.BytesIO(render_control(found, "xlsx")))["Aktiviteter"].values
    assert head[:3] == ("ref", "aktivitet", "risk")
    assert [row[0] for row in rows if row[0]] == ["A1", "A2"]
    assert [row[6] for row in rows if row[0]] == ["Ej påbörjad, försenad", "Genomförd"]


def test_json_has_the_keys_of_the_contract(found):
    document = json.loads(render_control(found, "json"))
    assert list(document) == ["report", "year", "grades", "moments_total", "moments", "risks", "matrix"]


def test_a_year_without_activities_has_no_such_part(office):
    found = follow_up(2020, EVERY_RECORD)
    assert "Aktiviteter" not in load_workbook(io.BytesIO(render_control(found, "xlsx"))).sheetnames
    assert "Årets aktiviteter" not in [one.heading for one in word_parts(render_control(found, "docx"))]
