"""What a risk tells beside its cell: cause, motivations, before and after controls, owner, place on the net list."""

import json

import pytest
from sqlalchemy import select, update

from tests.audit.trails import parts
from tests.control.office import import_entries, risk
from tests.control.test_plan import step
from tests.decisions.running import snapshot
from tests.risk.signing import HEAD
from tests.risk.test_editing_pages import NEW
from tracker.control.models import PlanVersion
from tracker.control.plan_queries import find_version, standing_of
from tracker.database import db, writer
from tracker.records.scope import EVERY_RECORD
from tracker.risk.importing import COLUMNS, REGISTER_NAMES
from tracker.risk.models import ControlPlan
from tracker.rules.plan_workflow import PlanStep
from tracker.rules.risk_assessment import HALF, NO_REASON

FULL = {
    "ar": "2021", "ref": "R1", "omrade": "IT", "niva": "nämnd", "risk": "Data går förlorade", "sannolikhet": "2",
    "konsekvens": "3", "motivering": "Gamla servrar", "hantering": "överföra", "process": "Drift",
    "orsak": "Ingen säkerhetskopia", "leder_till": "Arbetet stannar", "motivering_sannolikhet": "Hände 2019",
    "motivering_konsekvens": "Två dagar", "befintliga_kontroller": "Daglig kopia", "riskagare": "IT-chef",
    "sannolikhet_fore": "4", "konsekvens_fore": "4", "nettolista": "nej", "nettolista_skal": "Bevakas av IT",
}  # fmt: skip


def file_of(*rows: dict[str, str]) -> str:
    """A file with every column."""
    lines = [";".join(COLUMNS), *(";".join(row.get(name, "") for name in COLUMNS) for row in rows)]
    return "\n".join(lines) + "\n"


def test_a_file_can_tell_all_of_it(office):
    office.imports("risks", file_of(FULL))
    found = risk("R1")
    told = {name: getattr(found, column) for name, column in REGISTER_NAMES.items()}
    assert {name: str(value) for name, value in told.items() if name != "nettolista"} == {
        name: value for name, value in FULL.items() if name not in {"ar", "ref", "nettolista"}
    }
    assert (found.in_net, found.score, found.gross_likelihood) == (False, 6, 4)


def test_a_file_that_says_nothing_of_it_leaves_it_and_a_new_risk_is_on_the_net_list(office):
    office.imports("risks", file_of(FULL))
    before = snapshot()
    said = office.imports("risks", f"{HEAD}2021;R1;Data går förlorade;2;3\n")
    assert (said, snapshot()) == ("0 nya, 0 ändrade, 1 oförändrade", before)
    office.imports("risks", f"{HEAD}2021;R2;Jäv;1;1\n")
    assert (risk("R2").in_net, risk("R2").gross_likelihood) == (True, None)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"nettolista_skal": ""}, f"kolumn nettolista_skal: {NO_REASON}"),
        ({"konsekvens_fore": ""}, f"kolumn konsekvens_fore: {HALF}"),
        ({"sannolikhet_fore": "5"}, "kolumn sannolikhet_fore: 5 finns inte i planens skala. Skriv 1–4."),
        ({"nettolista": "kanske"}, 'kolumn nettolista: "kanske" går inte att välja. Välj bland ja, nej.'),
        ({"nettolista": "-"}, "kolumn nettolista: kan inte tömmas. Skriv vad som gäller."),
        ({"orsak": "Om 19121212-1212"}, "kolumn orsak: ser ut att innehålla ett personnummer. "
                                        "Skriv utan personnummer."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(office, change, told):
    assert office.refused("risks", file_of(FULL | change)) == [f"rad 2, {told}"]


def test_what_half_is_cleared_is_refused_and_both_can_go(office):
    office.imports("risks", file_of(FULL))
    bare = {"ar": "2021", "ref": "R1"}
    assert office.refused("risks", file_of(bare | {"nettolista_skal": "-"})) == [
        f"rad 2, kolumn nettolista_skal: {NO_REASON}"
    ]
    office.imports("risks", file_of(bare | {"sannolikhet_fore": "-", "konsekvens_fore": "-", "nettolista": "ja"}))
    found = risk("R1")
    assert (found.gross_likelihood, found.gross_consequence, found.in_net) == (None, None, True)


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_what_leaves_as_a_file_comes_in_again_unchanged(eva, office, extension, tmp_path):
    office.imports("risks", file_of(FULL | {"ref": "R2"}, FULL | {"ref": "R3", "nettolista": "ja", "orsak": "'=1+1"}))
    answer = eva.get(f"/risker/export.{extension}?ar=2021")
    path = tmp_path / f"risker.{extension}"
    path.write_bytes(answer.data)
    before = snapshot()
    assert office.imports("risks", path) == "0 nya, 0 ändrade, 3 oförändrade"
    assert snapshot() == before


def test_texts_that_may_tell_of_a_person_lie_sealed(office):
    office.imports("risks", file_of(FULL))
    office.imports("risks", file_of({"ar": "2021", "ref": "R1", "orsak": "Hemligt skäl", "riskagare": "Ny ägare"}))
    entry = import_entries()[-1]
    (part,) = parts(entry.id)
    assert part.sealed_values is not None
    assert "Hemligt" not in f"{entry.fields}{part.open_values}"
    assert "Ny ägare" not in f"{entry.fields}{part.open_values}"


class TestPages:
    """The form and the page of a risk."""

    MORE = {  # noqa: RUF012 - nobody changes it
        "processen": "Inköp", "orsak": "Delegation saknas", "riskagare": "Enhetschef", "sannolikhet_fore": "4",
        "konsekvens_fore": "4", "befintliga_kontroller": "Attest", "nettolista": "nej", "nettolista_skal": "Låg",
    }  # fmt: skip

    def test_all_of_it_is_written_and_shown(self, eva):
        eva.get("/risker/ny?ar=2021")
        page = eva.submit(NEW | self.MORE)
        found = risk("R2")
        assert (found.process, found.cause, found.owner, found.existing_controls) == (
            "Inköp", "Delegation saknas", "Enhetschef", "Attest",
        )  # fmt: skip
        assert (found.gross_likelihood, found.gross_consequence, found.in_net, found.net_reason) == (4, 4, False, "Låg")
        assert page.table("Risken före och efter").rows == [
            ["Före befintliga kontroller", "4, sannolik", "4, allvarlig", "16", "Kritisk"],
            ["Efter befintliga kontroller", "2, mindre sannolik", "4, allvarlig", "8", "Måttlig"],
        ]
        assert "Inte med: Låg" in page.text

    def test_what_was_written_stands_in_the_form_again_and_saves_as_it_was(self, eva):
        eva.get("/risker/ny?ar=2021")
        eva.submit(NEW | self.MORE)
        before = risk("R2").__dict__.copy()
        eva.get(f"/risker/{before['record_id']}/andra")
        eva.submit({}, form="version")
        after = risk("R2").__dict__
        assert {name: after[name] for name in REGISTER_NAMES.values()} == {
            name: before[name] for name in REGISTER_NAMES.values()
        }

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            ({"nettolista_skal": ""}, NO_REASON),
            ({"sannolikhet_fore": ""}, HALF),
            ({"konsekvens_fore": "5"}, "Välj ett av alternativen i listan."),
            ({"processen": "Gäller 20000101-2384"}, "Texten ser ut att innehålla ett personnummer. Skriv utan det."),
        ],
    )
    def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_lost(self, eva, typed, told):
        eva.get("/risker/ny?ar=2021")
        page = eva.submit(NEW | self.MORE | typed, status=422)
        assert told in page.text
        assert "Delegation saknas" in page.text


