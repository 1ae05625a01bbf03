"""What goes out of the register comes in again through the steps and changes nothing, under foreign heads too."""

import csv
import io
from datetime import date

import pytest

from tests.decisions.running import Office
from tests.decisions.test_register_export import as_rows
from tests.factories import PASSWORD, make_unit, make_user
from tests.intake.walking import answer, chosen, figures, save, send_file

THEIRS = {
    "ref": "Löpnr", "lagrum": "Paragraf", "grund": "Beslut/dom", "omrade": "Verksamhet", "insats": "Bistånd",
    "kon": "K/M", "enhet": "Avdelning", "handlaggare": "Socialsekreterare", "utforare": "Leverantör",
    "diarienummer": "Dnr", "beslutsdatum": "Besl.datum", "avbrottsdatum": "Avbrott", "verkstalld": "Verkst.",
    "avslutad": "Avslut", "avslutsorsak": "Anledning till avslut", "skal": "Varför ej verkställt",
    "forst_rapporterad": "Först rapporterat", "slutrapporterad": "Slutrapport",
}  # fmt: skip
UNCHANGED = ["0 nya", "0 ändrade", "6 oförändrade", "0 bara i registret"]


@pytest.fixture
def filled(app, tmp_path, frozen_day, client):
    """A register with a row of every kind, and a signed-in handläggare of all of it."""
    frozen_day(date(2022, 2, 15))
    make_unit("Vuxen 1", "Vuxen")
    make_unit("Vuxen 2", "Vuxen")
    Office(app, tmp_path).imports(as_rows())
    client.sign_in(make_user("handlaggare@kommun.example", "handlaggare").email, PASSWORD)
    return client


def through(client, data, name):
    send_file(client, data, name)
    client.submit({}, form="head_row")
    return answer(client, {})


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_an_export_is_read_back_as_proposed_and_changes_nothing(filled, extension):
    data = filled.get(f"/beslut/export.{extension}").data
    page = through(filled, data, f"export.{extension}")
    assert set(chosen(page).values()) == {"Behåll texten som den står"}, "own words are all that is asked about"
    page = filled.submit({}, form="version")
    assert figures(page) == UNCHANGED
    assert "0 nya, 0 ändrade, 6 oförändrade" in save(filled).text


def test_under_foreign_heads_with_days_and_values_in_other_words_it_changes_nothing(filled):
    rows = list(csv.reader(io.StringIO(filled.get("/beslut/export.csv").data.decode("utf-8-sig")), delimiter=";"))
    head, *rest = rows
    days = {name for name in head if name.endswith(("datum", "ad")) and name not in {"ref"}}
    lines = [["Vår lista över beslut"], [THEIRS[name] for name in head]]
    for row in rest:
        cells = dict(zip(head, row, strict=True))
        for name in days:
            cells[name] = date.fromisoformat(cells[name]).strftime("%d.%m.%Y") if cells[name] else ""
        cells["kon"] = {"kvinna": "K", "man": "M"}.get(cells["kon"], "")
        cells["grund"] = cells["grund"].upper()
        cells["lagrum"] = cells["lagrum"].replace("SoL 4:1", "4 kap. 1 § SoL")
        lines.append(list(cells.values()))
    text = io.StringIO()
    csv.writer(text, delimiter=",").writerows(lines)
    page = through(filled, text.getvalue().encode("cp1252"), "vår lista.csv")
    assert page.heading == "Hur är datum och värden skrivna?"
    asked = {e.get("name") for e in page.tree.iter("input") if (e.get("name") or "").startswith("datum_")}
    page = filled.submit(dict.fromkeys(asked, "d/m-aaaa"), form="version")
    assert figures(page) == UNCHANGED
