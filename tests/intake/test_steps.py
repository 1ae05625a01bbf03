"""Each step refuses what cannot be, tells it where it stands, and asks for nothing that goes without saying."""

from datetime import date

import pytest

from tests.decisions.running import clock, decision, snapshot
from tests.factories import make_decisions
from tests.intake.walking import (
    ADDRESS,
    answer,
    chosen,
    errors_of,
    figures,
    notices,
    options_of,
    read_text,
    save,
    send_file,
)
from tests.support.pages import PageClient
from tracker.decisions.writing import person_of, stored_decision

HEAD = "ref;insats;beslutsdatum"
TOLVAN = "191212121212"


class TestTheFile:
    def test_no_file_is_told_beside_the_field(self, handler):
        handler.get(ADDRESS)
        assert "Välj en fil." in handler.submit({}, form="file", status=422).text

    @pytest.mark.parametrize(
        ("data", "said"),
        [(b"", "är tom"), (b"%PDF-1.7", "PDF"), (b"PK\x03\x04skrap", "skadad"), (b"<html>", "webbsida")],
    )
    def test_what_is_no_table_is_refused_and_does_not_wait(self, handler, data, said):
        assert said in send_file(handler, data, status=422).text
        assert handler.get(f"{ADDRESS}/tabell").heading == "Ingen fil väntar"

    def test_a_step_without_a_file_says_what_to_do(self, handler):
        for step in ("tabell", "kolumner", "varden", "granska"):
            page = handler.get(f"{ADDRESS}/{step}")
            assert page.links["Välj en fil"] == ADDRESS

    def test_a_later_step_leads_to_the_one_that_is_missing(self, handler):
        send_file(handler, f"{HEAD}\nA;x;2021-01-07\n".encode(), "a.csv")
        assert handler.get(f"{ADDRESS}/granska").heading == "Var står tabellen?"

    def test_a_new_file_takes_the_place_of_the_one_that_waits(self, handler):
        send_file(handler, b"ref;x\n1;2\n", "ett.csv")
        page = handler.get(ADDRESS)
        assert "Du har börjat läsa in ett.csv" in page.text
        assert "tva.csv" in send_file(handler, b"ref;x\n1;2\n", "tva.csv").text


class TestTheTable:
    def test_windows_letters_are_shown_and_can_be_read_otherwise(self, handler):
        page = send_file(handler, "Löpnr;Insats;Beslutsdatum\n1;Boende å;2021-01-07\n".encode("cp1252"), "a.csv")
        assert "Boende å" in page.text
        assert chosen(page)["Teckenkodning"] == "Windows (cp1252)"
        page = handler.submit({"encoding": "utf-8", "visa": "1"}, form="encoding")
        assert chosen(page)["Teckenkodning"] == "Windows (cp1252)", "it cannot be read as UTF-8"

    def test_a_last_row_above_the_head_is_refused(self, handler):
        send_file(handler, f"Titel;;\n{HEAD}\nA;x;2021-01-07\n".encode(), "a.csv")
        page = handler.submit({"last_row": "1"}, form="head_row", status=422)
        assert "Sista raden måste ligga under rubrikraden." in page.text

    def test_a_head_row_with_nothing_below_has_no_rows_to_change(self, handler):
        send_file(handler, f"{HEAD}\n".encode(), "a.csv")
        handler.submit({}, form="head_row")
        assert figures(answer(handler, {}))[:3] == ["0 nya", "0 ändrade", "0 oförändrade"]


