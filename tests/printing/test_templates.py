"""A template is tried before it is taken: what is wrong is told with its place, and code in it does nothing."""

import io
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date

import pytest
from docx import Document

from tests.printing.templates import repacked, replaced, texts, word
from tracker.printing import process
from tracker.printing.document import check
from tracker.printing.faults import WordError
from tracker.printing.word import Contents, fill, try_out

VALUES = {
    "rubrik": "Ej verkställda beslut",
    "tal": 7,
    "klasser": [
        {
            "rubrik": "Nya",
            "rader": [{"insats": "Boendestöd", "skal": "<b>&{{ rubrik }}"}, {"insats": "Öppenvård", "skal": "–"}],
        },
        {"rubrik": "Gamla", "rader": []},
    ],
    "mellan": {"inre": "innerst"},
}  # fmt: skip
BAD_CODE = {
    "{{ rubrik.__class__.__mro__ }}": "finns inte",
    "{{ rubrik.upper() }}": "går inte att använda",
    "{{ klasser.append(1) }}": "går inte att använda",
    "{{ mellan.items() }}": "går inte att använda",
    "{{ mellan.items }}": "fältet mellan.items finns inte",
    "{{ self }}": "fältet self finns inte",
    "{{ cycler }}": "fältet cycler finns inte",
    "{{ range(1000000000) }}": "går inte att använda",
    "{% for a in range(1000000000) %}{% endfor %}": "lista bland fälten",
    "{{ 'a' * 1000000000 }}": "går inte att använda",
    "{{ 9 ** 9999999 }}": "går inte att använda",
    "{{ rubrik ~ rubrik }}": "går inte att använda",
    "{{ 'x'|center(1000000000) }}": "går inte att använda",
    "{{ klasser|map(attribute='rubrik') }}": "går inte att använda",
    "{{ rubrik|attr('__class__') }}": "går inte att använda",
    "{{ rubrik|safe }}": "går inte att använda",
    "{% set x = rubrik %}": "går inte att använda",
    "{% macro m() %}x{% endmacro %}": "går inte att använda",
    "{% include 'annan' %}": "går inte att använda",
    "{% import 'os' as os %}": "går inte att använda",
    "{% extends 'annan' %}": "går inte att använda",
    "{% raw %}{{ x }}{% endraw %}{{ okand }}": "fältet okand finns inte",
    "{% for a in klasser %}{% for b in klasser %}x{% endfor %}{% endfor %}": "den yttres rad, som a.…",
    "{% for a in klasser recursive %}{{ loop(a.rader) }}{% endfor %}": "skriv slingan som",
    "{% for a, b in klasser %}{% endfor %}": "skriv slingan som",
    "{% for a in klasser if a.rubrik %}{% endfor %}": "skriv slingan som",
    "{{ klasser }}": "är ingen text",
    "{{ klasser[0].rubrik }}": "finns inte",
    "{% for a in rubrik %}{% endfor %}": "är ingen lista",
    "{% if rubrik %}": "tar slut för tidigt",
    "{{ rubrik": "går inte att läsa",
    "{{ }}": "går inte att läsa",
    "{% hoppa %}": "okänd",
}  # fmt: skip


def contents(**others: object) -> Contents:
    return Contents(VALUES, "Titel", date(2026, 3, 31), **others)


def faults(data: bytes, look: Callable[[bytes], object] = lambda data: check(data, VALUES)) -> list[tuple[str, str]]:
    with pytest.raises(WordError) as raised:
        look(data)
    return [(fault.place, fault.message) for fault in raised.value.faults]


def test_fields_loops_and_conditions_are_filled_in_and_texts_stand_as_they_are():
    data = word(
        "{{ rubrik }} och {{ mellan.inre|upper }}",
        "{%p for klass in klasser %}",
        "{{ loop.index }} {{ klass.rubrik }}{% if loop.last %} sist{% endif %}",
        "{%p for rad in klass.rader %}",
        "{{ rad.insats }}: {{ rad.skal }}",
        "{%p endfor %}",
        "{%p endfor %}",
        header="Huvud {{ tal }}",
    )
    made = try_out(data, contents())
    assert texts(made) == ["Ej verkställda beslut och INNERST", "1 Nya", "Boendestöd: <b>&{{ rubrik }}", "Öppenvård: –",
                           "2 Gamla sist"]  # fmt: skip
    assert Document(io.BytesIO(made)).sections[0].header.paragraphs[0].text == "Huvud 7"


