"""Does something that must not be there stand anywhere in a file or page, however it is packed?"""

import html
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

_DASH = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")  # soft hyphens, joiners, byte order marks


class Secrets:
    """What is searched for: each by its own name, in all the ways in which it may be written."""

    def __init__(self, names: Iterable[str], persons: Iterable[str] = ()) -> None:
        self.ways = {name: {_plain(name)} for name in names}
        self.ways |= {person: set(map(_plain, ways_of_writing(person))) for person in persons}

    def found_in(self, data: bytes) -> set[str]:
        """Those that stand in a file or page: as it is, unpacked, as text, and without its tags."""
        texts = [_plain(text) for text in texts_of(data)]
        return {name for name, ways in self.ways.items() if any(way in text for way in ways for text in texts)}


def ways_of_writing(person: str) -> Iterator[str]:
    """A number as it is kept, with and without its dash, with and without its century."""
    digits, _, ending = person.partition("-") if "-" in person else (person[:8], "-", person[8:])
    for day in (digits, digits[2:]):
        yield f"{day}{ending}"
        yield f"{day}-{ending}"
        yield f"{day}+{ending}"


def texts_of(data: bytes) -> Iterator[str]:
    """Every text of a file: its bytes, those of the files within it, and what a PDF shows and says of itself."""
    yield from _readings(data)
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield archive.comment.decode("latin-1")
            for name in archive.namelist():
                yield name
                yield from texts_of(archive.read(name))
    elif data.startswith(b"%PDF"):
        yield from _texts_of_pdf(PdfReader(io.BytesIO(data)))


def _readings(data: bytes) -> Iterator[str]:
    """Bytes as texts: as UTF-8, and as signs of two bytes; with tags and marks of XML and HTML, and without."""
    text = data.decode("utf-8", "replace")
    yield text
    if "\0" in text:
        yield from (data.decode(code, "replace") for code in ("utf-16-le", "utf-16-be"))
    if "<" in text:
        yield html.unescape(re.sub(r"<[^>]*>", "", text))


def _texts_of_pdf(reader: PdfReader) -> Iterator[str]:
    for page in reader.pages:
        yield page.extract_text()
    numbers = {number for table in reader.xref.values() for number in table} | set(reader.xref_objStm)
    for number in sorted(numbers - {0}):
        yield from _texts_within(reader.get_object(IndirectObject(number, 0, reader)))


def _texts_within(value: object) -> Iterator[str]:
    """The texts of an object and of what is written within it; a stream unpacked."""
    if isinstance(value, StreamObject):
        yield from _readings(value.get_data())
    if isinstance(value, DictionaryObject):
        for key, of in dict.items(value):  # as written: what is pointed at has a number of its own
            yield str(key)
            yield from _texts_within(of)
    elif isinstance(value, ArrayObject):
        for of in list.__iter__(value):
            yield from _texts_within(of)
    elif isinstance(value, bytes):
        yield from _readings(value)
    elif isinstance(value, str):
        yield value


def _plain(text: str) -> str:
    """Without white space and what is not seen, small letters, each dash a hyphen."""
    if not text.isascii():
        text = _UNSEEN.sub("", _DASH.sub("-", unicodedata.normalize("NFKC", text)))
    return "".join(text.split()).casefold()
