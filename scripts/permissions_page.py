"""Writes docs/permissions.md from the table in the code. `python -m scripts.permissions_page`; a test compares them."""

from pathlib import Path

from tracker.rules.permissions import TABLE
from tracker.web.filters import role_table

PAGE = Path(__file__).resolve().parent.parent / "docs" / "permissions.md"
HEAD = """# Permissions

Made from `tracker/rules/permissions.py` by `python -m scripts.permissions_page`; do not edit by hand.
A role is held for a unit and everything below it, from a day to a day. Whoever holds no role that gives a permission is
answered 403; what lies outside the units of the role is answered 404, as if it were not there.

| role | stored as | is | may |
|---|---|---|---|
"""


def page() -> str:
    """The whole page."""
    stored = [role.value for role in TABLE]
    rows = zip(role_table(), stored, strict=True)
    return HEAD + "".join(f"| {role} | `{name}` | {is_for} | {may} |\n" for (role, is_for, may), name in rows)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
