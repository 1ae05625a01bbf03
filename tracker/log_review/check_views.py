"""Pages of the log checks: the year, its plan, and one check from draw to signature."""

from collections.abc import Callable
from typing import TypeVar

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import SelectChoice

from tracker import clock
from tracker.accounts.queries import kept_units
from tracker.accounts.reader import Reach
from tracker.audit import reads
from tracker.database import db
from tracker.log_review import services
from tracker.log_review.blueprint import blueprint
from tracker.log_review.check_pages import (
    Drawn,
    drawn,
    kinds_in_words,
    moment,
    size_in_words,
    state_mark,
    state_of,
    year_page,
)
from tracker.log_review.checks import CheckRow, find_check, find_plan, list_draws, list_years, reviewers_of
from tracker.log_review.forms import DrawForm, NewPlanForm, PlanForm, SignForm, grade_form
from tracker.log_review.labels import GRADE_LABELS, RESULT_LABELS
from tracker.log_review.models import LogDraw
from tracker.log_review.names import people
from tracker.rules.errors import RuleViolation
from tracker.rules.log_checks import FIRST_YEAR, LAST_YEAR, Grade, Result, SampleBy, check_drawable
from tracker.rules.permissions import Permission
from tracker.rules.trail import ReadKind
from tracker.web.access import requires
from tracker.web.forms import Versioned
from tracker.web.pagination import LARGEST_ID
from tracker.web.typed import keeps_typed

CHECK = f"/logg/kontroller/<int(max={LARGEST_ID}):check_id>"


@blueprint.get("/logg/kontroller")
@requires(Permission.READ_LOG)
def checks() -> ResponseReturnValue:
    """The year's checks: planned, to do, late, done."""
    today, reach, typed = clock.today(), _reach(Permission.READ_LOG), request.args.get("ar", "")
    year = int(typed) if typed.isascii() and typed.isdigit() and len(typed) == 4 else today.year
    year = year if FIRST_YEAR <= year <= LAST_YEAR else today.year
    years = sorted({*list_years(reach), today.year, year})
    return render_template(
        "log_review/checks.html", year=year, years=years, page=year_page(year, reach, today), size=size_in_words,
        kinds=kinds_in_words,
    )  # fmt: skip


@blueprint.route("/logg/kontroller/plan", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.CHECK_LOG)
def new_plan() -> ResponseReturnValue:
    """Plan a year's checks."""
    form = NewPlanForm(
        data={
            "year": clock.today().year,
            "checks": 4,
            "amount": 25,
            "kinds": ["record", "identity", "export", "report"],
        }
    )
    reach = _reach(Permission.CHECK_LOG)
    form.unit.choices = [SelectChoice(unit.id, "\u2003" * unit.depth + unit.name) for unit in kept_units(reach)]
    form.reviewer.choices = _reviewers(reach)
    if form.validate_on_submit():
        try:
            services.plan_checks(
                _wish(form, form.year.data, form.unit.data, form.checks.data), clock.today(), clock.now()
            )
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash("Planen är sparad.")
            return redirect(url_for("log_review.checks", ar=form.year.data), 303)
    return render_template("log_review/plan.html", form=form, plan=None), 422 if form.is_submitted() else 200


