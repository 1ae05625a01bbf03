"""Nothing that leaves the house points at a person: every file and page is searched for all that is in the register."""

import re
from datetime import date
from itertools import product
from urllib.parse import urlencode

import pytest

from tests.decisions.running import clocks
from tests.factories import PASSWORD, make_decisions, make_user
from tests.frozen.locking import release
from tests.records.granting import version_of
from tests.reports.reviewing import taken_out
from tests.support.pages import PageClient
from tests.support.searching import Secrets
from tracker import clock
from tracker.accounts.reader import EVERYTHING
from tracker.database import db, writer
from tracker.decisions import happenings
from tracker.decisions.correcting import void_decision
from tracker.decisions.happenings import Happening
from tracker.decisions.writing import keep_marks
from tracker.frozen.queries import get_file, list_versions
from tracker.records.models import Access, Mark, Record
from tracker.reports.closing import period_of
from tracker.reports.locking import LockRequest, key_of, lock_quarter
from tracker.rules.closing import Audience
from tracker.rules.life import EventKind, OfferAnswer
from tracker.rules.quarters import Quarter

TODAY = date(2022, 2, 15)
Q4 = Quarter(2021, 4)
QUARTER = "/rapporter/kvartal/2021/4"
FORMATS = ("json", "csv", "xlsx", "docx", "pdf")
LEAVING = ("namnd", "revisor", "fullmaktige")
READ_BY = {"namnd": {"namnd"}, "revisor": {"revisor"}, "sekreterare": {"namnd", "fullmaktige"}}
NAME = "Ringqvist"
BEFORE = "2021-09-30"
# One clock of each class at 2021-12-31, one that is missed, an interruption; a judgment, a voided decision, a protected
# person. Numbers are published test numbers, and IVO's own; words tell of persons, as they do in use.
REGISTER = [
    {"ref": "BST-4701", "person": "191212121212", "kon": "man", "beslutsdatum": "2021-08-01", "skal": f"{NAME} väntar"},
    {"ref": "BST-4702", "person": "189001019802", "kon": "kvinna", "beslutsdatum": "2021-03-01", "skal": "NEJ",
     "forst_rapporterad": BEFORE},
    {"ref": "ÖV 4703/21", "person": "19800101-T014", "beslutsdatum": "2021-03-02", "forst_rapporterad": BEFORE,
     "verkstalld": "2021-11-20"},
    {"ref": "KP.4704", "person": "200001012384", "beslutsdatum": "2021-03-03", "forst_rapporterad": BEFORE,
     "avslutad": "2021-11-21", "avslutsorsak": f"Enligt {NAME}"},
    {"ref": "LS_4705", "person": "197010632391", "beslutsdatum": "2021-07-01", "verkstalld": "2021-12-01"},
    {"ref": "LS_4706", "person": "19450912-TF12", "beslutsdatum": "2021-07-02", "avslutad": "2021-12-02"},
    {"ref": "HB-4707", "person": "191212121212", "beslutsdatum": "2021-01-02", "verkstalld": "2021-09-02"},
    {"ref": "HB-4708", "person": "189001019802", "beslutsdatum": "2021-01-03", "verkstalld": "2021-02-03"},
    {"ref": "HB-4708", "beslutsdatum": "2021-01-03", "avbrottsdatum": "2021-07-03"},
    {"ref": "DOM-4709", "person": "189001019802", "beslutsdatum": "2021-07-04", "grund": "dom"},
    {"ref": "MAK-4710", "person": "197809072387", "beslutsdatum": "2021-07-05"},
    {"ref": "SKY-4711", "person": "197809072387", "kon": "kvinna", "beslutsdatum": "2021-07-06"},
]  # fmt: skip
DIARY = "SN-2021/7788"
REFS = sorted({str(row["ref"]) for row in REGISTER})
PERSONS = sorted({str(row["person"]) for row in REGISTER if "person" in row})
SECRETS = Secrets([*REFS, DIARY, NAME], PERSONS)
NOT_LISTED = {"HB-4707", "DOM-4709", "MAK-4710", "SKY-4711"}
LISTED = set(REFS) - NOT_LISTED
NAMED = set(PERSONS) - {"197809072387"}


