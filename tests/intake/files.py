"""Files as municipalities keep them: foreign heads, lines above and below the table, days written in their own way."""

import io
from datetime import date

import xlsxwriter

TITLE = "Ej verkställda beslut, kvartal 4"
HEAD = [
    "Löpnr", "Beslutad insats", "Besl.datum", "Verkställt datum", "K/M", "Lag", "Orsak", "Anteckning", "Avslut",
    "Orsak till avslut",
]  # fmt: skip
ROWS = [
    ["N-1", "kontaktperson", "210107", "", "K", "4 kap 1 § SoL", "Resursbrist", "ringt", "", ""],
    ["N-2", "Avlösarservice", "210216", "210630", "M", "LSS 9.5", "", "", "", ""],
    ["N-3", "Kontaktperson", "210316", "", "1", "", "Vill vänta till våren", "", "210930", "Flyttat"],
]


def their_workbook(rows=ROWS, head=HEAD, notes=("", "Källa: eget register")) -> bytes:
    """A workbook with a first sheet of something else, a title and an empty row above the head, and a note below."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    book.add_worksheet("Läs mig").write_string(0, 0, "Listan förs av Eva")
    sheet = book.add_worksheet("Beslut")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    lines = [[TITLE], [], head, *rows, *([note] for note in notes)]
    for number, line in enumerate(lines):
        for index, cell in enumerate(line):
            if isinstance(cell, date):
                sheet.write_datetime(number, index, cell, day)
            elif cell != "":
                sheet.write(number, index, cell)
    book.close()
    return target.getvalue()
