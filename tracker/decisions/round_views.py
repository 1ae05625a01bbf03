"""The page on which a person looks over the clocks they have been asked about, and says which are right."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import IntegerField, SelectMultipleField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from tracker import clock
from tracker.audit import reads
from tracker.database import db
from tracker.decisions.blueprint import blueprint
from tracker.decisions.pages import round_lines
from tracker.decisions.round_services import Said, confirm
from tracker.decisions.rounds import MyRound, clock_lines, my_rounds
from tracker.decisions.windows import str_of
from tracker.records.scope import Scope, scope_of
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.rules.trail import ReadKind
from tracker.web.access import requires
from tracker.web.forms import Form
from tracker.web.pagination import LARGEST_ID
from tracker.web.typed import keeps_typed

ROWS_A_PAGE = 100
MOST_CHANGED = 50


class RightForm(Form):
    """The rows that somebody says are right, each as the row's number and the version they saw."""

    omgang = IntegerField(widget=HiddenInput(), validators=[InputRequired("Ladda om sidan och försök igen.")])
    rad = SelectMultipleField("Stämmer", validate_choice=False)

    def ticks(self) -> dict[int, int]:
        """Row → the version that was seen; what is no such pair is left out."""
        found = {}
        for text in self.rad.data or []:
            item, _, version = text.partition(".")
            numbers = [int(part) for part in (item, version) if part.isascii() and part.isdigit() and len(part) < 10]
            if len(numbers) == 2:
                found[numbers[0]] = numbers[1]
        return found


@blueprint.route("/beslut/uppdatering", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.READ_DECISIONS)
def look_over() -> ResponseReturnValue:
    """The rows that the reader has left in each open round; those that are right are ticked, several in one go."""
    form, scope, today = RightForm(), scope_of(current_user, Permission.READ_DECISIONS), clock.today()
    if form.validate_on_submit():
        ticks = form.ticks()
        if not ticks:
            form.form_errors.append("Kryssa för de rader som stämmer.")
        else:
            try:
                said = confirm(form.omgang.data, ticks, current_user.user_id, scope, today, clock.now())
            except RuleViolation as violation:
                db.session.rollback()
                form.refuse(violation)
            else:
                _tell(said)
                changed = ",".join(map(str, said.changed[:MOST_CHANGED])) or None
                return redirect(url_for("decisions.look_over", andrade=changed, fran=request.args.get("fran")), 303)
    return _page(form, scope)


def _tell(said: Said) -> None:
    if said.confirmed:
        flash(f"{said.confirmed} {'rad är bekräftad' if said.confirmed == 1 else 'rader är bekräftade'}.")
    if said.changed:
        many = len(said.changed) > 1
        what = f"{len(said.changed)} rader ändrades" if many else "1 rad ändrades"
        flash(f"{what} medan sidan var öppen. Titta på {'dem' if many else 'den'} igen.", "warning")
    if said.gone:
        what = "1 rad är" if said.gone == 1 else f"{said.gone} rader är"
        flash(f"{what} inte längre dina att svara för.", "warning")


def _page(form: RightForm, scope: Scope) -> ResponseReturnValue:
    today = clock.today()
    mine = my_rounds(current_user.user_id, scope, today)
    first, changed = _number(request.args.get("fran", "")), _numbers(request.args.get("andrade", ""))
    parts, shown = [], 0
    for one in mine:
        again = [row for row in one.rows if row.item_id in changed and row not in one.left]
        listed = [*again, *one.left[first : first + ROWS_A_PAGE]]
        lines = round_lines(clock_lines(listed), {row.item_id for row in again}, today)
        parts.append((one, lines, *_neighbours(one, first)))
        shown += len(lines)
    if shown:
        quarters = " ".join(str_of(one.quarter) for one in mine)
        if form.is_submitted():
            db.session.rollback()
        reads.note_read(ReadKind.REPORT, what="uppdatering", selection=quarters, row_count=shown)
        if form.is_submitted():
            db.session.commit()  # what was sent is refused, that it shows rows is kept
    page = render_template(
        "decisions/look_over.html",
        form=form,
        parts=parts,
        ticked=set(form.rad.data or []),
        may_correct=current_user.allows(Permission.CORRECT_DECISIONS),
    )
    return page, 422 if form.is_submitted() else 200


def _neighbours(one: MyRound, first: int) -> tuple[int | None, int | None]:
    """Where the page before and the page after begin."""
    earlier = max(first - ROWS_A_PAGE, 0) if first else None
    return earlier, first + ROWS_A_PAGE if first + ROWS_A_PAGE < len(one.left) else None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def _numbers(text: str) -> set[int]:
    return {number for part in text.split(",")[:MOST_CHANGED] if 0 < (number := _number(part)) <= LARGEST_ID}
