"""How does the list of lex Sarah-rapporter for the committee become a file? Numbers alone, in three lists."""

from collections.abc import Iterator
from io import BytesIO
from itertools import zip_longest

from tracker.cases.report_numbers import Numbers, ReportNumbers
from tracker.exchange.writing import Column, Sheet, write_csv, write_xlsx
from tracker.reports.rendering.control import Cover
from tracker.reports.rendering.paper import Paper
from tracker.reports.rendering.story import set_story
from tracker.rules.calendar import in_words
from tracker.web.filters import whole_number

NUMBER_FORMATS = ("csv", "xlsx", "docx", "pdf")
TITLE = "Lex Sarah-rapporter till nämnden"
STANDING = "Anmälningsärende"
NOTE = "Bara nummer: enhet, person och vad som har hänt står i ärendet."
COLUMNS = (
    Column("inkomna", "inkomna", 24), Column("beslutade", "beslutade", 24),
    Column("anmalda", "anmälda till IVO", 24),
)  # fmt: skip


def lists_of(found: ReportNumbers) -> list[tuple[str, Numbers]]:
    """The three lists with their headings."""
    return [("Inkomna", found.received), ("Beslutade", found.decided), ("Anmälda till IVO", found.notified)]


def left_out(numbers: Numbers) -> str:
    """What is said of those that are not listed; empty where all of them are."""
    if not numbers.hidden:
        return ""
    return f"Dessutom {whole_number(numbers.hidden)} som inte visas."


def render_numbers(found: ReportNumbers, shape: str, cover: Cover) -> bytes:
    """The list in one of NUMBER_FORMATS.

    Raises tracker.printing.faults.WordError or tracker.printing.process.WorkFailed when a paper cannot be made.
    """
    if shape == "csv":
        return "".join(write_csv(COLUMNS, _cells(found))).encode()
    if shape == "xlsx":
        file = BytesIO()
        write_xlsx(file, [Sheet("Anmälningsärenden", COLUMNS, _cells(found))], title=TITLE, made_on=cover.day)
        return file.getvalue()
    return set_story(_paper(found, cover), shape)


def _paper(found: ReportNumbers, cover: Cover) -> Paper:
    return {
        **cover._replace(standing=STANDING).heading(
            TITLE, f"{in_words(found.from_on)} till och med {in_words(found.to_on)}"
        ),
        "anmarkning": NOTE,
        "delar": [
            {
                "rubrik": f"{heading}, {whole_number(len(numbers.shown) + numbers.hidden)}",
                "stycken": [text for text in (", ".join(numbers.shown), left_out(numbers)) if text] or ["Inga."],
                "meningar": [],
                "tabeller": [],
            }
            for heading, numbers in lists_of(found)
        ],
    }


def _cells(found: ReportNumbers) -> Iterator[tuple[object, ...]]:
    yield from zip_longest(*(numbers.shown for _, numbers in lists_of(found)), fillvalue="")
    if any(numbers.hidden for _, numbers in lists_of(found)):
        yield tuple(left_out(numbers) for _, numbers in lists_of(found))
