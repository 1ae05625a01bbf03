"""What do the names in a file, or in a form, stand for?"""

from dataclasses import dataclass

from sqlalchemy import select

from tracker.accounts.models import Unit
from tracker.accounts.queries import unit_places, users_by_name
from tracker.accounts.reader import Reach
from tracker.accounts.services import check_unit_name
from tracker.database import db
from tracker.decisions.importing import ParsedFile, names_in
from tracker.decisions.saving import Lookups
from tracker.exchange.columns import fold
from tracker.exchange.errors import Collector
from tracker.records.models import CodeItem, CodeList
from tracker.records.numbers import Numbers
from tracker.records.queries import other_names
from tracker.records.services import code_ids
from tracker.rules.errors import RuleViolation


@dataclass(frozen=True, slots=True)
class NewNames:
    """What a file names that is not there yet: name → the number it is to have. Units go below the top unit."""

    units: dict[str, int]
    interventions: dict[str, int]


def look_up(
    file: ParsedFile, home_unit_id: int, reach: Reach, numbers: Numbers, *, makes_units: bool
) -> tuple[Lookups, NewNames]:
    """What the file's names stand for; those that are not there get numbers (units only where they may be made)."""
    known = code_ids(CodeList.INTERVENTION)
    unknown = [label for label in names_in(file.rows, "insats") if label not in known]
    places = unit_places()
    reachable = {name: unit_id for name, (unit_id, low) in places.items() if reach.covers(low)}
    missing = [name for name in names_in(file.rows, "enhet") if name not in reachable] if makes_units else []
    new = NewNames(
        {name: numbers.take(Unit) for name in missing if _may_be_made(name, file.collector)},
        {label: numbers.take(CodeItem) for label in unknown},
    )
    tree_places = {unit_id: low for unit_id, low in db.session.execute(select(Unit.id, Unit.tree_from))}  # noqa: C416
    top = min(tree_places.values(), default=0)
    lookups = Lookups(
        units=reachable | new.units,
        users=users_by_name(set(names_in(file.rows, "handlaggare"))),
        interventions=known | new.interventions,
        delay_reasons=delay_reason_ids(),
        close_reasons=other_names(CodeList.CLOSE_REASON),
        home_unit_id=home_unit_id,
        # Right below the top: who reaches these reaches everything.
        tree_places=tree_places | dict.fromkeys(new.units.values(), top),
    )
    return lookups, new


def _may_be_made(name: str, collector: Collector) -> bool:
    try:
        check_unit_name(name)
    except RuleViolation as violation:
        collector.add(None, "enhet", violation.message)
        return False
    return True


def delay_reason_ids() -> dict[str, int]:
    """Folded label or code → id of each reason for delay."""
    reasons: dict[str, int] = {}
    in_list = select(CodeItem).where(CodeItem.list == CodeList.DELAY_REASON)
    for item in db.session.scalars(in_list.order_by(CodeItem.merged_into_id.is_(None))):  # other names first
        reasons[fold(item.label)] = item.merged_into_id or item.id
        if item.code:
            reasons[fold(item.code)] = item.merged_into_id or item.id
    return reasons
