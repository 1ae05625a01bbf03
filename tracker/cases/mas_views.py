"""The page where it is noted that an avvikelse has been notified to IVO under lex Maria."""

from flask import abort, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import StringField
from wtforms.validators import InputRequired
from wtforms.widgets import TextInput

from tracker import clock
from tracker.cases.access import whole_scope
from tracker.cases.case_views import ID, STALE, handles_deviation
from tracker.cases.lex_maria import find_lex_maria, note_lex_maria
from tracker.cases.mas import HSL
from tracker.cases.mas_models import LONGEST_BY, LONGEST_NUMBER
from tracker.cases.registers import DEVIATIONS
from tracker.cases.retention import is_cleared
from tracker.cases.single import find_case
from tracker.cases.views import blueprint
from tracker.database import db
from tracker.records.forms import YearlyForm, at_most
from tracker.records.models import RecordKind
from tracker.records.versions import StaleVersion
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.web.access import requires
from tracker.web.forms import DayField, required, trimmed
from tracker.web.typed import keeps_typed


class LexMariaForm(YearlyForm):
    """When an avvikelse was notified, under which number, and by whom."""

    dag = DayField("Vilken dag anmäldes den?", [InputRequired("Skriv dagen som 2026-03-31.")], widget=TextInput())
    nummer = StringField("Diarienummer", [at_most(LONGEST_NUMBER)], filters=[trimmed])
    av = StringField(
        "Anmäld av", [required("Skriv vem som anmälde, helst en roll."), at_most(LONGEST_BY)], filters=[trimmed],
        description="Helst en roll, som MAS eller vårdgivaren.",
    )  # fmt: skip


@blueprint.route(f"/avvikelser/{ID}/lex-maria", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.HANDLE_DEVIATIONS)
def lex_maria(record_id: int) -> ResponseReturnValue:
    """Note that an avvikelse of hälso- och sjukvård has been notified to IVO under lex Maria, or put it right."""
    row = find_case(DEVIATIONS, record_id, whole_scope(DEVIATIONS, current_user))
    if (
        row is None
        or row["record_kind"] != RecordKind.DEVIATION
        or row["law_area"] != HSL
        or is_cleared(record_id)
        or not handles_deviation(row)
    ):
        abort(404)
    found = find_lex_maria(record_id)
    stands = {"dag": found.notified_on, "nummer": found.number, "av": found.notified_by} if found else {"av": "MAS"}
    form = LexMariaForm(data={"version": str(row["version"]), **stands})
    if form.validate_on_submit():
        given = (form.dag.data, form.nummer.data or "", form.av.data)
        try:
            note_lex_maria(row, form.seen_version, *given, clock.today())
        except StaleVersion:
            db.session.rollback()
            form.form_errors.append(STALE)
            form.version.data = str(row["version"])
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash("Anmälan enligt lex Maria är noterad.")
            return redirect(f"/avvikelser/{record_id}", 303)
    return render_template("cases/lex_maria.html", form=form, row=row), 422 if form.is_submitted() else 200
