"""A follow-up that is locked: its bytes, its corrections, what has changed since, who may lock and read it."""

import io
import json
from datetime import date

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from tests.audit.trails import entries, parts, verdict
from tests.control.locking import lock_year
from tests.control.office import ControlOffice, hide, moment, risk
from tests.decisions.running import Ran, run
from tests.factories import PASSWORD, make_unit, make_user
from tests.reports.reading import part, pdf_text, word_parts
from tests.support.pages import PageClient
from tests.support.papers import quick_papers
from tracker.audit.models import AuditRead
from tracker.database import db, writer
from tracker.frozen.models import FrozenFile, FrozenReport, FrozenRow
from tracker.frozen.queries import list_checksums, list_versions
from tracker.frozen.years import control_key
from tracker.records.scope import EVERY_RECORD
from tracker.reports.control_kept import Kept, read, render_kept, written
from tracker.reports.control_texts import save_texts
from tracker.reports.control_year import FORMATS, draft_cover, follow_up
from tracker.reports.year_texts import Written
from tracker.risk.models import ControlPlan
from tracker.rules.control_texts import TextSection

BO, EVA, SVEN = "bo@kommun.example", "eva@kommun.example", "sven@kommun.example"
PAGE = "/rapporter/internkontroll/2021"
SAMPLES = "ar;kontroll_ref;ref;utvalda;avvikelser\n"
K7 = "Stickprov på fakturor för representation"
WORSE = f"{SAMPLES}2021;K1;P9;100;100\n"  # K1 falls from 6 of 6 to 6 of 106


@pytest.fixture
def office(app, tmp_path, frozen_day):
    """An office on 15 February 2022 that holds the published year, followed up, with a text."""
    frozen_day(date(2022, 2, 15))
    made = ControlOffice(app, tmp_path)
    made.publish()
    with writer():
        save_texts(2021, {TextSection.FINAL: Written("Så gick året.", 0)})
        db.session.commit()
    stand("followed_up")
    return made


def stand(state: str) -> None:
    """The plan has come so far."""
    with writer():
        db.session.get(ControlPlan, 2021).state = state
        db.session.commit()


def control(office: ControlOffice, *options: object) -> Ran:
    with quick_papers():
        return run(office.app, "report", "control", 2021, *options)


def files(office: ControlOffice, *options: object) -> dict[str, bytes]:
    """The file in each format, as the command writes it."""
    found = {}
    for shape in FORMATS:
        path = office.folder / f"fil.{shape}"
        ran = control(office, "--format", shape, "--output", path, *options)
        assert (ran.code, ran.err) == (0, ""), ran
        found[shape] = path.read_bytes()
    return found


def change(office: ControlOffice) -> None:
    """Another result, another risk, another text."""
    stand("draft")
    office.imports("samples", WORSE)
    office.imports("risks", "ar;ref;risk;sannolikhet;konsekvens\n2021;R1;Ny text;4;4\n2021;R9;Till;1;1\n")
    with writer():
        save_texts(2021, {TextSection.FINAL: Written("Annat.", 1)})
        db.session.commit()
    stand("followed_up")


def signed_in(office: ControlOffice, email: str) -> PageClient:
    visitor = PageClient(office.app)
    visitor.sign_in(email, PASSWORD)
    return visitor


def test_all_that_a_follow_up_is_made_of_comes_back_as_it_was(office):
    kept = Kept(follow_up(2021, EVERY_RECORD), draft_cover())
    assert read(written(kept)) == kept
    assert len(kept.found.moments) == 7


