"""The first start in five steps, each of which can be left and resumed."""

from dataclasses import dataclass

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.accounts.authority import changing
from tracker.accounts.first_start import FirstStart, Step, StepState, end_first_start, first_start, mark_step
from tracker.accounts.queries import list_users
from tracker.administration.shared import blueprint, done, everything_only, reach, tell
from tracker.records.queries import has_records
from tracker.rules.permissions import TABLE, Permission, roles_allowed
from tracker.web.access import requires

MANAGE = Permission.MANAGE_INSTALLATION
STEP_LABELS = {
    Step.COMMITTEE: "Nämndens namn",
    Step.UNITS: "Enheter",
    Step.USERS: "Användare",
    Step.CODES: "Kodlistor",
    Step.IMPORT: "Första inläsningen",
}
STATE_LABELS = {StepState.DONE: "Klart", StepState.SKIPPED: "Hoppas över", StepState.WAITING: "Återstår"}


@dataclass(frozen=True, slots=True)
class StepMark:
    """How a step's state is shown: a word and a shape, and the colour's class."""

    word: str
    shape: str
    css: str


MARKS = {
    StepState.DONE: StepMark(STATE_LABELS[StepState.DONE], "●", "done"),
    StepState.SKIPPED: StepMark(STATE_LABELS[StepState.SKIPPED], "—", "closed"),
    StepState.WAITING: StepMark(STATE_LABELS[StepState.WAITING], "◆", "soon"),
}


def how_far() -> FirstStart:
    """How the first start stands."""
    return first_start(has_records())


@blueprint.get("/admin/start")
@requires(MANAGE)
def start() -> ResponseReturnValue:
    """The five steps, each with what it is for, how it stands, and where it is done."""
    stands = how_far()
    importers = [
        user.name
        for user in list_users(clock.today(), reach(Permission.READ_ADMINISTRATION))
        if user.active and any(Permission.IMPORT_DECISIONS in TABLE[row.role].may for row in user.roles)
    ]
    return render_template(
        "administration/start.html",
        stands=stands,
        steps=[(step, STEP_LABELS[step], state, MARKS[state]) for step, state in stands.steps.items()],
        importers=importers,
        may_import=[TABLE[role].label for role in TABLE if role in roles_allowed(Permission.IMPORT_DECISIONS)],
        may_change=reach(MANAGE).everything,
    )


@blueprint.post("/admin/start")
@requires(MANAGE)
def change_start() -> ResponseReturnValue:
    """Marks a step (`steg`, `lage`), or says that the first start is over (`avsluta`) or goes on (`fortsatt`)."""
    with changing():
        everything_only(MANAGE)
        if "avsluta" in request.form:
            end_first_start(clock.now())
            tell("first_start_ended", 1)
            done("Kom igång visas inte längre på startsidan. Den finns kvar under Administration.")
            return redirect(url_for("administration.index"), 303)
        if "fortsatt" in request.form:
            end_first_start(None)
            tell("first_start_resumed", 1)
        else:
            step, state = request.form.get("steg", ""), request.form.get("lage", "")
            if step not in set(Step) or state not in set(StepState):
                abort(404)
            mark_step(Step(step), StepState(state))
            tell("first_start_step", 1)
    return redirect(url_for("administration.start"), 303)
