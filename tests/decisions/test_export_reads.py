"""What leaves the register is written down first: which rows, how many, and what for; never whom."""

import json
from datetime import date

import pytest

from tests.decisions.lists import protect
from tests.decisions.running import run
from tests.factories import PASSWORD, make_decisions, make_user
from tests.reports.reviewing import taken_out
from tests.support.overhearing import overhear
from tracker.audit import reads
from tracker.rules.permissions import Role
from tracker.rules.trail import Purpose, ReadKind

TODAY = date(2022, 2, 15)
QUARTER = "/rapporter/kvartal/2021/4"


@pytest.fixture
def readings(monkeypatch):
    """What is written down as read."""
    return overhear(monkeypatch, reads, "note_read", lambda kind, **more: (kind, more))


@pytest.fixture
def officer(app, client, frozen_day, readings):
    """A handläggare with a register of three decisions."""
    frozen_day(TODAY)
    make_decisions([{"ref": f"B-0{number}"} for number in range(3)], today=TODAY)
    client.sign_in(make_user("eva@kommun.example", Role.CASE_OFFICER).email, PASSWORD)
    return client


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_an_export_is_noted_with_its_filter_and_purpose(officer, readings, extension):
    officer.get(f"/beslut/export.{extension}?status=ej-verkstallda&ref=B-01&andamal=tillsyn")
    selection = "status=ej-verkstallda&ref=%E2%80%A6"
    assert readings == [
        (ReadKind.EXPORT, {"what": "beslut", "selection": selection, "row_count": 1, "purpose": Purpose.SUPERVISION})
    ]


@pytest.mark.parametrize("typed", ["", "&andamal=", "&andamal=hittat+p%C3%A5"])
def test_a_purpose_that_is_not_one_is_not_given(officer, readings, typed):
    officer.get(f"/beslut/export.csv?status=ej-verkstallda{typed}")
    assert (readings[0][1]["purpose"], readings[0][1]["row_count"]) == (Purpose.NOT_GIVEN, 3)


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_what_cannot_be_noted_does_not_leave(officer, monkeypatch, extension):
    def refuse(*_args, **_more):
        raise RuntimeError("the trail does not answer")

    monkeypatch.setattr(reads, "note_read", refuse)
    for path in (f"/beslut/export.{extension}", f"{QUARTER}/export.{extension}", QUARTER):
        with pytest.raises(RuntimeError):
            officer.get(path)


@pytest.mark.parametrize(
    ("audience", "purpose", "rows"),
    [("intern", Purpose.OWN_WORK, 3), ("namnd", Purpose.COMMITTEE, 3), ("revisor", Purpose.AUDIT, 3),
     ("fullmaktige", Purpose.COUNCIL, 0)],
)  # fmt: skip
def test_a_report_is_noted_for_whom_it_is(officer, readings, audience, purpose, rows):
    taken_out(officer, f"{QUARTER}/export.json?mottagare={audience}")
    page = "2021-K4 2021-12-31 2021-09-30 sida"  # where a review leads back to
    looked_at = {"intern": [], "fullmaktige": [page]}.get(audience, ["2021-K4 utkast", page])
    selection = "2021-K4 2021-12-31 2021-09-30 json"
    expected = {"what": "kvartal", "selection": selection, "row_count": rows, "purpose": purpose}
    assert readings[-1] == (ReadKind.REPORT, expected)
    assert [more["selection"].partition(" prövning")[0] for _, more in readings[:-1]] == looked_at


def test_the_command_is_noted_as_the_page_is(officer, app, readings):
    ran = run(app, "report", "quarter", 2021, 4, "--format", "csv")
    assert ran.code == 0
    assert [(kind, more["row_count"]) for kind, more in readings] == [(ReadKind.REPORT, 3)]


def test_a_page_of_the_report_is_noted_where_it_lists_rows(officer, readings):
    officer.get(QUARTER)
    officer.get(f"{QUARTER}?klass=new")
    officer.get(f"{QUARTER}?klass=closed")
    assert [(kind, more["row_count"]) for kind, more in readings] == [(ReadKind.REPORT, 3), (ReadKind.REPORT, 3)]


def test_a_file_tells_how_many_it_leaves_out(officer):
    protect("B-01")
    found = json.loads(officer.get(f"{QUARTER}/export.json").data)
    assert (found["rows_left_out"], [row["ref"] for row in found["rows"]]) == (1, ["B-00", "B-02"])
    assert found["counts"]["new"] == 3
