"""What stands in the internal control plan on paper? Every text and number of it, and its files."""

from collections.abc import Iterator
from functools import cache
from operator import itemgetter
from pathlib import Path

from tracker.control.plan_pages import FIELDS, shown
from tracker.control.plan_queries import Content, PlanPart
from tracker.reports.rendering.control import LEFT_OUT, Cover, matrix_on_paper, risk_on_paper
from tracker.reports.rendering.control_parts import WITHOUT_RISK, by_risk, risk_heading
from tracker.reports.rendering.docx import render_docx
from tracker.reports.rendering.paper import MOST_ROWS, NOTHING, Paper
from tracker.reports.rendering.pdf import render_pdf
from tracker.risk.queries import Plan, scale_read
from tracker.rules.calendar import in_words
from tracker.rules.control_grading import Limits
from tracker.rules.control_texts import paragraphs_of
from tracker.web.filters import counted, whole_number

TEMPLATE = Path(__file__).parent / "plan.docx"
LAYOUT = "plan.typ"
# These have columns of their own, or stand in headings.
SHOWN_APART = frozenset({"risk_ref", "name", "good_limit", "acceptable_limit"})


def plan_paper(year: int, part: PlanPart, cover: Cover, decision: list[str]) -> Paper:
    """The paper of a plan's version, as its reader may see it; `decision`: what the committee decided about it."""
    content = part.content
    plan = Plan(year, True, "", scale_read(content["scale"]), Limits(*content["limits"]))
    risks = content["risks"]
    counts = [[0] * plan.scale.size for _ in range(plan.scale.size)]
    for risk in risks:
        counts[risk["likelihood"] - 1][risk["consequence"] - 1] += 1
    return {
        "rubrik": f"Internkontrollplan {year}",
        "namnd": cover.committee,
        "kommun": cover.municipality,
        "ar": str(year),
        "avstamning": cover.day.isoformat(),
        "avstamning_i_ord": in_words(cover.day),
        "lage": cover.standing,
        "beslut": decision,
        "utelamnat": f"{counted(part.left_out, 'rad', 'rader')} i planen visas inte för dig." if part.left_out else "",
        "antal_risker": whole_number(len(risks)),
        "antal_moment": whole_number(len(content["moments"])),
        "risker": [_risk(plan, risk) for risk in risks[:MOST_ROWS]],
        "risker_not": LEFT_OUT.partition(".")[0].format(whole_number(MOST_ROWS)) + "."
        if len(risks) > MOST_ROWS
        else "",
        **matrix_on_paper(plan, counts),
        "kontroller": list(_controls(plan, content)),
        "granser": (
            f"God följsamhet: från {plan.limits.good} procent. Godtagbar: från {plan.limits.acceptable} procent. "
            "Det som är lägre är ej godkänt. Ett kontrollmoment kan ha egna gränser."
        ),
        "skala": [
            {"steg": str(step), "sannolikhet": likelihood, "konsekvens": consequence}
            for step, (likelihood, consequence) in enumerate(
                zip(plan.scale.likelihoods, plan.scale.consequences, strict=True), start=1
            )
        ],
    }


def plan_pdf(paper: Paper) -> bytes:
    """The paper as a tagged PDF."""
    return render_pdf(paper, LAYOUT)


def plan_docx(paper: Paper) -> bytes:
    """The paper as a Word file. Raises WordError when the template cannot be filled in."""
    return render_docx(paper, plan_template())


@cache
def plan_template() -> bytes:
    """The program's own template (made by `python -m scripts.plan_template`)."""
    return TEMPLATE.read_bytes()


def _risk(plan: Plan, risk: Content) -> Paper:
    row = risk_on_paper(
        plan.scale, risk["ref"], risk["text"], risk["likelihood"], risk["consequence"], risk.get("handling")
    )
    return row | {"omrade": risk.get("area") or NOTHING, "motivering": risk.get("motivation") or NOTHING}


def _controls(plan: Plan, content: Content) -> Iterator[Paper]:
    """Each risk that has kontrollmoment, with them; then those without a risk."""
    moments = content["moments"][:MOST_ROWS]
    for risk, found in by_risk(content["risks"], itemgetter("ref"), moments, itemgetter("risk_ref")):
        if risk is None:
            yield _group(plan, WITHOUT_RISK, "", found)
        else:
            heading = risk_heading(plan.scale, risk["ref"], risk["likelihood"], risk["consequence"])
            yield _group(plan, heading, risk["text"], found)


def _group(plan: Plan, heading: str, text: str, moments: list[Content]) -> Paper:
    rows = [
        {"ref": row["ref"], "moment": row["name"], "hur": _how(row) or NOTHING, "granser": _limits(plan, row)}
        for row in moments
    ]
    return {"rubrik": heading, "stycken": paragraphs_of(text), "moment": rows}


def _how(moment: Content) -> str:
    """`Metod: stickprov. Frekvens: kvartal.`: whatever the version holds that has a word, in its own order."""
    told = [
        f"{FIELDS[name]}: {shown(value).strip().rstrip('.')}."
        for name, value in moment.items()
        if name in FIELDS and name not in SHOWN_APART and value not in {None, ""}
    ]
    return " ".join(told)


def _limits(plan: Plan, moment: Content) -> str:
    """`90 / 60 %`: from where it is god, from where godtagbar."""
    own = (moment.get("good_limit"), moment.get("acceptable_limit"))
    good, acceptable = (
        plans if mine is None else mine
        for mine, plans in zip(own, (plan.limits.good, plan.limits.acceptable), strict=True)
    )
    return f"{good} / {acceptable} %"
