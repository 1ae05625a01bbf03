"""Pages of exports that are made in the background: the list of one's own, how far one has come, and its file."""

from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.accounts.reader import reader_of_user
from tracker.audit.reads import note_taken_out
from tracker.database import end_reading, not_writing
from tracker.exports import files, making, services
from tracker.exports.making import count_rows, folder, may_export, register_of
from tracker.exports.models import JobState, Trouble
from tracker.exports.pages import job_line, progress_words, state_of
from tracker.exports.queries import Asked, JobRow, Ready, find_job, find_ready, list_jobs
from tracker.exports.rights import rights_of
from tracker.exports.working import worker
from tracker.rules.errors import RuleViolation
from tracker.vault import VaultError
from tracker.web.access import signed_in
from tracker.web.files import XLSX

blueprint = Blueprint("exports", __name__)
ONE = "/exporter/<public_id>"
LONGEST_QUERY = 2_000
TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": XLSX}


@blueprint.get("/exporter")
@signed_in
def jobs() -> ResponseReturnValue:
    """The reader's own exports, the newest first."""
    now = clock.now()
    lines = [job_line(job, now) for job in list_jobs(current_user.user_id)]
    return render_template("exports/jobs.html", lines=lines)


@blueprint.post("/exporter")
@signed_in
def order() -> ResponseReturnValue:
    """A list as a file: the file itself when it is short, else a job that makes it, and the page that tells of it."""
    asked = _asked()
    register = register_of(asked)
    if register is None:
        abort(404)
    if not may_export(current_user, register):
        abort(403)
    with not_writing():
        reader = reader_of_user(current_user.user_id, clock.today())
        rows = count_rows(asked, reader) if reader else 0
    if rows <= making.LONG:
        path = f"{asked.address}.{asked.format}"
        return redirect(f"{path}?{asked.query}" if asked.query else path, 303)
    try:
        public_id = services.ask(current_user.user_id, register, asked, rows, clock.now())
    except RuleViolation as refused:
        flash(str(refused), "warning")
        return redirect(url_for("exports.jobs"), 303)
    answer = redirect(url_for("exports.job", public_id=public_id), 303)
    if current_app.config["EXPORT_WORKER"]:
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        answer.call_on_close(lambda: worker.start(app))  # when the job has been committed
    return answer


@blueprint.get(ONE)
@signed_in
def job(public_id: str) -> ResponseReturnValue:
    """How far an export has come, and the way to its file."""
    return _page(_mine(public_id))


@blueprint.get(f"{ONE}/lage")
@signed_in
def standing(public_id: str) -> ResponseReturnValue:
    """The same for the page's script: state, rows done and in all, and the words for them."""
    found = _mine(public_id)
    return {
        "state": state_of(found, clock.now()).value,
        "done": min(found.rows_done, found.rows_total),
        "total": found.rows_total,
        "words": progress_words(found),
    }


@blueprint.get(f"{ONE}/fil")
@signed_in
def file(public_id: str) -> ResponseReturnValue:
    """The file, to its owner while they see what they saw; it is noted as read before its first byte."""
    found, now = _mine(public_id), clock.now()
    try:
        ready = find_ready(found.id)
    except VaultError:
        return _withdrawn(found, Trouble.DAMAGED), 410
    if ready is None or state_of(found, now) is not JobState.READY:
        return _page(found), 410
    path = folder() / ready.file
    if not _may_have(ready):
        return _withdrawn(found, Trouble.RIGHTS), 403
    if not files.is_whole(path, found.id, ready.written):
        return _withdrawn(found, Trouble.DAMAGED), 410
    pieces = files.read(path, found.id)
    end_reading()
    note_taken_out(ready.held)
    services.note_taken(found.id, now)
    answer = Response(pieces, headers={"Content-Type": TYPES[found.format]})
    answer.headers["Content-Disposition"] = f'attachment; filename="{found.name}"'
    answer.content_length = ready.written.size
    return answer


@blueprint.post(f"{ONE}/ta-bort")
@signed_in
def remove(public_id: str) -> ResponseReturnValue:
    """The reader does not want an export any more."""
    services.remove(_mine(public_id).id)
    flash("Exporten är borttagen.")
    return redirect(url_for("exports.jobs"), 303)


def _asked() -> Asked:
    """The list's address and filter as the form gives them; what the file is for is part of the filter."""
    query = request.form.get("fraga", "")
    if len(query) > LONGEST_QUERY:
        abort(400)
    purpose = request.form.get("andamal", "")
    pairs = parse_qsl(query, keep_blank_values=True) + ([("andamal", purpose)] if purpose else [])
    return Asked(request.form.get("adress", ""), urlencode(pairs), request.form.get("format", ""))


def _mine(public_id: str) -> JobRow:
    found = find_job(public_id, current_user.user_id)
    if found is None:
        abort(404)
    return found


def _may_have(ready: Ready) -> bool:
    """Whether the owner still may, and sees neither more nor less than as the work began."""
    reader, register = reader_of_user(current_user.user_id, clock.today()), register_of(ready.asked)
    allowed = reader is not None and register is not None and may_export(reader, register)
    return allowed and reader is not None and rights_of(reader, ready.began) == ready.rights


def _withdrawn(found: JobRow, trouble: Trouble) -> str:
    end_reading()
    services.withdraw(found.id, trouble, folder())
    end_reading()
    return _page(_mine(found.public_id))


def _page(found: JobRow) -> str:
    return render_template("exports/job.html", line=job_line(found, clock.now()))