@pytest.fixture
def locked(app, frozen_day):
    """The quarter, locked and corrected with a reason that says too much; what leaves the house has been released."""
    frozen_day(TODAY)
    make_decisions([row | {"diarienummer": DIARY, "handlaggare": f"Rut {NAME}"} for row in REGISTER])
    _tell_of("BST-4701")
    _tell_of("BST-4702")
    _void("MAK-4710")
    _protect("SKY-4711")
    lead = make_user("las@kommun.example", "kvalitet")
    for reason in ("", f"BST-4701 gällde {NAME}"):
        db.session.rollback()
        asked = LockRequest(period_of(Q4), lead.id, "Kvartal 1 2022", reason, after_ready=False)
        release(lock_quarter(asked, clock.now()), Q4, lead.id, f"BST-4701 och {NAME} kan inte kännas igen.")
    assert [version.version for version in list_versions(key_of(Q4))] == [2, 1]
    return app


def _tell_of(ref):
    """An offer, a contact and words about the wait, each of which names somebody and the number."""
    only = clocks(ref)[0]
    said = f"{NAME}, 19121212-1212, om {ref}"
    for step, *arguments in (
        (happenings.offer, date(2021, 10, 1), said, OfferAnswer.DECLINED, date(2021, 10, 5)),
        (happenings.contact, EventKind.CONTACT, date(2021, 11, 1), said),
        (happenings.tell, said, said),
    ):
        at = Happening(only.decision_id, only.id, version_of(only.decision_id), EVERYTHING, TODAY)
        with writer():
            step(at, *arguments)
            db.session.commit()


def _void(ref):
    record_id = clocks(ref)[0].decision_id
    version = version_of(record_id)
    with writer():
        void_decision(record_id, version, "dubblett", clock.now())
        db.session.commit()


def _protect(ref):
    record_id = clocks(ref)[0].decision_id
    with writer():
        db.session.get_one(Record, record_id).access = Access.PROTECTED
        keep_marks(record_id, Mark.PROTECTED)
        db.session.commit()


def person(app, role):
    visitor = PageClient(app)
    visitor.sign_in(make_user(f"{role}@kommun.example", role).email, PASSWORD)
    return visitor


def leaks(page):
    """What a page or file gives away: by its bytes, its address and what goes with it."""
    return SECRETS.found_in(page.data) | SECRETS.found_in(f"{page.path}\n{page.response.headers}".encode())


def test_no_file_that_leaves_the_house_points_at_anybody(locked):
    for version, audience, report_format in product(list_versions(key_of(Q4)), LEAVING, FORMATS):
        data = get_file(version.id, audience, report_format)
        assert SECRETS.found_in(data) == set(), (version.version, audience, report_format)
    lead = person(locked, "kvalitet")
    for audience, report_format in product(LEAVING, FORMATS):
        page = taken_out(lead, f"{QUARTER}/export.{report_format}?mottagare={audience}&utkast=1")
        assert not page.is_html
        assert leaks(page) == set(), ("the draft", audience, report_format)
    newest = list_versions(key_of(Q4))[0]
    for report_format in FORMATS:  # the search itself finds what stands in the files of those who work with it
        assert SECRETS.found_in(get_file(newest.id, "intern", report_format)) == LISTED | {NAME}, report_format
        assert SECRETS.found_in(get_file(newest.id, "ivo", report_format)) == LISTED | NAMED | {NAME}, report_format


def test_no_page_that_a_reader_comes_to_points_at_anybody(locked):
    for role, audiences in READ_BY.items():
        visitor = person(locked, role)
        mine = {f"{QUARTER}?version={at}&mottagare={audience}" for at in (1, 2) for audience in audiences}
        files = {
            f"{QUARTER}/version/{at}/export.{report_format}?mottagare={audience}"
            for at, audience, report_format in product((1, 2), audiences, FORMATS)
        }
        found = walk(visitor, {"/", "/rapporter", QUARTER} | mine)
        assert mine | files <= set(found), role
        assert "Rapporten är rättad. Den ersätter version 1." in visitor.get(QUARTER).text
        assert {path: secrets for path, secrets in found.items() if secrets} == {}, role
    assert leaks(person(locked, "handlaggare").get(f"{QUARTER}?version=2")) == LISTED | {NAME}, "the search finds them"


