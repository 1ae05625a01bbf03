"""Pages on the municipality's own Word templates: taking one in, choosing which is used, and what it may hold."""

from io import BytesIO

from flask import abort, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import SelectChoice

from tracker import clock
from tracker.accounts.authority import changing
from tracker.administration.forms import TemplateForm
from tracker.administration.shared import STALE, blueprint, done, everything_only, reach, tell
from tracker.printing.faults import WordError
from tracker.reports import services
from tracker.reports.audiences import Audience
from tracker.reports.models import ReportTemplate
from tracker.reports.pages import AUDIENCE_LABELS
from tracker.reports.queries import CONTROL_TEMPLATE, EVERY_AUDIENCE, find_template, list_templates, newest_template_id
from tracker.reports.rendering import MIME, ReportFormat
from tracker.reports.rendering.control import control_template
from tracker.reports.rendering.control_example import CONTROL_FIELDS
from tracker.reports.rendering.docx import default_template
from tracker.reports.rendering.fields import FIELDS
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.web.access import requires
from tracker.web.pagination import LARGEST_ID
from tracker.web.uploads import takes_file

MANAGE = Permission.MANAGE_INSTALLATION
ONE = f"/admin/mallar/<int(max={LARGEST_ID}):template_id>"
TEMPLATE_AUDIENCES = {
    EVERY_AUDIENCE: "Alla mottagare",
    **{item.value: AUDIENCE_LABELS[item] for item in Audience},
    CONTROL_TEMPLATE: "Uppföljning av internkontroll",
}
FORM_AND_FILE_BYTES = services.LARGEST_TEMPLATE_BYTES + 100_000
FAULTS_SHOWN = 20


@blueprint.route("/admin/mallar", methods=["GET", "POST"])
@takes_file(FORM_AND_FILE_BYTES)
@requires(MANAGE, confirmed="POST")
def templates() -> ResponseReturnValue:
    """The templates there have been, and a new one, tried before it is taken in."""
    form = TemplateForm(data={"seen": str(newest_template_id())})
    form.audience.choices = [SelectChoice(value, label) for value, label in TEMPLATE_AUDIENCES.items()]
    faults: list[tuple[str, str]] = []
    if form.validate_on_submit():
        data = form.file.data.stream.read()
        try:
            everything_only(MANAGE)
            services.try_template(data, form.audience.data)
            with changing():
                everything_only(MANAGE)
                if form.seen.data != str(newest_template_id()):
                    raise RuleViolation("stale", f"{STALE} Läs in sidan på nytt och välj filen igen.", "file")
                name = form.file.data.filename or "mall.docx"
                taken = services.take_template(data, name, form.audience.data, current_user.user_id, clock.now())
        except WordError as error:
            faults = [(fault.place, fault.message) for fault in error.faults]
            form.file.errors = ["Mallen går inte att använda. Rätta det som står nedan i Word och välj filen igen."]
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            tell("template_added", taken.id)
            done(f"Mallen är provad och används nu för {TEMPLATE_AUDIENCES[taken.audience].lower()}.")
            return redirect(url_for("administration.templates"), 303)
    page = render_template(
        "administration/templates.html",
        form=form,
        rows=list_templates(),
        audiences=TEMPLATE_AUDIENCES,
        faults=faults[:FAULTS_SHOWN],
        more_faults=max(len(faults) - FAULTS_SHOWN, 0),
        parts=(("kvartal", "Fälten i kvartalsrapporten", FIELDS), ("ar", "Fälten i uppföljningen", CONTROL_FIELDS)),
        may_change=reach(MANAGE).everything,
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.post(f"{ONE}/<any(anvand, sluta):step>")
@requires(MANAGE, confirmed="POST")
def choose_template(template_id: int, step: str) -> ResponseReturnValue:
    """Uses a version, or stops using it."""
    with changing():
        everything_only(MANAGE)
        template = _template(template_id)
        try:
            (services.use_template if step == "anvand" else services.stop_template)(template)
        except RuleViolation as violation:
            done(violation.message)
        else:
            tell("template_chosen", template_id)
            done("Versionen används nu." if step == "anvand" else "Versionen används inte längre.")
    return redirect(url_for("administration.templates"), 303)


@blueprint.get("/admin/mallar/grundmall.docx")
@requires(MANAGE)
def export_default_template() -> ResponseReturnValue:
    """The program's own template, to start from: the quarter's, or (`for=internkontroll`) the follow-up's."""
    if request.args.get("for") == CONTROL_TEMPLATE:
        return _word(control_template(), "grundmall-internkontroll.docx")
    return _word(default_template(), "grundmall.docx")


@blueprint.get(f"{ONE}.docx")
@requires(MANAGE)
def export_template(template_id: int) -> ResponseReturnValue:
    """A version as it was taken in."""
    template = _template(template_id)
    return _word(template.content, f"mall-{template.audience}-{template.version}.docx")


@blueprint.get(f"{ONE}/exempel.docx")
@requires(MANAGE)
def export_example(template_id: int) -> ResponseReturnValue:
    """A version filled in with made-up figures."""
    template = _template(template_id)
    try:
        filled = services.fill_example(template.content, template.audience)
    except WordError:
        abort(404)
    return _word(filled, f"exempel-{template.audience}-{template.version}.docx")


def _template(template_id: int) -> ReportTemplate:
    found = find_template(template_id)
    if found is None:
        abort(404)
    return found


def _word(data: bytes, name: str) -> ResponseReturnValue:
    return send_file(BytesIO(data), mimetype=MIME[ReportFormat.DOCX], as_attachment=True, download_name=name, max_age=0)
