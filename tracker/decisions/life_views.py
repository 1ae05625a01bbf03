"""Pages where what happens is noted: one small form for each event, at an address of its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock as clocks
from tracker.accounts.reader import Reach
from tracker.database import db
from tracker.decisions import happenings, replacing
from tracker.decisions.blueprint import blueprint
from tracker.decisions.correcting import CorrectionRefused
from tracker.decisions.correction_pages import clock_heading
from tracker.decisions.correction_views import ADDRESS, CHANGED_MEANWHILE, clock_of, note_shown, to_change
from tracker.decisions.happenings import Happening
from tracker.decisions.life import Offer, lives
from tracker.decisions.life_forms import (
    AnswerForm,
    ClosedForm,
    ContactForm,
    ExecutedForm,
    HappeningForm,
    InterruptedForm,
    MeanwhileForm,
    OfferForm,
    PartlyForm,
    PlanForm,
    ReasonForm,
    ReplacesForm,
    Standing,
)
from tracker.records.scope import scope_of
from tracker.records.versions import StaleVersion
from tracker.rules.permissions import Permission
from tracker.web.access import requires
from tracker.web.pagination import LARGEST_ID
from tracker.web.typed import keeps_typed

CLOCK = f"{ADDRESS}/klocka/<int(max={LARGEST_ID}):clock_id>"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that can happen: its form, the service that takes what the form says, and the words around it."""

    form: type[HappeningForm]
    act: Callable[..., object]
    title: str
    follows: str
    done: str


STEPS: dict[str, Step] = {
    "verkstall": Step(
        ExecutedForm, happenings.execute, "Verkställt",
        "Klockan stannar den dagen. Är bara en del av insatsen verkställd, notera den delen i stället: då går klockan "
        "vidare.",
        "Verkställigheten är noterad.",
    ),
    "delvis": Step(
        PartlyForm, happenings.execute_partly, "Delvis verkställt",
        "Klockan går vidare tills hela insatsen är verkställd. Den del som återstår är ej verkställd.",
        "Den del som är verkställd är noterad. Klockan går vidare.",
    ),
    "avsluta": Step(
        ClosedForm, happenings.close, "Avslutat utan verkställighet",
        "Klockan stannar den dagen. Att personen har tackat nej till ett erbjudande avslutar inte beslutet: notera "
        "erbjudandet i stället.",
        "Beslutet är avslutat.",
    ),
    "avbrott": Step(
        InterruptedForm, happenings.interrupt, "Nytt avbrott",
        "Avbrottet får en egen klocka, som går från avbrottsdatum tills insatsen är verkställd igen.",
        "Avbrottet är noterat och har en egen klocka.",
    ),
    "erbjudande": Step(
        OfferForm, happenings.offer, "Erbjudande",
        "Klockan går vidare vad svaret än är. Den stannar först när insatsen är verkställd eller beslutet avslutas.",
        "Erbjudandet är noterat.",
    ),
    "kontakt": Step(
        ContactForm, happenings.contact, "Kontakt eller uppföljning",
        "IVO frågar när personen har varit i kontakt med er och när behovet har följts upp.",
        "Kontakten är noterad.",
    ),
    "planera": Step(
        PlanForm, happenings.plan, "Planerat verkställighetsdatum",
        "Den dag då insatsen väntas börja. Klockan går vidare tills den har börjat.",
        "Den planerade dagen är sparad.",
    ),
    "under-tiden": Step(
        MeanwhileForm, happenings.tell, "Under tiden",
        "Det som personen har i väntan på insatsen verkställer inte beslutet.",
        "Uppgifterna är sparade.",
    ),
    "skal": Step(
        ReasonForm, happenings.give_reason, "Skäl till dröjsmålet",
        "Skälet går till IVO, nämnden och revisorerna. Välj det som stämmer bäst, eller skriv med egna ord.",
        "Skälet är sparat.",
    ),
}  # fmt: skip
ANSWERED = Step(
    AnswerForm, happenings.answer_offer, "Svar på erbjudande",
    "Klockan går vidare vad svaret än är. Den stannar först när insatsen är verkställd eller beslutet avslutas.",
    "Svaret är noterat.",
)  # fmt: skip


