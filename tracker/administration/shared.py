"""What do the administrator's pages share? The blueprint, how far the reader reaches, and how a unit is chosen."""

from datetime import date

from flask import Blueprint, abort, current_app, flash, render_template, request, url_for
from flask_login import current_user
from wtforms import SelectChoice

from tracker import clock
from tracker.accounts.authority import reach_now
from tracker.accounts.lists import count_requests, open_units
from tracker.accounts.queries import UnitRow
from tracker.accounts.reader import Reach
from tracker.accounts.services import CODE_HOURS
from tracker.labels import closed_note
from tracker.logs import log
from tracker.rules.permissions import Permission

blueprint = Blueprint("administration", __name__)
STALE = "Någon annan har ändrat det medan sidan var öppen."


def reach(permission: Permission) -> Reach:
    """The units over which the reader held the permission as the request began; for reading."""
    found: Reach = current_user.reach(permission)
    return found


def deciding_reach(permission: Permission) -> Reach:
    """The units over which the reader holds the permission now, under the lock; 403 when it has been lost meanwhile."""
    found = reach_now(current_user.user_id, permission, clock.today())
    if found == Reach():
        abort(403)
    return found


def everything_only(permission: Permission) -> None:
    """What holds for the whole installation is changed by those who reach all of it; others are answered 403."""
    if not deciding_reach(permission).everything:
        abort(403)


def tell(event: str, target_id: int) -> None:
    """Who did what to what, by number, in the program's log."""
    log().info(event, user_id=current_user.user_id, target_id=target_id)


def unit_label(unit: UnitRow, today: date) -> str:
    """A unit as a select shows it: indented by its place in the tree, and marked when it is closed."""
    return "\u2003" * unit.depth + unit.name + closed_note(unit.valid_until, today)


def unit_choices(within: Reach) -> list[SelectChoice]:
    """The open units within reach."""
    today = clock.today()
    return [SelectChoice(unit.id, unit_label(unit, today)) for unit in open_units(within, today)]


def invitation(name: str, user_id: int, code: str) -> str:
    """The page that shows a one-time link, at the address that visitors use."""
    return render_template(
        "administration/invitation.html", name=name, user_id=user_id, link=link_of(code), hours=CODE_HOURS
    )


def link_of(code: str) -> str:
    """A one-time code as the address that a visitor opens."""
    base = current_app.config["BASE_URL"] or request.url_root.rstrip("/")
    return str(base + url_for("accounts.use_code", code=code))


def done(message: str) -> None:
    """Says on the next page what was done."""
    flash(message)


@blueprint.app_context_processor
def sections() -> dict[str, object]:
    """Gives the administrator's pages their own menu: (label, address, is current) for what the reader may
    open.
    """

    def admin_sections() -> list[tuple[str, str, bool]]:
        may = current_user.allows
        found = [("Användare", "/admin"), ("Enheter", "/admin/enheter"), ("Roller", "/admin/roller")]
        if may(Permission.MANAGE_USERS):
            waiting = count_requests(reach(Permission.MANAGE_USERS))
            found.append((f"Begäran ({waiting})" if waiting else "Begäran", "/admin/begaran"))
        if may(Permission.MANAGE_CODES):
            found.append(("Kodlistor", "/admin/kodlistor"))
        if may(Permission.MANAGE_INSTALLATION):
            found += [
                ("Inställningar", "/admin/installningar"),
                ("Gallring", "/admin/gallring"),
                ("Rapporteringsperioder", "/admin/rapporteringsperioder"),
                ("Wordmallar", "/admin/mallar"),
                ("Kom igång", "/admin/start"),
            ]
        here = request.path if request.path != "/admin" else "/admin/anvandare"
        return [(name, path, here.startswith("/admin/anvandare" if path == "/admin" else path)) for name, path in found]

    return {"admin_sections": admin_sections}