class TestTheColumns:
    def test_a_field_that_must_be_there_is_asked_for(self, handler):
        send_file(handler, b"Nummer;Insats;Dag\nA;x;2021-01-07\n", "a.csv")
        handler.submit({}, form="head_row")
        page = handler.submit({}, form="kolumn_0", status=422)
        assert "Ingen kolumn är vald för Ref: beslutets eget nummer." in page.text
        assert "Ingen kolumn är vald för Beslutsdatum." in page.text

    def test_one_field_for_two_columns_is_told(self, handler):
        send_file(handler, f"{HEAD};datum\nA;x;2021-01-07;2021-01-08\n".encode(), "a.csv")
        handler.submit({}, form="head_row")
        page = handler.submit({"kolumn_3": "beslutsdatum"}, form="kolumn_0", status=422)
        assert "Beslutsdatum är vald för beslutsdatum också." in page.text

    def test_a_column_without_days_cannot_be_a_date(self, handler):
        send_file(handler, f"{HEAD};klart\nA;x;2021-01-07;snart\n".encode(), "a.csv")
        handler.submit({}, form="head_row")
        page = handler.submit({"kolumn_3": "verkstalld"}, form="kolumn_0", status=422)
        assert "klart har inga datum som går att läsa." in page.text

    def test_a_column_of_names_cannot_be_the_sex(self, handler):
        rows = "".join(f"A{n};x;2021-01-07;Namn {n}\n" for n in range(200))
        send_file(handler, f"{HEAD};vem\n{rows}".encode(), "a.csv")
        handler.submit({}, form="head_row")
        page = handler.submit({"kolumn_3": "kon"}, form="kolumn_0", status=422)
        assert "vem har för många olika värden" in page.text

    def test_a_numbers_cells_are_never_shown(self, handler):
        send_file(handler, f"{HEAD};Personnummer\nA;x;2021-01-07;19121212-1212\n".encode(), "a.csv")
        page = handler.submit({}, form="head_row")
        assert "1212-1212" not in page.text
        assert chosen(page)["Personnummer"] == "Personnummer"

    def test_nothing_is_asked_when_all_is_written_as_the_register_has_it(self, handler):
        page = read_text(handler, f"{HEAD};kon\nA;Kontaktperson;2021-01-07;Kvinna\n")
        assert page.heading == "Granska och spara"

    def test_what_was_typed_is_kept_when_the_form_is_refused(self, handler):
        send_file(handler, b"Nummer;Insats;Dag\nA;x;2021-01-07\n", "a.csv")
        handler.submit({}, form="head_row")
        page = handler.submit({"kolumn_2": "beslutsdatum"}, form="kolumn_0", status=422)
        assert chosen(page)["Dag"] == "Beslutsdatum"


class TestPersons:
    TEXT = f"{HEAD};Personnummer\nN-3;Kontaktperson;2021-03-16;19121212-1212\n"

    def test_those_who_may_bring_persons_in_and_the_preview_shows_no_number(self, handler):
        page = read_text(handler, self.TEXT)
        assert "Personnummer: läggs till" in page.text
        assert "1212" not in page.text
        save(handler)
        assert person_of(stored_decision(decision("N-3").record_id)) == TOLVAN

    def test_those_who_may_not_skip_the_column(self, sign_in):
        lead = sign_in("kvalitet@kommun.example", "kvalitet")
        send_file(lead, self.TEXT.encode(), "a.csv")
        page = lead.submit({}, form="head_row")
        assert "Din roll får inte läsa in personnummer." in page.text
        assert chosen(page)["Personnummer"] == "– hoppa över –"
        assert lead.submit({"kolumn_3": "person"}, form="kolumn_0", status=422).heading == "Vad är kolumnerna?"
        lead.get(f"{ADDRESS}/kolumner")
        assert figures(lead.submit({}, form="kolumn_0"))[2] == "1 oförändrade"

    def test_a_number_in_another_column_is_told_and_not_repeated(self, handler):
        page = read_text(handler, f"{HEAD}\n19121212-1212;Kontaktperson;2021-03-16\n")
        assert errors_of(page) == [
            "rad 2, kolumn ref: ser ut som ett personnummer. Skriv en referens som inte pekar ut någon."
        ]
        assert "1212" not in page.text


