"""Files the tests read: workbooks whose first sheet's XML is given, and ZIP directories that lie."""

import io
import zipfile

import xlsxwriter

SHEET = "xl/worksheets/sheet1.xml"
_SHEET_START = (
    b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
)
_SHEET_END = b"</sheetData></worksheet>"


def csv_bytes(text: str, encoding: str = "utf-8") -> bytes:
    return text.encode(encoding)


def workbook(rows, *, formats=None) -> bytes:
    """A workbook of rows of values; a pair (formula, shown value) is a formula."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet()
    shapes = {name: book.add_format({"num_format": shape}) for name, shape in (formats or {}).items()}
    for number, row in enumerate(rows):
        for index, value in enumerate(row):
            if isinstance(value, tuple):
                sheet.write_formula(number, index, value[0], None, value[1])
            elif hasattr(value, "year"):
                shape = "moment" if hasattr(value, "hour") else "day"
                sheet.write_datetime(number, index, value, shapes[shape])
            elif isinstance(value, str):
                sheet.write_string(number, index, value)
            else:
                sheet.write(number, index, value)
    book.close()
    return target.getvalue()


def with_sheet_xml(cells: bytes, *, whole: bytes | None = None, extra: dict[str, bytes] | None = None) -> bytes:
    """A workbook whose sheet holds the given row elements."""
    source = zipfile.ZipFile(io.BytesIO(workbook([["x"]])))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for member in source.infolist():
            content = source.read(member)
            if member.filename == SHEET:
                content = whole if whole is not None else _SHEET_START + cells + _SHEET_END
            out.writestr(member.filename, content)
        for name, content in (extra or {}).items():
            out.writestr(name, content)
    return target.getvalue()


def bomb(megabytes: int) -> bytes:
    """A workbook whose sheet unpacks to that many megabytes of zeros, packed piece by piece."""
    source = zipfile.ZipFile(io.BytesIO(workbook([["x"]])))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for member in source.infolist():
            with out.open(member.filename, "w") as stream:
                if member.filename == SHEET:
                    for _ in range(megabytes):
                        stream.write(bytes(1_000_000))
                else:
                    stream.write(source.read(member))
    return target.getvalue()


def declaring(data: bytes, size: int) -> bytes:
    """The same file, whose directory says that the sheet unpacks to `size` bytes."""
    changed = bytearray(data)
    entry = data.rfind(SHEET.encode(), 0, len(data)) - 46
    assert data[entry : entry + 4] == b"PK\x01\x02"
    changed[entry + 24 : entry + 28] = size.to_bytes(4, "little")
    return bytes(changed)
