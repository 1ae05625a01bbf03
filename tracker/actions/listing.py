"""Which columns does the register of actions have, and what stands in them?"""

from datetime import date
from typing import NamedTuple

from tracker.actions.pages import mark_of
from tracker.actions.queries import ActionRow
from tracker.actions.register import BY_DAY, ActionList, orders_of
from tracker.actions.words import EFFECT_LABELS
from tracker.web.columns import ListColumn

CHECKED = frozenset({ActionList.TO_CHECK, ActionList.CHECKED_LATER})  # which go by the day of following up


class AboutActions(NamedTuple):
    """What the rows of a page share."""

    today: date


ActionColumn = ListColumn[ActionRow, AboutActions]


def action_columns(chosen: ActionList) -> list[ActionColumn]:
    """The columns of a list, with the orders that it can stand in."""
    by_day, by_number = (name if name in orders_of(chosen) else "" for name in (BY_DAY.column, "ref"))
    due, check = ("", by_day) if chosen in CHECKED else (by_day, "")
    return [
        ListColumn("nummer", "Nummer", lambda row, _: row.ref, order=by_number, css="whole"),
        ListColumn("atgard", "Åtgärd", lambda row, _: row.text),
        ListColumn("ansvarig", "Ansvarig", lambda row, _: row.responsible),
        ListColumn("enhet", "Enhet", lambda row, _: row.unit),
        _day("beslutad", "Beslutad", "decided_on"),
        _day("senast", "Klar senast", "due_on", order=due, usual=True),
        _day("genomford", "Genomförd", "done_on"),
        _day("foljs-upp", "Följs upp", "check_on", order=check),
        ListColumn(
            "effekt", "Effekt", lambda row, _: EFFECT_LABELS[row.days.effect] if row.days.effect else None, usual=False
        ),
        ListColumn("lage", "Läge", lambda row, about: mark_of(row, about.today)),
    ]


def _day(name: str, label: str, of: str, *, order: str = "", usual: bool = False) -> ActionColumn:
    return ListColumn(
        name, label, lambda row, _: getattr(row.days, of), usual=usual, order=order, css="whole", kind="date"
    )
