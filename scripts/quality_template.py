"""Writes the program's own Word template of the year of quality. `python -m scripts.quality_template`."""

from scripts.template_parts import begun, cover, each, end, finished, spacer, table, when
from tracker.reports.rendering.quality import TEMPLATE


def template() -> bytes:
    """The whole file, the same bytes each time."""
    document = begun("Kvalitet i siffror")
    cover(document)
    document.add_paragraph("{%p for del in delar %}")
    document.add_heading("{{ del.rubrik }}", 1)
    each(document, "stycke", "del.stycken", "{{ stycke }}")
    when(document, "del.rader")
    table(document, (130, 44), ("Uppgift", "Antal"), ("rad", "del.rader"), ("rad.uppgift", "rad.tal"))
    spacer(document)
    document.add_paragraph("{%p else %}")
    document.add_paragraph("Inga.")
    end(document)
    document.add_paragraph("{%p endfor %}")
    return finished(document)


if __name__ == "__main__":
    TEMPLATE.write_bytes(template())
