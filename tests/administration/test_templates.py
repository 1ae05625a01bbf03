"""The municipality's own Word template: tried before it is taken, used from then on, every version kept."""

import hashlib
import io
from datetime import date

import pytest
from sqlalchemy import select

from tests.decisions.running import run
from tests.factories import PASSWORD, make_decisions, make_unit, make_user
from tests.printing.templates import texts, word
from tests.support.pages import PageClient
from tracker import clock
from tracker.accounts.models import User
from tracker.accounts.services import give_role
from tracker.audit.models import AuditEntry
from tracker.database import db
from tracker.printing.faults import WordError
from tracker.reports.audiences import Audience
from tracker.reports.models import ReportTemplate
from tracker.reports.queries import find_template_in_use
from tracker.reports.rendering.docx import contents_of, default_template
from tracker.reports.rendering.example import bare_paper, full_paper
from tracker.reports.rendering.fields import FIELDS
from tracker.reports.services import LARGEST_TEMPLATE_BYTES, try_template
from tracker.rules.permissions import Role

PAGE = "/admin/mallar"
CAPTION = "Era mallar"
OWN = word("Vår rapport: {{ rubrik }}", "Nya: {%p if visar_beslut %}", "{%p endif %}", "{{ mottagare }}")


@pytest.fixture
def office(app, frozen_day):
    """15 July 2025, with one clock in the second quarter's report."""
    frozen_day(date(2025, 7, 15))
    make_decisions([{"ref": "B-01", "beslutsdatum": "2025-01-15"}])
    return app


@pytest.fixture
def administrator(office):
    visitor = PageClient(office)
    visitor.sign_in(make_user("adam@kommun.example", Role.ADMINISTRATOR).email, PASSWORD)
    return visitor


def send(
    visitor: PageClient, data: bytes, audience: str = "alla", name: str = "mall.docx", status: int = 200, **others
):
    visitor.get(PAGE)
    return visitor.submit(
        {"audience": audience, "file": (io.BytesIO(data), name), **others}, form="file", status=status
    )


def report(app, audience: str) -> list[str]:
    ran = run(app, "report", "quarter", 2025, 2, "--audience", audience, "--format", "docx")
    assert ran.code == 0, ran.err
    return texts(ran.raw)


def stored() -> list[tuple[str, int, bool]]:
    db.session.rollback()
    rows = db.session.execute(
        select(ReportTemplate.audience, ReportTemplate.version, ReportTemplate.active).order_by(ReportTemplate.id)
    )
    return [tuple(row) for row in rows]


def test_without_a_template_the_page_offers_the_programs_to_start_from(administrator):
    page = administrator.get(PAGE)
    assert "Ni har ingen egen mall än" in page.text
    assert administrator.get(page.links["Hämta programmets mall"]).data == default_template()


def test_the_programs_template_can_be_taken_in_as_ones_own(administrator):
    page = send(administrator, default_template())
    assert "Mallen är provad och används nu för alla mottagare." in page.text


def test_a_template_that_is_taken_in_is_what_the_reports_are_made_with(office, administrator):
    before = report(office, "namnd")
    assert send(administrator, OWN, name="Nämndens mall.docx").table(CAPTION).rows[0][:4] == [
        "Alla mottagare", "1", "Nämndens mall.docx, Alla mottagare, version 1", "2025-07-15 av Adam",
    ]  # fmt: skip
    assert report(office, "namnd")[0] == "Vår rapport: Ej verkställda beslut, kvartal 2 2025"
    assert before[0] == "Ej verkställda beslut, kvartal 2 2025"
    kept = db.session.scalars(select(ReportTemplate)).one()
    assert (kept.content, kept.checksum) == (OWN, hashlib.sha256(OWN).hexdigest())


def test_a_readers_own_template_goes_before_the_one_for_all(office, administrator):
    send(administrator, OWN)
    send(administrator, word("För nämnden: {{ rubrik }}"), audience="namnd")
    assert report(office, "namnd")[0].startswith("För nämnden:")
    assert report(office, "revisor")[0].startswith("Vår rapport:")


