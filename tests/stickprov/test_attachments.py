"""Files of an item: sealed, given out as they came and noted, removed with a reason while the results are open."""

import hashlib
import io

import pytest
from sqlalchemy import func, select, update

from tests.audit.trails import entries, parts, verdict
from tests.control.office import hide, moment
from tests.factories import PASSWORD, make_user
from tests.stickprov.making import CAROL, PDF, attached, done, entry, items, note, refused, row
from tests.support import databases
from tests.support.pages import PageClient
from tracker import clock
from tracker.audit.models import AuditRead
from tracker.audit.rotation import rotate
from tracker.database import db
from tracker.records.attachment_models import Attachment
from tracker.records.attachments import open_content
from tracker.rules.permissions import Role
from tracker.rules.sample_work import Verdict
from tracker.settings import decode_key
from tracker.stickprov import attaching
from tracker.stickprov.models import SampleItemAttachment
from tracker.vault import VaultError, vault

EVA = "eva@kommun.example"
EXECUTABLE = b"MZ\x90\0\x03\0\0\0\x04\0\0\0"


@pytest.fixture
def carol(app, drawer):
    visitor = PageClient(app)
    visitor.sign_in(CAROL, PASSWORD)
    return visitor


def page_of(sample_id: int, position: int = 1) -> str:
    return f"/internkontroll/stickprov/{sample_id}/post/{items(sample_id)[position - 1].item.id}"


def send(visitor: PageClient, path: str, data: bytes, name: str, status: int = 200):
    visitor.get(path)
    return visitor.post(f"{path}/underlag", {"file": (io.BytesIO(data), name)}, status=status)


def kept() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Attachment))


def test_a_file_is_added_taken_out_and_removed(drawer, carol):
    sample_id = drawer.drawn()
    carol.get(f"/internkontroll/stickprov/{sample_id}")
    carol.click(items(sample_id)[0].reference)
    page = send(carol, carol.page.path, PDF, "../kvitto.exe")
    assert page.table("Filer som visar").column("Fil") == ["kvitto.exe.pdf"]
    assert hashlib.sha256(PDF).hexdigest() in page.response.text
    file = carol.get(page.links["kvitto.exe.pdf"])
    assert file.data == PDF
    headers = file.response.headers
    assert headers["Content-Disposition"] == "attachment; filename=kvitto.exe.pdf"
    assert (headers["Content-Type"], headers["X-Content-Type-Options"]) == ("application/octet-stream", "nosniff")
    read = db.session.query(AuditRead).order_by(AuditRead.id.desc()).first()
    assert (read.record_id, read.selection.split("=")[-2:]) == (
        drawer.moment_id,
        ["S1&underlag", page.links["kvitto.exe.pdf"].rsplit("/", 1)[-1]],
    )
    assert carol.get(f"/internkontroll/stickprov/{sample_id}").table("Dragna poster").column("Underlag")[0] == "1"
    carol.get(page_of(sample_id))
    carol.click("Ta bort kvitto.exe.pdf")
    assert "Skriv varför underlaget tas bort." in carol.submit({"reason": " "}, status=422).text
    page = carol.submit({"reason": "Fel fil valdes"})
    assert "Underlaget är borttaget." in page.text
    assert (kept(), "Underlag, 0" in page.text) == (0, True)


def test_what_lies_in_the_database_tells_nothing(drawer):
    sample_id = drawer.drawn()
    attached(sample_id, drawer.user_id)
    found = db.session.scalars(select(Attachment)).one()
    assert (found.size, found.sha256, found.kind) == (len(PDF), hashlib.sha256(PDF).digest(), "pdf")
    assert b"kvitto" not in found.name + found.content
    assert b"PDF" not in found.content
    texts = [part.open_values or "" for told in entries() for part in parts(told.id)]
    assert not any("kvitto" in text for text in texts)
    assert any(hashlib.sha256(PDF).hexdigest() in text for text in texts)
    assert "file.added" in {told.action for told in entries()}
    assert verdict().whole


