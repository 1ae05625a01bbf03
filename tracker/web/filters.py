"""How are days, numbers and states written in pages?"""

from datetime import date

from flask import Flask

from tracker.permission_labels import PERMISSION_LABELS
from tracker.rules.calendar import in_words
from tracker.rules.permissions import TABLE, Permission, Role

NARROW_SPACE = "\u202f"


def whole_number(value: int | None) -> str:
    """1234567 as 1 234 567, with narrow spaces that do not break; an en dash for None."""
    return "–" if value is None else f"{value:,}".replace(",", NARROW_SPACE)


def decimal_number(value: float | None) -> str:
    """270.0 as 270 and 270.5 as 270,5; an en dash for None."""
    if value is None:
        return "–"
    return whole_number(int(value)) if value == int(value) else f"{value:.1f}".replace(".", ",")


def day_in_words(value: date | None) -> str:
    """31 mars 2026; an en dash for None."""
    return "–" if value is None else in_words(value)


def iso_day(value: date | None) -> str:
    """2026-03-31; an en dash for None."""
    return "–" if value is None else value.isoformat()


def counted(value: int, one: str, many: str) -> str:
    """1 beslut, 2 beslut, 1 dag, 3 dagar: the number with the right form of its noun."""
    return f"{whole_number(value)} {one if value == 1 else many}"


WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")


def weekday(value: date) -> str:
    """måndag."""
    return WEEKDAYS[value.weekday()]


def role_label(role: Role) -> str:
    """What a role is called."""
    return TABLE[role].label


def role_table() -> list[tuple[str, str, str]]:
    """(role, for whom, what it may) for every role, as the product and its documentation show the table."""
    return [
        (row.label, row.is_for, ", ".join(PERMISSION_LABELS[p] for p in Permission if p in row.may) or "–")
        for row in TABLE.values()
    ]


def init_filters(app: Flask) -> None:
    """Makes the functions above known to templates."""
    app.jinja_env.filters |= {
        "number": whole_number,
        "decimal": decimal_number,
        "in_words": day_in_words,
        "iso": iso_day,
        "counted": counted,
        "weekday": weekday,
    }
    app.jinja_env.globals |= {"role_label": role_label, "role_table": role_table}