class TestTheLockedVersion:
    """What was locked stays, whatever is changed since."""

    def test_every_format_gives_the_same_bytes_whatever_is_changed(self, office, frozen_day):
        lock_year(make_user(EVA, "internkontroll").id)
        before = files(office)
        change(office)
        frozen_day(date(2022, 3, 1))
        assert files(office) == before
        assert files(office, "--version", 1) == before
        assert json.loads(before["json"])["grades"] == {"god": 4, "godtagbar": 2, "ej_godkand": 0, "ej_genomford": 1}

    def test_the_papers_say_that_they_are_locked(self, office):
        ran = run(office.app, "report", "control", 2021, "--lock", "--by", make_user(EVA, "kvalitet").email)
        assert (ran.code, ran.err.splitlines()[0]) == (0, "Låste uppföljningen som version 1")
        path = office.folder / "fil"
        assert run(office.app, "report", "control", 2021, "--format", "docx", "--output", path).code == 0
        found = word_parts(path.read_bytes())
        assert found[1].texts == ["15 februari 2022 · Låst version 1"]
        assert part(found, "Slutlig").texts == ["Så gick året."]
        run(office.app, "report", "control", 2021, "--format", "pdf", "--output", path)
        assert "Låstversion1" in pdf_text(path.read_bytes())
        assert "UTKAST" not in pdf_text(path.read_bytes())
        run(office.app, "report", "control", 2021, "--format", "xlsx", "--output", path)
        rows = CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes())).get_sheet_by_name("Sammanställning")
        assert rows.to_python()[2][0] == "Låst version 1"

    def test_a_correction_is_a_version_with_a_reason_and_the_first_stays(self, office):
        eva = make_user(EVA, "internkontroll")
        assert control(office, "--lock", "--by", EVA).code == 0
        first = files(office)
        change(office)
        ran = control(office, "--lock", "--by", EVA)
        assert (ran.code, ran.out) == (1, "")
        assert "Rapporten är redan låst av" in ran.err
        ran = control(office, "--lock", "--by", EVA, "--reason", "K1 var fel.")
        assert json.loads(ran.out)["grades"]["ej_godkand"] == 1
        assert files(office, "--version", 1) == first
        assert files(office) == files(office, "--version", 2) != first
        versions = list_versions(control_key(2021))
        assert [(one.version, one.reason, one.newest) for one in versions] == [
            (2, "K1 var fel.", True), (1, None, False),
        ]  # fmt: skip
        assert versions[0].locked_by == eva.name

    @pytest.mark.parametrize(
        ("options", "why"),
        [(("--lock", "--by", EVA, "--reason", "Rättas"), "Rapporten är inte låst än, så det finns inget att rätta."),
         (("--lock", "--by", BO), "En uppföljning låses av den som sköter internkontrollen för hela förvaltningen."),
         (("--lock", "--by", SVEN), "har ingen roll som får göra det."),
         (("--lock",), "Ange i vems namn det görs: --by E-POST."),
         (("--version", 1), "Uppföljningen av 2021 har ingen låst version 1.")],
    )  # fmt: skip
    def test_what_cannot_be_done_is_refused_and_nothing_is_locked(self, office, options, why):
        make_user(EVA, "internkontroll")
        make_unit("Barn")
        make_user(BO, "internkontroll", unit="Barn")
        make_user(SVEN, "sekreterare")
        ran = control(office, *options)
        assert (ran.code, ran.out) == (1, "")
        assert why in ran.err
        db.session.rollback()
        assert db.session.scalars(select(FrozenReport.id)).all() == []

    def test_a_year_without_a_plan_is_not_locked(self, office):
        make_user(EVA, "internkontroll")
        ran = run(office.app, "report", "control", 2035, "--lock", "--by", EVA)
        assert (ran.code, ran.err) == (1, "Det finns ingen internkontroll för 2035 att låsa.\n")

    def test_the_trail_says_what_was_locked_with_the_checksum_of_each_file(self, office):
        lock_year(make_user(EVA, "internkontroll").id)
        (version,) = list_versions(control_key(2021))
        (entry,) = [one for one in entries() if one.action == "report.locked"]
        (one,) = parts(entry.id)
        told = json.loads(one.open_values)
        checksums = list_checksums(version.id)
        assert set(checksums) == {("intern", shape) for shape in FORMATS} | {("intern", "underlag")}
        for (audience, shape), checksum in checksums.items():
            assert told[f"{audience}.{shape}"] == [None, checksum]
        assert (entry.target_kind, entry.target_id, verdict().whole) == ("report", version.id, True)
        db.session.rollback()
        assert len(db.session.scalars(select(FrozenFile.id)).all()) == len(FORMATS) + 1
        assert len(db.session.scalars(select(FrozenRow.item_id)).all()) == 7 + 7