def test_an_attachment_that_was_changed_is_not_given_out(drawer):
    sample_id = drawer.drawn()
    attached(sample_id, drawer.user_id)
    done(db.session.execute, update(Attachment).values(sha256=bytes(32)))
    (file,) = attaching.attachments_of(items(sample_id)[0].item.id)
    with pytest.raises(VaultError):
        open_content(file)


@pytest.mark.parametrize(
    ("data", "name", "told"),
    [
        (EXECUTABLE, "faktura.pdf", "Filens innehåll är inte av ett slag som tas emot."),
        (b"", "tom.pdf", "Filen är tom. Välj en fil som har innehåll."),
        (PDF, "19121212-1212.pdf", "Namnet ser ut att innehålla ett personnummer."),
    ],
)
def test_what_is_not_taken_is_told_and_leaves_nothing(drawer, carol, data, name, told):
    sample_id = drawer.drawn()
    page = send(carol, page_of(sample_id), data, name, status=422)
    assert told in page.text
    assert "1212" not in page.text
    assert (kept(), row(sample_id).drawn.version) == (0, 2)


def test_the_same_file_of_two_items_is_kept_once_until_the_last_lets_go(drawer):
    sample_id = drawer.drawn()
    first, second = (found.item.id for found in items(sample_id)[:2])
    file = attached(sample_id, drawer.user_id)
    assert attached(sample_id, drawer.user_id, name="annat namn.pdf", position=2) == file
    again = (sample_id, first, PDF, "kvitto.pdf", drawer.user_id, clock.now())
    assert refused(attaching.attach, *again).code == "file_twice"
    done(attaching.detach, sample_id, first, file, "Hör till post 2")
    assert kept() == 1
    assert refused(attaching.detach, sample_id, first, file, "Hör till post 2").code == "stale"
    done(attaching.detach, sample_id, second, file, "Fel fil valdes")
    assert (kept(), db.session.scalar(select(func.count()).select_from(SampleItemAttachment))) == (0, 0)


def test_an_item_has_at_most_ten(drawer):
    sample_id = drawer.drawn()
    for number in range(attaching.MOST_OF_AN_ITEM):
        attached(sample_id, drawer.user_id, PDF + b"%d" % number)
    item_id = items(sample_id)[0].item.id
    violation = refused(attaching.attach, sample_id, item_id, PDF, "en till.pdf", drawer.user_id, clock.now())
    assert violation.message.startswith("Posten har redan 10 underlag.")


def test_nothing_is_added_or_removed_once_it_is_handed_over(drawer, carol):
    sample_id = drawer.drawn()
    file = attached(sample_id, drawer.user_id)
    note(sample_id, dict.fromkeys((1, 2, 3, 4), entry(Verdict.APPROVED)))
    drawer.propose(sample_id)
    item_id = items(sample_id)[0].item.id
    assert refused(attaching.detach, sample_id, item_id, file, "Fel fil valdes").code == "not_at_work"
    page = carol.get(page_of(sample_id))
    assert not {"Ta bort kvitto.pdf", "Lägg till underlaget"} & {*page.links, page.text}
    assert "underlaget står kvar" in carol.get(f"{page_of(sample_id)}/underlag/{file}/ta-bort").text
    assert kept() == 1


def test_a_new_draw_leaves_the_files_of_the_first(drawer):
    sample_id = drawer.drawn()
    old = items(sample_id)[0].item.id
    file = attached(sample_id, drawer.user_id)
    drawer.draw(sample_id, reason="Fel period angavs")
    assert refused(attaching.detach, sample_id, old, file, "Fel fil valdes").code == "stale"
    assert kept() == 1


