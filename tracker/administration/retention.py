"""The page on how long each kind of case is kept. Who gallrar by it is another: administrators read no cases."""

from typing import ClassVar

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms.validators import Optional

from tracker.accounts.authority import changing
from tracker.administration.shared import blueprint, done, everything_only, reach, tell
from tracker.cases.clearing import set_kept_months
from tracker.cases.retention import kept_months
from tracker.records.models import RecordKind
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.web.access import requires
from tracker.web.forms import Form, WholeNumber

MANAGE = Permission.MANAGE_INSTALLATION


class RetentionForm(Form):
    """For how many months each kind is kept after it was closed; nothing: always."""

    KINDS: ClassVar[tuple[RecordKind, ...]] = (RecordKind.DEVIATION, RecordKind.LEX_SARAH, RecordKind.COMPLAINT)

    deviation = WholeNumber("Avvikelser, månader", [Optional()])
    lex_sarah = WholeNumber("Lex Sarah-rapporter, månader", [Optional()])
    complaint = WholeNumber("Synpunkter, månader", [Optional()])


@blueprint.route("/admin/gallring", methods=["GET", "POST"])
@requires(MANAGE, confirmed="POST")
def retention() -> ResponseReturnValue:
    """For how long avvikelser, lex Sarah-rapporter and synpunkter are kept."""
    form = RetentionForm(data={kind.value: months for kind, months in kept_months().items()})
    if form.validate_on_submit():
        try:
            with changing():
                everything_only(MANAGE)
                set_kept_months({kind: form[kind.value].data for kind in RetentionForm.KINDS})
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            tell("retention_changed", 1)
            done("Reglerna är sparade. De gäller från idag, och inget är gallrat.")
            return redirect(url_for("administration.retention"), 303)
    page = render_template("administration/retention.html", form=form, may_change=reach(MANAGE).everything)
    return page, 422 if form.is_submitted() else 200
