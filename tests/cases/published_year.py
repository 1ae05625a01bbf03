"""A year of cases made to published totals, brought in as files."""

from tests.cases.office import CaseOffice
from tests.factories import make_unit


def lines(head, *rows):
    """A file of these rows."""
    return "\n".join([head, *(";".join(row) for row in rows)]) + "\n"


def deviations(count, reported, closed="", first=1):
    """So many avvikelser, reported and closed on these days."""
    return [(f"A-{number}", reported, closed) for number in range(first, first + count)]


def publish(office: CaseOffice) -> None:
    """2021: 93 reports, 69 in time, 9 to IVO; 22 + 115 - 59 = 78; 17 of 22 synpunkter; 78, 44, 3 åtgärder."""
    for name in ("Vuxen 1", "Vuxen 2", "Barn"):
        make_unit(name)
    rows = []
    for number in range(93):
        unit = "Vuxen 2" if number < 44 else "Vuxen 1" if number < 70 else "Barn"
        # Received on 31 March: two months end on 31 May. In time the 69 first, the 70th is decided the day after.
        decided = "2021-05-31" if number < 69 else "2021-06-01"
        degree = "allvarligt" if number < 9 else "inget"
        ivo = "2021-04-01" if number < 9 else ""
        rows.append((f"LS-{number}", unit, "2021-03-31", degree, decided, ivo))
    rows += [(f"ALD-{number}", "Barn", "2020-12-01", "", "", "") for number in range(4)]
    office.imports("lex-sarah", lines("ref;enhet;mottagen;bedomning;beslutad;ivo_anmald", *rows))
    old = deviations(22, "2020-11-01", "2021-02-01")
    new = deviations(37, "2021-03-01", "2021-04-01", 100) + deviations(78, "2021-12-31", "", 200)
    office.imports("deviations", lines("ref;rapporterad;avslutad", *old, *new))
    answered = [(f"S-{number}", "klagomål", "2021-03-01", "2021-03-11") for number in range(17)]
    late = [("S-90", "synpunkt", "2021-03-01", "2021-03-12")]
    waiting = [(f"S-{91 + number}", "klagomål", "2021-12-28", "") for number in range(3)]
    overdue = [("S-99", "klagomål", "2021-12-01", "")]
    praise = [(f"B-{number}", "beröm", "2021-03-01", "") for number in range(5)]
    office.imports("complaints", lines("ref;typ;mottagen;besvarad", *answered, *late, *waiting, *overdue, *praise))
    done = [
        (f"T-{number}", "avvikelse", "A-1", "Rutin", "2021-02-01", "2021-06-30", "2021-05-01") for number in range(78)
    ]
    due = ["2021-12-30"] * 3 + ["2021-12-31"] * 41
    left = [(f"T-{100 + n}", "avvikelse", "A-1", "Rutin", "2021-02-01", day, "") for n, day in enumerate(due)]
    office.imports("actions", lines("ref;kalla;kalla_ref;beskrivning;beslutad;senast;genomford", *done, *left))
