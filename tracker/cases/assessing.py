"""What has been found out of an avvikelse, between its row and its form."""

from datetime import date
from typing import Any

from wtforms import SelectChoice

from tracker.cases.forms import UNCHOSEN, AssessForm
from tracker.cases.registers import Stored
from tracker.cases.services import Finding
from tracker.cases.texts import Section, newest_words
from tracker.records.models import CodeList
from tracker.records.queries import list_code_rows

NUMBERS = ("severity", "likelihood")


def assessed(row: Stored) -> dict[str, str]:
    """The fields of the form as they stand."""
    names = ("severity", "likelihood", "kind", "law_area")
    found = {name: UNCHOSEN if row[name] is None else str(row[name]) for name in names}
    found |= {name: UNCHOSEN if row[f"{name}_id"] is None else str(row[f"{name}_id"]) for name in ("category", "cause")}
    words = newest_words([row["record_id"]], Section.CAUSES)
    return found | {"causes": words.get(row["record_id"], (0, ""))[1]}


def code_choices(code_list: CodeList, chosen: int | None, today: date) -> list[SelectChoice]:
    """What can be chosen today, and what has been chosen already."""
    rows = [row for row in list_code_rows(code_list) if row.offered(today) or row.id == chosen]
    return [SelectChoice(UNCHOSEN, "Välj"), *(SelectChoice(str(row.id), row.label) for row in rows)]


def finding_of(form: AssessForm) -> Finding:
    """What the form says, as it is saved."""
    columns: dict[str, Any] = {"category_id": int(form.category.data), "cause_id": int(form.cause.data)}
    columns |= {name: int(form[name].data) if form[name].data else None for name in NUMBERS}
    columns |= {"kind": form.kind.data or None, "law_area": form.law_area.data or None}
    return Finding(columns, form.causes.data or "")


def standing(form: AssessForm, row: Stored) -> list[tuple[str, str]]:
    """(label, text) of what stands now, where it is not what the form says."""
    now, found = assessed(row), []
    for name, value in now.items():
        if value != (form[name].data or ""):
            words = {str(choice.value): choice.label for choice in getattr(form[name], "choices", ())}
            found.append((form[name].label.text, words.get(value, value) or "–"))
    return found
