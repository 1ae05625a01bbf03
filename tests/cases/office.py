"""Brings in files of cases, and sees what they left behind."""

import json
from typing import Any

from sqlalchemy import select

from tests.decisions.running import run
from tests.support.office import ImportOffice
from tracker.cases.models import CaseText, Complaint, Deviation, LexSarahReport
from tracker.cases.texts import list_words
from tracker.database import db

DEVIATION_HEAD = "ref;enhet;lagomrade;typ;handelsedatum;rapporterad;kategori;beskrivning;allvarlighet;avslutad"
LEX_SARAH_HEAD = (
    "ref;enhet;lagrum;handelsedatum;rapporterad;mottagen;beskrivning;bedomning;beslutad;ivo_anmald;"
    "ivo_utredning_sand;ivo_beslut;ivo_utfall;avslutad"
)
COMPLAINT_HEAD = "ref;enhet;typ;mottagen;beskrivning;besvarad"
MODELS = {"deviations": Deviation, "lex-sarah": LexSarahReport, "complaints": Complaint}


class CaseOffice(ImportOffice):
    """Brings in files of cases, and takes the year's report out."""

    def report(self, year: int, *options: object) -> dict[str, Any]:
        """The year in figures, as JSON says it."""
        ran = run(self.app, "report", "quality", year, *options)
        assert ran.code == 0, ran.err
        return json.loads(ran.out)


def case(kind: str, ref: str) -> Any:
    """The stored case, read anew."""
    db.session.rollback()
    return db.session.scalars(select(MODELS[kind]).where(MODELS[kind].ref == ref)).one()


def said_of(kind: str, ref: str) -> list[tuple[str, int, str]]:
    """(heading, edition, words) of all that is written of a case."""
    return [(words.section.value, words.edition, words.body) for words in list_words(case(kind, ref).record_id)]


def sealed_words() -> list[bytes]:
    """What the database holds of all words."""
    db.session.rollback()
    return list(db.session.scalars(select(CaseText.body)))
