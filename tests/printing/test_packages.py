"""What a Word file carries besides its text is looked at first: macros, other files, what is fetched from elsewhere."""

import io
import struct
import zipfile
from datetime import date

import pytest

from tests.printing.templates import repacked, replaced, texts, word
from tracker.printing.document import check
from tracker.printing.faults import WordError
from tracker.printing.package import MOST_UNPACKED
from tracker.printing.word import Contents, try_out

RELATIONS = "word/_rels/document.xml.rels"
FIELD = (
    '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{}</w:instrText></w:r>'
    '<w:r><w:instrText>{}</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p><w:sectPr'
)
CONTENTS = Contents({"rubrik": "Rubrik"}, "Titel", date(2026, 3, 31))


def relation(kind: str, target: str, mode: str = ' TargetMode="External"') -> str:
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return f'<Relationship Id="rId99" Type="{base}/{kind}" Target="{target}"{mode}/></Relationships>'


def refused(data: bytes) -> str:
    with pytest.raises(WordError) as raised:
        check(data, CONTENTS.values)
    return str(raised.value)


GOOD = word("{{ rubrik }}")


@pytest.mark.parametrize("kind", ["image", "oleObject", "subDocument", "frame", "hyperlink", "aFChunk", "settings"])
def test_what_would_be_fetched_from_elsewhere_is_refused_by_its_address(kind):
    data = repacked(GOOD, replaced(RELATIONS, "</Relationships>", relation(kind, "http://x.example/hemlig.dotm")))
    assert "http://x.example/hemlig.dotm" in refused(data)


def test_the_link_to_the_file_that_it_was_made_from_is_taken_out():
    """Word leaves it in every document that was made from the municipality's own template file."""
    base = "http://schemas.openxmlformats.org/package/2006/relationships"
    rels = f'<Relationships xmlns="{base}">' + relation("attachedTemplate", "file:///S:/mallar/kommun.dotm")
    namespace = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    attached = f'<w:attachedTemplate xmlns:r="{namespace}" r:id="rId99"/>'

    def change(name: str, content: bytes) -> bytes:
        if name != "word/settings.xml":
            return content
        at = content.index(b">", content.index(b"<w:settings")) + 1
        return content[:at] + attached.encode() + content[at:]

    data = repacked(GOOD, change, word___rels__settings_dot_xml_dot_rels=rels.encode())
    made = try_out(data, CONTENTS)
    assert texts(made) == ["Rubrik"]
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert not [name for name in archive.namelist() if b"kommun.dotm" in archive.read(name)]


@pytest.mark.parametrize(
    "name", ["word__vbaProject_dot_bin", "word__embeddings__oleObject1_dot_bin", "word__activeX__activeX1_dot_xml",
             "word__embeddings__Bok_dot_xlsx", "word__afchunk_dot_html"],
)  # fmt: skip
def test_macros_and_embedded_files_are_refused_by_their_name(name):
    assert name.replace("__", "/").replace("_dot_", ".") in refused(repacked(GOOD, **{name: b"x"}))


def test_a_docm_that_calls_itself_docx_is_refused():
    types = ("wordprocessingml.document.main+xml", "wordprocessingml.document.macroEnabled.main+xml")
    assert "makron" in refused(repacked(GOOD, replaced("[Content_Types].xml", *types)))


@pytest.mark.parametrize(
    ("first", "second"),
    [("INCLUDETEXT ", '"http://x.example/a.docx"'), ("INCLUDE", "PICTURE c:/x.png"), ("DDEAUTO", " cmd"),
     ("MACROBUTTON x", ""), ("LINK Excel.Sheet", ""), ("DATABASE", ""), ("", "")],
)  # fmt: skip
def test_field_codes_that_fetch_or_run_something_are_refused_also_when_cut_in_two(first, second):
    data = repacked(GOOD, replaced("word/document.xml", "<w:sectPr", FIELD.format(first, second)))
    assert "Fältkoden" in refused(data)


def test_page_numbers_and_dates_are_ordinary_fields():
    data = repacked(GOOD, replaced("word/document.xml", "<w:sectPr", FIELD.format("PAGE ", "\\* MERGEFORMAT")))
    assert texts(try_out(data, CONTENTS)) == ["Rubrik"]


def test_entities_of_xml_are_refused():
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><w:document'
    assert "skadad" in refused(repacked(GOOD, replaced("word/document.xml", "<w:document", bomb)))


def test_a_zip_bomb_is_refused_without_being_unpacked():
    data = repacked(GOOD, word__media__bild_dot_png=b"\0" * (MOST_UNPACKED + 1))
    assert len(data) < 200_000
    assert "för stor när den packas upp" in refused(data)


def test_a_member_that_lies_about_its_size_is_refused():
    data = bytearray(repacked(GOOD, word__media__bild_dot_png=b"\0" * 1_000_000))
    directory = data.rindex(b"PK\x01\x02", 0, data.rindex(b"word/media/bild.png"))
    data[directory + 24 : directory + 28] = struct.pack("<I", 10)
    assert "skadad" in refused(bytes(data))


@pytest.mark.parametrize("name", ["..__ut_dot_xml", "word__..__..__ut_dot_xml", "__rot_dot_xml"])
def test_a_member_with_a_path_that_leads_out_is_refused(name):
    assert "skadad" in refused(repacked(GOOD, **{name: b"<x/>"}))


@pytest.mark.parametrize("data", [b"PK\x03\x04 ingen zip", b"", b"%PDF-1.7", GOOD[:-40], GOOD[: len(GOOD) // 2]])
def test_what_is_no_word_file_is_refused(data):
    assert "skadad" in refused(data)


def test_a_workbook_that_calls_itself_docx_is_refused():
    from tests.exchange.files import workbook

    assert refused(workbook([["a"], ["b"]]))


def test_a_word_file_without_its_text_is_refused():
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as given, zipfile.ZipFile(result, "w") as made:
        for name in given.namelist():
            if name != "word/document.xml":
                made.writestr(name, given.read(name))
    assert "går inte att öppna" in refused(result.getvalue())
