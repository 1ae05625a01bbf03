"""How is a report over a year locked on a page, and a file of it handed over? It is noted before its first byte."""

from collections.abc import Callable
from io import BytesIO

from flask import flash, redirect, send_file
from flask.typing import ResponseReturnValue

from tracker.audit import reads
from tracker.database import db
from tracker.frozen.queries import LockedVersion
from tracker.printing.faults import WordError
from tracker.printing.process import WorkFailed
from tracker.reports.locked_views import TOO_MUCH, word_told
from tracker.reports.rendering import MIME, ReportFormat
from tracker.rules.errors import RuleViolation
from tracker.rules.trail import Purpose, ReadKind
from tracker.web.forms import Form

NOT_LOCKED = "Rapporten gick inte att låsa: filerna tog för lång tid eller för mycket minne. Försök igen om en stund."


def give(data: bytes, name: str, which: str, extension: str, purpose: Purpose, rows: int = 0) -> ResponseReturnValue:
    """The file, named after what it is and which (`2021 namnd version 1`); `rows`: how many it tells of."""
    reads.note_read(ReadKind.REPORT, what=name, selection=f"{which} {extension}", row_count=rows, purpose=purpose)
    file = f"{name}-{which.replace(' ', '-')}.{extension}"
    mimetype = MIME[ReportFormat(extension)]
    return send_file(BytesIO(data), mimetype=mimetype, as_attachment=True, download_name=file, max_age=0)


def not_made(error: WordError | WorkFailed, back: str) -> ResponseReturnValue:
    """Why a paper could not be made, on the page that one came from."""
    flash(word_told(error) if isinstance(error, WordError) else TOO_MUCH, "warning")
    return redirect(back, 303)


def try_to_lock(form: Form, lock: Callable[[], LockedVersion]) -> tuple[LockedVersion | None, int]:
    """The version that was made, or None with why not in the form, and the answer's status."""
    try:
        return lock(), 303
    except RuleViolation as violation:
        db.session.rollback()
        form.refuse(violation)
        return None, 409 if violation.code == "changed_since_seen" else 422
    except (WordError, WorkFailed) as error:
        db.session.rollback()
        form.form_errors.append(word_told(error) if isinstance(error, WordError) else NOT_LOCKED)
        return None, 422