class TestPages:
    """Locking, reading and correcting in the browser."""

    @pytest.fixture
    def eva(self, office):
        make_user(EVA, "internkontroll")
        return signed_in(office, EVA)

    def test_from_draft_to_locked_to_corrected(self, office, eva):
        page = eva.get(PAGE)
        assert "UTKAST · God följsamhet i 4 av 7 kontrollmoment." in page.text
        matrix = page.table("Antal risker efter sannolikhet (rader) och konsekvens (kolumner)").rows
        assert [[cell.split("riskvärde")[0].strip() for cell in row] for row in matrix[:2]] == [
            ["Sannolik", "0 risker,", "0 risker,", "3", "0 risker,"], ["Möjlig", "0 risker,", "0 risker,", "3", "1"],
        ]  # fmt: skip
        page = eva.click("Lås uppföljningen")
        assert "7 kontrollmoment, 7 risker" in page.text
        missing = "Ärendet, Ekonomiska konsekvenser, Bilagor, Expedieras till."
        assert f"På försättsbladet är inte skrivet: {missing} De avsnitten kommer inte med." in page.text
        with quick_papers():
            page = eva.submit({}, form="digest")
        assert (page.path, "Låst version 1, 2022-02-15" in page.text) == (PAGE, True)
        assert "Inget har ändrats sedan version 1 låstes." in page.text
        change(office)
        page = eva.get(PAGE)
        told = "1 kontrollmoment, 2 risker och 0 aktiviteter skiljer, och texter."
        assert f"Ändrat sedan version 1 låstes: {told}" in page.text
        assert all(line in page.text for line in ("K1: ändrad", "R1: ändrad", "R9: ny"))
        assert "God följsamhet i 4 av 7" in page.text
        assert "Så gick året." in page.text
        page = eva.click("Visa utkastet som det är nu")
        assert "God följsamhet i 3 av 7" in page.text
        page = eva.click("Lås en rättad version")
        page = eva.submit({}, form="digest", status=422)
        assert "Skriv varför den låsta uppföljningen rättas." in page.text
        with quick_papers():
            page = eva.submit({"reason": "K1 var fel."}, form="digest")
        assert "Låst version 2" in page.text
        assert "Rättad: K1 var fel." in page.text
        page = eva.click("Version 1")
        assert "Den här versionen har ersatts." in page.text
        assert "God följsamhet i 4 av 7" in page.text

    def test_files_of_the_page_are_those_of_the_version(self, office, eva):
        lock_year(make_user(BO, "kvalitet").id)
        change(office)
        for shape in FORMATS:
            assert eva.get(f"{PAGE}/export.{shape}").data == files(office)[shape]
        draft = eva.get(f"{PAGE}/export.json?utkast=1")
        assert b'"god": 3' in draft.data
        named = "filename=uppfoljning-internkontroll-2021-{}.json"
        assert named.format("utkast") in draft.response.headers["Content-Disposition"]
        locked = eva.get(f"{PAGE}/export.json").response.headers
        assert named.format("version-1") in locked["Content-Disposition"]
        db.session.rollback()
        said = set(db.session.scalars(select(AuditRead.selection).where(AuditRead.what == "internkontroll")))
        assert {"2021 version 1 json", "2021 json"} <= said

    @pytest.mark.parametrize("state", ["draft", "proposed", "adopted"])
    def test_a_plan_that_is_not_followed_up_is_not_locked(self, office, eva, state):
        eva.get(f"{PAGE}/las")
        stand(state)
        page = eva.submit({}, form="digest", status=422)
        assert "Planen är inte uppföljd." in page.text
        assert "Planen är inte uppföljd." in eva.get(f"{PAGE}/las").text
        assert list_versions(control_key(2021)) == []

    def test_what_has_changed_since_the_page_was_shown_is_not_locked(self, office, eva):
        eva.get(f"{PAGE}/las")
        change(office)
        page = eva.submit({}, form="digest", status=409)
        assert "Uppföljningen har ändrats sedan du öppnade sidan." in page.text
        assert list_versions(control_key(2021)) == []

    def test_a_personnummer_in_the_reason_is_refused(self, office, eva):
        lock_year(make_user(BO, "kvalitet").id)
        eva.get(f"{PAGE}/las")
        page = eva.submit({"reason": "Gäller 19121212-1212"}, form="digest", status=422)
        assert "Skälet ser ut att innehålla ett personnummer." in page.text
        assert len(list_versions(control_key(2021))) == 1

    def test_unknown_versions_are_not_found(self, office, eva):
        for wrong in ("version=1", "version=x", "version=99999999"):
            assert eva.get(f"{PAGE}?{wrong}", status=404).heading == "Sidan finns inte"
            assert eva.get(f"{PAGE}/export.json?{wrong}", status=404).heading == "Sidan finns inte"

    def test_a_role_at_one_unit_does_not_lock(self, office):
        make_unit("Barn")
        make_user(BO, "internkontroll", unit="Barn")
        signed_in(office, BO).get(f"{PAGE}/las", status=403)
        assert list_versions(control_key(2021)) == []

    def test_the_committee_reads_what_is_locked_and_no_draft(self, office):
        make_user(SVEN, "namnd")
        sven = signed_in(office, SVEN)
        assert "Uppföljningen 2021 är inte låst än" in sven.get(PAGE).text
        sven.get(f"{PAGE}/export.json", status=404)
        lock_year(make_user(EVA, "internkontroll").id)
        change(office)
        page = sven.get(f"{PAGE}?utkast=1")
        assert "God följsamhet i 4 av 7" in page.text
        assert "Lås en rättad" not in page.text
        assert sven.get(f"{PAGE}/export.docx").data == files(office)["docx"]
        assert "Internkontroll 2021" in sven.get("/rapporter").text

    def test_the_index_lists_the_years_with_state(self, office, eva):
        lock_year(make_user(BO, "kvalitet").id)
        rows = eva.get("/rapporter").table("Uppföljning av internkontroll, år för år").rows
        assert rows[0] == ["Internkontroll 2021", "Uppföljd", "Låst 2022-02-15, version 1"]
        assert rows[1:] == [[f"Internkontroll {year}", "Utkast", "Utkast"] for year in (2020, 2019)]


