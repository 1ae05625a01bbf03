"""Every stored value that a person can see has Swedish words."""

import importlib
import pkgutil
from enum import Enum, StrEnum

import tracker
from tracker.rules.permissions import TABLE, Role

# Values that nobody reads on a page or in a file, each with what it is instead.
NEVER_SHOWN = {
    "Permission": "named in code; the roles that have it are shown",
    "RecordKind": "which table a record's details stand in",
    "Access": "a mark that decides what is shown",
    "ReportFormat": "the ending of a file's name",
    "Mark": "what an empty cell of a file asks for",
}


def _modules():
    for module in pkgutil.walk_packages(tracker.__path__, "tracker."):
        yield importlib.import_module(module.name)


def _every_enum():
    for module in _modules():
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, StrEnum) and value.__module__ == module.__name__:
                yield value


def _labelled():
    """(enum, its labels) for every table in the program whose name ends in LABELS."""
    for module in _modules():
        for name, table in vars(module).items():
            if name.endswith("LABELS") and isinstance(table, dict):
                yield from ((kind, table) for kind in {type(key) for key in table if isinstance(key, Enum)})


def test_every_member_of_a_labelled_enum_has_a_label():
    tables = [*_labelled(), (Role, {role: row.label for role, row in TABLE.items()})]
    for kind, table in tables:
        assert set(table) >= set(kind), f"{kind.__name__} lacks labels"
        assert all(str(label).strip() for label in table.values())


def test_every_enum_has_labels_or_a_reason_to_have_none():
    labelled = {kind.__name__ for kind, _ in _labelled()} | {"Role"}
    found = {kind.__name__ for kind in _every_enum()}
    assert found - labelled - set(NEVER_SHOWN) == set()
