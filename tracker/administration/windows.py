"""Pages on IVO's windows: the days between which the reports of each quarter are taken."""

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, TextAreaField

from tracker import clock
from tracker.accounts.authority import changing
from tracker.administration.shared import STALE, blueprint, done, everything_only, reach, tell
from tracker.decisions.windows import change_window, list_own_windows
from tracker.labels import WINDOW_LABELS
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.rules.quarters import FIRST_YEAR, LAST_YEAR, Quarter
from tracker.rules.reporting_windows import Window, default_window
from tracker.web.access import requires
from tracker.web.forms import DayField, Form, required, trimmed
from tracker.web.typed import keeps_typed

MANAGE = Permission.MANAGE_INSTALLATION
BEFORE, AFTER = 4, 5  # how many quarters the page lists before and from the present one


class WindowForm(Form):
    """The days of one quarter's window, and why they are these; `seen`: what stood there when the page was opened."""

    opens_on = DayField("Öppnar", [required("Skriv dagen som 2026-04-01.")])
    closes_on = DayField("Stänger", [required("Skriv dagen som 2026-04-30.")])
    reason = TextAreaField(
        "Varför?",
        [required("Skriv var du har läst dagarna, till exempel på IVO:s webbplats.")],
        filters=[trimmed],
        description="Sparas i loggen tillsammans med ändringen.",
    )
    seen = HiddenField()


@blueprint.get("/admin/rapporteringsperioder")
@requires(MANAGE)
def windows() -> ResponseReturnValue:
    """The windows of the quarters around today: which are the default, and which have days of their own."""
    today, own = clock.today(), list_own_windows()
    quarters = [Quarter.holding(today)]
    for _ in range(BEFORE):
        quarters.insert(0, quarters[0].before)
    while len(quarters) < BEFORE + AFTER:
        quarters.append(quarters[-1].after)
    quarters = sorted({*quarters, *own})
    lines = []
    for quarter in quarters:
        known = own.get(quarter)
        window = known.window if known else default_window(quarter)
        lines.append((quarter, window, WINDOW_LABELS[window.state(today)], known.reason if known else ""))
    return render_template("administration/windows.html", lines=lines, may_change=reach(MANAGE).everything)


@blueprint.route("/admin/rapporteringsperioder/<int:year>/<int:number>", methods=["GET", "POST"])
@keeps_typed
@requires(MANAGE)
def window(year: int, number: int) -> ResponseReturnValue:
    """One quarter's window: its days, and why they are these."""
    quarter = _quarter(year, number)
    now = _window(quarter)
    form = WindowForm(data={"opens_on": now.opens_on, "closes_on": now.closes_on})
    if form.validate_on_submit():
        try:
            with changing():
                everything_only(MANAGE)
                now = _window(quarter)
                if form.seen.data != _seen(now):
                    told = f"{STALE} Nu står {now.opens_on} till {now.closes_on}. Kontrollera och spara igen."
                    raise RuleViolation("stale", told, "opens_on")
                change_window(Window(quarter, form.opens_on.data, form.closes_on.data), form.reason.data)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            tell("window_changed", year * 10 + number)
            done(f"Rapporteringsperioden för kvartal {number} {year} är sparad.")
            return redirect(url_for("administration.windows"), 303)
    now = _window(quarter)
    page = render_template(
        "administration/window.html",
        form=form,
        quarter=quarter,
        default=default_window(quarter),
        seen=form.seen.data if form.restored else _seen(now),
        may_change=reach(MANAGE).everything,
    )
    return page, 422 if form.is_submitted() else 200


def _quarter(year: int, number: int) -> Quarter:
    """The quarter in the address; one at the edge of the years served has no neighbours, and no page."""
    if not FIRST_YEAR < year < LAST_YEAR or number not in range(1, 5):
        abort(404)
    return Quarter(year, number)


def _window(quarter: Quarter) -> Window:
    known = list_own_windows().get(quarter)
    return known.window if known else default_window(quarter)


def _seen(window: Window) -> str:
    """What stood there when the page was opened."""
    return f"{window.opens_on}|{window.closes_on}"
