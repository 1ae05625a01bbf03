"""What stands in the report on paper? Every text and number that PDF and Word show, ready to be set.

A paper is made of dictionaries, lists and texts alone, with Swedish names: they are the fields that a municipality's
own Word template may use (`tracker/reports/rendering/fields.py` lists them).
"""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple, Protocol

from tracker.labels import CLOCK_LABELS, SEX_LABELS
from tracker.reports.audiences import Audience, Document
from tracker.reports.headings import CLASS_HEADINGS, FOUR_HEADINGS
from tracker.reports.rendering.words import (
    CLASS_WORDS,
    READERS,
    SUPPRESSION_NOTE,
    explanations,
    introduction,
    missed_note,
    protected_note,
)
from tracker.rules.calendar import in_words
from tracker.rules.quarters import Quarter
from tracker.rules.unexecuted import BINS, ClockKind, ReportClass
from tracker.web.filters import decimal_number, whole_number

Paper = dict[str, Any]
NOTHING = "–"
MOST_ROWS = 2_000
COUNT_FIELDS = ("verkstallda", "avslutade", "annu_inte", "nya", "sent_verkstallda", "sent_avslutade")  # as ReportClass
MONTH_FIELDS = ("man_0_2", "man_3_6", "man_7_9", "man_10_12", "man_13_17", "man_18")  # as BINS
ENDED = {
    ReportClass.EXECUTED: "Verkställt",
    ReportClass.CLOSED: "Avslutat",
    ReportClass.LATE_EXECUTED: "Verkställt",
    ReportClass.LATE_CLOSED: "Avslutat",
}


class Chart(NamedTuple):
    """A bar chart: its text for those who do not see it, its caption; each bar's label, number as text, and height."""

    text: str
    title: str
    bars: list[tuple[str, str, int]]


class SeriesFigures(Protocol):
    """One insats over the quarters: a count for each, None where it is hidden."""

    @property
    def insats(self) -> str: ...
    @property
    def counts(self) -> tuple[int | None, ...]: ...


class TrendFigures(Protocol):
    """How many clocks stood in the report, quarter by quarter, as the report's reader may see it."""

    @property
    def quarters(self) -> tuple[Quarter, ...]: ...
    @property
    def series(self) -> Sequence[SeriesFigures]: ...
    @property
    def total(self) -> tuple[int | None, ...]: ...


NUMBERED = {Audience.INTERNAL: "Beslut", Audience.IVO: "Person och beslut"}


def paper_of(document: Document, committee: str = "", trend: TrendFigures | None = None) -> Paper:
    """The paper of a document, as its reader may see it; `committee` heads it."""
    audience = Audience(document["audience"])
    counts, days = document["counts"], document["days"]
    shown = [item for item in ReportClass if item in FOUR_HEADINGS or counts[item]]
    council = audience is Audience.COUNCIL
    return {
        "rubrik": document["title"],
        "namnd": committee,
        "mottagare": READERS[audience],
        "ar": str(document["year"]),
        "kvartal": str(document["quarter"]),
        "avstamning": document["cutoff"],
        "foregaende": document["previous_cutoff"],
        "avstamning_i_ord": in_words(date.fromisoformat(document["cutoff"])),
        "foregaende_i_ord": in_words(date.fromisoformat(document["previous_cutoff"])),
        "lage": "Låst version" if document["locked"] else "Utkast",
        "inledning": introduction(document),
        "antal": [{"klass": CLASS_HEADINGS[item], "antal": whole_number(counts[item])} for item in shown],
        "alla": whole_number(sum(counts[item] for item in ReportClass)),
        "saknas": whole_number(counts["missed"]),
        "saknas_text": missed_note(counts["missed"]),
        "vantetid": _days(days),
        "stapeldiagram": _histogram(document),
        "grupper": [_group(group) for group in document["groups"]],
        "dolda_text": SUPPRESSION_NOTE if council else "",
        "trend": _trend(trend),
        "klasser": [] if council else _classes(document, shown),
        "visar_beslut": not council,
        "forklaringar": [{"ord": word, "text": text} for word, text in explanations(document)],
    }


def charts_of(paper: Paper) -> list[Chart]:
    """The paper's pictures, for a file that cannot draw them itself; the follow-up of internal control has none."""
    if "stapeldiagram" not in paper:
        return []
    found = [(paper["stapeldiagram"], "manader", "Antal klockor efter väntetid i hela månader")]
    if paper["trend"]["kvartal"]:
        found.append((paper["trend"], "kvartal", "Antal klockor i rapporten, kvartal för kvartal"))
    return [
        Chart(chart["text"], title, [(bar[label], bar["antal"], bar["varde"]) for bar in chart["staplar"]])
        for chart, label, title in found
    ]


