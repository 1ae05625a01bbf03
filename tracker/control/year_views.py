"""Pages on which a year of risks meets the one before: copied from it, and compared with it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.control.comparing import compare_years
from tracker.control.copying import Copied, copy_year, preview_copy
from tracker.control.forms import CopyForm
from tracker.control.plan_pages import FIELDS, ChangeLine, change_line
from tracker.records.scope import scope_of
from tracker.records.yearly import importer_of
from tracker.risk.editing_views import year_asked_for
from tracker.risk.queries import plan_of, year_before
from tracker.risk.views import blueprint
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.rules.plan_changes import ChangeKind, RowChange
from tracker.rules.plan_workflow import PlanState, is_open
from tracker.web.access import requires
from tracker.web.filters import counted
from tracker.web.typed import keeps_typed

MOST_SHOWN = 500
LEFT_BEHIND = (
    "{} kopierades inte, för de är skyddade, stängda för någon, givna till dig vid namn eller hör till en risk som inte"
    " är med."
)


@blueprint.route("/risker/kopiera", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.MANAGE_CONTROL)
def copy_risks() -> ResponseReturnValue:
    """The latest earlier year's risks are copied into this one; what is there already stays as it is."""
    year, scope, form = year_asked_for(), scope_of(current_user, Permission.MANAGE_CONTROL), CopyForm()
    if form.validate_on_submit():
        try:
            importer = importer_of(current_user, Permission.MANAGE_CONTROL)
            copied = copy_year(year, importer, scope, clock.now(), with_moments=bool(form.moment.data))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_told(copied))
            return redirect(url_for("risk.register", ar=year), 303)
    page = render_template(
        "risk/copy.html", form=form, year=year, found=preview_copy(year, scope),
        is_open=is_open(PlanState(plan_of(year).state)),
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/risker/jamfor")
@requires(Permission.READ_CONTROL)
def compare_risks() -> ResponseReturnValue:
    """What differs in a year's risks from those of the latest earlier year: ny, ändrad, borttagen."""
    year, scope = year_asked_for(), scope_of(current_user, Permission.READ_CONTROL)
    before = year_before(year, scope)
    found = compare_years(before, year, scope, MOST_SHOWN)
    return render_template(
        "risk/compare.html", year=year, before=before, total=sum(found.counts.values()),
        counts=list(found.counts.items()), lines=[_line(*one) for one in found.lines], same=found.same,
    )  # fmt: skip


def _line(change: RowChange, record_id: int, text: str) -> tuple[ChangeLine, int]:
    """A risk that differs; of one that is new or removed its text alone, on the side where it stands."""
    line = change_line(change)
    if change.kind is ChangeKind.NEW:
        line = line._replace(fields=[(FIELDS["text"], "–", text)])
    elif change.kind is ChangeKind.REMOVED:
        line = line._replace(fields=[(FIELDS["text"], text, "–")])
    return line, record_id


def _told(copied: Copied) -> str:
    """What came of the copy, in a sentence or three."""
    told = [
        f"{counted(copied.risks, 'risk', 'risker')} och {counted(copied.moments, 'kontrollmoment', 'kontrollmoment')} "
        f"kopierade från {copied.source}."
    ]
    if copied.present:
        told.append(f"{copied.present} fanns redan och är som de var.")
    if copied.left_behind:
        told.append(LEFT_BEHIND.format(copied.left_behind))
    return " ".join(told)
