"""Pages of the follow-up of the internal control plan, and its files."""

from io import BytesIO

from flask import abort, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.audit import reads
from tracker.control.pages import moment_line
from tracker.control.queries import grades_of, list_moments
from tracker.database import db
from tracker.printing.faults import WordError
from tracker.printing.process import WorkFailed
from tracker.records.scope import scope_of
from tracker.records.yearly import FIRST_YEAR, LAST_YEAR
from tracker.reports.blueprint import blueprint
from tracker.reports.control_forms import TextsForm
from tracker.reports.control_texts import StaleTexts, Written, read_texts, save_texts
from tracker.reports.control_year import FORMATS, follow_up, render_control
from tracker.reports.locked_views import TOO_MUCH
from tracker.reports.rendering import FORMAT_LABELS, MIME, ReportFormat
from tracker.risk.pages import motivation_of
from tracker.risk.queries import list_risks, matrix_of, plan_of
from tracker.rules.control_grading import sentence
from tracker.rules.control_texts import SECTION_LABELS, TextSection
from tracker.rules.permissions import Permission
from tracker.rules.risk_assessment import RiskList
from tracker.rules.trail import Purpose, ReadKind
from tracker.web.access import requires
from tracker.web.typed import keeps_typed

LISTED = 200
ADDRESS = "/rapporter/internkontroll/<int:year>"


@blueprint.get(ADDRESS)
@requires(Permission.READ_CONTROL)
def control(year: int) -> ResponseReturnValue:
    """The follow-up of a year: the sentence, the kontrollmoment, the risks."""
    _check_year(year)
    scope, plan = scope_of(current_user, Permission.READ_CONTROL), plan_of(year)
    moments = list_moments(year, scope)
    headline, rest = sentence(grades_of(moments))
    risks = [
        (risk, plan.scale.level(risk.likelihood, risk.consequence), motivation_of(risk))
        for risk in list_risks(year, scope, LISTED, RiskList.NET)
    ]
    total, left_out = (
        sum(map(sum, matrix_of(year, plan.scale.size, scope, one))) for one in (RiskList.NET, RiskList.LEFT_OUT)
    )
    texts = []
    if scope.reach.everything:
        texts = [(section, SECTION_LABELS[section], one.text) for section, one in read_texts(year).items()]
    may_write = current_user.reach(Permission.MANAGE_CONTROL).everything
    return render_template(
        "reports/control.html", year=year, headline=headline, rest=rest,
        lines=[moment_line(moment) for moment in moments], risks=risks, total=total, left_out=left_out,
        texts=texts, may_write=may_write,
        formats=[(name, FORMAT_LABELS[ReportFormat(name)]) for name in FORMATS],
    )  # fmt: skip


@blueprint.get(f"{ADDRESS}/export.<extension>")
@requires(Permission.READ_CONTROL)
def control_file(year: int, extension: str) -> ResponseReturnValue:
    """The follow-up as a file. It is noted before its first byte."""
    _check_year(year)
    if extension not in FORMATS:
        abort(404)
    found = follow_up(year, scope_of(current_user, Permission.READ_CONTROL))
    try:
        data = render_control(found, extension)
    except (WordError, WorkFailed):
        flash(TOO_MUCH, "warning")
        return redirect(url_for("reports.control", year=year), 303)
    reads.note_read(
        ReadKind.REPORT, what="internkontroll", selection=f"{year} {extension}", row_count=len(found.moments),
        purpose=Purpose.FOLLOW_UP,
    )  # fmt: skip
    name = f"uppfoljning-internkontroll-{year}.{extension}"
    mimetype = MIME[ReportFormat(extension)]
    return send_file(BytesIO(data), mimetype=mimetype, as_attachment=True, download_name=name, max_age=0)


@blueprint.route(f"{ADDRESS}/text", methods=["GET", "POST"])
@requires(Permission.MANAGE_CONTROL)
@keeps_typed
def control_texts(year: int) -> ResponseReturnValue:
    """The texts of the follow-up are written; what another has written since is shown beside what was typed."""
    _check_year(year)
    if not current_user.reach(Permission.MANAGE_CONTROL).everything:
        abort(403)  # they tell of the whole house
    form, status = TextsForm(), 200
    stale: dict[TextSection, Written] = {}
    if form.validate_on_submit():
        try:
            count = save_texts(year, form.typed())
        except StaleTexts as error:
            db.session.rollback()
            status, now = 409, read_texts(year)
            stale = {section: now[section] for section in TextSection if section in error.sections}
            for section, written in stale.items():
                form.note_seen(section, written)
        else:
            flash("Texterna är sparade." if count else "Inget var ändrat.")
            return redirect(url_for("reports.control", year=year), 303)
    elif form.is_submitted():
        status = 422
    elif not form.restored:
        for section, written in read_texts(year).items():
            form.show(section, written)
    return render_template("reports/control_texts.html", year=year, form=form, stale=stale), status


def _check_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        abort(404)
