"""What does the register say of how a clock's wait has been? The one place that asks the decision's life."""

from dataclasses import dataclass
from datetime import date

from tracker.decisions.life import ClockLife, Offer, lives

ANSWERS = {"accepterat": "accepterade", "tackat-nej": "tackade nej"}


@dataclass(frozen=True, slots=True)
class Waiting:
    """What IVO asks of a wait, in the register's words; empty where it says nothing."""

    measures: str = ""
    meanwhile: str = ""
    planned_on: date | None = None


def waiting_of(clock_id: int) -> Waiting:
    """What the register says of a clock's wait."""
    return in_words(lives([clock_id], with_texts=True)[clock_id])


def in_words(life: ClockLife) -> Waiting:
    """A clock's life as IVO's fields: offers and contacts by day, what part is executed, consequences and insatser."""
    told = [(offer.offered_on, _offer(offer)) for offer in life.offers]
    told += [(contact.on, f"{contact.on}: kontakt{_more(contact.how)}.") for contact in life.contacts]
    measures = [line for _, line in sorted(told)]
    if life.partly_on:
        measures.append(f"{life.partly_on}: delvis verkställt{_more(life.partly)}.")
    meanwhile = [part for part in (life.consequences, life.meanwhile and f"Under tiden: {life.meanwhile}") if part]
    return Waiting("\n".join(measures), "\n".join(meanwhile), life.planned_on)


def _offer(offer: Offer) -> str:
    answer = "inget svar än"
    if offer.answer is not None:
        word = ANSWERS.get(str(offer.answer), str(offer.answer))
        answer = f"den enskilde {word}{f' {offer.answered_on}' if offer.answered_on else ''}"
    return f"{offer.offered_on}: erbjudande{_more(offer.what)}, {answer}."


def _more(text: str) -> str:
    return f", {text.rstrip('.')}" if text else ""
