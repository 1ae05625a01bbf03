"""The särskild avgift: its interval by the day of the decision, the two years, and where they stand in the law."""

from datetime import date

import pytest

from tracker.rules.special_fee import (
    FeeInterval,
    fee_interval,
    fee_paragraphs,
    fee_sentences,
    last_day_to_apply,
    two_year_paragraph,
)


@pytest.mark.parametrize(
    ("decided_on", "lowest", "highest"),
    [
        (date(2021, 9, 29), 10_000, 1_000_000),
        (date(2025, 6, 30), 10_000, 1_000_000),
        (date(2025, 12, 31), 10_000, 1_000_000),
        (date(2026, 1, 1), 15_000, 1_500_000),
        (date(2026, 11, 27), 15_000, 1_500_000),
    ],
)
def test_the_interval_follows_the_day_of_the_decision(decided_on, lowest, highest):
    assert fee_interval(decided_on) == FeeInterval(lowest, highest)


@pytest.mark.parametrize(
    ("started_on", "last_day"),
    [
        (date(2024, 2, 29), date(2026, 2, 28)),
        (date(2022, 2, 28), date(2024, 2, 28)),
        (date(2024, 1, 31), date(2026, 1, 31)),
        (date(2025, 12, 31), date(2027, 12, 31)),
        (date(2026, 3, 1), date(2028, 3, 1)),
    ],
)
def test_two_years_end_on_the_same_day_or_on_the_months_last(started_on, last_day):
    assert last_day_to_apply(started_on) == last_day


@pytest.mark.parametrize(
    ("law", "on", "paragraphs", "two_years"),
    [
        ("SoL", date(2025, 6, 30), "16 kap. 6 a–6 e §§ socialtjänstlagen (2001:453)",
         "16 kap. 6 e § socialtjänstlagen (2001:453)"),
        ("SoL", date(2025, 7, 1), "34 kap. 5–10 §§ socialtjänstlagen", "34 kap. 10 § socialtjänstlagen"),
        ("LSS", date(2025, 6, 30), "28 a–28 e §§ LSS", "28 e § LSS"),
        ("LSS", date(2026, 1, 1), "28 a–28 e §§ LSS", "28 e § LSS"),
        (None, date(2026, 1, 1), "34 kap. 5–10 §§ socialtjänstlagen eller 28 a–28 e §§ LSS",
         "34 kap. 10 § socialtjänstlagen eller 28 e § LSS"),
    ],
)  # fmt: skip
def test_the_paragraphs_are_those_of_the_law_in_force(law, on, paragraphs, two_years):
    assert fee_paragraphs(law, on) == paragraphs
    assert two_year_paragraph(law, on) == two_years


def test_the_sentences_say_why_and_never_an_amount_of_the_case():
    interval, limit = fee_sentences(date(2025, 12, 31), "LSS", date(2026, 11, 27), judgment=False)
    assert interval.startswith(
        "Beslutet fattades 31 december 2025. För beslut före 1 januari 2026 gäller detta intervall (28 a–28 e §§ LSS)."
    )
    assert "inom två år från beslutet eller avbrottet (28 e § LSS;" in limit
    assert not any(
        sign.isdigit()
        for sign in interval.replace("31 december 2025", "").replace("1 januari 2026", "").replace("28 ", "")
    )
    later, _ = fee_sentences(date(2026, 1, 1), "SoL", date(2026, 11, 27), judgment=False)
    assert "För beslut från och med 1 januari 2026" in later


def test_of_a_judgment_the_two_years_run_from_a_day_that_the_register_lacks():
    _, limit = fee_sentences(date(2026, 1, 1), "SoL", date(2026, 11, 27), judgment=True)
    assert "den dag domen fick laga kraft, som inte står i registret" in limit