def test_what_an_earlier_draw_came_to_is_read_with_its_files_and_changes_no_more(app, drawer, carol):
    make_user(EVA, Role.CONTROL_COORDINATOR)
    sample_id = drawer.drawn()
    note(sample_id, {1: entry(Verdict.DEVIATING, "Attest", comment="Saknas helt")})
    path, file = page_of(sample_id), attached(sample_id, drawer.user_id)
    reference = items(sample_id)[0].reference
    drawer.draw(sample_id, reason="Fel period angavs")
    carol.get(f"/internkontroll/stickprov/{sample_id}")
    page = carol.click("Poster i dragning 1")
    assert page.heading == "Dragning 1, stickprov S1, kontrollmoment K1, 2021"
    assert page.table("Dragna poster").rows[0][1:] == [reference, "–", "■ Avvikelse", "Attest", "Saknas helt", "1"]
    page = carol.click(reference)
    assert page.path == path
    assert "Posten hör till dragning 1, som inte räknas." in page.text
    assert not {"Ta bort kvitto.pdf", "Lägg till underlaget"} & {*page.links, page.text}
    assert carol.click("kvitto.pdf").data == PDF
    read = db.session.query(AuditRead).order_by(AuditRead.id.desc()).first()
    assert (read.record_id, read.selection) == (drawer.moment_id, f"stickprov=S1&underlag={file}")
    assert "Stickprovet är draget igen, så underlaget står kvar." in carol.get(f"{path}/underlag/{file}/ta-bort").text
    page = send(carol, path, PDF + b"2", "sent.pdf", status=422)
    assert "Någon annan har ändrat stickprovet medan du hade sidan öppen." in page.text
    latest = carol.get(f"/internkontroll/stickprov/{sample_id}/dragning/2")
    assert latest.path == f"/internkontroll/stickprov/{sample_id}"
    carol.get(f"/internkontroll/stickprov/{sample_id}/dragning/3", status=404)
    hide(moment("K1"), "closed", seer=EVA, other=CAROL)
    for what in (path, f"{path}/underlag/{file}", f"/internkontroll/stickprov/{sample_id}/dragning/1"):
        carol.get(what, status=404)


def test_an_item_is_found_with_its_own_stickprov_alone(drawer, carol):
    sample_id, other = drawer.drawn(), drawer.drawn("S2")
    page = carol.get(page_of(sample_id).replace(f"/{sample_id}/", f"/{other}/", 1), status=404)
    assert page.heading == "Sidan finns inte"


def test_who_may_not_see_the_kontrollmoment_gets_no_file(app, drawer, carol):
    make_user(EVA, Role.CONTROL_COORDINATOR)
    sample_id = drawer.drawn()
    path = f"{page_of(sample_id)}/underlag/{attached(sample_id, drawer.user_id)}"
    other = f"{page_of(sample_id, 2)}/underlag/{path.rsplit('/', 1)[-1]}"
    assert carol.get(path).data == PDF
    carol.get(other, status=404)
    hide(moment("K1"), "closed", seer=EVA, other=CAROL)
    for what in (path, page_of(sample_id), f"{path}/ta-bort"):
        carol.get(what, status=404)


def test_an_auditor_takes_out_and_changes_nothing(app, drawer):
    make_user(EVA, Role.AUDITOR)
    sample_id = drawer.drawn()
    path = f"{page_of(sample_id)}/underlag/{attached(sample_id, drawer.user_id)}"
    auditor = PageClient(app)
    auditor.sign_in(EVA, PASSWORD)
    assert auditor.get(path).data == PDF
    assert "Lägg till underlaget" not in auditor.get(page_of(sample_id)).text
    auditor.get(f"{path}/ta-bort", status=403)


def test_files_are_sealed_anew_with_another_key(drawer):
    sample_id = drawer.drawn()
    attached(sample_id, drawer.user_id)
    present, other = decode_key(databases.TEST_KEY), bytes(32)
    vault.configure([other, present])
    try:
        rotate(clock.now())
        vault.configure([other])
        (file,) = attaching.attachments_of(items(sample_id)[0].item.id)
        assert (file.name, open_content(file)) == ("kvitto.pdf", PDF)
    finally:
        vault.configure([present])