def _days(days: Document) -> Paper:
    return {
        "summa": whole_number(days["sum"]),
        "median": decimal_number(days["median"]),
        "langst": whole_number(days["max"]),
    }


def _histogram(document: Document) -> Paper:
    """The waiting times of all groups together; a bin that is hidden in one group is hidden here as well."""
    bars = []
    for name in BINS:
        found = [group["bins"][name] for group in document["groups"]]
        count = None if None in found else sum(found)
        label = "18 eller fler" if name == "18+" else name.replace("-", "–")
        bars.append({"manader": label, "antal": whole_number(count), "varde": count or 0})
    said = ", ".join(f"{bar['manader']} månader: {'dolt' if bar['antal'] == NOTHING else bar['antal']}" for bar in bars)
    return {"text": f"Stapeldiagram över antal klockor efter väntetid i hela månader. {said}.", "staplar": bars}


def _group(group: Document) -> Paper:
    return {
        "insats": group["insats"],
        "klocka": CLOCK_LABELS[ClockKind(group["clock"])],
        "kon": SEX_LABELS[group["kon"]],
        **{field: whole_number(number) for field, number in zip(COUNT_FIELDS, group["counts"].values(), strict=True)},
        **{field: whole_number(number) for field, number in zip(MONTH_FIELDS, group["bins"].values(), strict=True)},
        **_days(group["days"]),
    }


def _classes(document: Document, shown: list[ReportClass]) -> list[Paper]:
    """The classes with their rows, in the report's order; numbered within the class where no ref is shown."""
    by_class = {ReportClass(name): list(rows) for name, rows in groupby(document["rows"], key=lambda row: row["class"])}
    left, found = MOST_ROWS, []
    for item in shown:
        rows, count = by_class.get(item, []), document["counts"][item]
        notes = [protected_note(count - len(rows)) + ", men räknas med i antalet."] if len(rows) < count else []
        if len(rows) > left:
            notes.append(f"De första {whole_number(left)} visas här. Alla står i Excelfilen.")
        found.append(
            {
                "rubrik": CLASS_HEADINGS[item],
                "antal": whole_number(count),
                "forklaring": CLASS_WORDS[item],
                "nr": NUMBERED.get(Audience(document["audience"]), "Nr"),
                "slut": ENDED.get(item, ""),
                "noter": notes,
                "rader": [_row(row, number) for number, row in enumerate(rows[:left], start=1)],
            }
        )
        left -= min(left, len(rows))
    return found


def _row(row: Document, number: int) -> Paper:
    return {
        "nr": " ".join(filter(None, (row.get("person"), row.get("ref")))) or str(number),
        "klocka": CLOCK_LABELS[ClockKind(row["clock"])],
        "insats": row["insats"],
        "kon": SEX_LABELS[row["kon"]],
        "beslutsdatum": row["decided_on"],
        "avbrottsdatum": row["interrupted_on"] or NOTHING,
        "tre_manader": row["due_on"],
        "slut": row["executed_on"] or row["closed_on"] or NOTHING,
        "dagar": whole_number(row["days"]),
        "skal": row["reason"] or NOTHING,
    }


def quarter_label(quarter: Quarter) -> str:
    """`K4 2021`."""
    return f"K{quarter.number} {quarter.year}"


def _trend(trend: TrendFigures | None) -> Paper:
    """The quarters; where none are given every list is empty."""
    if trend is None:
        return {"text": "", "kvartal": [], "serier": [], "alla": [], "staplar": []}
    names = [quarter_label(quarter) for quarter in trend.quarters]
    totals = [whole_number(count) for count in trend.total]
    said = ", ".join(
        f"{name}: {'dolt' if total == NOTHING else total}" for name, total in zip(names, totals, strict=True)
    )
    return {
        "text": f"Stapeldiagram över antal klockor i rapporten, kvartal för kvartal. {said}.",
        "kvartal": names,
        "serier": [
            {"insats": series.insats, "antal": [whole_number(count) for count in series.counts]}
            for series in trend.series
        ],
        "alla": totals,
        "staplar": [
            {"kvartal": name, "antal": total, "varde": count or 0}
            for name, total, count in zip(names, totals, trend.total, strict=True)
        ],
    }
