"""A file with foreign heads, from its choosing to the register: what is proposed, asked, shown and saved."""

from datetime import date

from tests.decisions.running import clock, decision, snapshot
from tests.intake.files import their_workbook
from tests.intake.walking import ADDRESS, answer, chosen, figures, labels_of, options_of, send_file


def name_of(page, label):
    """The name of the field with this label."""
    return labels_of(page)[label]


def test_a_foreign_workbook_goes_all_the_way(handler):
    before = snapshot()["decision"]
    page = send_file(handler, their_workbook())
    assert page.heading == "Var står tabellen?"
    page = handler.get(f"{ADDRESS}/tabell?sheet=1")
    rows = options_of(page, "head_row")
    assert rows["3"].startswith("Rad 3 Löpnr | Beslutad insats | Besl.datum")
    page = handler.submit({}, form="head_row")
    assert page.heading == "Vad är kolumnerna?"
    found = chosen(page)
    assert found["Löpnr"].startswith("Ref")
    assert found["Beslutad insats"].startswith("Insats")
    assert found["Besl.datum"].startswith("Beslutsdatum")
    assert found["Anteckning"] == "– hoppa över –"
    assert found["Orsak"] == "Skäl till dröjsmålet"
    assert "Rad 8 under tabellen läses inte" in page.text
    page = answer(handler, {})
    assert page.heading == "Hur är datum och värden skrivna?"
    assert chosen(page)["kontaktperson"] == "Kontaktperson"
    offered = options_of(page, "datum_beslutsdatum")
    assert list(offered) == ["aammdd"]
    assert "210316 blir 2021-03-16" in offered["aammdd"]
    page = handler.submit({}, form="version", status=422)
    assert "Välj ett av alternativen." in page.text
    assert "Välj vad 1 betyder." in page.text
    days = dict.fromkeys(("datum_beslutsdatum", "datum_verkstalld", "datum_avslutad"), "aammdd")
    page = handler.submit(days | {name_of(page, "1"): "man"}, form="version")
    assert page.heading == "Granska och spara"
    assert figures(page) == ["2 nya", "1 ändrade", "0 oförändrade", "1 bara i registret"]
    (line,) = page.table("Rader som ändrar").rows
    assert line[:3] == ["6", "N-3", "Beslut"]
    assert line[3] == "Avslut: – →blir 2021-09-30Orsak till avslut: – →blir FlyttatOrsak: – →blir Vill vänta till våren"
    assert [row[0] for row in page.table("Klockor som bara").rows] == ["B-9"]
    assert snapshot()["decision"] == before, "nothing is saved by looking"
    page = handler.submit({}, form="seen")
    assert page.heading == "Ej verkställda beslut"
    assert "Filen är inläst: 2 nya, 1 ändrade, 0 oförändrade" in page.text
    first, second, third = decision("N-1"), decision("N-2"), decision("N-3")
    assert (first.legal_basis, first.sex, first.decided_on) == ("SoL 4:1", "kvinna", date(2021, 1, 7))
    assert (second.legal_basis, second.sex, clock("N-2").executed_on) == ("LSS 9:5", "man", date(2021, 6, 30))
    assert (third.sex, third.provider, clock("N-3").close_reason) == ("man", "Nära AB", "Flyttat")
    assert first.intervention_id == third.intervention_id, "kontaktperson is Kontaktperson"
    assert handler.get(f"{ADDRESS}/granska").heading == "Ingen fil väntar"