class TestReaders:
    """A locked version holds the whole house; a reader gets the part of it that they may see today."""

    @pytest.fixture
    def locked(self, office):
        lock_year(make_user(EVA, "internkontroll").id)
        make_user(BO, "internkontroll")
        return office

    @pytest.mark.parametrize("way", ["closed", "protected"])
    def test_what_has_been_hidden_since_is_left_out_of_every_file(self, locked, way):
        whole = files(locked)
        hide(moment("K7"), way, seer=EVA, other=BO)
        hide(risk("R1"), way, seer=EVA, other=BO)
        hide(moment("K5", 2020), way, seer=EVA, other=BO)
        found = files(locked, "--by", BO)
        document = json.loads(found["json"])
        assert [row["ref"] for row in document["moments"]] == ["K1", "K2", "K3", "K4", "K5", "K6"]
        assert document["grades"]["godtagbar"] == 1
        assert [row["ref"] for row in document["risks"]] == ["R2", "R3", "R4", "R5", "R6", "R7"]
        assert document["matrix"] == [[0] * 4, [0] * 4, [0, 0, 3, 0], [0, 0, 3, 0]]
        assert document["moments"][1]["risk_ref"] is None
        assert document["moments"][4]["history"] == {"2019": "god", "2020": None, "2021": "god"}
        assert K7.encode() not in found["docx"] + found["pdf"] + found["csv"]
        assert all(K7.encode() in whole[shape] for shape in ("docx", "csv", "pdf"))
        assert files(locked, "--by", BO) == found
        assert files(locked, "--by", EVA) == whole
        page = signed_in(locked, BO).get(PAGE)
        assert "Du får se en del av den låsta uppföljningen." in page.text
        assert K7 not in page.text

    def test_a_reader_of_one_unit_gets_no_texts_and_nothing_of_others(self, locked):
        make_unit("Barn")
        make_user(SVEN, "chef", unit="Barn")
        found = files(locked, "--by", SVEN)
        assert json.loads(found["json"])["moments"] == []
        assert "Så gick året." not in found["docx"].decode()
        page = signed_in(locked, SVEN).get(PAGE)
        assert "Så gick året." not in page.text
        assert "Webbtillsyn" not in page.text


def test_what_was_locked_before_there_was_a_cover_is_read_and_gets_the_generated_one(office):
    old = json.loads(written(Kept(follow_up(2021, EVERY_RECORD), draft_cover()._replace(committee="Socialnämnden"))))
    old["found"]["texts"] = {name: text for name, text in old["found"]["texts"].items() if "cover" not in name}
    assert len(old["found"]["texts"]) == 11
    found = word_parts(render_kept(read(json.dumps(old).encode()), "docx"))
    assert part(found, "Beslut").texts == ["Socialnämnden godkänner uppföljning av internkontrollplan 2021."]
    assert part(found, "Slutlig").texts == ["Så gick året."]
    assert "Ärendet" not in [one.heading for one in found]