REPLACED = Step(
    ReplacesForm, replacing.replace_decision, "Ersätter beslut",
    "Ett nytt beslut om samma behov ersätter det tidigare. Båda rapporteras var för sig; här visas också hur länge "
    "personen har väntat sammanlagt.",
    "Det är sparat vilket beslut det här ersätter.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a page of something that happens is made of, as the decision stands just now."""

    ref: str
    version: int
    heading: str
    now: dict[str, str]
    offer: Offer | None = None


@blueprint.route(f"{CLOCK}/<any({', '.join(repr(name) for name in STEPS)}):what>", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.CORRECT_DECISIONS)
def happening(record_id: int, clock_id: int, what: str) -> ResponseReturnValue:
    """Notes one thing that has happened while a clock ran."""
    return _happen(record_id, clock_id, STEPS[what])


@blueprint.route(f"{CLOCK}/erbjudande/<int(max={LARGEST_ID}):offer_id>", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.CORRECT_DECISIONS)
def offer_answer(record_id: int, clock_id: int, offer_id: int) -> ResponseReturnValue:
    """Notes the answer to an offer."""
    return _happen(record_id, clock_id, ANSWERED, offer_id)


@blueprint.route(f"{ADDRESS}/ersatter", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.CORRECT_DECISIONS)
def replaces(record_id: int) -> ResponseReturnValue:
    """Says which earlier decision this one replaces."""
    form, scope = ReplacesForm(), scope_of(current_user, Permission.READ_DECISIONS)

    def load() -> Loaded:
        row, record = to_change(record_id, Permission.CORRECT_DECISIONS)
        now = {"ersatter": replacing.replaced_ref(record_id, scope)}
        return Loaded(row.ref, record.version, f"Beslutat {row.decided_on}", now)

    def save(ref: str) -> None:
        replacing.replace_decision(record_id, form.version.data, _reach(), ref, scope)

    return _way(record_id, form, REPLACED, load, save)


def _happen(record_id: int, clock_id: int, step: Step, offer_id: int | None = None) -> ResponseReturnValue:
    """Something that happens on a clock; `offer_id`: to one of its offers."""
    form = step.form()

    def load() -> Loaded:
        row, record = to_change(record_id, Permission.CORRECT_DECISIONS)
        at = Standing(clock_of(record_id, clock_id), lives([clock_id], with_texts=True)[clock_id])
        form.prepare(clocks.today(), at)
        offer = None if offer_id is None else _offer_of(at, offer_id)
        return Loaded(row.ref, record.version, clock_heading(at.clock), form.standing(at), offer)

    def save(*said: Any) -> None:  # noqa: ANN401 - what the form says, as its service takes it
        at = Happening(record_id, clock_id, form.version.data, _reach(), clocks.today())
        step.act(at, *(() if offer_id is None else (offer_id,)), *said)

    return _way(record_id, form, step, load, save)


def _way(
    record_id: int, form: HappeningForm, step: Step, load: Callable[[], Loaded], save: Callable[..., None]
) -> ResponseReturnValue:
    """The way of everything that happens: shown, refused, told that somebody was first, or done."""
    page, status, stale = load(), 200, False
    if form.is_submitted():
        status = 422
        said = form.said() if form.validate() else None
        if said is not None and not form.point_out():
            try:
                save(*said)
            except StaleVersion:
                db.session.rollback()
                page, status, stale = load(), 409, True
                form.see(page.version)
            except CorrectionRefused as refused:
                db.session.rollback()
                for violation in refused.violations:
                    form.refuse(violation)
            else:
                flash(step.done)
                return redirect(url_for("decisions.decision", record_id=record_id), 303)
    else:
        form.put(page.now, page.version)
    note_shown(record_id)
    return render_template(
        "decisions/happening.html", form=form, step=step, page=page, stale=CHANGED_MEANWHILE if stale else "",
        meanwhile=_changed_meanwhile(form, page.now) if stale else [],
        back=url_for("decisions.decision", record_id=record_id),
    ), status  # fmt: skip


def _reach() -> Reach:
    return current_user.reach(Permission.CORRECT_DECISIONS)  # type: ignore[no-any-return] # Flask-Login has no types


def _offer_of(at: Standing, offer_id: int) -> Offer:
    found = [offer for offer in at.life.offers if offer.id == offer_id]
    if not found:
        abort(404)
    return found[0]


def _changed_meanwhile(form: HappeningForm, now: Mapping[str, str]) -> list[tuple[str, str]]:
    """What stands now in the fields where the person has written something else."""
    return [(form[name].label.text, text or "–") for name, text in now.items() if (form[name].data or "") != text]