def test_one_version_is_in_use_and_the_earlier_ones_are_kept_and_can_be_used_again(office, administrator):
    send(administrator, OWN)
    page = send(administrator, word("Andra: {{ rubrik }}"))
    assert stored() == [("alla", 1, False), ("alla", 2, True)]
    assert page.table(CAPTION).column("Version") == ["2", "1"]
    assert report(office, "namnd")[0].startswith("Andra:")
    first = db.session.scalars(select(ReportTemplate.id).order_by(ReportTemplate.id)).first()
    assert administrator.get(f"{PAGE}/{first}.docx").data == OWN
    administrator.get(PAGE)
    administrator.post(f"{PAGE}/{first}/anvand")
    assert stored() == [("alla", 1, True), ("alla", 2, False)]
    assert "används redan" in administrator.post(f"{PAGE}/{first}/anvand").text
    administrator.post(f"{PAGE}/{first}/sluta")
    assert stored() == [("alla", 1, False), ("alla", 2, False)]
    assert report(office, "namnd")[0] == "Ej verkställda beslut, kvartal 2 2025", "the program's own again"


def test_an_example_shows_what_a_version_gives(administrator):
    send(administrator, OWN)
    page = administrator.get(f"{PAGE}/{db.session.scalars(select(ReportTemplate.id)).one()}/exempel.docx")
    assert texts(page.data)[0] == "Vår rapport: Ej verkställda beslut, kvartal 1 2026 (exempel)"


def test_a_template_with_a_field_that_does_not_exist_is_refused_with_its_place(administrator):
    page = send(administrator, word("Rubrik", "{{ rubrk }}"), status=422)
    assert page.table("Fel i mallen").rows == [
        ["Brödtexten, stycke 2, «{{ rubrk }}»", "Fältet rubrk finns inte. Menade du rubrik?"]
    ]
    assert stored() == []


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (word("{{ rubrik.__class__ }}"), "finns inte"),
        (word("{% for a in range(9) %}{% endfor %}"), "lista bland fälten"),
        (b"inget", "ingen Word-fil"),
    ],
)
def test_what_is_no_template_is_refused_and_told(administrator, data, says):
    page = send(administrator, data, status=422)
    assert says in page.table("Fel i mallen").rows[0][1]
    assert stored() == []


def test_a_form_without_a_file_is_refused_beside_its_field(administrator):
    administrator.get(PAGE)
    page = administrator.submit({"audience": "alla"}, form="file", status=422)
    assert "Välj filen med mallen." in page.text


