"""How a file was read is remembered for the next one like it, without anything that points at a person."""

import json

from sqlalchemy import select

from tests.audit.trails import entries
from tests.intake.walking import ADDRESS, answer, chosen, figures, labels_of, notices, options_of, save, send_file
from tracker.database import db
from tracker.intake.models import ImportMapping

HEAD = "Nummer;Vad;Dag;K/M;Enh;Vem;Kommentar"
ROW = "A-1;Kontaktp;210107;1;V;Eva;ringt"
COLUMNS = {"kolumn_0": "ref", "kolumn_1": "insats", "kolumn_2": "beslutsdatum", "kolumn_4": "enhet", "kolumn_5": ""}
VALUES = {"1": "kvinna", "V": "Vuxen", "Kontaktp": "Kontaktperson"}


def read_first(visitor, text):
    """A file that is read for the first time: everything is chosen by hand."""
    send_file(visitor, text.encode(), "lista.csv")
    visitor.submit({}, form="head_row")
    visitor.submit(COLUMNS, form="kolumn_0")
    page = visitor.page
    names = labels_of(page)
    fields = {names[label]: text for label, text in VALUES.items() if label in names}
    visitor.submit({"datum_beslutsdatum": "aammdd"} | fields, form="version")
    return save(visitor)


def content():
    db.session.rollback()
    return db.session.scalars(select(ImportMapping.content)).one()


def test_the_next_file_is_read_as_the_first_was(handler):
    assert "1 nya" in read_first(handler, f"{HEAD}\n{ROW}\n").text
    send_file(handler, f"{HEAD}\n{ROW}\nA-2;Kontaktp;210202;1;V;Bo;\n".encode(), "februari.csv")
    page = handler.submit({}, form="head_row")
    assert "Valen är förifyllda som när en sådan fil lästes in 15 februari 2022." in notices(page)[0]
    assert [chosen(page)[head].partition(":")[0] for head in HEAD.split(";")] == [
        "Ref", "Insats", "Beslutsdatum", "Kön", "Enhet", "– hoppa över –", "– hoppa över –"
    ]  # fmt: skip
    page = answer(handler, {})
    checked = [e.get("value") for e in page.tree.iter("input") if e.get("checked") is not None]
    assert checked == ["aammdd"]
    assert {label: chosen(page)[label] for label in VALUES} == VALUES
    assert figures(answer(handler, {}))[:3] == ["1 nya", "0 ändrade", "1 oförändrade"]


def test_its_head_row_is_found_again_below_other_lines(handler):
    read_first(handler, f"{HEAD}\n{ROW}\n")
    above = "Nummer;Insats;Beslutsdatum;Kön;Enhet;Handläggare;Skäl\n"  # looks more like a head
    page = send_file(handler, f"{above}{HEAD}\n{ROW}\n".encode(), "mars.csv")
    checked = [e.get("value") for e in page.tree.iter("input") if e.get("checked") is not None]
    assert checked == ["2"]
    assert len(options_of(page, "head_row")) == 3


def test_a_column_that_is_gone_is_told(handler):
    read_first(handler, f"{HEAD}\n{ROW}\n")
    send_file(handler, b"Nummer;Vad;Datum;K/M;Enh;Vem\nA-1;Kontaktp;210107;1;V;Eva\n", "april.csv")
    page = handler.submit({}, form="head_row")
    (_, gone) = notices(page)[:2]
    assert "Dag (Beslutsdatum)" in gone
    assert "K/M" not in gone
    assert chosen(page)["Vad"] == "Insats"
    assert "Ingen kolumn är vald för Beslutsdatum" in handler.submit({"kolumn_2": ""}, form="kolumn_0", status=422).text


def test_a_file_with_other_heads_is_not_read_by_it(handler):
    read_first(handler, f"{HEAD}\n{ROW}\n")
    send_file(handler, b"ref;insats;beslutsdatum\nB-1;Kontaktperson;2021-01-07\n", "annan.csv")
    assert "Valen är förifyllda" not in handler.submit({}, form="head_row").text


def test_what_points_at_a_person_is_not_remembered(handler):
    rows = (
        "B-1;Kontaktperson;2021-01-07;Nekar\nB-2;Kontaktperson;2021-01-07;191212121212 nekar\n"
        f"B-3;Kontaktperson;2021-01-07;{'Hon vill bo hos sin syster till våren ' * 2}\n"
    )
    send_file(handler, f"ref;insats;beslutsdatum;skal;19121212-1212\n{rows}".encode(), "a.csv")
    handler.submit({}, form="head_row")
    page = handler.submit({}, form="kolumn_0")
    selects = {s.get("name"): "Enskild har tackat nej" for s in page.tree.iter("select")}
    handler.submit(selects, form="version")
    save(handler)
    kept = content()
    assert kept["values"] == {"skal": {"Nekar": "Enskild har tackat nej"}}
    assert "1212" not in json.dumps(kept)
    assert kept["skipped"] == []


def test_the_trail_tells_who_read_a_file_in_and_that_its_reading_was_saved_once(handler):
    read_first(handler, f"{HEAD}\n{ROW}\n")
    read = [e for e in entries() if e.action == "import.file_read_in"]
    saved = [e for e in entries() if e.action == "import.mapping_saved"]
    assert [(e.actor_kind, e.actor_id is not None) for e in read] == [("user", True)]
    assert [(e.target_kind, e.target_id is not None) for e in saved] == [("mapping", True)]
    send_file(handler, f"{HEAD}\n{ROW}\n".encode(), "igen.csv")
    for form in ("head_row", "kolumn_0", "version", "seen"):
        page = handler.submit({}, form=form)
    assert "0 nya, 0 ändrade, 1 oförändrade" in page.text
    actions = [e.action for e in entries()]
    assert (actions.count("import.file_read_in"), actions.count("import.mapping_saved")) == (2, 1)


def test_a_unit_that_the_next_reader_does_not_reach_is_not_proposed(handler, sign_in):
    read_first(handler, f"{HEAD}\n{ROW}\n")
    other = sign_in("bo@kommun.example", unit="Barn")
    send_file(other, f"{HEAD}\nA-7;Kontaktp;210107;1;V;Eva;\n".encode(), "a.csv")
    other.submit({}, form="head_row")
    other.submit({}, form="kolumn_0")
    assert "Välj vad V betyder." in other.submit({}, form="version", status=422).text


def test_nothing_is_remembered_before_something_is_saved(handler):
    send_file(handler, f"{HEAD}\n{ROW}\n".encode(), "a.csv")
    handler.submit({}, form="head_row")
    handler.submit(COLUMNS, form="kolumn_0")
    handler.get(ADDRESS)
    assert db.session.scalars(select(ImportMapping.id)).all() == []