class TestDaysAndValues:
    def test_day_and_month_are_never_guessed(self, handler):
        send_file(handler, f"{HEAD}\nA;Kontaktperson;3/8/2021\n".encode(), "a.csv")
        handler.submit({}, form="head_row")
        page = handler.submit({}, form="kolumn_0")
        offered = options_of(page, "datum_beslutsdatum")
        assert list(offered) == ["d/m-aaaa", "m/d-aaaa"]
        assert "3/8/2021 blir 2021-08-03" in offered["d/m-aaaa"]
        assert "3/8/2021 blir 2021-03-08" in offered["m/d-aaaa"]
        handler.submit({"datum_beslutsdatum": "m/d-aaaa"}, form="version")
        save(handler)
        assert decision("A").decided_on == date(2021, 3, 8)

    def test_a_cell_that_the_form_does_not_read_is_told_with_the_files_own_head(self, handler):
        text = "Löpnr;Insats;Besl.datum\nA;Kontaktperson;210803\nB;Kontaktperson;210832\n"
        page = read_text(handler, text, {"datum_beslutsdatum": "aammdd"})
        (line,) = errors_of(page)
        assert line.startswith('rad 3, kolumn Besl.datum: "210832" är inget datum')
        assert figures(page)[0] == "1 nya"
        assert "Spara" not in [b.text for b in page.tree.iter("button")]

    def test_units_are_those_within_reach_and_an_unknown_one_must_be_chosen(self, sign_in):
        visitor = sign_in("eva@kommun.example", unit="Vuxen")
        send_file(visitor, f"{HEAD};enhet\nA;Kontaktperson;2021-01-07;Enh. V\n".encode(), "a.csv")
        visitor.submit({}, form="head_row")
        page = visitor.submit({}, form="kolumn_0")
        options = [o.text for s in page.tree.iter("select") for o in s.iter("option")]
        assert options == ["Välj …", "Vuxen", "Räkna cellen som tom"]
        assert "Välj vad Enh. V betyder." in visitor.submit({}, form="version", status=422).text
        answer(visitor, {"Enh. V": "Vuxen"})
        save(visitor)
        assert decision("A").ref == "A"

    def test_an_unknown_insats_joins_the_list_or_is_another(self, handler):
        text = f"{HEAD}\nA;Kontaktp;2021-01-07\nB;Ledsagning;2021-01-07\n"
        send_file(handler, text.encode(), "a.csv")
        handler.submit({}, form="head_row")
        handler.submit({}, form="kolumn_0")
        answer(handler, {"Kontaktp": "Kontaktperson", "Ledsagning": "Lägg till som ny insats"})
        save(handler)
        assert decision("A").intervention_id == decision("N-3").intervention_id
        assert decision("B").intervention_id != decision("N-3").intervention_id

    def test_a_reason_is_kept_as_own_words_or_becomes_a_code(self, handler):
        text = f"{HEAD};skal\nA;Kontaktperson;2021-01-07;Nekar\nB;Kontaktperson;2021-01-07;Vill vänta\n"
        send_file(handler, text.encode(), "a.csv")
        handler.submit({}, form="head_row")
        handler.submit({}, form="kolumn_0")
        answer(handler, {"Nekar": "Enskild har tackat nej"})
        save(handler)
        assert clock("A").delay_reason_id is not None
        assert (clock("B").delay_reason_id, clock("B").noted) == (None, True)


