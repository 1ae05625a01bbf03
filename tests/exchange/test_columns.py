"""Column names and cells mean what the contract says, or are refused with a way out."""

import time
from datetime import date, datetime, timedelta

import pytest

from tracker.exchange.columns import (
    CLEAR,
    LEAVE,
    cell_at,
    fold,
    match_columns,
    parse_choice,
    parse_date,
    parse_text,
    parse_whole_number,
)
from tracker.exchange.errors import BadCell, Collector, ImportRefused


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Kön", "kon"),
        ("KO\u0308N", "kon"),
        ("a\u030arsbeslut", "arsbeslut"),
        (" Först  rapporterad ", "forst_rapporterad"),
        ("lex-Sarah", "lex_sarah"),
        ("ÅÄÖ", "aao"),
        ("ref", "ref"),
    ],
)
def test_fold(name, folded):
    assert fold(name) == folded


def told(columns, known):
    collector = Collector()
    found = match_columns(columns, known, collector)
    try:
        collector.raise_if_any()
    except ImportRefused as refused:
        return found, refused.lines()
    return found, []


def test_columns_are_found_in_any_order_and_spelling():
    found, errors = told(("Insats", "KÖN", "ref"), {"ref": True, "insats": True, "kon": False, "enhet": False})
    assert found == {"insats": 0, "kon": 1, "ref": 2}
    assert errors == []
    assert cell_at(("a", "b", "c"), found, "kon") == "b"
    assert cell_at(("a", "b", "c"), found, "enhet") == ""


def test_unknown_missing_and_doubled_columns_are_all_told():
    found, errors = told(("Kön", "kon", "beslutdatum", "xyz"), {"ref": True, "kon": False, "beslutsdatum": True})
    assert found == {"kon": 0}
    assert errors == [
        "rad 1, kolumn kon: betyder samma sak som kolumnen Kön. Ta bort en av dem.",
        "rad 1, kolumn beslutdatum: kolumnen är okänd. Menade du beslutsdatum?",
        "rad 1, kolumn xyz: kolumnen är okänd. Ta bort kolumnen eller rätta namnet.",
        "rad 1, kolumn ref: kolumnen saknas. Lägg till den, den måste finnas.",
        "rad 1, kolumn beslutsdatum: kolumnen saknas. Lägg till den, den måste finnas.",
    ]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("2021-08-03", date(2021, 8, 3)),
        ("2020-02-29", date(2020, 2, 29)),
        ("1900-01-01", date(1900, 1, 1)),
        ("2100-12-31", date(2100, 12, 31)),
        (date(2021, 8, 3), date(2021, 8, 3)),
        ("", LEAVE),
        ("-", CLEAR),
    ],
)
def test_dates(cell, value):
    assert parse_date(cell) == value


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("2021-02-30", '"2021-02-30" finns inte i kalendern. Skriv datumet som 2026-03-31.'),
        ("2021-02-29", "finns inte i kalendern"),
        ("2021-13-01", "finns inte i kalendern"),
        ("2021-00-10", "finns inte i kalendern"),
        ("1899-12-31", "utanför åren 1900–2100"),
        ("2101-01-01", "utanför åren 1900–2100"),
        (date(1899, 12, 31), "utanför åren 1900–2100"),
        ("210803", "saknar bindestreck"),
        ("20210803", "saknar bindestreck"),
        ("44411", "Excels tal för ett datum"),
        ("2021/08/03", "inget datum som går att läsa"),
        ("3/8-2021", "inget datum som går att läsa"),
        ("2021-8-3", "inget datum som går att läsa"),
        ("2021-08-03\n", "inget datum som går att läsa"),
        ("٢٠٢١-٠٨-٠٣", "inget datum som går att läsa"),
        ("2021–08–03", "inget datum som går att läsa"),
        ("2021-08-03 14:30:00", "har ett klockslag"),
        (datetime.fromisoformat("2021-08-03T14:30"), "har ett klockslag"),
        ("x" * 100, '"' + "x" * 39 + '…" är inget datum'),
    ],
)
def test_broken_dates_say_what_is_wrong_and_how_to_write(cell, message):
    with pytest.raises(BadCell) as bad:
        parse_date(cell)
    assert message in str(bad.value)
    assert "2026-03-31" in str(bad.value)


def test_600_000_dates_are_read_in_about_a_second():
    texts = [(date(2019, 1, 1) + timedelta(days=i % 900)).isoformat() for i in range(600_000)]
    start = time.perf_counter()
    for text in texts:
        parse_date(text)
    assert time.perf_counter() - start < 2


def test_choices_are_folded_and_refused_with_what_can_be_chosen():
    choices = {"handelse": "event", "tillbud": "near_miss"}
    labels = ("händelse", "tillbud")
    assert parse_choice("Händelse", choices, labels) == "event"
    assert parse_choice("", choices) is LEAVE
    assert parse_choice("-", choices) is CLEAR
    with pytest.raises(BadCell, match=r'^"handlse" går inte att välja\. Menade du händelse\?$'):
        parse_choice("handlse", choices, labels)
    with pytest.raises(BadCell, match=r'^"x" går inte att välja\. Välj bland händelse, tillbud\.$'):
        parse_choice("x", choices, labels)


@pytest.mark.parametrize(("cell", "value"), [("0", 0), ("12", 12), ("", LEAVE), ("-", CLEAR)])
def test_whole_numbers(cell, value):
    assert parse_whole_number(cell, 0, 12) == value


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("2.5", "inget heltal"),
        ("2,0", "inget heltal"),
        ("1 000", "inget heltal"),
        ("٣", "inget heltal"),
        ("9" * 5000, "inget heltal"),
        (date(2021, 1, 1), "inget heltal"),
        ("-1", "minst 0"),
        ("13", "högst 12"),
    ],
)
def test_broken_whole_numbers(cell, message):
    with pytest.raises(BadCell, match=message):
        parse_whole_number(cell, 0, 12)


def test_texts():
    assert parse_text("Hemtjänst") == "Hemtjänst"
    assert parse_text(date(2021, 8, 3)) == "2021-08-03"
    assert parse_text("") is LEAVE
    assert parse_text("-") is CLEAR
