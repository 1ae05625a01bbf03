"""The page on which the same is done with several actions that were ticked in the register."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.actions.owners import find_owner, list_owners
from tracker.actions.pages import action_lines
from tracker.actions.queries import ActionRow, find_action
from tracker.actions.services import tell_progress
from tracker.actions.several import MOST_AT_ONCE, Several, do_each
from tracker.actions.step_forms import DayForm, DoneForm, OwnerForm, SeveralForm, owner_choices
from tracker.actions.steps import DONE, give_day, hand_over
from tracker.actions.views import blueprint, is_mine, manages_action, scope_without_filter
from tracker.actions.words import SEVERAL_LABELS
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.web.access import requires
from tracker.web.pagination import LARGEST_ID
from tracker.web.typed import keeps_typed

NOT_YOURS = "Det här gör chefen, eller den som ansvarar för åtgärden."
NOT_MANAGED = "En ny dag ger chefen."
OUTSIDE = "Åtgärden finns inte, eller ligger utanför det du har tillgång till."
TOLD = {
    Several.DONE: "klarmarkerad",
    Several.DAY: "ändrad till en ny dag",
    Several.OWNER: "överlämnad",
}
Seen = tuple[ActionRow, int]


@blueprint.route("/atgarder/flera/<any('klar', 'ny-dag', 'overlat'):gor>", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.CARRY_OUT_ACTIONS)
def several(gor: str) -> ResponseReturnValue:
    """Do the same with several: each by its own rules. What could not be done is told, and the others are done."""
    step = Several(gor)
    form = _form(step)
    rows = _found([record_id for record_id, _ in form.picked] or _ticked())
    if not form.is_submitted():
        if not form.restored:
            form.show((row.record_id, version) for row, version in rows.values())
        return _page(step, form, rows, {}), 200
    if not form.validate():
        return _page(step, form, rows, {}), 422
    picked = form.picked
    refused = do_each(picked, _act(step, form, rows))
    count = len(picked) - len(refused)
    if count:
        flash(f"{count} {'åtgärd' if count == 1 else 'åtgärder'} är {TOLD[step]}{'' if count == 1 else 'e'}.")
    if count and not refused:
        return redirect(url_for("actions.register"), 303)
    left = _found(list(refused))
    form.show((row.record_id, version) for row, version in left.values())
    if not picked:
        form.form_errors.append("Kryssa för minst en åtgärd i listan.")
    return _page(step, form, left, refused), 200 if count else 422


def _form(step: Several) -> SeveralForm:
    if step is Several.DONE:
        return DoneForm(data={"genomford": clock.today()})
    if step is Several.DAY:
        return DayForm()
    form = OwnerForm()
    form.till.choices = owner_choices(list_owners(clock.today()))
    return form


def _act(step: Several, form: SeveralForm, rows: dict[int, Seen]) -> Callable[[int, int], None]:
    today, now, by = clock.today(), clock.now(), current_user.user_id
    to = find_owner(int(form.till.data), list_owners(today)) if isinstance(form, OwnerForm) else None

    def act(record_id: int, seen: int) -> None:
        _check(step, record_id, rows)
        if isinstance(form, DoneForm):
            tell_progress(record_id, seen, form.anteckning.data or "", form.genomford.data, by, today, now)
        elif isinstance(form, DayForm):
            give_day(record_id, seen, form.senast.data, form.reason.data, today)
        elif isinstance(form, OwnerForm) and to is not None:
            hand_over(record_id, seen, to, form.ord.data)

    return act


def _check(step: Several, record_id: int, rows: dict[int, Seen]) -> None:
    """Raises RuleViolation when the reader may not do this with this action, or it has been carried out."""
    if record_id not in rows:
        raise RuleViolation("outside", OUTSIDE)
    row, _ = rows[record_id]
    manages = manages_action(record_id)
    if step is Several.DAY and not manages:
        raise RuleViolation("not_managed", NOT_MANAGED)
    if not (manages or is_mine(row)):
        raise RuleViolation("not_yours", NOT_YOURS)
    if row.days.done_on is not None:
        raise RuleViolation("done", DONE)


def _found(record_ids: list[int]) -> dict[int, Seen]:
    """Those of these actions that the reader sees, with their versions."""
    scope, own_id = scope_without_filter(), current_user.user_id
    found = ((record_id, find_action(record_id, scope, own_id)) for record_id in record_ids)
    return {record_id: seen for record_id, seen in found if seen is not None}


def _ticked() -> list[int]:
    given = (text for text in request.args.getlist("val") if text.isascii() and text.isdigit() and len(text) < 11)
    return [number for number in dict.fromkeys(map(int, given)) if number <= LARGEST_ID][:MOST_AT_ONCE]


def _page(step: Several, form: SeveralForm, rows: dict[int, Seen], refused: dict[int, str]) -> str:
    lines = action_lines((row for row, _ in rows.values()), clock.today())
    refusals = [(rows[record_id][0].ref if record_id in rows else "", why) for record_id, why in refused.items()]
    return render_template(
        "actions/several.html", form=form, lines=lines, heading=f"{SEVERAL_LABELS[step]} flera åtgärder",
        send=SEVERAL_LABELS[step], refusals=refusals,
    )  # fmt: skip