@blueprint.route(f"/logg/kontroller/plan/<int(max={LARGEST_ID}):plan_id>", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.CHECK_LOG)
def plan(plan_id: int) -> ResponseReturnValue:
    """Change a plan, for its checks that are not drawn yet."""
    reach = _reach(Permission.CHECK_LOG)
    found = find_plan(plan_id, reach)
    if found is None:
        abort(404)
    row = found.plan
    form = PlanForm(
        data={
            "version": row.version, "sample_by": row.sample_by, "amount": row.amount, "kinds": row.kinds.split(),
            "reviewer": row.reviewer_id,
        }
    )  # fmt: skip
    form.reviewer.choices = _reviewers(reach)
    if form.validate_on_submit():
        wish = _wish(form, row.year, row.unit_id, row.checks)
        try:
            services.change_plan(row, wish, form.seen_version, clock.today())
        except RuleViolation as violation:
            found = _refused(form, violation, lambda: find_plan(plan_id, reach)) or found
            _show_newer(form, violation, found.plan.version)
        else:
            flash("Planen är ändrad.")
            return redirect(url_for("log_review.checks", ar=wish.year), 303)
    page = render_template(
        "log_review/plan.html", form=form, plan=found, size=size_in_words(found), kinds=kinds_in_words(found.plan.kinds)
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.get(CHECK)
@requires(Permission.READ_LOG)
def check(check_id: int) -> ResponseReturnValue:
    """One check: its plan, its draws, the readings and what was found; the page to print and keep."""
    row = _check(check_id, Permission.READ_LOG)
    draws = list_draws(check_id)
    items = _drawn(draws)
    _note(check_id, len(items))
    return render_template(
        "log_review/check.html", row=row, mark=state_mark(state_of(row, clock.today())), draws=draws, items=items,
        names={person.id: person.name for person in people({draw.drawn_by for draw in draws}).values()},
        counts={grade: sum(item.item.grade == grade for item in items) for grade in (*Grade, None)},
        as_signed=services.is_as_signed(row.check) if row.check.signed_at else None, moment=moment,
        size=size_in_words(row), kinds=kinds_in_words, grade_labels=GRADE_LABELS,
        result=RESULT_LABELS[Result(row.check.result)] if row.check.result else "",
    )  # fmt: skip


@blueprint.route(f"{CHECK}/dra", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.CHECK_LOG)
def draw(check_id: int) -> ResponseReturnValue:
    """Draw the sample, or draw it again with a reason."""
    row = _check(check_id, Permission.CHECK_LOG)
    draws = list_draws(check_id)
    form = DrawForm(data={"version": row.check.version})
    if form.validate_on_submit():
        now = clock.now()
        try:
            made = services.draw_sample(
                check_id, form.seen_version, form.reason.data or "", current_user.user_id, clock.today(), now
            )
        except RuleViolation as violation:
            row = _refused(form, violation, lambda: _check(check_id, Permission.CHECK_LOG))
            draws = list_draws(check_id)
            _show_newer(form, violation, row.check.version)
        else:
            flash(f"Stickprovet är draget: {made.sample_size} av {made.population_count} läsningar.")
            return redirect(url_for("log_review.check", check_id=check_id), 303)
    hinder = _hinder(row)
    page = render_template(
        "log_review/draw.html", row=row, form=form, draws=draws, hinder=hinder, size=size_in_words(row),
        kinds=kinds_in_words(row.plan.kinds),
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


@blueprint.route(f"{CHECK}/bedom", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.CHECK_LOG)
def grade(check_id: int) -> ResponseReturnValue:
    """Grade the readings that were drawn, but one's own."""
    row = _check(check_id, Permission.CHECK_LOG)
    items = _drawn(list_draws(check_id))
    given: dict[str, object] = {"version": row.check.version}
    for item in items:
        given |= {f"grade_{item.item.id}": item.item.grade or "", f"comment_{item.item.id}": item.item.comment or ""}
    form = grade_form(tuple(item.item.id for item in items if not item.own), given)
    if not form.is_submitted():
        _note(check_id, len(items))
    else:
        try:
            services.check_unchanged(row.check, form.seen_version)  # first: another draw has other readings
            if form.validate():
                services.grade_reads(check_id, form.seen_version, form.grades(), current_user.user_id, clock.now())
                flash("Bedömningarna är sparade.")
                return redirect(url_for("log_review.check", check_id=check_id), 303)
        except RuleViolation as violation:
            row = _refused(form, violation, lambda: _check(check_id, Permission.CHECK_LOG))
            items = [item for item in _drawn(list_draws(check_id)) if item.own or item.item.id in form.item_ids]
            _show_newer(form, violation, row.check.version)
    page = render_template("log_review/grade.html", row=row, form=form, items=items)
    return page, 422 if form.is_submitted() else 200


@blueprint.route(f"{CHECK}/signera", methods=["GET", "POST"])
@requires(Permission.CHECK_LOG, confirmed=True)
def sign(check_id: int) -> ResponseReturnValue:
    """Give the check its result and sign it: a page of its own, as it cannot be undone."""
    row = _check(check_id, Permission.CHECK_LOG)
    form = SignForm(data={"version": row.check.version})
    if form.validate_on_submit():
        result = Result(form.result.data)
        try:
            services.sign_check(
                check_id, form.seen_version, result, form.conclusion.data or "", current_user.user_id, clock.now()
            )
        except RuleViolation as violation:
            row = _refused(form, violation, lambda: _check(check_id, Permission.CHECK_LOG))
            _show_newer(form, violation, row.check.version)
        else:
            flash("Kontrollen är signerad.")
            return redirect(url_for("log_review.check", check_id=check_id), 303)
    items = _drawn(list_draws(check_id))
    counts = {grade: sum(item.item.grade == grade for item in items) for grade in (*Grade, None)}
    page = render_template(
        "log_review/sign.html", row=row, form=form, counts=counts, total=len(items), grade_labels=GRADE_LABELS
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.get(f"{CHECK}/dragning/<int(max={LARGEST_ID}):number>")
@requires(Permission.READ_LOG)
def drawing(check_id: int, number: int) -> ResponseReturnValue:
    """One draw, and whether it comes out the same when it is made again from what is stored."""
    row = _check(check_id, Permission.READ_LOG)
    found = next((made for made in list_draws(check_id) if made.number == number), None)
    if found is None:
        abort(404)
    items = _drawn([found])
    _note(check_id, len(items))
    drawer = people([found.drawn_by])[found.drawn_by].name
    return render_template(
        "log_review/drawing.html", row=row, draw=found, items=items, verified=services.verify_draw(found),
        moment=moment, drawer=drawer, kinds=kinds_in_words(found.kinds),
    )  # fmt: skip


def _reach(permission: Permission) -> Reach:
    reach: Reach = current_user.reach(permission)
    return reach


def _check(check_id: int, permission: Permission) -> CheckRow:
    row = find_check(check_id, _reach(permission))
    if row is None:
        abort(404)
    return row


def _drawn(draws: list[LogDraw]) -> list[Drawn]:
    """The readings of the latest draw."""
    return drawn(draws[-1], _reach(Permission.READ_LOG), current_user.user_id) if draws else []


def _hinder(row: CheckRow) -> str:
    """Why no sample can be drawn just now; empty when it can."""
    if row.check.signed_at:
        return services.SIGNED
    try:
        check_drawable(row.check.to_on, clock.today(), drawn_before=False, reason="")
    except RuleViolation as violation:
        return violation.message
    return ""


def _note(check_id: int, row_count: int) -> None:
    reads.note_read(ReadKind.LOG, what="kontroll", selection=f"kontroll={check_id}", row_count=row_count)


def _reviewers(reach: Reach) -> list[SelectChoice]:
    names = {user_id: name for user_id, name, _, _ in reviewers_of(reach, clock.today())}
    return [SelectChoice(user_id, name) for user_id, name in names.items()]


def _wish(form: PlanForm, year: int, unit_id: int, checks_a_year: int) -> services.PlanWish:
    by = SampleBy(form.sample_by.data)
    return services.PlanWish(year, unit_id, checks_a_year, by, form.amount.data, form.chosen_kinds, form.reviewer.data)


Found = TypeVar("Found")


def _refused(form: Versioned, violation: RuleViolation, read_again: Callable[[], Found]) -> Found:
    """Puts the refusal into the form, forgets what was begun, and gives how it stands now."""
    form.refuse(violation)
    db.session.rollback()
    return read_again()


def _show_newer(form: Versioned, violation: RuleViolation, version: int) -> None:
    """Whoever saved on top of another's change is shown that change, and may then save upon it."""
    if violation.code == "stale":
        form.version.data = str(version)
