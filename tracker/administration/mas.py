"""The page on who is MAS and so reads and handles the avvikelser of hälso- och sjukvård of every unit."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import SelectMultipleField

from tracker import clock
from tracker.accounts.authority import changing
from tracker.administration.shared import blueprint, done, everything_only, reach, tell
from tracker.cases.mas import list_mas, set_mas
from tracker.records.grants import list_candidates
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission, roles_allowed
from tracker.web.access import requires
from tracker.web.forms import Form

MANAGE = Permission.MANAGE_INSTALLATION


class MasForm(Form):
    """Who is MAS, of those who handle avvikelser somewhere."""

    mas = SelectMultipleField("Vem är MAS?", choices=[], validate_choice=False)


@blueprint.route("/admin/installningar/mas", methods=["GET", "POST"])
@requires(MANAGE, confirmed="POST")
def mas() -> ResponseReturnValue:
    """Who is MAS: one or several, or nobody."""
    candidates = list_candidates(roles_allowed(Permission.HANDLE_DEVIATIONS), clock.today())
    known = {user_id for user_id, _, _ in candidates}
    form = MasForm(data={"mas": [str(user_id) for user_id in list_mas()]})
    if form.validate_on_submit():
        wanted = {int(one) for one in form.mas.data or () if one.isascii() and one.isdigit()} & known
        try:
            with changing():
                everything_only(MANAGE)
                changed = set_mas(wanted, current_user.user_id, clock.now())
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            tell("mas_changed", 1)
            done("Inställningen är sparad." if changed else "Inget var ändrat.")
            return redirect(url_for("administration.mas"), 303)
    page = render_template(
        "administration/mas.html", form=form, candidates=candidates, chosen=set(form.mas.data or ()),
        may_change=reach(MANAGE).everything,
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200
