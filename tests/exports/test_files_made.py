"""An export that is made in the background is the one of the direct address: same bytes, same note in the log."""

import io
import zipfile

import pytest

from tests.exports.ordering import BESLUT, count_jobs, reads_of_files
from tests.support.pages import PageClient
from tracker.database import db
from tracker.exports.models import JobState
from tracker.rules.permissions import Role
from tracker.rules.trail import Purpose

SHEET = "xl/worksheets/sheet1.xml"
EVERYTHING = (
    "/beslut/export", "/avvikelser/export", "/lex-sarah/export", "/synpunkter/export", "/risker/export",
    "/atgarder/export", "/garantier/kontakt/export", "/internkontroll/2021/moment/export",
)  # fmt: skip


def sheet_of(data: bytes) -> bytes:
    """The rows of a workbook, without the moment at which it was made."""
    return zipfile.ZipFile(io.BytesIO(data)).read(SHEET)


def test_a_short_list_is_given_at_once_at_the_direct_address(house):
    anna, _ = house.visitor()
    assert house.order(anna, query="ref=B-1") == "/beslut/export.csv?ref=B-1"
    assert house.order(anna, query="ref=B-1", made_as="xlsx") == "/beslut/export.xlsx?ref=B-1"
    assert count_jobs() == 0


def test_a_long_list_becomes_a_file_with_the_bytes_of_the_direct_address(house):
    anna, _ = house.visitor()
    place = house.order(anna, query="sortering=senast")
    assert anna.get(place).heading == "Exporten väntar"
    assert house.make() == 1
    page = anna.get(place)
    assert page.heading == "Exporten är klar"
    file = anna.get(page.links["Hämta filen"])
    assert file.data == anna.get("/beslut/export.csv?sortering=senast").data
    assert len(file.text.splitlines()) == 1 + 5
    headers = file.response.headers
    assert headers["Content-Disposition"] == 'attachment; filename="ej-verkstallda-beslut-2022-02-15.csv"'
    assert headers["Content-Type"] == "text/csv; charset=utf-8"
    assert headers["Content-Length"] == str(len(file.data))
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_workbook_has_the_rows_of_the_direct_one(house):
    anna, _ = house.visitor()
    place = house.order(anna, made_as="xlsx")
    house.make()
    file = anna.get(f"{place}/fil")
    assert sheet_of(file.data) == sheet_of(anna.get("/beslut/export.xlsx").data)
    assert file.response.headers["Content-Disposition"].endswith('"ej-verkstallda-beslut-2022-02-15.xlsx"')


def test_only_what_the_owner_may_see_is_in_it(house):
    anna, _ = house.visitor(role="chef", unit="Vuxen")
    place = house.order(anna)
    house.make()
    text = anna.get(f"{place}/fil").text
    assert [ref in text for ref in ("B-1", "B-2", "B-3", "B-4", "B-5")] == [True, True, True, False, False]


@pytest.mark.parametrize("made_as", ["csv", "xlsx"])
@pytest.mark.parametrize("address", EVERYTHING)
def test_every_register_can_be_made_so(house, monkeypatch, address, made_as):
    monkeypatch.setattr("tracker.exports.making.LONG", -1)
    anna, _ = house.visitor(role=Role.QUALITY_LEAD)
    place = house.order(anna, address, made_as=made_as)
    assert house.make() == 1
    file, direct = anna.get(f"{place}/fil").data, anna.get(f"{address}.{made_as}").data
    assert file == direct if made_as == "csv" else sheet_of(file) == sheet_of(direct)


def test_the_note_in_the_log_is_the_direct_ones_once_and_when_the_file_is_taken_out(house):
    anna, anna_id = house.visitor()
    anna.get("/beslut/export.csv?ref=B&andamal=ivo")
    place = house.order(anna, query="ref=B&andamal=ivo")
    house.make()
    anna.get(place)
    assert len(reads_of_files()) == 1  # the direct one: nothing has left yet
    anna.get(f"{place}/fil")
    direct, taken = reads_of_files()
    for name in ("actor_kind", "actor_id", "session_id", "what", "selection", "row_count", "purpose"):
        assert getattr(taken, name) == getattr(direct, name), name
    assert (taken.actor_id, taken.what, taken.row_count) == (anna_id, "beslut", 5)


def test_what_the_file_is_for_is_kept_with_it(house):
    anna, _ = house.visitor()
    chosen = next(purpose for purpose in Purpose if purpose is not Purpose.NOT_GIVEN)
    anna.get("/konto")
    fields = {"adress": BESLUT, "fraga": "", "format": "csv", "andamal": chosen.value}
    place = anna.post("/exporter", fields, follow=False, status=303).response.location
    house.make()
    anna.get(f"{place}/fil")
    assert [read.purpose for read in reads_of_files()] == [chosen.value]


def test_the_file_on_disk_tells_nothing_without_the_key(house):
    anna, _ = house.visitor()
    house.order(anna)
    house.make()
    (path,) = house.files()
    data = path.read_bytes()
    assert not any(word.encode() in data for word in ("B-1", "Åsa", "Öberg", "Vuxen", "ref;lagrum"))
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_the_filter_is_sealed_in_the_database(house):
    anna, _ = house.visitor()
    job = house.job(house.order(anna, query="ref=B-&handlaggare=Åsa"))
    assert b"ref" not in job.parameters
    house.make()
    ready = house.job(f"/exporter/{job.public_id}")
    assert (ready.state, b"ref" in ready.reading) == (JobState.READY, False)


def test_the_numbers_of_the_progress_are_those_of_the_rows(house, monkeypatch):
    monkeypatch.setattr("tracker.exchange.writing.WATCHED_ROWS", 2)
    told = []
    monkeypatch.setattr(
        "tracker.exports.services.beat", lambda _job, done, _now, total=None: told.append((done, total))
    )
    anna, _ = house.visitor()
    place = house.order(anna)
    house.make()
    assert told == [(0, 5), (2, None), (4, None), (5, None)]
    found = anna.get(f"{place}/lage").response.json
    assert found == {"state": "ready", "done": 5, "total": 5, "words": "5 av 5 rader"}


def test_what_is_no_register_or_not_ones_own_is_refused(house):
    anna, _ = house.visitor(role="medarbetare")
    assert house.order(anna, BESLUT, status=403) is None
    for address in ("/logg/export", "/konto", "//ond.example/export", "/beslut/export.csv?x=", ""):
        assert house.order(anna, address, status=404) is None
    assert house.order(anna, BESLUT, made_as="pdf", status=404) is None
    assert house.order(anna, query="x" * 2_001, status=400) is None
    assert PageClient(house.app).get("/exporter", status=303, follow=False).response.location.startswith("/logga-in")


def test_a_backup_holds_the_job_and_not_the_file(house, tmp_path):
    anna, _ = house.visitor()
    place = house.order(anna, query="ref=B")
    house.make()
    (path,) = house.files()
    db.session.remove()
    target = tmp_path / "copy.zip"
    result = house.app.test_cli_runner().invoke(args=["backup", "create", str(target)])
    assert result.exit_code == 0, result.output
    with zipfile.ZipFile(target) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert house.job(place).public_id.encode() in b"".join(parts.values())
    piece = path.read_bytes()[50:90]
    assert not any(piece in part or piece.hex().encode() in part for part in parts.values())
