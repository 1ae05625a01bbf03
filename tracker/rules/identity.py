"""Is this the number of a person?

Personnummer and samordningsnummer: folkbokföringslagen (1991:481) 18 § and Skatteverket's check digit. IVO's T-number:
`ÅÅÅÅMMDD-Tnnn` or `ÅÅÅÅMMDD-TFnn`, where the third of the four signs tells the sex (even: woman, odd: man).
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

from stdnum import luhn

from tracker.rules.errors import RuleViolation

_FULL = re.compile(r"(\d{8})[-+ ]?(\d{4})", re.ASCII)
_T_NUMBER = re.compile(r"(\d{8})-?(T\d{3}|TF\d{2})", re.IGNORECASE | re.ASCII)
_INSIDE = re.compile(r"(?<!\d)(?:\d{2})?(\d{6})\s{0,2}[-+]?\s{0,2}(\d{4})(?!\d)", re.ASCII)
_T_INSIDE = re.compile(r"(?<!\d)(\d{8})-?T(?:\d{3}|F\d{2})(?![0-9A-Za-z])", re.IGNORECASE | re.ASCII)
COORDINATION_OFFSET = 60


def _is_date(text: str) -> bool:
    """Whether ÅÅÅÅMMDD is a day, the day of a samordningsnummer being raised by 60."""
    day = int(text[6:])
    if day > COORDINATION_OFFSET:
        day -= COORDINATION_OFFSET
    try:
        date(int(text[:4]), int(text[4:6]), day)
    except ValueError:
        return False
    return True


def normalise_person(text: str) -> str:
    """The number as it is stored: `ÅÅÅÅMMDDNNNN`, or `ÅÅÅÅMMDD-T123`.

    Raises RuleViolation, without repeating the number, when it is none.
    """
    text = text.strip()
    if match := _T_NUMBER.fullmatch(text):
        if _is_date(match[1]):
            return f"{match[1]}-{match[2].upper()}"
        raise RuleViolation("person_date", "Födelsedatumet i numret finns inte. Kontrollera numret.", "person")
    match = _FULL.fullmatch(text)
    if not match:
        raise RuleViolation(
            "person_form",
            "Skriv personnumret med tolv siffror (ÅÅÅÅMMDDNNNN), eller ett T-nummer som 19800101-T123.",
            "person",
        )
    if not _is_date(match[1]):
        raise RuleViolation("person_date", "Födelsedatumet i numret finns inte. Kontrollera numret.", "person")
    if not luhn.is_valid(match[1][2:] + match[2]):
        raise RuleViolation("person_check", "Kontrollsiffran stämmer inte. Kontrollera numret.", "person")
    return match[1] + match[2]


def sex_of(person: str) -> str:
    """`kvinna` or `man`, by the right sign of a number from `normalise_person`."""
    return "man" if int(person[-2]) % 2 else "kvinna"


def contradicts_sex(person: str, sex: str | None) -> bool:
    """Whether a number from `normalise_person` says another sex than the one that is given (None: none is).

    Example: 19121212-1212 is a man's, so it contradicts `kvinna`.
    """
    return sex is not None and sex_of(person) != sex


def t_numbers(born_on: date, sex: str) -> Iterator[str]:
    """IVO's numbers for somebody born on a day without a personnummer, in order: T001 … T999, then TF01 … TF99.

    Example: for a woman born 1980-01-01 `19800101-T001`, for a man `19800101-T010`: the third sign is odd.
    """
    for ending in (*(f"T{n:03}" for n in range(1, 1000)), *(f"TF{n:02}" for n in range(1, 100))):
        number = f"{born_on:%Y%m%d}-{ending}"
        if sex_of(number) == sex:
            yield number


def holds_person_number(text: str) -> bool:
    """Whether a text has a personnummer, samordningsnummer or T-number anywhere in it, whatever signs it is set in."""
    text = text if text.isascii() else "".join(map(_plain_sign, unicodedata.normalize("NFKC", text)))
    for match in _INSIDE.finditer(text):
        if luhn.is_valid(match[1] + match[2]) and (_is_date("19" + match[1]) or _is_date("20" + match[1])):
            return True
    return any(_is_date(match[1]) for match in _T_INSIDE.finditer(text))


def _plain_sign(sign: str) -> str:
    """A sign as a keyboard has it: any digit, any dash; nothing for what is not seen, such as a soft hyphen."""
    kind = unicodedata.category(sign)
    if kind == "Nd":
        return str(unicodedata.decimal(sign))
    if kind == "Pd" or sign == "\N{MINUS SIGN}":
        return "-"
    return "" if kind == "Cf" else sign