class TestThePreview:
    def test_it_says_what_stands_and_what_will_and_what_is_emptied(self, handler):
        text = f"{HEAD};utforare;kon;verkstalld\nN-3;;;-;kvinna;2021-06-01\n"
        page = read_text(handler, text)
        assert figures(page) == ["0 nya", "1 ändrade, 1 töms på något", "0 oförändrade", "1 bara i registret"]
        changes = page.table("Rader som ändrar").rows[0][3]
        assert changes == "kon: man →blir kvinnautforare: Nära AB →blir tömsverkstalld: – →blir 2021-06-01"

    def test_what_is_voided_or_out_of_reach_is_refused_and_tells_nothing(self, sign_in):
        make_decisions([{"ref": "S-1", "enhet": "Barn", "utforare": "Hemligt AB"}])
        visitor = sign_in("eva@kommun.example", unit="Vuxen")
        page = read_text(visitor, f"{HEAD};utforare\nS-1;Kontaktperson;2021-01-07;Annan\n")
        assert errors_of(page) == ["rad 2, kolumn ref: referensen används redan. Skriv en som inget annat beslut har."]
        assert "Hemligt" not in page.text
        assert figures(page)[3] == "0 bara i registret", "what lies outside is not counted either"

    def test_contradictions_are_told_as_by_the_command(self, handler):
        page = read_text(handler, f"{HEAD};verkstalld\nA;Kontaktperson;2021-03-07;2021-01-07\n")
        assert errors_of(page)[0].startswith("rad 2, kolumn verkstalld: 2021-01-07 ligger före beslutsdatum")

    def test_each_record_whose_values_are_shown_is_noted_as_read(self, handler):
        read_text(handler, f"{HEAD};kon\nN-3;;;kvinna\nA;Kontaktperson;2021-01-07;man\n")
        reads = [row for row in snapshot()["audit_read"] if "record" in row]
        assert [decision("N-3").record_id in row for row in reads] == [True]

    def test_refs_of_the_register_that_the_file_lacks_are_listed(self, handler):
        page = read_text(handler, f"{HEAD}\nN-3;;\n")
        assert page.table("Klockor som bara").rows == [["B-9", "Beslut", "2021-05-01", "Ej verkställt"]]


class TestTwoWindows:
    def test_a_choice_for_a_file_that_has_been_replaced_is_not_taken(self, handler):
        send_file(handler, f"{HEAD}\nA;x;2021-01-07\n".encode(), "ett.csv")
        handler.submit({}, form="head_row")
        stale = handler.page
        handler.submit({}, form="kolumn_0")
        handler.page = stale
        page = handler.submit({}, form="kolumn_0", status=409)
        assert "Filen har ändrats i ett annat fönster." in notices(page)[0]

    def test_saving_twice_saves_once(self, handler):
        read_text(handler, f"{HEAD}\nA;Kontaktperson;2021-01-07\n")
        review = handler.page
        save(handler)
        handler.page = review
        assert handler.submit({}, form="seen", status=409).heading == "Ingen fil väntar"
        assert len([row for row in snapshot()["audit_entry"] if "import.file_read_in" in row]) == 1

    def test_what_has_changed_since_the_preview_is_told_and_nothing_saved(self, handler):
        page = read_text(handler, f"{HEAD};kon\nN-3;;;kvinna\n")
        assert figures(page)[1] == "1 ändrade"
        make_decisions([{"ref": "N-3", "beslutsdatum": "2021-03-16", "utforare": "Ny", "kon": "kvinna"}])
        page = handler.submit({}, form="seen", status=409)
        assert "Registret har ändrats sedan du granskade filen" in page.text
        assert figures(page)[1:3] == ["0 ändrade", "1 oförändrade"]
        assert "Filen är inläst: 0 nya, 0 ändrade, 1 oförändrade" in save(handler).text

    def test_a_row_that_has_become_impossible_since_is_told(self, handler):
        read_text(handler, f"{HEAD};verkstalld\nN-3;;;2021-06-01\n")
        make_decisions([{"ref": "N-3", "beslutsdatum": "2021-03-16", "avslutad": "2021-07-01"}])
        page = handler.submit({}, form="seen", status=409)
        assert "både verkställd och avslutad" in errors_of(page)[0]
        assert clock("N-3").executed_on is None


def test_another_sign_in_of_the_same_person_has_no_file(app, sign_in):
    one, two = sign_in(), sign_in()
    send_file(one, b"ref;x\n1;2\n", "a.csv")
    assert isinstance(two, PageClient)
    assert two.get(f"{ADDRESS}/tabell").heading == "Ingen fil väntar"
    assert one.get(f"{ADDRESS}/tabell").heading == "Var står tabellen?"
