"""How is a file of a year handed over? It is noted before its first byte."""

from io import BytesIO

from flask import flash, redirect, send_file
from flask.typing import ResponseReturnValue

from tracker.audit import reads
from tracker.printing.faults import WordError
from tracker.printing.process import WorkFailed
from tracker.reports.locked_views import TOO_MUCH, word_told
from tracker.reports.rendering import MIME, ReportFormat
from tracker.rules.trail import Purpose, ReadKind


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
