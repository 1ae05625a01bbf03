"""The figures that a committee has published, and nineteen clocks at every boundary, from the list to the report."""

import csv
import json
from collections import Counter
from datetime import date
from pathlib import Path
from statistics import median

import pytest

from tests.decisions.running import run
from tests.rules.by_hand import bin_of, months_between

ROOT = Path(__file__).parent.parent.parent
PUBLISHED = ROOT / "examples" / "decisions-2021.csv"
DATA = ROOT / "tests" / "data"
NOTHING = {"closed": 0, "new": 0, "late_executed": 0, "late_closed": 0, "missed": 0}


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file, delimiter=";"))


def report(app, *arguments: object) -> dict:
    ran = run(app, "report", "quarter", *arguments)
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


@pytest.fixture
def published(app):
    assert run(app, "import", "decisions", PUBLISHED).last == "33 nya, 0 ändrade, 0 oförändrade"
    return app


def test_the_published_list_gives_the_published_figures_and_nothing_else(published):
    found = report(published, 2021, 4, "--cutoff", "2022-01-31", "--previous", "2021-10-31")
    assert found["counts"] == {
        "executed": 10, "closed": 2, "still_unexecuted": 16, "new": 5, "late_executed": 0, "late_closed": 0, "missed": 0
    }  # fmt: skip
    by_class = Counter((row["class"], row["ref"]) for row in found["rows"])
    assert by_class == Counter(
        [("executed", f"B-{n:02}") for n in range(1, 11)]
        + [("closed", "B-11"), ("closed", "B-12")]
        + [("still_unexecuted", f"B-{n:02}") for n in range(13, 29)]
        + [("new", f"B-{n:02}") for n in range(29, 34)]
    )


def test_rows_of_the_published_report_hold_days_counted_by_hand(published):
    found = report(published, 2021, 4, "--cutoff", "2022-01-31", "--previous", "2021-10-31")
    days = {row["ref"]: row["days"] for row in found["rows"]}
    # B-01: 2020-11-23 to 2021-11-21 is a year (365 days) less two.
    # B-12: 2021-07-29 to 2021-12-31 = 2 + 31 + 30 + 31 + 30 + 31.
    # B-13: 2020-10-26 to 2022-01-31 = a year and 5 + 30 + 31 + 31.
    # B-33: 2021-09-29 to 2022-01-31 = 1 + 31 + 30 + 31 + 31.
    assert (days["B-01"], days["B-12"], days["B-13"], days["B-33"]) == (363, 155, 462, 124)


def test_groups_of_the_published_report_are_those_of_the_list(published):
    """Worked out from the list itself: each of its rows ends on its own day or at the cut-off."""
    expected: dict[str, list[tuple[int, str]]] = {}
    for row in rows_of(PUBLISHED):
        start = date.fromisoformat(row["beslutsdatum"])
        end = date.fromisoformat(row["verkstalld"] or row["avslutad"] or "2022-01-31")
        expected.setdefault(row["insats"], []).append(((end - start).days, bin_of(months_between(start, end))))
    found = report(published, 2021, 4, "--cutoff", "2022-01-31", "--previous", "2021-10-31")
    assert [group["insats"] for group in found["groups"]] == sorted(expected)
    for group in found["groups"]:
        waits = expected[group["insats"]]
        days = [wait for wait, _ in waits]
        bins = Counter(name for _, name in waits)
        assert (group["clock"], group["kon"], sum(group["counts"].values())) == ("beslut", None, len(waits))
        assert group["days"] == {"sum": sum(days), "median": median(days), "max": max(days)}
        assert group["bins"] == {name: bins[name] for name in ("0-2", "3-6", "7-9", "10-12", "13-17", "18+")}
    everything = [wait for waits in expected.values() for wait, _ in waits]
    assert found["days"] == {"sum": sum(everything), "median": median(everything), "max": max(everything)}


def test_the_same_list_at_the_cutoff_before_gives_what_was_worked_out_by_hand(published):
    """With cut-off 2021-10-31 and, by default, 2021-09-30 before it:

    - Reported earlier (`forst_rapporterad` before the cut-off, 30 April or 31 July or 31 January): B-01–B-08 and
      B-13–B-22, 18 clocks. Of these only B-08 was executed by the cut-off (2021-09-27): executed 1. The others were
      executed in November and December, which has not happened yet: still unexecuted 17.
    - First reported on the cut-off itself, so not before it: B-09–B-12 and B-23–B-28, 10 clocks, all due by
      2021-10-29 at the latest (B-12) and none ended by the cut-off: new 10.
    - B-29–B-33 were decided from 2021-08-26 on and are due from 2021-11-26 on: in no class.
    """
    found = report(published, 2021, 4, "--cutoff", "2021-10-31")
    assert found["previous_cutoff"] == "2021-09-30"
    assert found["counts"] == NOTHING | {"executed": 1, "still_unexecuted": 17, "new": 10}
    refs = {name: {row["ref"] for row in found["rows"] if row["class"] == name} for name in ("executed", "new")}
    assert refs == {"executed": {"B-08"}, "new": {f"B-{n:02}" for n in (9, 10, 11, 12, *range(23, 29))}}
    row = next(row for row in found["rows"] if row["ref"] == "B-11")
    assert (row["executed_on"], row["closed_on"]) == (None, None), "what happened later does not exist yet"
    # B-08: 2021-04-21 to 2021-09-27 = 9 + 31 + 30 + 31 + 31 + 27.
    assert next(row["days"] for row in found["rows"] if row["ref"] == "B-08") == 159


def test_the_published_list_is_imported_again_without_a_change(published):
    assert run(published, "import", "decisions", PUBLISHED).last == "0 nya, 0 ändrade, 33 oförändrade"


def test_the_nineteen_clocks_get_the_class_due_day_and_days_of_their_key(app, frozen_day):
    frozen_day(date(2026, 4, 15))
    assert run(app, "import", "decisions", DATA / "classes.csv").last == "19 nya, 0 ändrade, 0 oförändrade"
    found = report(app, 2026, 1)
    keys = rows_of(DATA / "classes-expected.csv")
    assert len(keys) == 19
    in_class = [key for key in keys if key["class"] not in {"", "missed", "finished"}]
    assert {
        (row["ref"], row["interrupted_on"] or "", row["due_on"], row["class"], str(row["days"]))
        for row in found["rows"]
    } == {(key["ref"], key["avbrottsdatum"], key["due_on"], key["class"], key["days"]) for key in in_class}
    assert len(found["rows"]) == len(in_class)
    assert found["counts"] == {
        "executed": 1, "closed": 1, "still_unexecuted": 1, "new": 3, "late_executed": 3, "late_closed": 1, "missed": 3
    }  # fmt: skip


def test_every_due_day_of_the_nineteen_is_stored_as_its_key_says(app, frozen_day):
    from tests.decisions.running import clocks

    frozen_day(date(2026, 4, 15))
    run(app, "import", "decisions", DATA / "classes.csv")
    for key in rows_of(DATA / "classes-expected.csv"):
        interrupted = date.fromisoformat(key["avbrottsdatum"]) if key["avbrottsdatum"] else None
        stored = next(
            clock
            for clock in clocks(key["ref"])
            if (clock.started_on if clock.kind == "avbrott" else None) == interrupted
        )
        assert (key["ref"], stored.due_on.isoformat()) == (key["ref"], key["due_on"])