def test_no_address_that_is_guessed_gives_anybody_away(locked):
    tried = list(guesses(locked))
    assert len(tried) > 100
    for role, audiences in READ_BY.items():
        visitor = person(locked, role)
        for path in tried:
            page = visitor.get(path, status=None, follow=False)
            assert page.status < 500, path
            assert leaks(page) == set(), (role, path)
        for audience in set(Audience) - audiences:
            visitor.get(f"{QUARTER}?mottagare={audience}", status=404)
            for report_format in FORMATS:
                visitor.get(f"{QUARTER}/version/1/export.{report_format}?mottagare={audience}", status=403)


def test_no_search_finds_anybody(locked):
    begun = ["BST", "BST-47", NAME[:5], DIARY[:7], *(one[:8] for one in PERSONS)]
    for role in READ_BY:
        visitor = person(locked, role)
        for words in begun + REFS + PERSONS + [NAME, DIARY]:
            page = visitor.get(f"/sok?{urlencode({'q': words})}", status=None)
            assert page.status in {200, 403}
            assert SECRETS.found_in(page.data) <= {words}, (role, words)  # the box holds what was asked for
            assert "/beslut/" not in page.response.text
    officer = person(locked, "handlaggare")
    assert "/beslut/" in officer.get("/sok?q=BST-4701").response.text, "the search finds it"


def walk(visitor, starts):
    """Address → what it gives away, for all that links and forms lead to from some addresses."""
    found, left = {}, sorted(starts)
    while left:
        path = left.pop()
        if path in found:
            continue
        page = visitor.get(path)
        found[path] = leaks(page)
        left += [target for target in leads_to(page) if target not in found]
    return found


def leads_to(page):
    """The addresses of a page's links, and those that its forms can ask for: each choice, by each button."""
    for link in page.tree.iter("a"):
        yield from _own(link.get("href") or "")
    for form in page.tree.iter("form"):
        if (form.get("method") or "get").lower() == "get":
            buttons = [button.get("formaction") or form.get("action") or page.path for button in form.iter("button")]
            for target, select in product(buttons, form.iter("select")):
                for option in select.iter("option"):
                    yield from _own(f"{target}?{select.get('name')}={option.get('value')}")


def _own(address):
    path = address.partition("#")[0]
    if path.startswith("/") and not re.match("//|/static/|/bootstrap/", path):
        yield path


def guesses(app):
    """Every address of the program, with numbers of decisions, clocks and versions; reports for every reader."""
    numbers = {"year": (2021,), "number": (4,), "version": (1, 2), "extension": ("json",), "what": ("skal",),
               "ivo_type": ("ny",), "slug": ("kontakt",), "gor": ("klar",)}  # fmt: skip
    some = [clocks(ref)[0] for ref in ("BST-4701", "SKY-4711", "MAK-4710")]
    ids = {"record_id": [one.decision_id for one in some], "clock_id": [one.id for one in some]}
    db.session.rollback()
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint.endswith("static"):
            continue
        names = sorted(rule.arguments)
        for values in product(*((numbers | ids).get(name, (1,)) for name in names)):
            given = dict(zip(names, values, strict=True))
            if rule.endpoint in {"reports.plan_file", "reports.story_file", "reports.report_list_file"}:
                given["extension"] = "docx"  # it is on paper alone
            if rule.endpoint == "reports.anmalan_file":
                given["extension"] = "pdf"
            if rule.endpoint == "cases.clear":
                given["kind"] = "avvikelser"
            path = adapter.build(rule.endpoint, given)
            yield path
            if rule.endpoint == "reports.quarter":
                for audience, more in product(Audience, ("", "&version=1", "&utkast=1", "&klass=new")):
                    yield f"{path}?mottagare={audience}{more}"
            elif path.startswith("/rapporter/"):
                yield from (f"{path}?mottagare={audience}" for audience in Audience)
