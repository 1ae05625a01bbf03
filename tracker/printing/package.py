"""Is this a Word document that holds a document and nothing else? Read piece by piece, before anything opens it."""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator

from lxml import etree

from tracker.printing.faults import Fault, WordError

MOST_MEMBERS = 400
MOST_UNPACKED = 40_000_000
MOST_XML = 8_000_000
MAIN_TYPE = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
TEMPLATE_TYPE = b"application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
NO_CODE = re.compile(r"vbaproject|vbadata|activex|/embeddings/|\.bin$|/afchunk|\.(?:html?|mht|rtf|docx?|exe|js)$", re.I)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FIELDS = frozenset(
    {"PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION", "TOC", "REF", "PAGEREF", "NOTEREF", "STYLEREF", "SEQ", "TITLE",
     "SUBJECT", "AUTHOR", "FILENAME", "DATE", "CREATEDATE", "SAVEDATE", "PRINTDATE", "TIME"}
)  # fmt: skip
BROKEN = "Filen är skadad eller ingen Word-fil. Spara den som .docx i Word och försök igen."
TOO_LARGE = "Filen blir för stor när den packas upp. Ta bort stora bilder ur den och försök igen."
MACROS = "Filen har makron, inbäddade filer eller kod ({}). Ta bort det och spara den som .docx."


def without_template_link(data: bytes) -> bytes:
    """The document without the link to the file that it was once made from, which Word leaves behind.

    Raises WordError, with all that is wrong, when the document holds macros, embedded files, anything that would be
    fetched from elsewhere, or too much.
    """
    faults: list[Fault] = []
    result = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as kept:
            faults.extend(_outside(archive))
            if faults:
                raise WordError(faults)
            for member in archive.infolist():
                content = archive.read(member)
                if member.filename.endswith((".xml", ".rels")):
                    content = _checked(member.filename, content, faults)
                kept.writestr(zipfile.ZipInfo(member.filename), content)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError, OSError, etree.XMLSyntaxError):
        raise WordError([Fault(BROKEN)]) from None
    if faults:
        raise WordError(dict.fromkeys(faults))
    return result.getvalue()


def _outside(archive: zipfile.ZipFile) -> Iterator[Fault]:
    """What can be told without unpacking."""
    members = archive.infolist()
    names = [member.filename for member in members]
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_UNPACKED:
        yield Fault(TOO_LARGE)
        return
    if len(set(names)) < len(names) or any(map(_leads_out, names)):
        yield Fault(BROKEN)
        return
    for name in names:
        if NO_CODE.search(name):
            yield Fault(MACROS.format(name))
    if "[Content_Types].xml" not in names:
        yield Fault(BROKEN)
        return
    types = archive.read("[Content_Types].xml")
    if b"macroEnabled" in types:
        yield Fault(MACROS.format("docm"))
    elif TEMPLATE_TYPE in types:
        yield Fault("Filen är en Wordmall av typen .dotx. Spara den som ett vanligt dokument, .docx.")
    elif MAIN_TYPE not in types:
        yield Fault(BROKEN)


def _leads_out(name: str) -> bool:
    return name.startswith(("/", "..")) or "\\" in name or posixpath.normpath(name) != name.rstrip("/")


def _checked(name: str, content: bytes, faults: list[Fault]) -> bytes:
    """The part's XML, without a link to an attached template; notes in `faults` what it may not hold."""
    if len(content) > MOST_XML:
        faults.append(Fault(TOO_LARGE))
        return content
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        faults.append(Fault(BROKEN))
        return content
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    tree = etree.fromstring(content, parser)
    if name.endswith(".rels"):
        return _relations(tree, faults)
    for instruction in _instructions(tree):
        word = instruction.split(maxsplit=1)[0].upper() if instruction.split() else ""
        if word not in FIELDS:
            faults.append(Fault(f"Fältkoden {word or 'utan namn'} går inte att ha i en mall. Ta bort den.", name))
    faults.extend(
        Fault(MACROS.format(etree.QName(element).localname), name)
        for element in tree.iter(f"{W}altChunk", f"{W}object", f"{W}control")
    )
    if name == "word/settings.xml":
        for element in [*tree.iter(f"{W}attachedTemplate"), *tree.iter(f"{W}mailMerge")]:
            element.getparent().remove(element)
        return _written(tree)
    return content


def _relations(tree: etree._Element, faults: list[Fault]) -> bytes:
    for relation in list(tree):
        kind = (relation.get("Type") or "").rpartition("/")[2]
        if (relation.get("TargetMode") or "").casefold() != "external":
            continue
        if kind in {"attachedTemplate", "mailMergeSource", "mailMergeHeaderSource"}:
            tree.remove(relation)
            continue
        what = "en länk" if kind == "hyperlink" else f"något utanför filen ({kind})"
        target = (relation.get("Target") or "")[:100]
        faults.append(Fault(f"Filen pekar på {what}: {target}. Ta bort det. En adress går att skriva som vanlig text."))
    return _written(tree)


def _written(tree: etree._Element) -> bytes:
    data: bytes = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
    return data


def _instructions(tree: etree._Element) -> Iterator[str]:
    """The instruction of each field of a part, also when Word has cut it in pieces."""
    open_fields: list[list[str]] = []
    for element in tree.iter(f"{W}fldSimple", f"{W}fldChar", f"{W}instrText"):
        if element.tag == f"{W}fldSimple":
            yield element.get(f"{W}instr") or ""
        elif element.tag == f"{W}instrText":
            if not open_fields:
                yield element.text or ""
            else:
                open_fields[-1].append(element.text or "")
        elif element.get(f"{W}fldCharType") == "begin":
            open_fields.append([])
        elif element.get(f"{W}fldCharType") == "separate" and open_fields:
            yield "".join(open_fields[-1])
            open_fields[-1] = ["PAGE"]
        elif element.get(f"{W}fldCharType") == "end" and open_fields:
            yield "".join(open_fields.pop())
    for left in open_fields:
        yield "".join(left)
