"""What the register says of a wait becomes IVO's words: each offer and contact by its day."""

from dataclasses import dataclass, field
from datetime import date

from tracker.sending.register import Waiting, in_words


@dataclass
class Offer:
    """An offer, as the decision's life has it."""

    offered_on: date
    what: str
    answer: str | None = None
    answered_on: date | None = None


@dataclass
class Contact:
    """A contact, as the decision's life has it."""

    on: date
    how: str


@dataclass
class Life:
    """A clock's life, as far as IVO asks for it."""

    planned_on: date | None = None
    partly_on: date | None = None
    partly: str = ""
    meanwhile: str = ""
    consequences: str = ""
    offers: list[Offer] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)


def test_offers_and_contacts_stand_by_their_days():
    life = Life(
        offers=[
            Offer(date(2021, 10, 4), "Solgården.", "tackat-nej", date(2021, 10, 11)),
            Offer(date(2021, 12, 1), "", None),
            Offer(date(2021, 8, 1), "Björken", "accepterat"),
        ],
        contacts=[Contact(date(2021, 11, 2), "telefon")],
    )
    assert in_words(life).measures.splitlines() == [
        "2021-08-01: erbjudande, Björken, den enskilde accepterade.",
        "2021-10-04: erbjudande, Solgården, den enskilde tackade nej 2021-10-11.",
        "2021-11-02: kontakt, telefon.",
        "2021-12-01: erbjudande, inget svar än.",
    ]


def test_what_is_executed_in_part_and_what_the_wait_leads_to_are_told():
    life = Life(date(2022, 3, 1), date(2021, 9, 1), "två av fem timmar", "Hemtjänst", "Ensam på kvällarna")
    assert in_words(life) == Waiting(
        "2021-09-01: delvis verkställt, två av fem timmar.",
        "Ensam på kvällarna\nUnder tiden: Hemtjänst",
        date(2022, 3, 1),
    )


def test_where_the_register_is_silent_nothing_is_said():
    assert in_words(Life()) == Waiting()
