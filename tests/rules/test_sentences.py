"""For any clock two Swedish sentences say why: its days and the rule, then the class."""

from datetime import date

import pytest
from hypothesis import given

from tests.rules.by_hand import classes_by_hand, clocks_and_periods, day_after_months
from tracker.rules.unexecuted import Clock, ClockKind, classify, reporting_paragraph

MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni",
    "juli", "augusti", "september", "oktober", "november", "december",
)  # fmt: skip
CLASS_WORDS = {
    "executed": "klass verkställt.",
    "closed": "klass avslutat utan verkställighet.",
    "still_unexecuted": "klass ännu inte verkställt.",
    "new": "klass ny rapportering.",
    "late_executed": "klass sent verkställt, ej tidigare rapporterat.",
    "late_closed": "klass sent avslutat, ej tidigare rapporterat.",
}
OUTSIDE = "därför står det inte i någon klass."


def words(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


@pytest.mark.parametrize(
    ("law", "on", "paragraph"),
    [
        ("SoL", date(2025, 7, 1), "34 kap. 1 § socialtjänstlagen"),
        ("SoL", date(2025, 6, 30), "16 kap. 6 f § socialtjänstlagen (2001:453)"),
        ("LSS", date(2025, 7, 1), "28 f § LSS"),
        ("LSS", date(2025, 6, 30), "28 f § LSS"),
        (None, date(2025, 7, 1), "34 kap. 1 § socialtjänstlagen eller 28 f § LSS"),
        (None, date(2025, 6, 30), "16 kap. 6 f § socialtjänstlagen (2001:453) eller 28 f § LSS"),
    ],
)
def test_the_paragraph_is_the_one_in_force_on_the_day(law, on, paragraph):
    assert reporting_paragraph(law, on) == paragraph


@pytest.mark.parametrize(
    ("cutoff", "paragraph"),
    [(date(2025, 6, 30), "16 kap. 6 f §"), (date(2025, 7, 1), "34 kap. 1 §")],
)
def test_the_first_sentence_names_the_paragraph_of_the_cutoff_day(cutoff, paragraph):
    clock = Clock(ClockKind.DECISION, date(2025, 1, 15), law="SoL")
    first, second = classify(clock, cutoff, date(2025, 3, 31)).sentences
    assert first.startswith("Beslutet fattades 15 januari 2025 och tre månader gick ut 15 april 2025 ")
    assert paragraph in first
    assert "1 § lagen 1930:173" in first
    assert second.endswith("klass ny rapportering.")


def test_an_interruption_is_told_from_the_day_it_began():
    clock = Clock(ClockKind.INTERRUPTION, date(2025, 8, 31), law="LSS", executed_on=date(2025, 12, 1))
    first, second = classify(clock, date(2026, 3, 31), date(2025, 9, 30)).sentences
    assert first.startswith("Insatsen avbröts 31 augusti 2025 och tre månader gick ut 30 november 2025 (28 f § LSS;")
    assert second == (
        "Det verkställdes 1 december 2025, efter tre månader och utan att ha rapporterats tidigare: "
        "klass sent verkställt, ej tidigare rapporterat."
    )


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"judgment": True}, "En dom rapporteras inte"),
        ({"executed_on": date(2025, 9, 30)}, "Det verkställdes 30 september 2025, inom tre månader"),
        ({"closed_on": date(2025, 9, 29)}, "Det avslutades 29 september 2025, inom tre månader"),
        ({"final_reported_on": date(2025, 12, 31)}, "Det slutrapporterades per 31 december 2025"),
        ({"started_on": date(2026, 4, 1)}, "Avstämningsdatum 31 mars 2026 kommer före starten"),
        ({"started_on": date(2025, 12, 31)}, "Per 31 mars 2026 hade tre månader inte passerat"),
    ],
)
def test_a_clock_outside_the_classes_is_told_why(facts, says):
    clock = Clock(**{"kind": ClockKind.DECISION, "started_on": date(2025, 6, 30)} | facts)
    second = classify(clock, date(2026, 3, 31), date(2025, 12, 31)).sentences[1]
    assert second.startswith(says)
    assert second.endswith(OUTSIDE)


def test_a_missed_clock_is_told_that_the_reports_lack_it():
    clock = Clock(ClockKind.DECISION, date(2025, 6, 30), executed_on=date(2025, 12, 31))
    second = classify(clock, date(2026, 3, 31), date(2025, 12, 31)).sentences[1]
    assert second == (
        "Det verkställdes 31 december 2025, efter tre månader men senast föregående avstämningsdatum "
        "31 december 2025, utan att ha rapporterats: det saknas i rapporterna."
    )


@given(clocks_and_periods())
def test_the_sentences_of_every_clock_agree_with_its_class_and_its_days(case):
    clock, cutoff, previous = case
    (found, missed), (first, second) = classes_by_hand(clock, cutoff, previous), classify(*case).sentences
    assert words(clock.started_on) in first
    assert words(day_after_months(clock.started_on, 3)) in first
    new_law = cutoff >= date(2025, 7, 1)
    assert ("34 kap. 1 §" in first) == (new_law and clock.law != "LSS")
    assert ("16 kap. 6 f §" in first) == (not new_law and clock.law != "LSS")
    assert ("28 f § LSS" in first) == (clock.law != "SoL")
    if missed:
        assert second.endswith("det saknas i rapporterna.")
    elif found:
        assert second.endswith(CLASS_WORDS[next(iter(found))])
    else:
        assert second.endswith(OUTSIDE)
    for sentence in (first, second):
        assert sentence[0].isupper()
        assert sentence.endswith(".")


@given(clocks_and_periods())
def test_the_second_sentence_names_the_day_that_decided_the_class(case):
    clock, cutoff, previous = case
    found, missed = classes_by_hand(clock, cutoff, previous)
    second = classify(*case).sentences[1]
    if found & {"executed", "late_executed"} or (missed and clock.executed_on):
        assert words(clock.executed_on) in second
    if found & {"closed", "late_closed"} or (missed and clock.closed_on):
        assert words(clock.closed_on) in second
    if found & {"executed", "closed", "still_unexecuted"}:
        assert f"första gången per {words(clock.first_reported_on)}" in second
    if found & {"new", "still_unexecuted"}:
        assert words(cutoff) in second
