"""Pages on what one administrator has asked for and another approves or refuses."""

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.accounts import approving
from tracker.accounts.authority import changing
from tracker.accounts.lists import RequestRow, find_request, list_requests
from tracker.accounts.models import AdminRequest
from tracker.administration.forms import RefuseForm
from tracker.administration.shared import blueprint, deciding_reach, done, invitation, reach, tell
from tracker.labels import REQUEST_LABELS
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.web.access import requires
from tracker.web.forms import Form
from tracker.web.pagination import LARGEST_ID

MANAGE = Permission.MANAGE_USERS
REQUEST = f"/admin/begaran/<int(max={LARGEST_ID}):request_id>"


def _request(request_id: int, *, now: bool = False) -> tuple[AdminRequest, RequestRow]:
    """The request that waits, 404 beyond the reader's reach; `now`: as it is under the lock."""
    found = find_request(request_id, deciding_reach(MANAGE) if now else reach(MANAGE))
    if found is None:
        abort(404)
    return found


@blueprint.get("/admin/begaran")
@requires(MANAGE)
def requests() -> ResponseReturnValue:
    """What waits for a second administrator, and what was decided last."""
    within = reach(MANAGE)
    return render_template(
        "administration/requests.html",
        waiting=list_requests(within, pending=True),
        decided=list_requests(within, pending=False),
        labels=REQUEST_LABELS,
        me=current_user.user_id,
    )


@blueprint.route(f"{REQUEST}/godkann", methods=["GET", "POST"])
@requires(MANAGE, confirmed="POST")
def approve(request_id: int) -> ResponseReturnValue:
    """Says what happens when the request is approved, and does it."""
    _, row = _request(request_id)
    form = Form()
    if form.validate_on_submit():
        try:
            with changing():
                asked, row = _request(request_id, now=True)
                code = approving.approve(asked, current_user.user_id, clock.now(), clock.today())
        except RuleViolation as violation:
            form.form_errors.append(violation.message)
        else:
            tell("request_approved", request_id)
            if code:
                return invitation(row.user_name or "", row.user_id or 0, code)
            done("Begäran är godkänd.")
            return redirect(url_for("administration.requests"), 303)
    page = render_template("administration/approve.html", form=form, row=row, labels=REQUEST_LABELS)
    return page, 422 if form.is_submitted() else 200


@blueprint.route(f"{REQUEST}/avsla", methods=["GET", "POST"])
@requires(MANAGE, confirmed="POST")
def refuse(request_id: int) -> ResponseReturnValue:
    """Refuses a request with a reason; who asked may take it back so."""
    _, row = _request(request_id)
    form = RefuseForm()
    if form.validate_on_submit():
        try:
            with changing():
                asked, row = _request(request_id, now=True)
                approving.refuse(asked, form.reason.data, current_user.user_id, clock.now())
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            tell("request_refused", request_id)
            done("Begäran är avslagen.")
            return redirect(url_for("administration.requests"), 303)
    page = render_template("administration/refuse.html", form=form, row=row, labels=REQUEST_LABELS)
    return page, 422 if form.is_submitted() else 200