def test_a_file_that_is_far_too_large_is_not_read_at_all(administrator):
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.docx"\r\n\r\n' + b"\0" * 5_000_000
    answer = administrator.http.post(PAGE, data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413
    assert "Filen är för stor" in answer.text
    with pytest.raises(WordError, match="större än 4 MB"):
        try_template(b"PK\x03\x04" + b"\0" * LARGEST_TEMPLATE_BYTES, "alla")


def test_other_forms_keep_their_limit(administrator):
    administrator.get("/admin/installningar")
    administrator.submit({"committee_name": "x" * 1_200_000}, form="committee_name", status=413)
    assert db.session.scalars(select(User)).one().name == "Adam"


def test_two_who_take_in_a_template_at_once_are_told(office, administrator):
    administrator.get(PAGE)
    other = PageClient(office)
    other.sign_in(make_user("eva@kommun.example", Role.ADMINISTRATOR).email, PASSWORD)
    send(other, OWN)
    page = administrator.submit({"audience": "alla", "file": (io.BytesIO(OWN), "mall.docx")}, form="file", status=422)
    assert "Någon annan har ändrat det" in page.text
    assert stored() == [("alla", 1, True)]


def test_only_who_administers_everything_takes_in_a_template(office):
    user = make_user("eva@kommun.example")
    give_role(user, Role.ADMINISTRATOR, make_unit("Vuxen"), clock.now(), date(2020, 1, 1))
    db.session.commit()
    visitor = PageClient(office)
    visitor.sign_in(user.email, PASSWORD)
    page = visitor.get(PAGE)
    assert "Mallar läggs upp av den som är administratör för alla enheter." in page.text
    visitor.get("/admin/begaran")
    visitor.get("/konto")
    refused = {"csrf_token": visitor.token(), "audience": "alla", "file": (io.BytesIO(OWN), "mall.docx"), "seen": "0"}
    visitor.post(PAGE, refused, status=403)
    assert stored() == []


def test_the_trail_says_who_took_in_what_and_which_is_used(administrator):
    send(administrator, OWN)
    found = db.session.execute(
        select(AuditEntry.action, AuditEntry.target_kind, AuditEntry.fields).where(AuditEntry.action.like("template.%"))
    ).all()
    assert [tuple(row)[:2] for row in found] == [("template.added", "template"), ("template.chosen", "template")]


def test_a_template_that_fails_on_the_day_is_told_on_the_page_and_by_the_command(office):
    """Taken in before something it names was taken away: the report's page stays, and says who can mend it."""
    make_user("eva@kommun.example", Role.CASE_OFFICER)
    db.session.add(
        ReportTemplate(
            audience="alla", version=1, name="mall.docx", content=word("{{ borttaget }}"), checksum="0" * 64,
            uploaded_by_id=db.session.scalars(select(User.id)).one(), uploaded_at=clock.now(), active=True,
        )
    )  # fmt: skip
    db.session.commit()
    visitor = PageClient(office)
    visitor.sign_in("eva@kommun.example", PASSWORD)
    page = visitor.get("/rapporter/kvartal/2025/2/export.docx?mottagare=intern&avstamning=2025-06-30")
    assert page.heading.startswith("Ej verkställda beslut")
    assert "Wordfilen gick inte att göra." in page.text
    assert visitor.get("/rapporter/kvartal/2025/2/export.pdf").data.startswith(b"%PDF")
    ran = run(office, "report", "quarter", 2025, 2, "--format", "docx")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("Wordfilen gick inte att göra.")


def test_no_template_is_in_use_at_first(office):
    assert [find_template_in_use(audience) for audience in Audience] == [None] * len(Audience)


def shape(value: object) -> object:
    """A dictionary's fields; of a list, those of its first entry."""
    if isinstance(value, list):
        return shape(value[0])
    return set(value) if isinstance(value, dict) else None


def inside(paper: dict, path: str) -> object:
    value: object = paper
    for name in filter(None, path.split(".")):
        value = value[0][name] if isinstance(value, list) else value[name]
    return value


def test_every_field_there_is_stands_in_the_pages_list():
    paper = full_paper()
    listed: dict[str, set[str]] = {}
    for _, path, names in FIELDS:
        listed.setdefault(path, set()).update(name for name, _ in names)
    nested = {name for name, value in paper.items() if shape(value) is not None}
    assert listed[""] == set(paper) - nested
    assert nested == {path.partition(".")[0] for path in listed if path}
    for path, names in listed.items():
        if path:
            assert names == shape(inside(paper, path)), path


def test_the_example_holds_something_in_every_list_and_its_numbers_add_up():
    paper = full_paper()
    assert all(paper[name] for name in paper if name not in {"dolda_text"})
    assert int(paper["alla"]) == sum(int(row["antal"]) for row in paper["antal"]) == 7
    assert sum(bar["varde"] for bar in paper["stapeldiagram"]["staplar"]) == 7
    assert [len(section["rader"]) for section in paper["klasser"]] == [1] * 6
    assert paper["klasser"][0]["noter"] == ["1 skyddad visas inte, men räknas med i antalet."]


def test_the_bare_example_is_a_report_of_zeros():
    bare = bare_paper()
    assert (bare["alla"], bare["klasser"], bare["grupper"], bare["namnd"]) == ("0", [], [], "")
    assert set(bare) == set(full_paper())
    assert contents_of(bare).made_on == date(2026, 3, 31)