class TestVersions:
    """What is kept with the plan that goes to the committee."""

    @pytest.fixture
    def proposed(self, office):
        office.imports("risks", file_of(FULL))
        office.imports("controls", "ar;ref;risk_ref;kontrollmoment\n2021;K1;R1;Kopior\n")
        step(PlanStep.PROPOSE)
        return office

    def test_a_version_holds_it(self, proposed):
        (kept,) = find_version(2021, 1, EVERY_RECORD).content["risks"]
        assert (kept["cause"], kept["gross_likelihood"], kept["in_net"], kept["net_reason"]) == (
            "Ingen säkerhetskopia", 4, False, "Bevakas av IT",
        )  # fmt: skip

    def test_a_change_of_it_is_seen_beside_the_version_before(self, proposed, eva_here):
        step(PlanStep.WITHDRAW)
        proposed.imports("risks", file_of({"ar": "2021", "ref": "R1", "nettolista": "ja", "riskagare": "Ekonom"}))
        step(PlanStep.PROPOSE)
        page = eva_here.get("/internkontroll/2021/plan/version/2?mot=1")
        assert page.table("Skillnader i risker").rows == [
            ["R1", "Ändrad", "Riskägare", "IT-chef", "Ekonom"],
            ["R1", "Ändrad", "Med på nettolistan", "nej", "ja"],
        ]

    def test_a_version_that_was_kept_before_there_was_more_to_tell_is_no_change(self, office, eva_here):
        office.imports("risks", f"{HEAD}2021;R1;Avtal saknas;3;4\n")
        office.imports("controls", "ar;ref;risk_ref;kontrollmoment\n2021;K1;R1;Avtal\n")
        for one in (PlanStep.PROPOSE, PlanStep.ADOPT, PlanStep.CHANGE):
            step(one)
        former = {"record_id", "ref", "text", "area", "level", "likelihood", "consequence", "motivation", "handling"}
        with writer():
            content = json.loads(db.session.scalars(select(PlanVersion.content)).one())
            content["risks"] = [{name: row[name] for name in former} for row in content["risks"]]
            db.session.execute(update(PlanVersion).values(content=json.dumps(content)))
            db.session.commit()
        assert not standing_of(db.session.get_one(ControlPlan, 2021), EVERY_RECORD).differs
        db.session.rollback()
        page = eva_here.get("/internkontroll/2021/plan/version/1")
        assert page.table("Versionens risker").column("Riskvärde") == ["12"]
