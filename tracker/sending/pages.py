"""What do the pages of sending show? Rows, filters and words ready for the templates."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlencode

from flask import get_template_attribute, url_for
from markupsafe import Markup

from tracker.accounts.queries import user_names
from tracker.labels import CLOCK_LABELS, IVO_TYPE_LABELS
from tracker.records.models import CodeList
from tracker.records.queries import kept_codes, kept_label
from tracker.rules.sending import FREE_TEXTS, OF_PERSON, Field
from tracker.rules.unexecuted import ClockKind
from tracker.sending.filtering import MINE, NOW, Asked, Standing
from tracker.sending.queries import Work, WorkRow
from tracker.sending.sheet import Sheet
from tracker.web.marks import StateMark

SHOWN_LABELS = {
    "": "Alla",
    Standing.LEFT.value: "Kvar att sända",
    MINE: "Tagna av mig, kvar",
    Standing.SENT.value: "Sända",
    Standing.CORRECT.value: "Att rätta hos IVO",
    NOW: "Kan sändas nu",
}
STANDING_LABELS = {
    Standing.CORRECT: "Rätta hos IVO",
    Standing.LEFT: "Kvar",
    Standing.SENT: "Sänd",
    Standing.DROPPED: "Ska inte sändas",
}
MARKS = {
    Standing.CORRECT: StateMark(STANDING_LABELS[Standing.CORRECT], "■", "late"),
    Standing.LEFT: StateMark(STANDING_LABELS[Standing.LEFT], "●", "open"),
    Standing.SENT: StateMark(STANDING_LABELS[Standing.SENT], "✓", "done"),
    Standing.DROPPED: StateMark(STANDING_LABELS[Standing.DROPPED], "—", "closed"),
}
TAKEN = StateMark("Tagen", "◆", "soon")


def lines(rows: list[WorkRow]) -> list[tuple[object, ...]]:
    """For each row (address or None, ref, type, clock, insats, handler, mark as it is shown, words beside it)."""
    people = {row.taken_by for row in rows if row.taken_by}
    names = user_names(people) if people else {}
    labels = {choice.id: choice.label for choice in kept_codes(CodeList.INTERVENTION)}
    return [
        (
            _address(row),
            row.ref,
            IVO_TYPE_LABELS[row.ivo_type] + (", i efterhand" if row.afterwards else ""),
            f"{CLOCK_LABELS[ClockKind(row.kind)]} {row.started_on}" if row.kind else "–",
            labels.get(row.intervention_id) or kept_label(CodeList.INTERVENTION, row.intervention_id),
            row.handler or "–",
            rendered_mark(TAKEN if row.standing is Standing.LEFT and row.taken_by else MARKS[row.standing]),
            _beside(row, names),
        )
        for row in rows
    ]


@cache
def rendered_mark(state: StateMark) -> Markup:
    """A mark as pages show it; there are few, and they stand on every row."""
    return Markup(get_template_attribute("components/marks.html", "mark")(state))  # noqa: S704 - our own template


def _address(row: WorkRow) -> str | None:
    if row.why and row.standing is not Standing.CORRECT:
        return None
    if row.why.startswith(("Makulerat", "Klockan")):
        return None
    return sheet_address(row.quarter.year, row.quarter.number, row.clock_id, row.ivo_type.value)


def _beside(row: WorkRow, names: Mapping[int, str]) -> str:
    if row.why:
        return row.why + (f", sänd {row.sent_on}" if row.sent_on and row.standing is Standing.CORRECT else "")
    if row.sent_on:
        return str(row.sent_on)
    return f"av {names.get(row.taken_by, '–')}" if row.taken_by else ""


def sheet_address(year: int, number: int, clock_id: int, ivo_type: str) -> str:
    """The address of an individrapport."""
    return f"/rapporter/kvartal/{year}/{number}/ivo/{clock_id}/{ivo_type}"


def addresses(year: int, number: int, asked: Asked) -> Callable[..., str]:
    """Gives the work view's address with the filter, some of it changed."""
    path = url_for("sending.work", year=year, number=number)

    def address(**changed: object) -> str:
        found = asked.parameters | {name: str(value) for name, value in changed.items()}
        query = urlencode({name: value for name, value in found.items() if value})
        return f"{path}?{query}" if query else path

    return address


def interventions_of(work: Work) -> list[tuple[int, str]]:
    """(id, label) of the insatser that are to be sent, by label."""
    found = [(one, kept_label(CodeList.INTERVENTION, one)) for one in work.interventions]
    return sorted(found, key=lambda pair: pair[1])


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A field of IVO's form: its words to copy, and what the register said when IVO was told last, where it differs."""

    field: Field
    words: str
    free: bool
    was: str | None
    now: str


def field_lines(sheet: Sheet) -> tuple[list[FieldLine], list[FieldLine]]:
    """The fields of IVO's first step, and of its second."""
    differs = {found.field: found for found in sheet.differences}
    made = [
        FieldLine(
            field, words, field in FREE_TEXTS,
            differs[field].was if field in differs else None, differs[field].now if field in differs else "",
        )
        for field, words in sheet.shown.items()
    ]  # fmt: skip
    return [line for line in made if line.field in OF_PERSON], [line for line in made if line.field not in OF_PERSON]
