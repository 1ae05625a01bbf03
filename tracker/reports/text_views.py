"""How are the texts of a report over a year written on a page? What another has written since stands beside them."""

from enum import StrEnum
from typing import Any, NamedTuple

from tracker.database import db
from tracker.reports.text_forms import YearTextsForm
from tracker.reports.year_texts import StaleTexts, Written, YearTexts


class Wrote(NamedTuple):
    """What came of a form: how many texts were saved (None: none was tried), those that another wrote in meanwhile,
    and the answer's status.
    """

    saved: int | None
    stale: dict[Any, Written]
    status: int


def write_texts(form: YearTextsForm, texts: YearTexts[Any], year: int) -> Wrote:
    """Saves what was sent, or fills the form with what stands; the caller commits by answering."""
    stale: dict[StrEnum, Written] = {}
    if form.validate_on_submit():
        try:
            return Wrote(texts.save(year, form.typed()), {}, 303)
        except StaleTexts as error:
            db.session.rollback()
            now = texts.read(year)
            stale = {section: now[section] for section in texts.sections if section in error.sections}
            for section, written in stale.items():
                form.note_seen(section, written)
            return Wrote(None, stale, 409)
    if form.is_submitted():
        return Wrote(None, stale, 422)
    if not form.restored:
        for section, written in texts.read(year).items():
            form.show(section, written)
    return Wrote(None, stale, 200)
