"""Pages of stickprov: lock, draw, check item by item, hand over, accept or send back."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import SelectChoice

from tracker import clock
from tracker.audit import reads
from tracker.control.queries import get_moment
from tracker.database import db, not_writing
from tracker.labels import SAMPLE_STATE_LABELS
from tracker.log_review.check_pages import moment as at_moment
from tracker.log_review.names import people
from tracker.records.scope import scope_of
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.rules.sample_work import AT_WORK, FOUR_EYES, SampleState, Verdict
from tracker.rules.trail import ReadKind
from tracker.stickprov import services
from tracker.stickprov.forms import DecideForm, DrawForm, LockForm, result_form
from tracker.stickprov.pages import (
    drawn_in_words,
    item_lines,
    locked_in_words,
    next_ref,
    part_of,
    percent_in_words,
    plan_in_words,
)
from tracker.stickprov.population import LARGEST_FILE
from tracker.stickprov.queries import (
    ItemRow,
    SampleRow,
    count_attachments,
    find_item,
    find_sample,
    hands_of,
    list_draws,
    list_items,
    list_noters,
    list_refs,
    reason_of,
)
from tracker.web.access import requires
from tracker.web.filters import counted
from tracker.web.forms import Versioned
from tracker.web.pagination import LARGEST_ID
from tracker.web.typed import keeps_typed
from tracker.web.uploads import takes_file

blueprint = Blueprint("stickprov", __name__)
SAMPLE = f"/internkontroll/stickprov/<int(max={LARGEST_ID}):sample_id>"


@blueprint.route(f"/internkontroll/moment/<int(max={LARGEST_ID}):record_id>/stickprov", methods=["GET", "POST"])
@keeps_typed
@takes_file(LARGEST_FILE, text=LARGEST_FILE)
@requires(Permission.CARRY_OUT_CONTROL)
def new(record_id: int) -> ResponseReturnValue:
    """Lock what a stickprov is to be drawn from."""
    moment = get_moment(record_id, scope_of(current_user, Permission.CARRY_OUT_CONTROL))
    if moment is None:
        abort(404)
    refs = list_refs(record_id)
    given = {"ref": next_ref([ref for _, ref in refs]), "retest_of": 0, "criteria": moment.criteria or ""}
    form = LockForm(data=given)
    form.retest_of.choices = [SelectChoice(0, "Inget, det är ett nytt"), *(SelectChoice(*found) for found in refs)]
    if form.validate_on_submit():
        try:
            with not_writing():  # a million references take seconds, and nobody waits for them
                wish = form.wish()
                packed = services.pack(wish.population)
            sample_id = services.lock_population(record_id, wish, current_user.user_id, clock.now(), packed)
        except RuleViolation as violation:
            form.refuse(_beside(form, violation))
        else:
            flash(locked_in_words(wish.population))
            return redirect(url_for("stickprov.draw", sample_id=sample_id), 303)
    page = render_template("stickprov/lock.html", form=form, moment=moment)
    return page, 422 if form.is_submitted() else 200


def _beside(form: LockForm, violation: RuleViolation) -> RuleViolation:
    """What is wrong with the population is told beside the file when it came in one."""
    if form.file.data and violation.field == "population":
        return RuleViolation(violation.code, f"{violation.message} Välj filen igen när den är rättad.", "file")
    return violation


@blueprint.get(SAMPLE)
@requires(Permission.READ_CONTROL)
def sample(sample_id: int) -> ResponseReturnValue:
    """One stickprov: how it was drawn, its items and what they came to; the page to print and keep."""
    row = _sample(sample_id, Permission.READ_CONTROL)
    draws = list_draws(sample_id)
    rows = list_items(draws[-1].id) if draws else []
    waiting = sum(found.verdict is None for found in rows)
    part = part_of(rows, request.args.get("sida", ""))
    drawn = row.drawn
    noters = list_noters(draws[-1].id) if draws else []
    ids = {drawn.locked_by, drawn.proposed_by, drawn.accepted_by, *noters, *(made.drawn_by for made in draws)} - {None}
    first = dict(list_refs(row.moment.record_id)).get(drawn.retest_of or 0)
    works = find_sample(sample_id, scope_of(current_user, Permission.CARRY_OUT_CONTROL)) is not None
    decides = find_sample(sample_id, scope_of(current_user, Permission.MANAGE_CONTROL)) is not None
    page = render_template(
        "stickprov/sample.html", row=row, draws=draws, items=item_lines(part.rows), part=part, waiting=waiting,
        noters=noters, works=works, decides=decides and row.state is SampleState.PROPOSED, first=first,
        at_work=row.state in AT_WORK,
        drawable=row.state in AT_WORK | {SampleState.LOCKED}, dropouts=_unreplaced(rows), plan=plan_in_words,
        why=reason_of, drawn_often=drawn_in_words(row.drawn.draws),
        files=count_attachments(draws[-1].id) if draws else {},
        state=SAMPLE_STATE_LABELS[row.state], percent=percent_in_words(row, waiting), moment=at_moment,
        all_dropped=bool(rows) and all(found.verdict is Verdict.DROPOUT for found in rows),
        names={person.id: person.name for person in people([found for found in ids if found]).values()},
    )  # fmt: skip
    _note(row, len(part.rows))
    return page


@blueprint.get(f"{SAMPLE}/dragning/<int(max=99999):number>")
@requires(Permission.READ_CONTROL)
def earlier(sample_id: int, number: int) -> ResponseReturnValue:
    """A draw that another has taken the place of: its items and what they came to, to be read."""
    row, draws = _sample(sample_id, Permission.READ_CONTROL), list_draws(sample_id)
    made = next((found for found in draws if found.number == number), None)
    if made is None:
        abort(404)
    if made is draws[-1]:
        return redirect(url_for("stickprov.sample", sample_id=sample_id), 303)
    rows = list_items(made.id)
    page = render_template(
        "stickprov/earlier.html", row=row, draw=made, items=item_lines(rows), files=count_attachments(made.id),
        next_why=reason_of(draws[draws.index(made) + 1]), plan=plan_in_words(made), moment=at_moment,
        names={person.id: person.name for person in people([made.drawn_by]).values()},
    )  # fmt: skip
    _note(row, len(rows))
    return page


@blueprint.route(f"{SAMPLE}/dra", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.CARRY_OUT_CONTROL)
def draw(sample_id: int) -> ResponseReturnValue:
    """Draw the stickprov, or draw it again with a reason."""
    row = _sample(sample_id, Permission.CARRY_OUT_CONTROL)
    draws = list_draws(sample_id)
    last = draws[-1] if draws else None
    form = DrawForm(
        data={
            "version": row.drawn.version, "by": last.select_by if last else "antal",
            "amount": last.amount if last else 10, "each_unit": bool(last and last.each_unit),
        }
    )  # fmt: skip
    if form.validate_on_submit():
        try:
            made = services.draw(
                sample_id,
                form.seen_version,
                form.selection(),
                form.reason.data or "",
                current_user.user_id,
                clock.now(),
            )
        except RuleViolation as violation:
            row = _refused(form, violation, lambda: _sample(sample_id, Permission.CARRY_OUT_CONTROL))
            draws = list_draws(sample_id)
        else:
            flash(f"Dragning {made.number} är gjord.")
            return redirect(url_for("stickprov.sample", sample_id=sample_id), 303)
    page = render_template("stickprov/draw.html", form=form, row=row, draws=draws)
    return page, 422 if form.is_submitted() else 200


@blueprint.route(f"{SAMPLE}/granska", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.CARRY_OUT_CONTROL)
def check(sample_id: int) -> ResponseReturnValue:
    """Note what the items came to, many at a time."""
    row = _sample(sample_id, Permission.CARRY_OUT_CONTROL)
    part = part_of(_latest(sample_id), request.args.get("sida", ""))
    rows = part.rows
    form = result_form(rows, row.criteria)
    newer: set[int] = set()
    if form.validate_on_submit():
        try:
            changed = services.note_results(sample_id, form.entries(), current_user.user_id)
        except RuleViolation as violation:
            db.session.rollback()
            form.refuse(violation)
            row = _sample(sample_id, Permission.CARRY_OUT_CONTROL)
            rows = [found for found in _latest(sample_id) if found.item.id in form.item_ids]
            newer = {r.item.id for r in rows if form[f"seen_{r.item.id}"].data != str(r.item.version)}
            form.see(rows)
        else:
            if not changed:
                db.session.rollback()  # nothing to tell of
            flash(f"Sparat: {counted(changed, 'ändrad post', 'ändrade poster')}." if changed else "Allt är sparat.")
            return redirect(url_for("stickprov.sample", sample_id=sample_id), 303)
    page = render_template(
        "stickprov/check.html", form=form, row=row, items=item_lines(rows), newer=newer, part=part,
        at_work=row.state in AT_WORK,
    )  # fmt: skip
    _note(row, len(rows))
    return page, 422 if form.is_submitted() else 200


@blueprint.post(f"{SAMPLE}/granska/<int(max={LARGEST_ID}):item_id>")
@requires(Permission.CARRY_OUT_CONTROL)
def check_one(sample_id: int, item_id: int) -> ResponseReturnValue:
    """Note what one item came to while the next is filled in; answers `check.js` with its new version, or with what is
    wrong by the names of the fields.
    """
    row = _sample(sample_id, Permission.CARRY_OUT_CONTROL)
    found = find_item(sample_id, item_id)
    if found is None:
        abort(404)
    form = result_form([found], row.criteria)
    if form.validate_on_submit():
        try:
            if not services.note_results(sample_id, form.entries(), current_user.user_id):
                db.session.rollback()  # nothing to tell of
        except RuleViolation as violation:
            db.session.rollback()
            form.refuse(violation)
        else:
            return jsonify(version=found.item.version)
    return jsonify(errors=[error for errors in form.errors.values() for error in errors]), 422


@blueprint.post(f"{SAMPLE}/ersatt")
@requires(Permission.CARRY_OUT_CONTROL)
def replace(sample_id: int) -> ResponseReturnValue:
    """Draw the next for each dropout."""
    row = _sample(sample_id, Permission.CARRY_OUT_CONTROL)
    return _press(row, lambda seen: services.replace_dropouts(sample_id, seen), "Bortfallet är ersatt.")


@blueprint.post(f"{SAMPLE}/lamna")
@requires(Permission.CARRY_OUT_CONTROL)
def propose(sample_id: int) -> ResponseReturnValue:
    """Hand the results over for acceptance."""
    row, by = _sample(sample_id, Permission.CARRY_OUT_CONTROL), current_user.user_id
    return _press(row, lambda seen: services.propose(sample_id, seen, by), "Stickprovet är lämnat för granskning.")


@blueprint.route(f"{SAMPLE}/beslut", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.MANAGE_CONTROL)
def decide(sample_id: int) -> ResponseReturnValue:
    """Accept the results, or send them back."""
    row = _sample(sample_id, Permission.MANAGE_CONTROL)
    form = DecideForm(data={"version": row.drawn.version})
    if form.validate_on_submit():
        accepts = request.form.get("val") == "godkann"
        try:
            if accepts:
                services.accept(sample_id, form.seen_version, current_user.user_id, clock.now())
            else:
                services.send_back(sample_id, form.seen_version, form.comment.data or "")
        except RuleViolation as violation:
            row = _refused(form, violation, lambda: _sample(sample_id, Permission.MANAGE_CONTROL))
        else:
            flash("Stickprovet är godkänt." if accepts else "Stickprovet är lämnat tillbaka.")
            return redirect(url_for("stickprov.sample", sample_id=sample_id), 303)
    page = render_template(
        "stickprov/decide.html", form=form, row=row, percent=percent_in_words(row, 0),
        waiting=row.state is SampleState.PROPOSED,
        own=FOUR_EYES if current_user.user_id in hands_of(row) else "",
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


def _sample(sample_id: int, permission: Permission) -> SampleRow:
    row = find_sample(sample_id, scope_of(current_user, permission))
    if row is None:
        abort(404)
    return row


def _latest(sample_id: int) -> list[ItemRow]:
    draws = list_draws(sample_id)
    return list_items(draws[-1].id) if draws else []


def _unreplaced(rows: list[ItemRow]) -> int:
    replaced = {row.item.replaces_id for row in rows}
    return sum(row.verdict is Verdict.DROPOUT and row.item.id not in replaced for row in rows)


def _press(row: SampleRow, act: Callable[[int], object], done: str) -> ResponseReturnValue:
    """Does what a button asks for, in answer to the version that its page showed; a refusal is told on that page."""
    sample_id, form = row.sample.id, Versioned()
    try:
        act(form.seen_version)
        flash(done)
    except RuleViolation as violation:
        db.session.rollback()
        flash(violation.message, "warning")
    return redirect(url_for("stickprov.sample", sample_id=sample_id), 303)


def _refused(form: Versioned, violation: RuleViolation, read_again: Callable[[], SampleRow]) -> SampleRow:
    """Puts the refusal into the form and gives how it stands now, which the form answers from then on."""
    form.refuse(violation)
    db.session.rollback()
    row = read_again()
    if violation.code == "stale":
        form.version.data = str(row.drawn.version)
    return row


def _note(row: SampleRow, row_count: int) -> None:
    selection = f"stickprov={row.sample.ref}"
    reads.note_read(ReadKind.RECORD, record_id=row.moment.record_id, selection=selection, row_count=row_count)