def test_an_unknown_field_is_named_with_its_paragraph_and_the_nearest_known():
    data = word("Inledning", "", "{{ rubrk }}", "{{ mellan.inr }}", header="{{ titel }}")
    assert faults(data) == [
        ("brödtexten, stycke 3, «{{ rubrk }}»", "fältet rubrk finns inte. Menade du rubrik?"),
        ("brödtexten, stycke 4, «{{ mellan.inr }}»", "fältet mellan.inr finns inte. Menade du inre?"),
        ("sidhuvudet, stycke 1, «{{ titel }}»", "fältet titel finns inte. Fälten som finns står i listan på sidan."),
    ]


def test_an_unknown_field_is_found_where_nothing_would_have_shown_it():
    data = word(
        "{% if not rubrik %}{{ okand }}{% endif %}", "{%p for rad in klasser %}", "{{ rad.skal }}", "{%p endfor %}"
    )
    assert [message.partition(".")[0] for _, message in faults(data)] == [
        "fältet okand finns inte", "fältet rad",
    ]  # fmt: skip


def test_a_field_in_a_table_is_found_by_its_cell():
    data = word("Text", rows=(("Insats", "Skäl"), ("{{ rubrik }}", "{{ fel }}")))
    assert faults(data) == [
        ("brödtexten, stycke 5, «{{ fel }}»", "fältet fel finns inte. Fälten som finns står i listan på sidan.")
    ]


def test_code_that_word_has_cut_in_pieces_is_read_as_one():
    document = Document()
    paragraph = document.add_paragraph("{{ ru")
    paragraph.add_run("br").bold = True
    paragraph.add_run("ik }}")
    buffer = io.BytesIO()
    document.save(buffer)
    assert texts(try_out(buffer.getvalue(), contents())) == ["Ej verkställda beslut"]


@pytest.mark.parametrize("code", BAD_CODE)
def test_code_that_could_do_something_is_refused_at_once(code):
    start = time.monotonic()
    found = faults(word("Före", code, "Efter"))
    assert any(BAD_CODE[code] in message for _, message in found), found
    assert time.monotonic() - start < 15


@pytest.mark.parametrize(
    "code", ["{{ rubrik.__class__ }}", "{{ klasser.append(1) }}", "{{ 'a' * 3000000000 }}", "{{ self }}",
             "{% for a in klasser %}{{ a.keys }}{% endfor %}", "{% set x = rubrik.upper %}{{ x }}"],
)  # fmt: skip
def test_code_that_slipped_past_the_check_does_nothing_either(code):
    """Filled in without having been looked at."""
    assert faults(word(code), lambda data: fill(data, contents()))


def test_work_that_does_not_end_is_ended(monkeypatch):
    monkeypatch.setattr("tracker.printing.word.SECONDS", 0.05)
    start = time.monotonic()
    assert faults(word("{{ rubrik }}"), lambda data: try_out(data, contents())) == [
        ("", "Mallen tar för lång tid eller för mycket minne att fylla i. Förenkla den och försök igen.")
    ]
    assert time.monotonic() - start < 5


def test_text_on_which_the_librarys_search_would_take_hours_ends_in_time(monkeypatch):
    monkeypatch.setattr("tracker.printing.word.SECONDS", 6)
    start = time.monotonic()
    filler = "<w:p><w:r><w:t>{%tr x </w:t></w:r></w:p>" * 60_000
    data = repacked(word("X"), replaced("word/document.xml", "<w:sectPr", f"{filler}<w:sectPr"))
    assert faults(data, lambda data: try_out(data, contents()))
    assert time.monotonic() - start < 12


def test_the_process_knows_no_settings_and_can_write_no_file(monkeypatch, tmp_path):
    monkeypatch.setenv("DATA_ENCRYPTION_KEY", "hemlig")
    assert "DATA_ENCRYPTION_KEY" not in process.PYTHON
    code = (
        "import os\nfrom tracker.printing.worker import limit\nlimit()\n"
        "assert 'DATA_ENCRYPTION_KEY' not in os.environ\n"
        f"open({str(tmp_path / 'fil')!r}, 'w').write('x' * 100_000)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=process.PYTHON, cwd=process.ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "File too large" in done.stderr
    assert not (tmp_path / "fil").exists() or not (tmp_path / "fil").read_bytes()


def test_the_same_template_and_values_give_the_same_bytes():
    data = word("{{ rubrik }}")
    assert fill(data, contents()) == fill(data, contents())
